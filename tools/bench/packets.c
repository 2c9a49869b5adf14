// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What a frame costs: the classifier and its rivals, in turn, over the same frames.
 * Prints samples (sample.h) of ns per frame, the writing of the frame included.
 *
 * usage: bench_packets DRIVERS OBJECT ROUNDS [NAME=PROGRAM]...
 * PROGRAM: another build of the object (*.o), or the pin of any XDP program.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "classifier_object.h"
#include "driver.h"
#include "base/log.h"
#include "sample.h"
#include "workloads.h"

#define BURSTS	     16384 /* of one sample; a call takes some ms, however few they are */
#define SUBJECTS_MAX 12

struct subject {
	const char *name;
	struct driver driver;
};

struct bench {
	const char *drivers; /* path of the object */
	struct classifier_object classifier;
	struct subject subjects[SUBJECTS_MAX];
	size_t count;
	int64_t frames; /* that the classifier was driven over */
};

/* All drivers run over the frames of the first. */
static int add_subject(struct bench *bench, const char *name, int program)
{
	struct subject *subject = &bench->subjects[bench->count];
	int err;

	if (bench->count == SUBJECTS_MAX)
		return log_say(OUTCOME_USAGE, "more than %d programs to compare", SUBJECTS_MAX);
	subject->name = name;
	err = driver_open(&subject->driver, bench->drivers,
			  bench->count ? &bench->subjects[0].driver : NULL);
	if (err)
		return err;
	bench->count++;
	return driver_set_subject(&subject->driver, program);
}

/* A rival that is in the object of the drivers. */
static int add_own(struct bench *bench, const char *name)
{
	int program = driver_own_program(&bench->subjects[0].driver, name);

	return program < 0 ? program : add_subject(bench, name, program);
}

static int add_object(struct bench *bench, const char *name, const char *path)
{
	struct classifier_object other;
	int err = classifier_object_open(&other, path);

	if (!err)
		err = add_subject(bench, name, other.program);
	classifier_object_close(&other); /* the driver keeps the program */
	return err;
}

static int add_pinned(struct bench *bench, const char *name, const char *path)
{
	int program = bpf_obj_get(path), err;

	if (program < 0)
		return log_fail(program, "open %s", path);
	err = add_subject(bench, name, program);
	close(program);
	return err;
}

/* @argument: NAME=PROGRAM. */
static int add_other(struct bench *bench, char *argument)
{
	char *path = strchr(argument, '='), *suffix;

	if (!path)
		return log_say(OUTCOME_USAGE, "%s: it takes NAME=PROGRAM", argument);
	*path++ = '\0';
	suffix = strrchr(path, '.');
	return suffix && !strcmp(suffix, ".o") ? add_object(bench, argument, path)
					       : add_pinned(bench, argument, path);
}

/* The tutorial's map of ports gets all that the registry gives a name. */
static int teach(const struct bench *bench)
{
	int cpus = libbpf_num_possible_cpus(), ports, err = 0;
	struct counter *zero = calloc((size_t)cpus, sizeof(*zero));

	if (!zero)
		return log_fail(-ENOMEM, "fill the tutorial's map");
	ports = bpf_object__find_map_fd_by_name(bench->subjects[0].driver.object, "ports");
	for (size_t slot = 0; !err && slot < bench->classifier.count; slot++) {
		const struct assignment *row = &bench->classifier.assignments[slot];
		struct bench_port key = { .transport = row->transport };

		for (__u32 port = row->first; !err && row->service[0] && port <= row->last;
		     port++) {
			key.port = (__u16)port;
			err = bpf_map_update_elem(ports, &key, zero, BPF_ANY);
		}
	}
	free(zero);
	return err ? log_fail(err, "fill the tutorial's map") : 0;
}

static int add_all(struct bench *bench, int others, char **arguments)
{
	int err = add_subject(bench, "write-only", -1);

	if (!err)
		err = add_own(bench, "empty");
	if (!err)
		err = add_own(bench, "parse_only");
	if (!err)
		err = add_subject(bench, "portclass", bench->classifier.program);
	if (!err)
		err = add_own(bench, "tutorial");
	for (int i = 0; !err && i < others; i++)
		err = add_other(bench, arguments[i]);
	return err ? err : teach(bench);
}

/* One sample of each subject; the frames before it is warm hardly count. */
static int measure(struct bench *bench, const struct workload *workload)
{
	char condition[64];

	snprintf(condition, sizeof(condition), "%s/%zu", workload->name, workload->frames);
	for (size_t i = 0; i < bench->count; i++) {
		const struct subject *subject = &bench->subjects[i];
		double value = driver_run(&subject->driver, BURSTS);

		if (value < 0)
			return (int)value;
		if (!strcmp(subject->name, "portclass"))
			bench->frames += (int64_t)BURSTS * BENCH_BURST;
		sample_print("frame", condition, subject->name, "ns", value);
	}
	return 0;
}

static int measure_all(struct bench *bench, int rounds)
{
	const struct classifier_object *classifier = &bench->classifier;
	static struct bench_frame frames[BENCH_FRAMES_MAX];
	int err = 0;

	for (int round = 0; round < rounds; round++)
		for (size_t i = 0; !err && i < workloads_count; i++) {
			err = workload_fill(&workloads[i], frames, classifier->assignments,
					    classifier->count);
			if (!err)
				err = driver_set_frames(&bench->subjects[0].driver, frames,
							workloads[i].frames);
			if (!err)
				err = measure(bench, &workloads[i]);
		}
	return err;
}

static int check_conservation(const struct bench *bench)
{
	int64_t total = classifier_object_total(&bench->classifier);

	if (total < 0 || total == bench->frames)
		return total < 0 ? (int)total : 0;
	return log_say(-EIO, "%" PRId64 " frames were driven, %" PRId64 " counted", bench->frames,
		       total);
}

static void close_all(struct bench *bench)
{
	while (bench->count)
		driver_close(&bench->subjects[--bench->count].driver);
	classifier_object_close(&bench->classifier);
}

int main(int argc, char **argv)
{
	struct bench bench = { 0 };
	int err;

	if (argc < 4) {
		fputs("usage: bench_packets DRIVERS OBJECT ROUNDS [NAME=PROGRAM]...\n", stderr);
		return EXIT_USAGE;
	}
	bench.drivers = argv[1];
	err = classifier_object_open(&bench.classifier, argv[2]);
	if (!err)
		err = add_all(&bench, argc - 4, argv + 4);
	if (!err)
		err = measure_all(&bench, atoi(argv[3]));
	if (!err)
		err = check_conservation(&bench);
	close_all(&bench);
	return log_exit_status(err);
}
