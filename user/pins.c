// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The BPF file system: directories, what is pinned there, whose it is.
 */
#include "pins.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
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
#include "log.h"

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

	if (statfs(BPF_ROOT, &status))
		return capability_explain(-errno, "look at " BPF_ROOT);
	if (status.f_type == BPF_FS_MAGIC)
		return 0;
	return log_say(-ENOTDIR,
		       "no BPF file system at " BPF_ROOT " (try: mount -t bpf bpf " BPF_ROOT
		       "; for a network namespace, nsenter --net=FILE keeps it visible"
		       " where ip netns exec hides it)");
}

void pins_directory(char directory[PATH_MAX], const char *interface)
{
	uint64_t netns = netns_inode();
	int length = snprintf(directory, PATH_MAX, PIN_ROOT "/%s", interface);

	for (char *dot = directory + strlen(PIN_ROOT); (dot = strchr(dot, '.'));)
		*dot = ':';
	if (netns != inode_of("/proc/1/ns/net"))
		snprintf(directory + length, PATH_MAX - (size_t)length, "@%" PRIu64, netns);
}

/* Open @directory/@name; -errno. */
static int open_pin(const char *directory, const char *name)
{
	char path[PATH_MAX];

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", directory, name) >= sizeof(path))
		return -ENAMETOOLONG;
	return bpf_obj_get(path);
}

static int read_info(struct info *info, int fd)
{
	struct bpf_map_info map = { 0 };
	__u32 size = sizeof(map), zero = 0;

	if (bpf_obj_get_info_by_fd(fd, &map, &size) || map.value_size != sizeof(*info) ||
	    bpf_map_lookup_elem(fd, &zero, info) || info->abi_version != ABI_VERSION)
		return -EPROTO;
	return 0;
}

/* What the pinned `info` of a directory says; zero if there is none to read. */
static struct info info_of(const char *directory)
{
	struct info info = { 0 };
	int fd = open_pin(directory, "maps/_rodata_info");

	if (fd < 0 || read_info(&info, fd))
		info = (struct info){ 0 };
	if (fd >= 0)
		close(fd);
	return info;
}

static void read_link(struct attachment *attachment)
{
	int fd = open_pin(attachment->directory, "link");
	struct bpf_link_info link = { 0 };
	__u32 size = sizeof(link);

	if (fd < 0)
		return;
	if (!bpf_obj_get_info_by_fd(fd, &link, &size) && link.type == BPF_LINK_TYPE_XDP) {
		attachment->ifindex = link.xdp.ifindex;
		attachment->program_id = link.prog_id;
	}
	close(fd);
}

static enum mode mode_of(unsigned int ifindex)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);

	if (bpf_xdp_query((int)ifindex, 0, &query))
		return MODE_MAX;
	switch (query.attach_mode) {
	case XDP_ATTACHED_DRV:
		return MODE_NATIVE;
	case XDP_ATTACHED_SKB:
		return MODE_GENERIC;
	default:
		return MODE_MAX;
	}
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

static void attachment_read(struct attachment *attachment, const char *entry)
{
	struct info info;
	uint64_t netns = netns_inode();

	*attachment = (struct attachment){ .mode = MODE_MAX };
	snprintf(attachment->directory, sizeof(attachment->directory), PIN_ROOT "/%s", entry);
	info = info_of(attachment->directory);
	attachment->netns = info.netns;
	attachment->since = info.since;
	attachment->here = netns && info.netns == netns;
	name_interface(attachment, entry);
	read_link(attachment);
	if (attachment->here && attachment->ifindex) {
		attachment->mode = mode_of(attachment->ifindex);
		if_indextoname(attachment->ifindex, attachment->interface);
	}
}

static int is_directory(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int attachments_visit(int (*visit)(const struct attachment *attachment, void *context),
		      void *context)
{
	struct attachment attachment;
	struct dirent **entries;
	int count, err = 0;

	count = scandir(PIN_ROOT, &entries, is_directory, alphasort);
	if (count < 0)
		return errno == ENOENT ? 0 : capability_explain(-errno, "list " PIN_ROOT);
	for (int i = 0; i < count; i++) {
		if (!err) {
			attachment_read(&attachment, entries[i]->d_name);
			err = visit(&attachment, context);
		}
		free(entries[i]);
	}
	free(entries);
	return err;
}

struct wanted {
	struct attachment *attachment;
	const char *interface;
	unsigned int ifindex;
};

/*
 * A live link tells more than a name, which the interface may have changed. Pins
 * of elsewhere go by their whole name only: a bare one means an interface here.
 */
static int match(const struct attachment *attachment, void *context)
{
	struct wanted *wanted = context;
	const char *entry = attachment->directory + strlen(PIN_ROOT "/");
	bool live = attachment->here && attachment->ifindex;
	bool bare = !strchr(entry, '@');
	char own[PATH_MAX];

	pins_directory(own, wanted->interface);
	if (live ? attachment->ifindex != wanted->ifindex
		 : strcmp(attachment->directory, own) && (bare || strcmp(entry, wanted->interface)))
		return 0;
	*wanted->attachment = *attachment;
	return 1;
}

int attachment_find(struct attachment *attachment, const char *interface)
{
	struct wanted wanted = { attachment, interface, if_nametoindex(interface) };
	int found = attachments_visit(match, &wanted);

	return found < 0 ? found : found ? 0 : -ENOENT;
}

/* When the kernel loaded program @info, by the wall clock. */
static uint64_t loaded_at(const struct bpf_prog_info *info)
{
	struct timespec wall, boot;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	return (uint64_t)(wall.tv_sec - boot.tv_sec) * 1000000000 + (uint64_t)wall.tv_nsec -
	       (uint64_t)boot.tv_nsec + info->load_time;
}

/* Which interface of this network namespace runs program @id. */
static void find_interface(struct pins *pins, __u32 id)
{
	struct if_nameindex *interfaces = if_nameindex();

	for (struct if_nameindex *each = interfaces; each && each->if_index; each++) {
		__u32 running = 0;

		if (bpf_xdp_query_id((int)each->if_index, 0, &running) || running != id)
			continue;
		pins->ifindex = each->if_index;
		snprintf(pins->interface, sizeof(pins->interface), "%s", each->if_name);
		break;
	}
	if_freenameindex(interfaces);
}

static void read_program(struct pins *pins)
{
	int fd = open_pin(pins->directory, "prog/classify");
	struct bpf_prog_info program = { 0 };
	__u32 size = sizeof(program);

	if (fd < 0)
		return;
	if (!bpf_obj_get_info_by_fd(fd, &program, &size)) {
		pins->loaded = loaded_at(&program);
		find_interface(pins, program.id);
	}
	close(fd);
}

/* One pinned map, and what its values must be for this program to read them. */
struct pinned_map {
	const char *name;
	__u32 type;
	__u32 value_size; /* bytes, or a multiple of `each` */
	__u32 each;
	int *fd;
};

static int open_map(const struct pins *pins, const char *directory, const struct pinned_map *map)
{
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);
	int fd = open_pin(directory, map->name);

	if (fd == -ENOENT)
		return log_say(fd, "%s: no classifier is pinned here (no map %s)", pins->directory,
			       map->name);
	if (fd < 0)
		return capability_explain(fd, map->name);
	*map->fd = fd;
	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return log_fail(-errno, "ask for map %s/%s", directory, map->name);
	if (info.type != map->type ||
	    (map->each ? info.value_size % map->each : info.value_size != map->value_size))
		return log_say(-EPROTO,
			       "%s/%s: not a map of portclass, or of another version of it",
			       directory, map->name);
	return 0;
}

static int open_maps(struct pins *pins, const char *directory)
{
	const struct pinned_map maps[] = {
		{ "traffic", BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(struct traffic_page), 0,
		  &pins->traffic },
		{ "unclassified", BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(struct counter), 0,
		  &pins->unclassified },
		{ "_data_assignments", BPF_MAP_TYPE_ARRAY, 0, sizeof(struct assignment),
		  &pins->assignments },
		{ "_rodata_info", BPF_MAP_TYPE_ARRAY, sizeof(struct info), 0, &pins->info },
	};
	struct info info;
	int err = 0;

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]) && !err; i++)
		err = open_map(pins, directory, &maps[i]);
	if (!err && read_info(&info, pins->info))
		err = log_say(-EPROTO,
			      "%s: made by another version of portclass (detach it with that one)",
			      pins->directory);
	return err;
}

int pins_open_directory(struct pins *pins, const char *directory)
{
	char maps[PATH_MAX + sizeof("/maps")];
	int err;

	*pins = (struct pins){ 0 };
	snprintf(pins->directory, sizeof(pins->directory), "%s", directory);
	snprintf(maps, sizeof(maps), "%s/maps", pins->directory);
	if (access(maps, F_OK))
		err = open_maps(pins, pins->directory);
	else
		err = open_maps(pins, maps);
	if (err)
		pins_close(pins);
	else
		read_program(pins);
	return err;
}

int pins_open(struct pins *pins, const char *interface)
{
	struct attachment attachment;
	int err = attachment_find(&attachment, interface);

	*pins = (struct pins){ 0 };
	if (err == -ENOENT && !if_nametoindex(interface))
		return log_say(-ENODEV,
			       "%s: no such interface in this network namespace (try: ip link)",
			       interface);
	if (err == -ENOENT)
		return log_say(err, "%s: not attached (try: portclass attach dev %s)", interface,
			       interface);
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
