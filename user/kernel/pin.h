/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * One object in the BPF file system. Anybody's may lie there: that nothing of ours
 * is there is one thing, and that it can't be told another.
 */
#ifndef PORTCLASS_PIN_H
#define PORTCLASS_PIN_H

#include <linux/types.h>
#include <stdbool.h>

#include "abi.h"

/*
 * Open @directory/@name, which should be a @kind: "map", "prog" or "link". Returns a
 * descriptor, or -errno, not said: -ENOENT nothing is there, -EPROTO something else.
 */
int pin_open(const char *directory, const char *name, const char *kind);

/* Whether that error means that nothing, or nothing of ours, is there. */
bool pin_is_absent(int err);

/* Say that opening failed; returns @err, or OUTCOME_FOREIGN for -EPROTO. */
int pin_explain(int err, const char *directory, const char *name);

/* Open the link of a directory of pins. A descriptor, or -errno, said but for -ENOENT. */
int pin_open_link(const char *directory);

/* The number of a pinned program; 0: there is none. 0 or -errno, said. */
int pin_program_id(__u32 *id, const char *directory, const char *name);

/* What a map `info` says, whichever version of portclass has written it. */
struct pin_info {
	__u32 abi_version; /* 0: none is told */
	__u64 since;	   /* ns of clock_boot(); 0: not known */
	__u64 netns;	   /* 0: not known */
	struct info info;  /* zero: of another version, so nobody here can read it */
};

/* 0 or -errno, not said: -EPROTO no version of portclass has written this. */
int pin_read_info(struct pin_info *info, int fd);

#endif
