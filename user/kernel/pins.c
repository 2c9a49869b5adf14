// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Maps opened and checked, once each. What they hold is read elsewhere.
 */
#include "kernel/pins.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi.h"
#include "kernel/capability.h"
#include "kernel/ifindex.h"
#include "base/log.h"
#include "kernel/pin.h"
#include "kernel/pin_names.h"
#include "kernel/xdp_query.h"

/* Which interface of this network namespace runs program @id. 0 or -errno, said. */
static int find_interface(struct pins *pins, __u32 id)
{
	struct if_nameindex *interfaces = if_nameindex();
	int err = 0;

	if (!interfaces)
		return log_fail(-errno, "list the interfaces");
	for (struct if_nameindex *each = interfaces; !err && each->if_index; each++) {
		struct xdp_query query = { 0 };

		err = xdp_query(&query, each->if_index);
		if (err == -ENODEV)
			err = 0;
		if (err || xdp_query_any(&query) != id)
			continue;
		pins->ifindex = each->if_index;
		snprintf(pins->interface, sizeof(pins->interface), "%s", each->if_name);
		break;
	}
	if_freenameindex(interfaces);
	return err;
}

/* What only the program knows, of pins without a link of ours or a time. */
static int read_program(struct pins *pins)
{
	int fd = pin_open(pins->directory, PIN_PROGRAM, "prog"), err;
	struct bpf_prog_info program = { 0 };
	__u32 size = sizeof(program);

	if (fd < 0)
		return pin_is_absent(fd) ? 0 : pin_explain(fd, pins->directory, PIN_PROGRAM);
	err = bpf_obj_get_info_by_fd(fd, &program, &size);
	close(fd);
	if (err)
		return log_fail(err, "ask for the program %s/%s", pins->directory, PIN_PROGRAM);
	if (!pins->since)
		pins->since = program.load_time;
	if (!pins->program_id)
		pins->program_id = program.id;
	return pins->ifindex ? 0 : find_interface(pins, program.id);
}

/* Amid a swap, the program that runs is not the pinned one; the link stays. */
static int find_by_link(struct pins *pins)
{
	struct hook_place place;
	int err = attachment_read_link(&place, &pins->program_id, pins->directory);

	if (!err && place.hook)
		err = ifindex_name(pins->interface, place.ifindex);
	if (err || !pins->interface[0])
		return err;
	pins->ifindex = place.ifindex;
	pins->hook = place.hook;
	return 0;
}

/* One pinned map, and what its values must be for this program to read them. */
struct pinned_map {
	const char *name;
	__u32 type;
	__u32 value_size; /* bytes, or a multiple of `each` */
	__u32 each;
	__u32 entries; /* at least */
	__u32 flags;   /* among others */
	int *fd;
};

/* Whether values in the map are what this program takes them for. */
static bool is_readable(const struct bpf_map_info *info, const struct pinned_map *map)
{
	return info->type == map->type && info->key_size == sizeof(__u32) &&
	       (map->each ? !(info->value_size % map->each)
			  : info->value_size == map->value_size) &&
	       info->max_entries >= map->entries && (info->map_flags & map->flags) == map->flags;
}

/* @info: what the kernel says of it. */
static int open_map(const struct pins *pins, const char *directory, const struct pinned_map *map,
		    struct bpf_map_info *info)
{
	__u32 size = sizeof(*info);
	int fd = pin_open(directory, map->name, "map"), err;

	if (fd == -ENOENT)
		return log_say(OUTCOME_NOT_ATTACHED, "%s: no classifier is pinned here (no map %s)",
			       pins->directory, map->name);
	if (fd < 0 && fd != -EPROTO)
		return pin_explain(fd, directory, map->name);
	if (fd >= 0)
		*map->fd = fd;
	err = fd < 0 ? 0 : bpf_obj_get_info_by_fd(fd, info, &size);
	if (err)
		return log_fail(err, "ask for map %s/%s", directory, map->name);
	if (fd < 0 || !is_readable(info, map))
		return log_say(OUTCOME_FOREIGN,
			       "%s/%s: not a map of portclass, or of another version of it",
			       directory, map->name);
	return 0;
}

/* How many slots both maps have room for. */
static uint32_t room_of(const struct bpf_map_info *counters, const struct bpf_map_info *rows)
{
	uint64_t slots = (uint64_t)rows->max_entries * rows->value_size / sizeof(struct assignment);

	if (slots > (uint64_t)counters->max_entries * PAGE_SLOTS)
		slots = (uint64_t)counters->max_entries * PAGE_SLOTS;
	return slots < SLOTS_MAX ? (uint32_t)slots : SLOTS_MAX;
}

static int explain_info(int err, const char *directory)
{
	if (err != -EPROTO)
		return log_fail(err, "read %s/" PIN_INFO, directory);
	return log_say(OUTCOME_FOREIGN,
		       "%s/" PIN_INFO ": neither this nor another version of portclass has written"
		       " this (to end it: portclass detach)",
		       directory);
}

static int read_info(struct pins *pins, const char *directory)
{
	int fd = 0, err;
	const struct pinned_map map = { PIN_INFO, BPF_MAP_TYPE_ARRAY, .each = 1, .fd = &fd };
	struct bpf_map_info kind = { 0 };
	struct pin_info info = { 0 };

	err = open_map(pins, directory, &map, &kind);
	if (!err && (err = pin_read_info(&info, fd)))
		err = explain_info(err, directory);
	if (fd > 0)
		close(fd);
	pins->info = info.info;
	if (err || info.abi_version == ABI_VERSION)
		return err;
	return log_say(OUTCOME_FOREIGN,
		       "%s: another version of portclass made these pins, which are of version %u;"
		       " this one reads those of version %d only",
		       pins->directory, info.abi_version, ABI_VERSION);
}

static bool has_info(const char *directory)
{
	char path[PATH_MAX + sizeof("/" PIN_MAPS "/" PIN_INFO)];

	snprintf(path, sizeof(path), "%s/" PIN_INFO, directory);
	return !access(path, F_OK);
}

/*
 * Before anything is mapped or counted by them; `info` first, if it is there: another version's
 * maps need not be these.
 */
static int open_maps(struct pins *pins, const char *directory)
{
	const struct pinned_map maps[] = {
		{ PIN_TRAFFIC, BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(struct traffic_page),
		  .fd = &pins->traffic },
		{ PIN_ASSIGNMENTS, BPF_MAP_TYPE_ARRAY, .each = sizeof(struct assignment),
		  .flags = BPF_F_MMAPABLE, .fd = &pins->assignments },
		{ PIN_UNCLASSIFIED, BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(struct counter),
		  .entries = REASON_MAX, .fd = &pins->unclassified },
	};
	struct bpf_map_info infos[sizeof(maps) / sizeof(maps[0])] = { { 0 } };
	bool first = !pins->info.abi_version && has_info(directory);
	int err = first ? read_info(pins, directory) : 0;

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]) && !err; i++)
		err = open_map(pins, directory, &maps[i], &infos[i]);
	if (!err && !pins->info.abi_version)
		err = read_info(pins, directory);
	pins->slots = room_of(&infos[0], &infos[1]);
	if (!pins->since)
		pins->since = pins->info.since;
	return err;
}

/* `pinmaps DIR/maps` may be told as well as the DIR that holds the program too. */
static size_t length_without_maps(const char *directory)
{
	const size_t suffix = strlen("/" PIN_MAPS);
	size_t length = strlen(directory);

	while (length > 1 && directory[length - 1] == '/')
		length--;
	if (length > suffix && !strncmp(directory + length - suffix, "/" PIN_MAPS, suffix))
		length -= suffix;
	return length;
}

int pins_open_directory(struct pins *pins, const char *directory)
{
	char maps[PATH_MAX + sizeof("/" PIN_MAPS)];
	size_t length = length_without_maps(directory);
	int err;

	*pins = (struct pins){ 0 };
	if (length >= sizeof(pins->directory))
		return log_fail(-ENAMETOOLONG, "open the pins in %.40s...", directory);
	snprintf(pins->directory, sizeof(pins->directory), "%.*s", (int)length, directory);
	snprintf(maps, sizeof(maps), "%s/" PIN_MAPS, pins->directory);
	if (!access(maps, F_OK))
		err = open_maps(pins, maps);
	else if (errno == ENOENT || errno == ENOTDIR)
		err = open_maps(pins, pins->directory);
	else
		err = pin_explain(-errno, pins->directory, PIN_MAPS);
	if (!err)
		err = find_by_link(pins);
	if (!err && (!pins->since || !pins->ifindex))
		err = read_program(pins);
	if (err)
		pins_close(pins);
	return err;
}

int pins_open_attachment(struct pins *pins, const struct attachment *attachment)
{
	char maps[PATH_MAX + sizeof("/" PIN_MAPS)];
	int err;

	*pins = (struct pins){ 0 };
	if (attachment_is_foreign(attachment))
		return attachment_explain_foreign(attachment);
	*pins = (struct pins){ .info = attachment->info,
			       .hook = attachment->hook,
			       .ifindex = attachment->here ? attachment->ifindex : 0,
			       .program_id = attachment->program_id };
	memcpy(pins->directory, attachment->directory, sizeof(pins->directory));
	if (attachment->here)
		memcpy(pins->interface, attachment->interface, sizeof(pins->interface));
	snprintf(maps, sizeof(maps), "%s/" PIN_MAPS, pins->directory);
	err = open_maps(pins, maps);
	if (!err && (!pins->since || !pins->ifindex))
		err = read_program(pins);
	if (err)
		pins_close(pins);
	return err;
}

static int report_missing(const char *interface)
{
	int ifindex = ifindex_of(interface);

	if (ifindex <= 0)
		return ifindex ? ifindex : ifindex_say_none(interface);
	return log_say_of(OUTCOME_NOT_ATTACHED, interface,
			  "not attached (try: portclass attach dev %s)", interface);
}

int pins_open(struct pins *pins, const char *interface)
{
	struct attachment attachment;
	int err = attachment_find(&attachment, interface);

	*pins = (struct pins){ 0 };
	if (err == OUTCOME_NOT_ATTACHED)
		return report_missing(interface);
	if (!err && !attachment.here)
		return log_say_of(OUTCOME_NOT_ATTACHED, interface,
				  "the interface that was attached is gone from here"
				  " (its last counts: portclass show pin %s; to clear them:"
				  " portclass detach dev %s)",
				  attachment.directory, interface);
	if (err)
		return err;
	return pins_open_attachment(pins, &attachment);
}

void pins_close(struct pins *pins)
{
	const int fds[] = { pins->traffic, pins->unclassified, pins->assignments };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] > 0)
			close(fds[i]);
	*pins = (struct pins){ 0 };
}
