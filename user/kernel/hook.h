/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The ways to see an interface's frames: a word of the list below, and a file that defines
 * hook_<word>. Nobody else tells one from another.
 */
#ifndef PORTCLASS_HOOK_H
#define PORTCLASS_HOOK_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "model/snapshot.h"

#define HOOKS(hook) hook(xdp) hook(generic)

struct bpf_link_info;
struct hook;

/* Where a link has its program. */
struct hook_place {
	unsigned int ifindex;	 /* 0: nowhere any more */
	const struct hook *hook; /* NULL: not on an interface of this network namespace */
};

/* Indices are of this network namespace, programs and links file descriptors. */
struct hook {
	const char *name;
	const char *mode; /* the older word for it; NULL: it has none */
	enum direction direction;
	unsigned int link_type; /* enum bpf_link_type */
	bool of_driver;		/* frames come as the driver has them, in many buffers perhaps */

	/* 0 if there is a place for it; said, OUTCOME_BUSY, naming the owner, or another. */
	int (*check)(const char *interface, unsigned int ifindex);

	/* Attach. A link, or -errno, not said: explain() does that. */
	int (*attach)(const struct hook *hook, unsigned int ifindex, int program);

	/*
	 * Say why attach() failed with @err, and what to do about it. Returns @err, or
	 * OUTCOME_BUSY, OUTCOME_NO_INTERFACE.
	 */
	int (*explain)(const struct hook *hook, const char *interface, unsigned int ifindex,
		       int program, int err);

	/* Put @program behind @link, where @old is. 0 or -errno, not said. */
	int (*update)(int link, int program, int old);

	/* Index of the interface that a link is on; 0: none any more. Asks nobody. */
	unsigned int (*ifindex)(const struct bpf_link_info *link);

	/*
	 * Where a link of that type has its program, and by which of the hooks that have such
	 * links. 0 or -errno, said.
	 */
	int (*query)(struct hook_place *place, const struct bpf_link_info *link);
};

#define HOOK_DECLARE(word) extern const struct hook hook_##word;
HOOKS(HOOK_DECLARE)

/* All of them, NULL at the end; the first is the default. */
extern const struct hook *const hooks[];

/* The names, and the older words, by number; NULL: there are no more. */
const char *hook_name_at(unsigned int number);
const char *hook_mode_at(unsigned int number);

/*
 * The rows of a command or a setting whose struct @type has the number of a hook as its
 * @member: by its older word, or by its name.
 */
#define HOOK_ARGUMENTS(type, member) \
	{ ARGUMENT_CHOICE, \
	  "mode", \
	  "MODE", \
	  "in the driver (the default) or behind it", \
	  .offset = offsetof(type, member), \
	  .choice = hook_mode_at, \
	  .choices = UINT_MAX }, \
	{ \
		ARGUMENT_CHOICE, "hook", "HOOK", "the same, by the name of the hook", \
			.offset = offsetof(type, member), .choice = hook_name_at, \
			.choices = UINT_MAX, .alternative = true \
	}

/* How many there are. */
unsigned int hook_count(void);

/* What people read: "unknown" of NULL, the name where there is no older word. */
const char *hook_name(const struct hook *hook);
const char *hook_mode(const struct hook *hook);

/*
 * Where a link has its program; nowhere if no hook has such links. Asks the kernel once.
 * 0 or -errno, said.
 */
int hook_query(struct hook_place *place, const struct bpf_link_info *link);

/* Index of the interface that a link is on; 0: none, or no hook has such links. */
unsigned int hook_ifindex(const struct bpf_link_info *link);

#endif
