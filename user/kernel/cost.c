// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Ask the kernel what a program, its maps and this process take. Nothing is added up
 * here over interfaces.
 */
#include "kernel/cost.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "kernel/pin.h"
#include "kernel/pin_names.h"
#include "kernel/pins.h"

static void read_program(struct bpf_prog_info *info, const char *directory)
{
	__u32 size = sizeof(*info);
	int fd = pin_open(directory, PIN_PROGRAM, "prog");

	if (fd < 0)
		return;
	if (bpf_obj_get_info_by_fd(fd, info, &size))
		*info = (struct bpf_prog_info){ 0 };
	close(fd);
}

/* Only fdinfo says what a map takes on all CPUs. */
static uint64_t memory_of(int fd)
{
	char path[64], line[128];
	uint64_t bytes = 0;
	FILE *from;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	from = fopen(path, "re");
	if (!from)
		return 0;
	while (fgets(line, sizeof(line), from))
		if (sscanf(line, "memlock: %" SCNu64, &bytes) == 1)
			break;
	fclose(from);
	return bytes;
}

/* All of them, those too that nobody here reads. */
static uint64_t map_bytes(const char *directory)
{
	char maps[PATH_MAX + sizeof("/" PIN_MAPS)];
	uint64_t bytes = 0;
	struct dirent *entry;
	DIR *entries;
	int fd;

	snprintf(maps, sizeof(maps), "%s/" PIN_MAPS, directory);
	entries = opendir(maps);
	if (!entries)
		return 0;
	while ((entry = readdir(entries))) {
		if (entry->d_name[0] == '.')
			continue;
		fd = pin_open(maps, entry->d_name, "map");
		if (fd < 0)
			continue;
		bytes += memory_of(fd);
		close(fd);
	}
	closedir(entries);
	return bytes;
}

void cost_read(struct cost *cost, const struct pins *pins)
{
	struct bpf_prog_info program = { 0 };

	read_program(&program, pins->directory);
	if (!program.id || program.id != cost->program_id)
		*cost = (struct cost){ .program_id = program.id,
				       .map_bytes = map_bytes(pins->directory) };
	cost->runs = program.run_cnt;
	cost->run_time = program.run_time_ns;
}

static uint64_t resident_bytes(void)
{
	FILE *from = fopen("/proc/self/statm", "re");
	uint64_t pages = 0;

	if (!from)
		return 0;
	if (fscanf(from, "%*u %" SCNu64, &pages) != 1)
		pages = 0;
	fclose(from);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

void process_cost_read(struct process_cost *cost)
{
	cost->cpu_time = clock_process();
	cost->resident_bytes = resident_bytes();
}
