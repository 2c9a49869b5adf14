// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Open one pin, and make sure that it is what its name says.
 */
#include "kernel/pin.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "kernel/capability.h"
#include "kernel/pin_names.h"

/* Others may lie there, and the kernel tells all of them alike if it is asked for one. */
static bool is_kind(int fd, const char *kind)
{
	char path[sizeof("/proc/self/fd/") + 3 * sizeof(fd)], file[64] = "";

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readlink(path, file, sizeof(file) - 1) < 0 || strstr(file, kind);
}

/* Whether what bpf_obj_get() refused could not be opened by anybody. */
static bool is_no_pin(const char *path)
{
	struct stat status;

	return !stat(path, &status) && !S_ISREG(status.st_mode);
}

int pin_open(const char *directory, const char *name, const char *kind)
{
	char path[PATH_MAX];
	int fd;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", directory, name) >= sizeof(path))
		return -ENAMETOOLONG;
	fd = bpf_obj_get(path);
	if (fd == -ENOTDIR)
		return -ENOENT;
	if (fd == -EACCES && is_no_pin(path))
		return -EPROTO;
	if (fd < 0 || is_kind(fd, kind))
		return fd;
	close(fd);
	return -EPROTO;
}

int pin_explain(int err, const char *directory, const char *name)
{
	char what[2 * PATH_MAX];

	snprintf(what, sizeof(what), "open %s/%s", directory, name);
	return capability_explain(err == -EPROTO ? OUTCOME_FOREIGN : err, what);
}

bool pin_is_absent(int err)
{
	return err == -ENOENT || err == -EPROTO;
}

int pin_open_link(const char *directory)
{
	int fd = pin_open(directory, PIN_LINK, "link");

	if (fd >= 0)
		return fd;
	return pin_is_absent(fd) ? -ENOENT : pin_explain(fd, directory, PIN_LINK);
}

int pin_program_id(__u32 *id, const char *directory, const char *name)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);
	int fd = pin_open(directory, name, "prog"), err;

	*id = 0;
	if (fd < 0)
		return pin_is_absent(fd) ? 0 : pin_explain(fd, directory, name);
	err = bpf_obj_get_info_by_fd(fd, &info, &size);
	close(fd);
	*id = info.id;
	return err ? log_fail(err, "ask for the program %s/%s", directory, name) : 0;
}

/*
 * Every version's `info` begins with its number. Of the others only that is known, and how
 * the first one went on.
 */
#define INFO_SIZE_MAX	4096
#define INFO_SIZE_FIRST 144

struct info_first {
	__u32 abi_version;
	__u32 slots;
	__u64 since; /* ns since 1970 */
	__u64 netns;
};

union info_value {
	__u32 abi_version;
	struct info info;
	struct info_first first;
	char bytes[INFO_SIZE_MAX];
};

static int read_value(union info_value *value, __u32 *size, int fd)
{
	struct bpf_map_info map = { 0 };
	__u32 map_size = sizeof(map), zero = 0;
	int err = bpf_obj_get_info_by_fd(fd, &map, &map_size);

	if (err)
		return err;
	*size = map.value_size;
	if (map.type != BPF_MAP_TYPE_ARRAY || map.key_size != sizeof(zero) ||
	    map.value_size < sizeof(value->abi_version) || map.value_size > sizeof(*value))
		return -EPROTO;
	return bpf_map_lookup_elem(fd, &zero, value);
}

/* What it says of time is by the wall clock, as that was set then. */
static void take_first(struct pin_info *info, const struct info_first *first)
{
	const struct instant now = clock_now();

	info->since = clock_boot_at(&now, first->since);
	info->netns = first->netns;
}

static int take(struct pin_info *info, const struct info *value, __u32 size)
{
	if (size != sizeof(*value) || value->count_by >= COUNT_BY_MAX)
		return -EPROTO;
	*info = (struct pin_info){ value->abi_version, value->since, value->netns, *value };
	return 0;
}

int pin_read_info(struct pin_info *info, int fd)
{
	union info_value value;
	__u32 size;
	int err = read_value(&value, &size, fd);

	*info = (struct pin_info){ 0 };
	if (err)
		return err;
	if (value.abi_version == ABI_VERSION)
		return take(info, &value.info, size);
	info->abi_version = value.abi_version;
	if (value.abi_version == 1 && size == INFO_SIZE_FIRST)
		take_first(info, &value.first);
	return value.abi_version ? 0 : -EPROTO;
}
