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

static int create(unsigned int max)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);

	return bpf_map_create(BPF_MAP_TYPE_ARRAY, "series", sizeof(__u32),
			      (__u32)series_state_size(max), 1, &options);
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

/* Of this version, with other places: what was judged for them is of no use. */
static bool is_of_another_bound(const struct series_state *state, int size)
{
	return size >= (int)sizeof(*state) && state->version == SERIES_VERSION;
}

/* Of which version a map is whose value has this size and content; by its converter. */
static bool convert_value(struct series_state *state, const void *value, int size)
{
	const struct series_state_second *second = value;

	if (size == (int)sizeof(struct series_state_first))
		series_state_convert(state, value);
	else if (size == (int)sizeof(*second) && second->version == 2)
		series_state_convert_second(state, second);
	else
		return false;
	return true;
}

/* Go on with what an earlier version of portclass judged; or say that it can't be. */
static void convert(struct series_state *state, const char *directory)
{
	int fd = pin_open(directory, PIN_SERIES, "map"), size;
	bool converted = false;
	void *value;

	if (fd == -ENOENT)
		return;
	size = fd < 0 ? fd : value_size(fd);
	value = size > 0 ? map_value(fd, (size_t)size) : NULL;
	if (fd >= 0)
		close(fd);
	if (value) {
		converted = convert_value(state, value, size) || is_of_another_bound(value, size);
		munmap(value, (size_t)size);
	}
	if (!converted) {
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
static struct series_state *begin(const char *directory, unsigned int max)
{
	int fd = create(max);
	struct series_state *state = fd < 0 ? NULL : map_value(fd, series_state_size(max));

	if (state) {
		state->version = SERIES_VERSION;
		convert(state, directory);
	}
	if (state && replace(directory, fd)) {
		munmap(state, series_state_size(max));
		state = NULL;
	}
	if (fd >= 0)
		close(fd);
	return state;
}

/* What is pinned, if it is of this version. */
static struct series_state *resume(const char *directory, unsigned int max)
{
	const size_t size = series_state_size(max);
	int fd = pin_open(directory, PIN_SERIES, "map");
	struct series_state *state = NULL;

	if (fd < 0)
		return NULL;
	if (value_size(fd) == (int)size)
		state = map_value(fd, size);
	close(fd);
	if (state && state->version != SERIES_VERSION) {
		munmap(state, size);
		state = NULL;
	}
	return state;
}

int series_pin(struct series *series, const char *directory)
{
	const unsigned int max = series_max(series);
	struct series_state *state = resume(directory, max);

	if (!state)
		state = begin(directory, max);
	if (!state)
		return errno ? -errno : OUTCOME_FOREIGN;
	series_resume(series, state);
	return 0;
}
