// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Series in a pinned map. It is written through memory: that takes no capability. What is
 * judged, and how, series.c knows.
 */
#include "kernel/series_pin.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "kernel/pin.h"
#include "kernel/pin_names.h"
#include "model/series.h"

/* The memory of a map with one value of @size; NULL: errno says why. */
static void *map_value(int fd, size_t size)
{
	void *value = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return value == MAP_FAILED ? NULL : value;
}

static int create(void)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);

	return bpf_map_create(BPF_MAP_TYPE_ARRAY, "series", sizeof(__u32),
			      sizeof(struct series_state), 1, &options);
}

/* Bytes of the one value; OUTCOME_FOREIGN: it is no such map, or -errno. */
static int value_size(int fd)
{
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return -errno;
	return info.type == BPF_MAP_TYPE_ARRAY && info.max_entries == 1 ? (int)info.value_size
									: OUTCOME_FOREIGN;
}

/* Go on with what a version of portclass judged whose map had no version; or say that it can't. */
static void convert(struct series_state *state, const char *directory)
{
	int fd = pin_open(directory, PIN_SERIES, "map");
	struct series_state_first *first = NULL;

	if (fd == -ENOENT)
		return;
	if (fd >= 0 && value_size(fd) == (int)sizeof(*first))
		first = map_value(fd, sizeof(*first));
	if (fd >= 0)
		close(fd);
	if (first) {
		series_state_convert(state, first);
		munmap(first, sizeof(*first));
	} else {
		log_info("%s/" PIN_SERIES " is of another version of portclass: which services"
			 " have series is judged anew",
			 directory);
	}
}

/* Killed between any two steps, it leaves the one or the other. */
static int replace(const char *directory, int fd)
{
	char next[PATH_MAX + sizeof("/" PIN_RENEWED)], path[sizeof(next)];
	int err;

	snprintf(next, sizeof(next), "%s/" PIN_RENEWED, directory);
	snprintf(path, sizeof(path), "%s/" PIN_SERIES, directory);
	unlink(next);
	err = bpf_obj_pin(fd, next);
	if (!err && rename(next, path))
		err = -errno;
	return err;
}

/* A map of this version in the place of what is there: with its judgements, if they can be read. */
static struct series_state *begin(const char *directory)
{
	int fd = create();
	struct series_state *state = fd < 0 ? NULL : map_value(fd, sizeof(*state));

	if (state) {
		state->version = SERIES_VERSION;
		convert(state, directory);
	}
	if (state && replace(directory, fd)) {
		munmap(state, sizeof(*state));
		state = NULL;
	}
	if (fd >= 0)
		close(fd);
	return state;
}

/* What is pinned, if it is of this version. */
static struct series_state *resume(const char *directory)
{
	int fd = pin_open(directory, PIN_SERIES, "map");
	struct series_state *state = NULL;

	if (fd < 0)
		return NULL;
	if (value_size(fd) == (int)sizeof(*state))
		state = map_value(fd, sizeof(*state));
	close(fd);
	if (state && state->version != SERIES_VERSION) {
		munmap(state, sizeof(*state));
		state = NULL;
	}
	return state;
}

int series_pin(struct series *series, const char *directory)
{
	struct series_state *state = resume(directory);

	if (!state)
		state = begin(directory);
	if (!state)
		return errno ? -errno : OUTCOME_FOREIGN;
	series_resume(series, state);
	return 0;
}
