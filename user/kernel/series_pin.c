// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Series in a pinned map. It is written through memory: that takes no capability.
 */
#include "kernel/series_pin.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/outcome.h"
#include "model/series.h"

static int create(const char *path)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
	int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "series", sizeof(__u32),
				sizeof(struct series_state), 1, &options);
	int err = fd < 0 ? 0 : bpf_obj_pin(fd, path);

	if (!err)
		return fd;
	close(fd);
	return err;
}

/* Of another version of portclass, perhaps. */
static int check(int fd)
{
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return -errno;
	if (info.type != BPF_MAP_TYPE_ARRAY || info.value_size != sizeof(struct series_state))
		return OUTCOME_FOREIGN;
	return 0;
}

static int resume(struct series *series, int fd)
{
	int err = check(fd);
	void *state;

	if (err)
		return err;
	state = mmap(NULL, sizeof(struct series_state), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (state == MAP_FAILED)
		return -errno;
	series_resume(series, state);
	return 0;
}

int series_pin(struct series *series, const char *directory)
{
	char path[PATH_MAX + sizeof("/series")];
	int fd, err;

	snprintf(path, sizeof(path), "%s/series", directory);
	fd = bpf_obj_get(path);
	if (fd == -ENOENT)
		fd = create(path);
	if (fd < 0)
		return fd;
	err = resume(series, fd);
	close(fd);
	return err;
}
