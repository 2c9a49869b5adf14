// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Put another table under an attached program without losing a count.
 *
 * The maps of counters stay the same, and a slot means the same assignment to the
 * old program and to the new: whichever runs adds to the same counters, so no
 * order of steps loses, doubles or turns back a count. What the order is for is
 * that everything counted has a name, and that the pins lead to what runs:
 *
 *  1. pin the new program and the maps that are its own in next/, where no reader
 *     looks;
 *  2. write the rows of new and revived assignments: their slots count nothing yet (the new
 *     ones lie behind the others, or where one was retired that never counted), and a reader takes
 * the counters before the rows (snapshot.c), so it has the row of every counter that it saw;
 *  3. update the link: each packet sees one table whole, the old or the new one;
 *  4. rename the pins in next/ over those of the old program, the program last;
 *  5. retire the rows that the new table lacks: they count no more.
 *
 * Killed before 3, next/ holds a program that does not run, and the next swap
 * removes it; the rows of 2 are at zero and found again by what they say, or
 * retired. Killed after 3, next/ holds the program that runs, and the next swap
 * ends 4 first; until then the pins tell the old registry's name and settings, but
 * all counts. Rows that 5 did not come to are retired by the next swap.
 */
#include "kernel/swap.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/ifindex.h"
#include "base/log.h"
#include "kernel/pin_root.h"
#include "kernel/pin.h"
#include "kernel/pin_names.h"
#include "kernel/program.h"
#include "kernel/snapshot_read.h"
#include "kernel/takeover.h"
#include "kernel/xdp_query.h"

#define PIN_SIZE (PATH_MAX + NAME_MAX) /* a directory of pins, and one of them */

struct swap {
	const struct attach_options *options;
	struct attachment attachment;
	char next[PATH_MAX + sizeof("/" PIN_NEXT)];
	struct pins pins;
	struct assignment *rows; /* of the pinned map: pins.slots of them */
	struct slots slots;
	struct program program;
};

static const char *pin_path(char path[PIN_SIZE], const struct swap *swap, const char *directory,
			    const char *name)
{
	snprintf(path, PIN_SIZE, "%s/%s/%s", swap->attachment.directory, directory, name);
	return path;
}

/* Not attached by a link: say what is there instead. Returns -errno or the outcome. */
static int explain_absence(const struct swap *swap)
{
	const char *interface = swap->options->interface;
	int ifindex = ifindex_of(interface);
	struct xdp_query query;
	int err;

	if (ifindex < 0)
		return ifindex;
	if (!ifindex && !swap->attachment.directory[0])
		return ifindex_say_none(interface);
	err = ifindex ? xdp_query(&query, (unsigned int)ifindex) : -ENODEV;
	if (err && err != -ENODEV)
		return err;
	if (!err && xdp_query_any(&query))
		return log_say_of(OUTCOME_FOREIGN, interface,
				  "XDP program id %u is attached, but not by a bpf_link that"
				  " portclass pinned, so it can't be replaced in place (to have"
				  " portclass count, from zero: bpftool net detach xdp dev %s, then"
				  " portclass attach dev %s)",
				  xdp_query_any(&query), interface, interface);
	return log_say_of(OUTCOME_NOT_ATTACHED, interface,
			  "not attached (try: portclass attach dev %s)", interface);
}

static int find(struct swap *swap)
{
	int err = attachment_find(&swap->attachment, swap->options->interface);

	if (err == OUTCOME_NOT_ATTACHED || (!err && !swap->attachment.here))
		return explain_absence(swap);
	if (!err)
		err = takeover_finish(&swap->attachment, swap->options->interface);
	if (err)
		return err;
	snprintf(swap->next, sizeof(swap->next), "%s/" PIN_NEXT, swap->attachment.directory);
	return pins_open_attachment(&swap->pins, &swap->attachment);
}

static int map_rows(struct swap *swap)
{
	void *rows = mmap(NULL, swap->pins.slots * sizeof(*swap->rows), PROT_READ | PROT_WRITE,
			  MAP_SHARED, swap->pins.assignments, 0);

	if (rows == MAP_FAILED)
		return log_fail(-errno, "map the assignments of %s", swap->pins.directory);
	swap->rows = rows;
	return 0;
}

/* Which slots have counted, as a flag each: a reading of the counters says. 0 or -errno, said. */
static int read_counted(bool counted[SLOTS_MAX], const struct pins *pins)
{
	struct snapshot snapshot;
	int err = snapshot_read(&snapshot, pins);

	if (err)
		return err;
	for (size_t i = 0; i < snapshot.count; i++) {
		const struct service *service = &snapshot.services[i];

		counted[service->slot] |= service_sum(service).packets != 0;
	}
	snapshot_close(&snapshot);
	return 0;
}

static int give_slots(struct swap *swap, bool counted[SLOTS_MAX])
{
	const struct slots_held held = { swap->rows, counted,
					 slots_in_use(swap->rows, swap->pins.slots) };
	int err = read_counted(counted, &swap->pins);

	if (err)
		return err;
	err = slots_open(&swap->slots, swap->options->table, &held, swap->pins.slots);
	if (err == -ENOSPC)
		return log_say_of(OUTCOME_NO_ROOM, swap->attachment.interface,
				  "no slots left for what is new in %s: there is room for %u,"
				  " services that are retired included (to count from zero with"
				  " more room: portclass detach dev %s, then attach again)",
				  swap->options->info.registry_name, swap->pins.slots,
				  swap->attachment.interface);
	return err ? log_fail(err == -EPROTO ? OUTCOME_FOREIGN : err,
			      "give slots to the services of %s", swap->options->info.registry_name)
		   : 0;
}

static int place(struct swap *swap)
{
	bool *counted = calloc(SLOTS_MAX, sizeof(*counted));
	int err = counted ? give_slots(swap, counted) : -ENOMEM;

	free(counted);
	return err;
}

static int is_pin(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int replace(const struct swap *swap, const char *directory, const char *name)
{
	char from[PIN_SIZE], to[PIN_SIZE];

	if (!rename(pin_path(from, swap, PIN_NEXT, name), pin_path(to, swap, directory, name)))
		return 0;
	return log_fail(-errno, "move %s to %s", from, to);
}

/* The program last: until then it tells that this is not done. */
static int replace_pins(const struct swap *swap)
{
	struct dirent **entries;
	int count, err = 0;

	count = scandir(swap->next, &entries, is_pin, NULL);
	if (count < 0)
		return log_fail(-errno, "list %s", swap->next);
	for (int i = 0; i < count; i++) {
		if (!err && strcmp(entries[i]->d_name, PIN_CLASSIFY))
			err = replace(swap, PIN_MAPS, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return err ? err : replace(swap, PIN_PROGRAMS, PIN_CLASSIFY);
}

/* The pins in next/ are those of the program that runs now. */
static int settle(const struct swap *swap)
{
	int err = replace_pins(swap);

	return err ? err : pin_root_remove(swap->next);
}

/* End or undo what a swap that was killed has left; then the pins are those that run. */
static int repair(const struct swap *swap)
{
	__u32 running = swap->attachment.program_id, id;
	int err = pin_program_id(&id, swap->attachment.directory, PIN_NEXT "/" PIN_CLASSIFY);

	if (err)
		return err;
	err = id == running ? settle(swap) : pin_root_remove(swap->next);
	if (!err)
		err = pin_program_id(&id, swap->attachment.directory, PIN_PROGRAM);
	if (err || id == running)
		return err;
	return attachment_explain_stranger(&swap->attachment);
}

static int stage(const struct swap *swap)
{
	int err;

	if (mkdir(swap->next, 0700))
		return log_fail(-errno, "make the directory %s", swap->next);
	err = program_pin_own_maps(&swap->program, swap->next);
	if (!err)
		err = program_pin(&swap->program, swap->next);
	return err ? log_fail(err, "pin into %s", swap->next) : 0;
}

/*
 * First of all where a row is revived, last where it is retired: while the status
 * says retired, the row has to say what it was (see slots.h).
 */
static void write_status(struct assignment *row, __u8 status)
{
	__atomic_store_n(&row->status, status, __ATOMIC_SEQ_CST);
}

static void write_live_rows(const struct swap *swap)
{
	for (__u32 slot = 0; slot < swap->slots.count; slot++) {
		const struct assignment *assignment = &swap->slots.assignments[slot];

		if (assignment->status == STATUS_RETIRED ||
		    !memcmp(&swap->rows[slot], assignment, sizeof(*assignment)))
			continue;
		write_status(&swap->rows[slot], assignment->status);
		swap->rows[slot] = *assignment;
	}
}

static void write_retired_rows(const struct swap *swap)
{
	for (__u32 slot = 0; slot < swap->slots.count; slot++) {
		const struct assignment *assignment = &swap->slots.assignments[slot];
		struct assignment *row = &swap->rows[slot];

		if (assignment->status != STATUS_RETIRED || row->status == STATUS_RETIRED)
			continue;
		memcpy(row->aliases, assignment->aliases, sizeof(row->aliases));
		write_status(row, STATUS_RETIRED);
	}
}

static int update_link(const struct swap *swap)
{
	const char *directory = swap->attachment.directory;
	int old = pin_open(directory, PIN_PROGRAM, "prog"), err;

	if (old < 0)
		return pin_explain(old, directory, PIN_PROGRAM);
	err = program_replace(&swap->program, &swap->attachment, old);
	close(old);
	return err;
}

static int replace_program(const struct swap *swap)
{
	int err = stage(swap);

	if (!err) {
		write_live_rows(swap);
		err = update_link(swap);
	}
	if (err) {
		pin_root_remove(swap->next);
		return err;
	}
	err = settle(swap);
	if (!err)
		write_retired_rows(swap);
	return err;
}

static void close_all(struct swap *swap)
{
	program_close(&swap->program);
	slots_close(&swap->slots);
	if (swap->rows)
		munmap(swap->rows, swap->pins.slots * sizeof(*swap->rows));
	pins_close(&swap->pins);
}

int swap_program(const struct attach_options *options, struct attachment *attached)
{
	struct swap swap = { .options = options };
	int err = find(&swap);

	if (!err)
		err = repair(&swap);
	if (!err)
		err = map_rows(&swap);
	if (!err)
		err = place(&swap);
	if (!err)
		err = program_load_after(&swap.program, options, &swap.pins, &swap.slots);
	if (!err)
		err = replace_program(&swap);
	*attached = swap.attachment;
	if (!err) {
		attached->program_id = swap.program.id;
		attached->info = swap.program.info;
	}
	close_all(&swap);
	return err;
}
