// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The values end where a page begins that nobody may write.
 */
#include "kernel/cpu_values.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"

static int count_cpus(void)
{
	int cpus = libbpf_num_possible_cpus();

	if (cpus == -ENOENT)
		return log_say(OUTCOME_REFUSED,
			       "count the CPUs: no /sys/devices/system/cpu/possible here"
			       " (try: mount -t sysfs sysfs /sys)");
	return cpus < 0 ? log_fail(cpus, "count the CPUs in /sys/devices/system/cpu/possible")
			: cpus;
}

int cpu_values_open(struct cpu_values *values, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), wanted, room;
	int cpus = count_cpus();
	char *memory;

	*values = (struct cpu_values){ 0 };
	if (cpus < 0)
		return cpus;
	wanted = (size_t)cpus * size;
	room = (wanted + page - 1) / page * page;
	memory = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (memory == MAP_FAILED)
		return log_fail(-errno, "make room for the counters of %d CPUs", cpus);
	values->mapped = memory;
	values->mapped_size = room + page;
	values->values = memory + room - wanted;
	values->cpus = cpus;
	if (!mprotect(memory + room, page, PROT_NONE))
		return 0;
	log_fail(-errno, "guard the counters of %d CPUs", cpus);
	cpu_values_close(values);
	return -ENOMEM;
}

int cpu_values_read(struct cpu_values *values, int map, uint32_t key)
{
	return bpf_map_lookup_elem(map, &key, values->values);
}

void cpu_values_close(struct cpu_values *values)
{
	if (values->mapped)
		munmap(values->mapped, values->mapped_size);
	*values = (struct cpu_values){ 0 };
}
