// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * How the cost of a frame grows with CPUs and with interfaces, and the memory that
 * an interface takes. Prints samples (sample.h).
 *
 * usage: bench_scaling DRIVERS OBJECT ROUNDS
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classifier_object.h"
#include "driver.h"
#include "base/log.h"
#include "sample.h"
#include "workloads.h"

#define CPUS_MAX 2
#define BURSTS	 16384 /* of one sample: all interfaces together, or each CPU */

static const __u32 steps[] = { 1, 8, BENCH_INTERFACES_MAX };

#define STEPS (sizeof(steps) / sizeof(steps[0]))

struct bench {
	struct classifier_object classifiers[BENCH_INTERFACES_MAX];
	size_t count;
	struct driver cpus[CPUS_MAX]; /* each runs the first classifier */
	struct driver interfaces[STEPS];
};

static int set_frames(const struct bench *bench, const struct workload *workload)
{
	static struct bench_frame frames[BENCH_FRAMES_MAX];
	const struct classifier_object *classifier = &bench->classifiers[0];
	int err = workload_fill(workload, frames, classifier->assignments, classifier->count);

	return err ? err : driver_set_frames(&bench->cpus[0], frames, workload->frames);
}

static int open_classifiers(struct bench *bench, const char *object)
{
	int err = 0;

	while (!err && bench->count < BENCH_INTERFACES_MAX) {
		err = classifier_object_open(&bench->classifiers[bench->count], object);
		bench->count += !err;
	}
	return err;
}

static int open_drivers(struct bench *bench, const char *path)
{
	int programs[BENCH_INTERFACES_MAX], err = 0;

	for (size_t i = 0; i < BENCH_INTERFACES_MAX; i++)
		programs[i] = bench->classifiers[i].program;
	for (size_t i = 0; !err && i < CPUS_MAX; i++) {
		err = driver_open(&bench->cpus[i], path, i ? &bench->cpus[0] : NULL);
		if (!err)
			err = driver_set_subject(&bench->cpus[i], programs[0]);
	}
	for (size_t i = 0; !err && i < STEPS; i++) {
		err = driver_open(&bench->interfaces[i], path, &bench->cpus[0]);
		if (!err)
			err = driver_set_interfaces(&bench->interfaces[i], programs, steps[i]);
	}
	return err;
}

static void close_all(struct bench *bench)
{
	for (size_t i = 0; i < CPUS_MAX; i++)
		driver_close(&bench->cpus[i]);
	for (size_t i = 0; i < STEPS; i++)
		driver_close(&bench->interfaces[i]);
	while (bench->count)
		classifier_object_close(&bench->classifiers[--bench->count]);
}

static int measure_interfaces(const struct bench *bench, size_t step)
{
	double value = driver_run(&bench->interfaces[step], BURSTS);
	char condition[32];

	if (value < 0)
		return (int)value;
	snprintf(condition, sizeof(condition), "interfaces/%u", steps[step]);
	sample_print("scaling", condition, "portclass", "ns", value);
	return 0;
}

struct runner {
	const struct driver *driver;
	pthread_barrier_t *start;
	size_t cpu;
	double value;
};

static void *run_on_cpu(void *argument)
{
	struct runner *runner = argument;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(runner->cpu, &set);
	pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
	pthread_barrier_wait(runner->start);
	runner->value = driver_run(runner->driver, BURSTS);
	return NULL;
}

/* All CPUs run the same classifier at once; each has counters of its own. */
static int measure_cpus(const struct bench *bench, unsigned int cpus)
{
	struct runner runners[CPUS_MAX];
	pthread_t threads[CPUS_MAX];
	pthread_barrier_t start;
	char condition[32];
	int err = 0;

	pthread_barrier_init(&start, NULL, cpus);
	for (unsigned int i = 0; i < cpus; i++) {
		runners[i] = (struct runner){ &bench->cpus[i], &start, i, 0 };
		if (pthread_create(&threads[i], NULL, run_on_cpu, &runners[i]))
			abort(); /* the others would wait for it */
	}
	snprintf(condition, sizeof(condition), "cpus/%u", cpus);
	for (unsigned int i = 0; i < cpus; i++) {
		pthread_join(threads[i], NULL);
		if (runners[i].value < 0)
			err = (int)runners[i].value;
		else
			sample_print("scaling", condition, "portclass", "ns", runners[i].value);
	}
	pthread_barrier_destroy(&start);
	return err;
}

/* What the kernel says that the maps of one interface take. */
static void print_memory(const struct classifier_object *classifier)
{
	double bytes = 0;
	struct bpf_map *map;

	bpf_object__for_each_map(map, classifier->object)
	{
		char path[64], line[128];
		FILE *file;

		snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", bpf_map__fd(map));
		file = fopen(path, "r");
		while (file && fgets(line, sizeof(line), file))
			if (!strncmp(line, "memlock:", 8))
				bytes += atof(line + 8);
		if (file)
			fclose(file);
	}
	sample_print("memory", "one interface, all maps", "portclass", "bytes", bytes);
}

static int measure_all(const struct bench *bench, int rounds)
{
	const struct workload *zipf = &workloads[1];
	int err = set_frames(bench, zipf);

	print_memory(&bench->classifiers[0]);
	for (int round = 0; !err && round < rounds; round++) {
		for (size_t i = 0; !err && i < STEPS; i++)
			err = measure_interfaces(bench, i);
		for (unsigned int cpus = 1; !err && cpus <= CPUS_MAX; cpus++)
			err = measure_cpus(bench, cpus);
	}
	return err;
}

int main(int argc, char **argv)
{
	static struct bench bench;
	int err;

	if (argc != 4) {
		fputs("usage: bench_scaling DRIVERS OBJECT ROUNDS\n", stderr);
		return EXIT_USAGE;
	}
	err = open_classifiers(&bench, argv[2]);
	if (!err)
		err = open_drivers(&bench, argv[1]);
	if (!err)
		err = measure_all(&bench, atoi(argv[3]));
	close_all(&bench);
	return log_exit_status(err);
}
