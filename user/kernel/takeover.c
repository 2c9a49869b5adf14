// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Take over what another version of portclass has attached. Nothing of its maps is read: the
 * new program counts from zero in maps of its own. The link stays, so that every frame is
 * seen by the old program or by the new one:
 *
 *  1. pin the new program and its maps in takeover/, where no reader looks;
 *  2. update the link;
 *  3. move maps/ to takeover/old and takeover/maps to maps/, then the program, which
 *     tells until then that this is not done;
 *  4. remove takeover/, and next/ of a swap that the other version did not end.
 *
 * Killed before 2, takeover/ holds a program that does not run, and is removed by whoever
 * attaches or swaps next. Killed after it, it holds the program that runs, and they end 3
 * and 4 first. detach removes all of it at any time.
 */
#include "kernel/takeover.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/moment.h"
#include "kernel/pin.h"
#include "kernel/pin_names.h"
#include "kernel/pin_root.h"

#define PIN_SIZE (PATH_MAX + NAME_MAX) /* a directory of pins, and one of them */

static const char *pin_path(char path[PIN_SIZE], const struct attachment *attachment,
			    const char *name)
{
	snprintf(path, PIN_SIZE, "%s/%s", attachment->directory, name);
	return path;
}

/* 0, 1 or -errno, said. */
static int is_there(const struct attachment *attachment, const char *name)
{
	char path[PIN_SIZE];

	if (!access(pin_path(path, attachment, name), F_OK))
		return 1;
	return errno == ENOENT ? 0 : log_fail(-errno, "look for %s", path);
}

/* What is not there was moved before a kill. */
static int move(const struct attachment *attachment, const char *from, const char *to)
{
	char old[PIN_SIZE], new[PIN_SIZE];

	if (!rename(pin_path(old, attachment, from), pin_path(new, attachment, to)) ||
	    errno == ENOENT)
		return 0;
	return log_fail(-errno, "move %s to %s", old, new);
}

static int remove_below(const struct attachment *attachment, const char *name)
{
	char path[PIN_SIZE];

	return pin_root_remove(pin_path(path, attachment, name));
}

/* The program in takeover/ is the one that runs. */
static int settle(const struct attachment *attachment)
{
	int staged = is_there(attachment, PIN_TAKEOVER "/" PIN_MAPS), err;

	if (staged < 0)
		return staged;
	err = staged ? move(attachment, PIN_MAPS, PIN_TAKEOVER "/old") : 0;
	if (!err)
		err = move(attachment, PIN_TAKEOVER "/" PIN_MAPS, PIN_MAPS);
	if (!err)
		err = move(attachment, PIN_TAKEOVER "/" PIN_PROGRAM, PIN_PROGRAM);
	if (!err)
		err = remove_below(attachment, PIN_NEXT);
	return err ? err : remove_below(attachment, PIN_TAKEOVER);
}

int takeover_finish(struct attachment *attachment, const char *interface)
{
	int found = is_there(attachment, PIN_TAKEOVER), err;
	__u32 id;

	/* Of what is gone, all goes at once. */
	if (found <= 0 || !attachment->program_id)
		return found < 0 ? found : 0;
	err = pin_program_id(&id, attachment->directory, PIN_TAKEOVER "/" PIN_PROGRAM);
	if (err)
		return err;
	err = id == attachment->program_id ? settle(attachment)
					   : remove_below(attachment, PIN_TAKEOVER);
	return err ? err : attachment_find(attachment, interface);
}

/* The pin of the program that runs: amid a swap, that is the one in next/. */
static int open_running(const struct attachment *attachment)
{
	static const char *const names[] = { PIN_PROGRAM, PIN_NEXT "/" PIN_CLASSIFY };
	__u32 id;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int err = pin_program_id(&id, attachment->directory, names[i]), fd;

		if (err)
			return err;
		if (id != attachment->program_id)
			continue;
		fd = pin_open(attachment->directory, names[i], "prog");
		return fd < 0 ? pin_explain(fd, attachment->directory, names[i]) : fd;
	}
	return attachment_explain_stranger(attachment);
}

static int stage(const struct program *program, const struct port_table *table,
		 const struct attachment *attachment)
{
	char path[PIN_SIZE];
	int err;

	if (mkdir(pin_path(path, attachment, PIN_TAKEOVER), 0700))
		return log_fail(-errno, "make the directory %s", path);
	err = program_pin_all(program, table, path);
	return err ? log_fail(err, "pin into %s", path) : 0;
}

/* What it was, before it is something else. */
static void tell(const struct attach_options *options, const struct attachment *attachment)
{
	const struct instant now = clock_now();
	uint64_t moment = clock_wall_at(&now, attachment->since);
	char since[MOMENT_SIZE] = "nobody knows when";

	if (moment)
		moment_write(since, moment);
	log_event(LOG_INFO, options->interface,
		  "taken over from another version of portclass, whose pins of version %u counted"
		  " since %s: counting begins from zero",
		  attachment->abi_version, since);
	if (attachment->hook != options->hook)
		log_event(
			LOG_WARNING, options->interface,
			"it stays attached in %s mode, not in %s (to have it anew: portclass detach"
			" dev %s, then attach again)",
			hook_mode(attachment->hook), hook_mode(options->hook), options->interface);
}

int takeover_program(const struct program *program, const struct attach_options *options,
		     struct attachment *attachment)
{
	int old = open_running(attachment), err;

	if (old < 0)
		return old;
	err = stage(program, options->table, attachment);
	if (!err)
		err = program_replace(program, attachment, old);
	close(old);
	if (err) {
		remove_below(attachment, PIN_TAKEOVER);
		return err;
	}
	tell(options, attachment);
	return settle(attachment);
}
