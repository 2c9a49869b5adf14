// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * CPU time for each frame that is sent into a cable and received at its other end:
 * one cable for each way of looking at frames, in turn. Prints samples (sample.h).
 *
 * The sender, the receiving side (softirq) and whoever captures share one CPU.
 * Descriptor 3 is the schedstat of that CPU's softirq thread, if it is open.
 *
 * usage: bench_send DRIVERS OBJECT ROUNDS FRAMES NAME=INTERFACE[,PID]... (PID: of who captures)
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "classifier_object.h"
#include "driver.h"
#include "base/log.h"
#include "sample.h"
#include "workloads.h"

#define CABLES_MAX 16
#define SOFTIRQ_FD 3

struct cable {
	const char *name;
	struct driver driver;
	pid_t capturer; /* 0: none */
};

struct bench {
	const char *drivers; /* path of the object */
	struct cable cables[CABLES_MAX];
	size_t count;
};

/* The kernel drops what has a wrong length or checksum before anyone looks at it. */
static void complete(struct bench_frame *frame)
{
	struct iphdr *ip = (struct iphdr *)((char *)frame + sizeof(struct ethhdr));
	const __u16 *words = (const __u16 *)ip;
	__u32 sum = 0;

	ip->tot_len = htons(BENCH_FRAME_SIZE - sizeof(struct ethhdr));
	ip->check = 0;
	for (size_t i = 0; i < sizeof(*ip) / sizeof(*words); i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	ip->check = (__u16) ~(sum + (sum >> 16));
}

/* The headers are those of the Zipf workload; the frames are as short as can be. */
static int set_frames(const struct bench *bench, const char *object)
{
	static struct bench_frame frames[BENCH_FRAMES_MAX];
	const struct workload *zipf = &workloads[1];
	struct classifier_object classifier;
	int err = classifier_object_open(&classifier, object);

	if (!err)
		err = workload_fill(zipf, frames, classifier.assignments, classifier.count);
	classifier_object_close(&classifier);
	for (size_t i = 0; i < zipf->frames; i++)
		complete(&frames[i]);
	return err ? err : driver_set_frames(&bench->cables[0].driver, frames, zipf->frames);
}

/* @argument: NAME=INTERFACE[,PID]. */
static int add_cable(struct bench *bench, char *argument)
{
	struct cable *cable = &bench->cables[bench->count];
	char *interface = strchr(argument, '='), *capturer;
	int err;

	if (bench->count == CABLES_MAX || !interface)
		return log_say(OUTCOME_USAGE, "%s: it takes NAME=INTERFACE[,PID], %d times at most",
			       argument, CABLES_MAX);
	*interface++ = '\0';
	capturer = strchr(interface, ',');
	if (capturer)
		*capturer++ = '\0';
	cable->name = argument;
	cable->capturer = capturer ? atoi(capturer) : 0;
	err = driver_open(&cable->driver, bench->drivers,
			  bench->count ? &bench->cables[0].driver : NULL);
	if (err)
		return err;
	bench->count++;
	return driver_set_cable(&cable->driver, if_nametoindex(interface));
}

/* Seconds of CPU by a schedstat that is open; 0: it is not. */
static double cpu_time_of(int schedstat)
{
	char text[64] = "";

	return pread(schedstat, text, sizeof(text) - 1, 0) > 0 ? strtod(text, NULL) / 1e9 : 0;
}

static double cpu_time(pid_t process)
{
	char path[64];
	double time;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", process);
	fd = process ? open(path, O_RDONLY) : -1;
	time = cpu_time_of(fd);
	if (fd >= 0)
		close(fd);
	return time;
}

/* All that works for it: the sender with its softirqs, their thread, the capturer. */
static double all_time(const struct cable *cable)
{
	return sample_clock(CLOCK_THREAD_CPUTIME_ID) + cpu_time_of(SOFTIRQ_FD) +
	       cpu_time(cable->capturer);
}

static int measure(const struct cable *cable, unsigned int frames)
{
	double start = all_time(cable);
	int err = driver_send(&cable->driver, frames);

	if (cable->capturer)
		usleep(20000); /* it reads what is left, and then sleeps */
	if (!err)
		sample_print("cable", "zipf", cable->name, "ns",
			     (all_time(cable) - start) * 1e9 / frames);
	return err;
}

static void stay_on_one_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

int main(int argc, char **argv)
{
	static struct bench bench;
	int rounds, frames, err = 0;

	if (argc < 6) {
		fputs("usage: bench_send DRIVERS OBJECT ROUNDS FRAMES NAME=INTERFACE[,PID]...\n",
		      stderr);
		return EXIT_USAGE;
	}
	bench.drivers = argv[1];
	rounds = atoi(argv[3]);
	frames = atoi(argv[4]);
	stay_on_one_cpu();
	for (int i = 5; !err && i < argc; i++)
		err = add_cable(&bench, argv[i]);
	if (!err)
		err = set_frames(&bench, argv[2]);
	for (int round = 0; !err && round < rounds; round++)
		for (size_t i = 0; !err && i < bench.count; i++)
			err = measure(&bench.cables[i], (unsigned int)frames);
	while (bench.count)
		driver_close(&bench.cables[--bench.count].driver);
	return log_exit_status(err);
}
