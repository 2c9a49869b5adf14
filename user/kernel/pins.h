/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The maps of one classifier, opened from where they are pinned.
 */
#ifndef PORTCLASS_PINS_H
#define PORTCLASS_PINS_H

#include "kernel/attachment.h"

/* A zeroed one is closed. */
struct pins {
	char directory[PATH_MAX];
	char interface[IF_NAMESIZE]; /* empty: attached to none of this namespace */
	unsigned int ifindex;	     /* 0: as above */
	const struct hook *hook;     /* NULL: as above */
	uint32_t program_id;	     /* of the program that runs; 0: not known */
	uint64_t since;	  /* ns of clock_boot(): told, or when it was loaded; 0: unknown */
	uint32_t slots;	  /* that the maps have room for */
	struct info info; /* constant as long as that program runs */
	int traffic, unclassified, assignments; /* file descriptors */
};

/*
 * Open the pins of an interface, or those in a directory: of the layout above,
 * or the one that `pinmaps` named. Returns 0 or -errno, said, or
 * OUTCOME_NOT_ATTACHED: nothing is there, OUTCOME_NO_INTERFACE, OUTCOME_FOREIGN: not made
 * by a portclass of this ABI_VERSION.
 */
int pins_open(struct pins *pins, const char *interface);
int pins_open_directory(struct pins *pins, const char *directory);

/* The same of what was looked at just now: what that told is not asked again. */
int pins_open_attachment(struct pins *pins, const struct attachment *attachment);

void pins_close(struct pins *pins);

#endif
