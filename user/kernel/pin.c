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

#include "abi.h"
#include "kernel/capability.h"
#include "base/log.h"
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

bool pin_is_readable(const struct info *info)
{
	return info->abi_version == ABI_VERSION && info->count_by < COUNT_BY_MAX;
}

int pin_read_info(struct info *info, int fd)
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
	return pin_is_readable(info) ? 0 : -EPROTO;
}
