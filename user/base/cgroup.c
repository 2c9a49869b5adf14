// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Both versions of control groups say the same in other files.
 */
#include "base/cgroup.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct version {
	const char *controller; /* as /proc/self/cgroup names it between two colons */
	const char *mounts[2];	/* where Debian and containers have it */
	const char *limit, *usage;
	const char *droppable; /* a word in memory.stat */
};

static const struct version versions[] = {
	{ "",
	  { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" },
	  "memory.max",
	  "memory.current",
	  "inactive_file" },
	{ "memory",
	  { "/sys/fs/cgroup/memory" },
	  "memory.limit_in_bytes",
	  "memory.usage_in_bytes",
	  "total_inactive_file" },
};

/* A number alone in a file; false: there is none ("max"), or no such file. */
static bool read_number(uint64_t *number, const char *directory, const char *name)
{
	char path[PATH_MAX];
	bool found = false;
	FILE *from;

	if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int)sizeof(path))
		return false;
	from = fopen(path, "re");
	if (!from)
		return false;
	found = fscanf(from, "%" SCNu64, number) == 1;
	fclose(from);
	return found;
}

/* 0 if it is not told. */
static uint64_t read_droppable(const char *directory, const char *word)
{
	char path[PATH_MAX], name[64];
	uint64_t number, found = 0;
	FILE *from;

	if (snprintf(path, sizeof(path), "%s/memory.stat", directory) >= (int)sizeof(path))
		return 0;
	from = fopen(path, "re");
	if (!from)
		return 0;
	while (!found && fscanf(from, "%63s %" SCNu64, name, &number) == 2)
		if (strcmp(name, word) == 0)
			found = number;
	fclose(from);
	return found;
}

/* Keep what one group says if it leaves less than those before. */
static void note_group(struct cgroup_memory *memory, const struct version *version,
		       const char *directory)
{
	uint64_t limit, usage, droppable, left;

	if (!read_number(&limit, directory, version->limit) ||
	    !read_number(&usage, directory, version->usage))
		return;
	droppable = read_droppable(directory, version->droppable);
	usage -= droppable < usage ? droppable : usage;
	left = limit > usage ? limit - usage : 0;
	if (memory->limit && left >= memory->left)
		return;
	if (snprintf(memory->path, sizeof(memory->path), "%s/%s", directory, version->limit) >=
	    (int)sizeof(memory->path))
		memory->path[0] = '\0';
	memory->limit = limit;
	memory->left = left;
}

/* From a group up to the mount, whose path is @size bytes of @directory. */
static void note_groups(struct cgroup_memory *memory, const struct version *version,
			char *directory, size_t size)
{
	char *slash;

	for (;;) {
		note_group(memory, version, directory);
		slash = strrchr(directory, '/');
		if (!slash || (size_t)(slash - directory) < size)
			return;
		*slash = '\0';
	}
}

/* The group's path, as a line of /proc/self/cgroup has it: 0::/a/b, 4:cpu,memory:/a/b. */
static const char *path_in(char *line, const char *controller)
{
	char *list = strchr(line, ':'), *path = list ? strchr(list + 1, ':') : NULL, *word;

	if (!path)
		return NULL;
	*path++ = '\0';
	path[strcspn(path, "\n")] = '\0';
	if (!*controller)
		return list[1] ? NULL : path;
	for (char *rest = list + 1; (word = strsep(&rest, ","));)
		if (strcmp(word, controller) == 0)
			return path;
	return NULL;
}

/* Where a container sees only its own group, that is at the mount, whatever its path says. */
static void note_path(struct cgroup_memory *memory, const struct version *version, const char *root,
		      const char *path)
{
	char directory[PATH_MAX];

	for (size_t i = 0; i < 2 && version->mounts[i]; i++) {
		int size = snprintf(directory, sizeof(directory), "%s%s", root, version->mounts[i]);

		if (size < 0 || (size_t)size + strlen(path) >= sizeof(directory))
			continue;
		if (strcmp(path, "/") != 0)
			strcat(directory, path);
		note_groups(memory, version, directory, (size_t)size);
	}
}

static void note_line(struct cgroup_memory *memory, const char *root, const char *line)
{
	char copy[PATH_MAX];

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		const char *path;

		snprintf(copy, sizeof(copy), "%s", line);
		path = path_in(copy, versions[i].controller);
		if (path)
			note_path(memory, &versions[i], root, path);
	}
}

bool cgroup_memory_read(struct cgroup_memory *memory, const char *root)
{
	char path[PATH_MAX], line[PATH_MAX];
	FILE *from;

	*memory = (struct cgroup_memory){ 0 };
	snprintf(path, sizeof(path), "%s/proc/self/cgroup", root);
	from = fopen(path, "re");
	if (!from)
		return false;
	while (fgets(line, sizeof(line), from))
		note_line(memory, root, line);
	fclose(from);
	return memory->limit;
}
