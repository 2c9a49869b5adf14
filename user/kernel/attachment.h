/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where a classifier lies in the BPF file system, and what became of its interface.
 *
 * Everything of one interface is below one directory:
 *
 *	PIN_ROOT/<interface>[@<network namespace>]/
 *		maps/...		as `bpftool prog loadall ... pinmaps` names them
 *		prog/classify
 *		next/...		amid a swap only, see swap.c
 *		link			pinned last: without a live one it is a leftover
 *		series			an agent's, see series_pin.h
 *
 * A dot in an interface's name is a colon there, which no name of an interface
 * has: the BPF file system takes no dots. The network namespace (its inode) is
 * left out for that of process 1.
 */
#ifndef PORTCLASS_ATTACHMENT_H
#define PORTCLASS_ATTACHMENT_H

#include <limits.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

enum mode {
	MODE_NATIVE,  /* in the driver */
	MODE_GENERIC, /* behind it, on any interface, slower */
	MODE_MAX,
};

const char *mode_name(enum mode mode); /* MODE_MAX: "unknown" */
enum mode mode_by_name(const char *name);

/* One directory below PIN_ROOT, and what became of its interface. */
struct attachment {
	char interface[IF_NAMESIZE]; /* its name now, or when it was attached */
	unsigned int ifindex;	     /* 0: the interface or the link is gone */
	uint64_t netns;		     /* inode of its namespace; 0: not told */
	bool here;		     /* it runs on an interface of this namespace */
	enum mode mode;		     /* MODE_MAX: not known, not here or gone */
	uint32_t program_id;	     /* 0: gone */
	uint64_t since;		     /* ns since 1970; 0: not known */
	char directory[PATH_MAX];
};

/*
 * Call @visit for each directory below PIN_ROOT, by name, until it returns other
 * than 0, which is returned. Nothing there is no failure.
 */
int attachments_visit(int (*visit)(const struct attachment *attachment, void *context),
		      void *context);

/*
 * The pins of @interface: of that name in this network namespace, or the name of
 * a directory below PIN_ROOT. 0 or -errno, said, or OUTCOME_NOT_ATTACHED, not said: there
 * are none.
 */
int attachment_find(struct attachment *attachment, const char *interface);

/* Where the pins of an interface of this network namespace belong. */
void attachment_directory(char directory[PATH_MAX], const char *interface);

struct bpf_link_info;

/*
 * The link in @directory, and its mode if it is of an interface of this namespace; the
 * link is zero if there is none. 0 or -errno, said.
 */
int attachment_read_link(struct bpf_link_info *link, enum mode *mode, const char *directory);

#endif
