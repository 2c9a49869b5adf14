// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Maps read from a kernel that is made here: as many CPUs as a test wants, and values
 * copied as bpf(2) copies them, one for each of its CPUs whatever the reader expects.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/log.h"
#include "kernel/pins.h"
#include "kernel/snapshot_read.h"

#define MANY_CPUS 300

static struct {
	int cpus;    /* of the kernel */
	int told;    /* what /sys says */
	int refused; /* the lookup that fails, from 1 on; 0: none */
	int lookups;
	struct pins pins;
	struct traffic_page *pages; /* [page][cpu] */
	struct counter *reasons;    /* [reason][cpu] */
	struct assignment *rows;
} kernel;

int __wrap_libbpf_num_possible_cpus(void);
int __wrap_bpf_map_lookup_elem(int fd, const void *key, void *value);

int __wrap_libbpf_num_possible_cpus(void)
{
	return kernel.told;
}

/* As the kernel copies: into what can't be written, it is -EFAULT and no signal. */
static int copy_out(void *to, const void *from, size_t size)
{
	int memory = memfd_create("values", MFD_CLOEXEC);
	ssize_t copied;

	assert_true(memory >= 0);
	assert_int_equal(write(memory, from, size), size);
	copied = pread(memory, to, size, 0);
	close(memory);
	return copied == (ssize_t)size ? 0 : -EFAULT;
}

int __wrap_bpf_map_lookup_elem(int fd, const void *key, void *value)
{
	size_t cpus = (size_t)kernel.cpus;
	__u32 index;

	memcpy(&index, key, sizeof(index));
	if (++kernel.lookups == kernel.refused)
		return -ENOMEM;
	if (fd == kernel.pins.traffic)
		return copy_out(value, &kernel.pages[index * cpus], cpus * sizeof(*kernel.pages));
	if (fd == kernel.pins.unclassified)
		return copy_out(value, &kernel.reasons[index * cpus],
				cpus * sizeof(*kernel.reasons));
	fail_msg("what is read from descriptor %d?", fd);
	return -EBADF;
}

/* Descriptors that only need to differ, but for the one that is mapped into memory. */
static void boot(int cpus, int told, uint32_t slots)
{
	size_t pages = (slots + PAGE_SLOTS - 1) / PAGE_SLOTS;
	int rows = memfd_create("assignments", MFD_CLOEXEC);

	assert_int_equal(ftruncate(rows, slots * (off_t)sizeof(struct assignment)), 0);
	memset(&kernel, 0, sizeof(kernel));
	kernel.cpus = cpus;
	kernel.told = told;
	kernel.pins =
		(struct pins){ .directory = "made here",
			       .slots = slots,
			       .traffic = 1001,
			       .unclassified = 1002,
			       .assignments = rows,
			       .since = 1,
			       .info = { .abi_version = ABI_VERSION, .since = 1, .slots = slots } };
	kernel.pages = calloc(pages * (size_t)cpus, sizeof(*kernel.pages));
	kernel.reasons = calloc(REASON_MAX * (size_t)cpus, sizeof(*kernel.reasons));
	kernel.rows = mmap(NULL, slots * sizeof(*kernel.rows), PROT_READ | PROT_WRITE, MAP_SHARED,
			   rows, 0);
	assert_true(kernel.rows != MAP_FAILED && kernel.pages && kernel.reasons);
	kernel.rows[slots - 1].last = 1; /* so that all of them are in use */
}

static void halt(void)
{
	munmap(kernel.rows, kernel.pins.slots * sizeof(*kernel.rows));
	close(kernel.pins.assignments);
	free(kernel.pages);
	free(kernel.reasons);
}

static struct traffic *traffic_of(uint32_t slot, int cpu)
{
	return &kernel.pages[slot / PAGE_SLOTS * (size_t)kernel.cpus + (size_t)cpu]
			.slots[slot % PAGE_SLOTS];
}

/* On each CPU a number of its own, in each slot and under each reason. */
static void count_on_all(const uint32_t *slots, size_t count)
{
	for (int cpu = 0; cpu < kernel.cpus; cpu++) {
		uint64_t number = (uint64_t)cpu + 1;

		for (size_t i = 0; i < count; i++)
			*traffic_of(slots[i], cpu) = (struct traffic){ { number, 2 * number },
								       { 3 * number, 4 * number } };
		for (int reason = 0; reason < REASON_MAX; reason++)
			kernel.reasons[reason * kernel.cpus + cpu] =
				(struct counter){ number, 5 * number };
	}
}

/* The conservation rule too: what is counted is in one place only. */
static void check_sums(const struct snapshot *snapshot, const uint32_t *slots, size_t count)
{
	uint64_t sum = (uint64_t)kernel.cpus * ((uint64_t)kernel.cpus + 1) / 2;
	struct counter total = snapshot_total(snapshot, DIRECTION_RX);

	for (size_t i = 0; i < count; i++) {
		const struct traffic *traffic = &snapshot->services[slots[i]].traffic;

		assert_int_equal(traffic->to.packets, sum);
		assert_int_equal(traffic->to.bytes, 2 * sum);
		assert_int_equal(traffic->from.packets, 3 * sum);
		assert_int_equal(traffic->from.bytes, 4 * sum);
	}
	assert_int_equal(total.packets, (4 * count + REASON_MAX) * sum);
	assert_int_equal(total.bytes, (6 * count + 5 * REASON_MAX) * sum);
}

static const struct machine {
	const char *name;
	int cpus, told;
	uint32_t slots;
	uint32_t counting[4];
} machines[] = {
	{ "one CPU", 1, 1, 16384, { 0, 1, 2, 3 } },
	{ "256 CPUs", 256, 256, 2048, { 0, 1023, 1024, 2047 } },
	{ "300 CPUs", MANY_CPUS, MANY_CPUS, 2048, { 0, 1023, 1024, 2047 } },
	{ "the edges of pages", 3, 3, 65536, { 1023, 1024, 64511, 65535 } },
	{ "a page that is not full", 3, 3, 1500, { 0, 1023, 1024, 1499 } },
	{ "less than a page", 3, 3, 5, { 0, 1, 3, 4 } },
	{ "more CPUs in /sys than there are", 3, MANY_CPUS, 2048, { 0, 1023, 1024, 2047 } },
	{ "an odd number of them", 5, 7, 2048, { 0, 1023, 1024, 2047 } },
};

static void sums_are_of_all_cpus(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		const struct machine *machine = &machines[i];
		struct snapshot snapshot;

		print_message("%s\n", machine->name);
		boot(machine->cpus, machine->told, machine->slots);
		count_on_all(machine->counting, 4);
		assert_int_equal(snapshot_read(&snapshot, &kernel.pins), 0);
		assert_int_equal(snapshot.count, machine->slots);
		check_sums(&snapshot, machine->counting, 4);
		snapshot_close(&snapshot);
		halt();
	}
}

/* A file of /sys that is not the kernel's must not make it write over our memory. */
static void fewer_cpus_in_sys_than_there_are_is_refused(void **state)
{
	static const int told[] = { 1, 2, 255, MANY_CPUS - 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		struct snapshot snapshot;

		boot(MANY_CPUS, told[i], 2048);
		log_hold();
		assert_int_equal(snapshot_read(&snapshot, &kernel.pins), -EFAULT);
		assert_non_null(strstr(log_release(), "more CPUs than"));
		assert_null(snapshot.services);
		halt();
	}
}

static void no_sys_at_all_is_said(void **state)
{
	struct snapshot snapshot;

	(void)state;
	boot(2, -ENOENT, 1024);
	log_hold();
	assert_int_equal(snapshot_read(&snapshot, &kernel.pins), OUTCOME_REFUSED);
	assert_non_null(strstr(log_release(), "/sys"));
	halt();
}

static void sums_go_round_as_counters_do(void **state)
{
	struct snapshot snapshot;

	(void)state;
	boot(2, 2, 1024);
	for (int cpu = 0; cpu < 2; cpu++)
		traffic_of(7, cpu)->to = (struct counter){ UINT64_MAX - 1, 1ull << 63 };
	assert_int_equal(snapshot_read(&snapshot, &kernel.pins), 0);
	assert_int_equal(snapshot.services[7].traffic.to.packets, UINT64_MAX - 3);
	assert_int_equal(snapshot.services[7].traffic.to.bytes, 0);
	assert_true(snapshot_overflows(&snapshot, DIRECTION_RX) == false);
	snapshot_close(&snapshot);
	halt();
}

static void fill_name(struct assignment *row)
{
	memset(row->service, 's', sizeof(row->service));
}

static void fill_aliases(struct assignment *row)
{
	memset(row->aliases, 'a', sizeof(row->aliases));
}

static void break_transport(struct assignment *row)
{
	row->transport = TRANSPORT_MAX;
}

static void break_class(struct assignment *row)
{
	row->class = 255;
}

static void break_status(struct assignment *row)
{
	row->status = STATUS_MAX;
}

static void break_origin(struct assignment *row)
{
	row->origin = ORIGIN_MAX;
}

static void rows_that_make_no_sense_are_refused(void **state)
{
	void (*const faults[])(struct assignment * row) = { fill_name,	     fill_aliases,
							    break_transport, break_class,
							    break_status,    break_origin };
	struct snapshot snapshot;

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		boot(1, 1, 1024);
		faults[i](&kernel.rows[i ? 1023 : 5]);
		log_hold();
		assert_int_equal(snapshot_read(&snapshot, &kernel.pins), OUTCOME_FOREIGN);
		assert_non_null(strstr(log_release(), "row"));
		halt();
	}
}

static void names_end_where_their_room_does(void **state)
{
	struct snapshot snapshot;

	(void)state;
	boot(1, 1, 1024);
	memset(kernel.pins.info.registry_name, 'n', sizeof(kernel.pins.info.registry_name));
	memset(kernel.pins.info.registry_date, 'd', sizeof(kernel.pins.info.registry_date));
	assert_int_equal(snapshot_read(&snapshot, &kernel.pins), 0);
	assert_int_equal(strlen(snapshot.info.registry_name), REGISTRY_NAME_SIZE - 1);
	assert_int_equal(strlen(snapshot.info.registry_date), DATE_SIZE - 1);
	snapshot_close(&snapshot);
	halt();
}

/* A file can be named with any byte, and so can a map of anybody's. */
static void names_do_nothing_to_a_terminal(void **state)
{
	struct snapshot snapshot;

	(void)state;
	boot(1, 1, 1024);
	strcpy(kernel.pins.info.registry_name, "evil\033[2J\xff\nname");
	strcpy(kernel.pins.info.registry_date, "\0332026");
	assert_int_equal(snapshot_read(&snapshot, &kernel.pins), 0);
	assert_string_equal(snapshot.info.registry_name, "evil [2J? name");
	assert_string_equal(snapshot.info.registry_date, "2026");
	snapshot_close(&snapshot);
	halt();
}

/* LeakSanitizer tells what is left. */
static void each_lookup_can_be_refused(void **state)
{
	int refused = 0, err = -ENOMEM;

	(void)state;
	while (err) {
		struct snapshot snapshot;

		boot(2, 2, 2048);
		kernel.refused = ++refused;
		log_hold();
		err = snapshot_read(&snapshot, &kernel.pins);
		assert_true(err == 0 || err == -ENOMEM);
		assert_true(!err || strstr(log_release(), "read the map"));
		log_release();
		snapshot_close(&snapshot);
		halt();
	}
	assert_int_equal(refused, 2 + REASON_MAX + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_of_all_cpus),
		cmocka_unit_test(fewer_cpus_in_sys_than_there_are_is_refused),
		cmocka_unit_test(no_sys_at_all_is_said),
		cmocka_unit_test(sums_go_round_as_counters_do),
		cmocka_unit_test(rows_that_make_no_sense_are_refused),
		cmocka_unit_test(names_end_where_their_room_does),
		cmocka_unit_test(names_do_nothing_to_a_terminal),
		cmocka_unit_test(each_lookup_can_be_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
