// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The BPF file system: directories, what is pinned there, whose it is.
 */
#include "pins.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <linux/if_link.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "abi.h"
#include "capability.h"
#include "ifindex.h"
#include "log.h"
#include "pin.h"
#include "xdp_query.h"

static const char *const mode_names[MODE_MAX + 1] = { "native", "generic", "unknown" };

const char *mode_name(enum mode mode)
{
	return mode_names[mode];
}

enum mode mode_by_name(const char *name)
{
	enum mode mode = MODE_NATIVE;

	while (mode < MODE_MAX && strcasecmp(name, mode_names[mode]))
		mode++;
	return mode;
}

static uint64_t inode_of(const char *path)
{
	struct stat status;

	return stat(path, &status) ? 0 : status.st_ino;
}

uint64_t netns_inode(void)
{
	return inode_of("/proc/self/ns/net");
}

int pins_check_mount(void)
{
	struct statfs status;

	if (!statfs(BPF_ROOT, &status) && status.f_type == BPF_FS_MAGIC)
		return 0;
	return log_say(-ENOTDIR,
		       "no BPF file system at " BPF_ROOT " (try: mount -t bpf bpf " BPF_ROOT
		       "; for a network namespace, nsenter --net=FILE keeps it visible"
		       " where ip netns exec hides it)");
}

/* Others may write where the BPF file system is mounted: take nothing of theirs. */
static int check_root(int fd)
{
	struct statfs system;
	struct stat status;

	if (fstatfs(fd, &system) || fstat(fd, &status))
		return log_fail(-errno, "look at " PIN_ROOT);
	if (system.f_type == BPF_FS_MAGIC && (!status.st_uid || status.st_uid == geteuid()))
		return 0;
	return log_say(-ENOTDIR,
		       PIN_ROOT " is not of the BPF file system, or of another user's making");
}

int pins_open_root(void)
{
	int fd = open(PIN_ROOT, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int err;

	if (fd < 0)
		return errno == ENOENT ? -ENOENT : capability_explain(-errno, "open " PIN_ROOT);
	err = check_root(fd);
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* -EPROTO: not made by a portclass of this ABI_VERSION. */
static int read_info(struct info *info, int fd)
{
	struct bpf_map_info map = { 0 };
	__u32 size = sizeof(map), zero = 0;
	int err = bpf_obj_get_info_by_fd(fd, &map, &size);

	if (err)
		return err;
	if (map.type != BPF_MAP_TYPE_ARRAY || map.value_size != sizeof(*info))
		return -EPROTO;
	err = bpf_map_lookup_elem(fd, &zero, info);
	if (err)
		return err;
	return info->abi_version == ABI_VERSION && info->count_by < COUNT_BY_MAX ? 0 : -EPROTO;
}

#define INFO_PIN "maps/_rodata_info"

/* What the pinned `info` of a directory says; zero if there is none of ours. 0 or -errno. */
static int info_of(struct info *info, const char *directory)
{
	int fd = pin_open(directory, INFO_PIN, "map"), err = fd < 0 ? fd : read_info(info, fd);

	if (fd >= 0)
		close(fd);
	if (err)
		*info = (struct info){ 0 };
	return pin_is_absent(err) ? 0 : err;
}

/* @netns 0: without it. */
static void name_directory(char directory[PATH_MAX], const char *interface, uint64_t netns)
{
	int length = snprintf(directory, PATH_MAX, PIN_ROOT "/%s", interface);

	for (char *dot = directory + strlen(PIN_ROOT); (dot = strchr(dot, '.'));)
		*dot = ':';
	if (netns)
		snprintf(directory + length, PATH_MAX - (size_t)length, "@%" PRIu64, netns);
}

/*
 * Every container has a process 1 of its own, and not everybody may look at it: the
 * short name may be another's.
 */
void pins_directory(char directory[PATH_MAX], const char *interface)
{
	uint64_t netns = netns_inode(), first = inode_of("/proc/1/ns/net");
	struct info owner;

	name_directory(directory, interface, 0);
	info_of(&owner, directory); /* what can't be read can't be put there either */
	if ((first && first != netns) || (owner.netns && owner.netns != netns))
		name_directory(directory, interface, netns);
}

/* What the kernel says of the link in a directory; zero if there is none. 0 or -errno, said. */
static int link_of(struct bpf_link_info *link, const char *directory)
{
	int fd = pin_open_link(directory), err;
	__u32 size = sizeof(*link);

	*link = (struct bpf_link_info){ 0 };
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	err = bpf_obj_get_info_by_fd(fd, link, &size);
	close(fd);
	if (err || link->type != BPF_LINK_TYPE_XDP)
		*link = (struct bpf_link_info){ 0 };
	return err ? log_fail(err, "ask for the link in %s", directory) : 0;
}

/* The interface's name by that of its directory. */
static void name_interface(struct attachment *attachment, const char *entry)
{
	char suffix[24];
	size_t length = strlen(entry), suffix_length;

	suffix_length = (size_t)snprintf(suffix, sizeof(suffix), "@%" PRIu64, attachment->netns);
	if (length > suffix_length && !strcmp(entry + length - suffix_length, suffix))
		length -= suffix_length;
	snprintf(attachment->interface, sizeof(attachment->interface), "%.*s", (int)length, entry);
	for (char *colon = attachment->interface; (colon = strchr(colon, ':'));)
		*colon = '.';
}

/*
 * In which mode the program of a link runs on an interface of this namespace;
 * MODE_MAX: it does not. An index and an inode may be taken anew; the number of a
 * program is one's own.
 */
static int mode_here(enum mode *mode, const struct bpf_link_info *link)
{
	struct xdp_query query;
	int err = xdp_query(&query, link->xdp.ifindex);

	*mode = MODE_MAX;
	if (err)
		return err == -ENODEV ? 0 : err;
	if (query.native == link->prog_id)
		*mode = MODE_NATIVE;
	else if (query.generic == link->prog_id)
		*mode = MODE_GENERIC;
	return 0;
}

/*
 * The link in @directory, and its mode if it is of an interface of this namespace.
 * A link that can't be asked is a failure: taken for none, its counts would be
 * cleared away as a leftover. 0 or -errno, said.
 */
static int read_link(struct bpf_link_info *link, enum mode *mode, const char *directory)
{
	int err = 0;

	*mode = MODE_MAX;
	/* A swap may come between the two questions, but not again and again. */
	for (int tries = 0; !err && tries < 3 && *mode == MODE_MAX; tries++) {
		err = link_of(link, directory);
		if (err || !link->xdp.ifindex)
			break;
		err = mode_here(mode, link);
	}
	return err;
}

static int attachment_read(struct attachment *attachment, const char *entry)
{
	struct bpf_link_info link = { 0 };
	struct info info;
	int err;

	*attachment = (struct attachment){ .mode = MODE_MAX };
	snprintf(attachment->directory, sizeof(attachment->directory), PIN_ROOT "/%s", entry);
	err = info_of(&info, attachment->directory);
	if (err)
		return pin_explain(err, attachment->directory, INFO_PIN);
	attachment->netns = info.netns;
	attachment->since = info.since;
	name_interface(attachment, entry);
	err = read_link(&link, &attachment->mode, attachment->directory);
	if (err)
		return err;
	attachment->here = attachment->mode != MODE_MAX;
	attachment->ifindex = link.xdp.ifindex;
	attachment->program_id = link.prog_id;
	return attachment->here ? ifindex_name(attachment->interface, attachment->ifindex) : 0;
}

static int is_directory(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int list_root(struct dirent ***entries)
{
	int root = pins_open_root();
	int count;

	if (root == -ENOENT)
		return pins_check_mount();
	if (root < 0)
		return root;
	count = scandirat(root, ".", entries, is_directory, alphasort);
	if (count < 0)
		count = log_fail(-errno, "list " PIN_ROOT);
	close(root);
	return count;
}

int attachments_visit(int (*visit)(const struct attachment *attachment, void *context),
		      void *context)
{
	struct attachment attachment;
	struct dirent **entries = NULL;
	int count = list_root(&entries), err = 0;

	if (count < 0)
		return count;
	for (int i = 0; i < count; i++) {
		if (!err) /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): then count is 0 */
			err = attachment_read(&attachment, entries[i]->d_name);
		if (!err)
			err = visit(&attachment, context);
		free(entries[i]);
	}
	free(entries);
	return err;
}

struct wanted {
	struct attachment *attachment;
	const char *interface;
	unsigned int ifindex; /* 0: there is no such interface */
};

/* Whether the name of the pins says that they were made here for @interface. */
static bool is_own(const struct attachment *attachment, const char *interface)
{
	uint64_t netns = netns_inode();
	char bare[PATH_MAX], whole[PATH_MAX];

	if (attachment->netns && attachment->netns != netns)
		return false;
	name_directory(bare, interface, 0);
	name_directory(whole, interface, netns);
	return !strcmp(attachment->directory, bare) || !strcmp(attachment->directory, whole);
}

/*
 * A link that is live here tells more than a name, which the interface may have
 * changed. What is of elsewhere goes by the name of its pins, if no interface has it.
 */
static int match(const struct attachment *attachment, void *context)
{
	struct wanted *wanted = context;
	const char *entry = attachment->directory + strlen(PIN_ROOT "/");
	bool found;

	if (attachment->here)
		found = attachment->ifindex == wanted->ifindex;
	else
		found = is_own(attachment, wanted->interface) ||
			(!wanted->ifindex && !strcmp(entry, wanted->interface));
	if (found)
		*wanted->attachment = *attachment;
	return found;
}

int attachment_find(struct attachment *attachment, const char *interface)
{
	struct wanted wanted = { attachment, interface, 0 };
	char directory[PATH_MAX];
	int found = ifindex_of(interface);

	if (found < 0)
		return found;
	wanted.ifindex = (unsigned int)found;
	/* Where it should be, first: each look at pins asks for all interfaces. */
	pins_directory(directory, interface);
	found = attachment_read(attachment, directory + strlen(PIN_ROOT "/"));
	if (found)
		return found;
	if (attachment->here && attachment->ifindex == wanted.ifindex)
		return 0;
	*attachment = (struct attachment){ .mode = MODE_MAX };
	found = attachments_visit(match, &wanted);
	return found < 0 ? found : found ? 0 : -ENOENT;
}

/* When the kernel loaded program @info, by the wall clock. */
static uint64_t loaded_at(const struct bpf_prog_info *info)
{
	struct timespec wall, boot;
	int64_t loaded;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	loaded = ((int64_t)wall.tv_sec - boot.tv_sec) * 1000000000 + wall.tv_nsec - boot.tv_nsec +
		 (int64_t)info->load_time;
	return loaded > 0 ? (uint64_t)loaded : 0; /* without a clock it is before 1970 */
}

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

static int read_program(struct pins *pins)
{
	static const char name[] = "prog/classify";
	int fd = pin_open(pins->directory, name, "prog"), err;
	struct bpf_prog_info program = { 0 };
	__u32 size = sizeof(program);

	if (fd < 0)
		return pin_is_absent(fd) ? 0 : pin_explain(fd, pins->directory, name);
	err = bpf_obj_get_info_by_fd(fd, &program, &size);
	close(fd);
	if (err)
		return log_fail(err, "ask for the program %s/%s", pins->directory, name);
	pins->loaded = loaded_at(&program);
	return pins->ifindex ? 0 : find_interface(pins, program.id);
}

/* Amid a swap, the program that runs is not the pinned one; the link stays. */
static int find_by_link(struct pins *pins)
{
	struct bpf_link_info link = { 0 };
	enum mode mode;
	int err = read_link(&link, &mode, pins->directory);

	if (!err && mode != MODE_MAX)
		err = ifindex_name(pins->interface, link.xdp.ifindex);
	if (!err && pins->interface[0])
		pins->ifindex = link.xdp.ifindex;
	return err;
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

static int open_map(const struct pins *pins, const char *directory, const struct pinned_map *map)
{
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);
	int fd = pin_open(directory, map->name, "map"), err;

	if (fd == -ENOENT)
		return log_say(fd, "%s: no classifier is pinned here (no map %s)", pins->directory,
			       map->name);
	if (fd < 0 && fd != -EPROTO)
		return pin_explain(fd, directory, map->name);
	if (fd >= 0)
		*map->fd = fd;
	err = fd < 0 ? 0 : bpf_obj_get_info_by_fd(fd, &info, &size);
	if (err)
		return log_fail(err, "ask for map %s/%s", directory, map->name);
	if (fd < 0 || !is_readable(&info, map))
		return log_say(-EPROTO,
			       "%s/%s: not a map of portclass, or of another version of it",
			       directory, map->name);
	return 0;
}

/* How many slots both maps have room for. */
static int ask_room(struct pins *pins, const char *directory)
{
	struct bpf_map_info counters = { 0 }, rows = { 0 };
	__u32 size = sizeof(counters), rows_size = sizeof(rows);
	uint64_t slots;

	if (bpf_obj_get_info_by_fd(pins->traffic, &counters, &size) ||
	    bpf_obj_get_info_by_fd(pins->assignments, &rows, &rows_size))
		return log_fail(-errno, "ask for the maps in %s", directory);
	slots = (uint64_t)rows.max_entries * rows.value_size / sizeof(struct assignment);
	if (slots > (uint64_t)counters.max_entries * PAGE_SLOTS)
		slots = (uint64_t)counters.max_entries * PAGE_SLOTS;
	pins->slots = slots < SLOTS_MAX ? (uint32_t)slots : SLOTS_MAX;
	return 0;
}

static int open_maps(struct pins *pins, const char *directory)
{
	const struct pinned_map maps[] = {
		{ "traffic", BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(struct traffic_page),
		  .fd = &pins->traffic },
		{ "unclassified", BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(struct counter),
		  .entries = REASON_MAX, .fd = &pins->unclassified },
		{ "_data_assignments", BPF_MAP_TYPE_ARRAY, .each = sizeof(struct assignment),
		  .flags = BPF_F_MMAPABLE, .fd = &pins->assignments },
		{ "_rodata_info", BPF_MAP_TYPE_ARRAY, sizeof(struct info), .fd = &pins->info },
	};
	struct info info;
	int err = 0;

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]) && !err; i++)
		err = open_map(pins, directory, &maps[i]);
	if (err)
		return err;
	err = read_info(&info, pins->info);
	if (err == -EPROTO)
		return log_say(err,
			       "%s: made by another version of portclass (detach it with that one)",
			       pins->directory);
	return err ? log_fail(err, "read the map info of %s", pins->directory)
		   : ask_room(pins, directory);
}

/* `pinmaps DIR/maps` may be told as well as the DIR that holds the program too. */
static size_t length_without_maps(const char *directory)
{
	const size_t suffix = strlen("/maps");
	size_t length = strlen(directory);

	while (length > 1 && directory[length - 1] == '/')
		length--;
	if (length > suffix && !strncmp(directory + length - suffix, "/maps", suffix))
		length -= suffix;
	return length;
}

int pins_open_directory(struct pins *pins, const char *directory)
{
	char maps[PATH_MAX + sizeof("/maps")];
	size_t length = length_without_maps(directory);
	int err;

	*pins = (struct pins){ 0 };
	if (length >= sizeof(pins->directory))
		return log_fail(-ENAMETOOLONG, "open the pins in %.40s...", directory);
	snprintf(pins->directory, sizeof(pins->directory), "%.*s", (int)length, directory);
	snprintf(maps, sizeof(maps), "%s/maps", pins->directory);
	if (!access(maps, F_OK))
		err = open_maps(pins, maps);
	else if (errno == ENOENT || errno == ENOTDIR)
		err = open_maps(pins, pins->directory);
	else
		err = pin_explain(-errno, pins->directory, "maps");
	if (!err)
		err = find_by_link(pins);
	if (!err)
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
	return log_say(-ENOENT, "%s: not attached (try: portclass attach dev %s)", interface,
		       interface);
}

int pins_open(struct pins *pins, const char *interface)
{
	struct attachment attachment;
	int err = attachment_find(&attachment, interface);

	*pins = (struct pins){ 0 };
	if (err == -ENOENT)
		return report_missing(interface);
	if (!err && !attachment.here)
		return log_say(-ENOENT,
			       "%s: the interface that was attached is gone from here"
			       " (its last counts: portclass show pin %s; to clear them:"
			       " portclass detach dev %s)",
			       interface, attachment.directory, interface);
	if (err)
		return err;
	err = pins_open_directory(pins, attachment.directory);
	if (!err && !pins->interface[0])
		snprintf(pins->interface, sizeof(pins->interface), "%s", attachment.interface);
	return err;
}

void pins_close(struct pins *pins)
{
	const int fds[] = { pins->traffic, pins->unclassified, pins->assignments, pins->info };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] > 0)
			close(fds[i]);
	*pins = (struct pins){ 0 };
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path) && errno != ENOENT ? -errno : 0;
}

int pins_remove(const char *directory)
{
	int err = nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	char what[PATH_MAX + sizeof("remove ")];

	if (err == -1)
		err = errno == ENOENT ? 0 : -errno;
	snprintf(what, sizeof(what), "remove %s", directory);
	return err ? capability_explain(err, what) : 0;
}
