/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where a classifier lies in the BPF file system, and what became of its interface.
 *
 * Everything of one interface is below one directory:
 *
 *	PIN_ROOT/<interface>[@<network namespace>]/
 *
 * by the names of pin_names.h.
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

#include "abi.h"
#include "kernel/hook.h"

/* One directory below PIN_ROOT, and what became of its interface. */
struct attachment {
	char interface[IF_NAMESIZE]; /* its name now, or when it was attached */
	unsigned int ifindex;	     /* 0: the interface or the link is gone */
	uint64_t netns;		     /* inode of its namespace; 0: not told */
	bool here;		     /* it runs on an interface of this namespace */
	const struct hook *hook;     /* NULL: not known, not here or gone */
	uint32_t program_id;	     /* 0: gone */
	uint32_t abi_version;	     /* that its pins tell; 0: none */
	uint64_t since;		     /* ns of clock_boot(); 0: not known */
	struct info info;	     /* as it is pinned; zero: there is none of this ABI_VERSION */
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

/* Whether an attachment that was looked at is the one that attachment_find() would find. */
bool attachment_is_of(const struct attachment *attachment, const char *interface,
		      unsigned int ifindex);

/* Whether the name of the pins says that they were made here for @interface. */
bool attachment_has_own_name(const struct attachment *attachment, const char *interface);

/* Whether its pins are of a version of portclass that can't be read by this one. */
bool attachment_is_foreign(const struct attachment *attachment);

/* Say so, and how to go on. Returns OUTCOME_FOREIGN. */
int attachment_explain_foreign(const struct attachment *attachment);

/* Say that the program behind its link is not the one that is pinned. Returns OUTCOME_BUSY. */
int attachment_explain_stranger(const struct attachment *attachment);

/* Where the pins of an interface of this network namespace belong. */
void attachment_directory(char directory[PATH_MAX], const char *interface);

/*
 * Whether the link in @directory is on @ifindex still. The quickest look: a few system calls
 * and no netlink.
 */
bool attachment_is_live(const char *directory, unsigned int ifindex);

/*
 * Where the link in @directory has its program, and that program's number. 0 or -errno, said.
 */
int attachment_read_link(struct hook_place *place, uint32_t *program_id, const char *directory);

#endif
