// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Reading every counter and loading a registry: as portclass does it, and one by
 * one. Prints samples (sample.h) of microseconds for the whole.
 *
 * usage: bench_maps PINS ROUNDS (PINS: those of an attached interface)
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "kernel/pins.h"
#include "kernel/snapshot_read.h"
#include "sample.h"
#include "model/snapshot.h"

#define SERVICES 12000 /* of a registry: so many counters are worth reading */

/* The same content in maps with one element for each service or port. */
struct bench {
	struct pins pins;
	int counters; /* struct traffic by slot, per CPU */
	int ports;    /* an entry by port */
	int table;    /* all entries as one value, as `.data.registry` has them */
	void *values; /* room for the largest value or batch */
};

#define TABLE_SIZE (sizeof(__u32) * TRANSPORT_MAX * PORTS_MAX)

static int create_map(enum bpf_map_type type, __u32 value_size, __u32 entries)
{
	int fd = bpf_map_create(type, NULL, sizeof(__u32), value_size, entries, NULL);

	return fd < 0 ? log_fail(fd, "make a map of %u values of %u bytes", entries, value_size)
		      : fd;
}

static int open_all(struct bench *bench, const char *directory)
{
	size_t cpus = (size_t)libbpf_num_possible_cpus();
	int err = pins_open_directory(&bench->pins, directory);

	if (err)
		return err;
	bench->counters = create_map(BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(struct traffic), SERVICES);
	bench->ports = create_map(BPF_MAP_TYPE_ARRAY, sizeof(__u32), PORTS_MAX);
	bench->table = create_map(BPF_MAP_TYPE_ARRAY, TABLE_SIZE, 1);
	bench->values = calloc(cpus, TABLE_SIZE);
	if (bench->counters < 0 || bench->ports < 0 || bench->table < 0)
		return -EIO; /* said */
	return bench->values ? 0 : log_fail(-ENOMEM, "make room for the maps' values");
}

static void close_all(struct bench *bench)
{
	const int fds[] = { bench->counters, bench->ports, bench->table };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] > 0)
			close(fds[i]);
	free(bench->values);
	pins_close(&bench->pins);
}

static int read_as_snapshot(struct bench *bench)
{
	struct snapshot snapshot;
	int err = snapshot_read(&snapshot, &bench->pins);

	snapshot_close(&snapshot);
	return err;
}

static int read_pages(struct bench *bench)
{
	int err = 0;

	for (__u32 page = 0; !err && page < SHIPPED_SLOTS / PAGE_SLOTS; page++)
		err = bpf_map_lookup_elem(bench->pins.traffic, &page, bench->values);
	return err;
}

static int read_one_by_one(struct bench *bench)
{
	int err = 0;

	for (__u32 slot = 0; !err && slot < SERVICES; slot++)
		err = bpf_map_lookup_elem(bench->counters, &slot, bench->values);
	return err;
}

static int read_batch(struct bench *bench)
{
	static __u32 keys[SERVICES];
	__u32 next, count = SERVICES;
	int err = bpf_map_lookup_batch(bench->counters, NULL, &next, keys, bench->values, &count,
				       NULL);

	return err == -ENOENT ? 0 : err; /* that was all */
}

static int load_at_once(struct bench *bench)
{
	__u32 zero = 0;

	return bpf_map_update_elem(bench->table, &zero, bench->values, 0);
}

static int load_one_by_one(struct bench *bench)
{
	int err = 0;

	for (__u32 port = 0; !err && port < PORTS_MAX; port++)
		err = bpf_map_update_elem(bench->ports, &port, &port, 0);
	return err;
}

static int load_batch(struct bench *bench)
{
	static __u32 keys[PORTS_MAX];
	__u32 count = PORTS_MAX;

	for (__u32 port = 0; port < PORTS_MAX; port++)
		keys[port] = port;
	return bpf_map_update_batch(bench->ports, keys, keys, &count, NULL);
}

/* What is quick is run so often that a sample takes some milliseconds, as the rest does. */
static const struct way {
	const char *what;
	const char *name;
	int (*run)(struct bench *bench);
	int times;
} ways[] = {
	{ "read", "snapshot", read_as_snapshot, 8 },  { "read", "pages", read_pages, 32 },
	{ "read", "one-by-one", read_one_by_one, 1 }, { "read", "batch", read_batch, 2 },
	{ "load", "at-once", load_at_once, 32 },      { "load", "one-by-one", load_one_by_one, 1 },
	{ "load", "batch", load_batch, 1 },
};

static int measure(struct bench *bench, const struct way *way)
{
	double start = sample_clock(CLOCK_MONOTONIC);
	int err = 0;

	for (int i = 0; !err && i < way->times; i++)
		err = way->run(bench);
	if (err)
		return log_fail(err, "%s %s", way->what, way->name);
	sample_print("maps", way->what, way->name, "us",
		     (sample_clock(CLOCK_MONOTONIC) - start) * 1e6 / way->times);
	return 0;
}

int main(int argc, char **argv)
{
	struct bench bench = { 0 };
	int rounds, err;

	if (argc != 3) {
		fputs("usage: bench_maps PINS ROUNDS\n", stderr);
		return EXIT_USAGE;
	}
	rounds = atoi(argv[2]);
	err = open_all(&bench, argv[1]);
	for (int round = 0; !err && round < rounds; round++)
		for (size_t i = 0; !err && i < sizeof(ways) / sizeof(ways[0]); i++)
			err = measure(&bench, &ways[i]);
	close_all(&bench);
	return log_exit_status(err);
}
