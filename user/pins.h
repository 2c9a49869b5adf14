/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where a classifier lies in the BPF file system, and how to open it from there.
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
#ifndef PORTCLASS_PINS_H
#define PORTCLASS_PINS_H

#include <limits.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#define BPF_ROOT "/sys/fs/bpf"
#define PIN_ROOT BPF_ROOT "/portclass"

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
 * a directory below PIN_ROOT. -ENOENT, not said: there are none.
 */
int attachment_find(struct attachment *attachment, const char *interface);

/* Whether the BPF file system is there. 0 or -errno, said. */
int pins_check_mount(void);

/* Open PIN_ROOT itself. A descriptor, or -errno, said but for -ENOENT. */
int pins_open_root(void);

/* Where the pins of an interface of this network namespace belong. */
void pins_directory(char directory[PATH_MAX], const char *interface);

/* Remove a directory and what is pinned below it, if it is there. 0 or -errno, said. */
int pins_remove(const char *directory);

/* Inode of the current network namespace; 0: not known. */
uint64_t netns_inode(void);

/* The maps of one classifier, opened from its pins. A zeroed one is closed. */
struct pins {
	char directory[PATH_MAX];
	char interface[IF_NAMESIZE]; /* empty: attached to none of this namespace */
	unsigned int ifindex;	     /* 0: as above */
	uint64_t loaded;	     /* ns since 1970, by the kernel's word; 0: unknown */
	uint32_t slots;		     /* that the maps have room for */
	int traffic, unclassified, assignments, info; /* file descriptors */
};

/*
 * Open the pins of an interface, or those in a directory: of the layout above,
 * or the one that `pinmaps` named. Returns 0 or -errno, said: -ENOENT nothing
 * there, -EPROTO not made by a portclass of this ABI_VERSION.
 */
int pins_open(struct pins *pins, const char *interface);
int pins_open_directory(struct pins *pins, const char *directory);
void pins_close(struct pins *pins);

#endif
