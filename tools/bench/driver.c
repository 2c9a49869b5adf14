// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * See driver.h.
 */
#include "driver.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

#include "base/log.h"

static int map_fd(const struct driver *driver, const char *name)
{
	return bpf_object__find_map_fd_by_name(driver->object, name);
}

static int borrow(const struct driver *driver, const struct driver *lender, const char *name)
{
	return bpf_map__reuse_fd(bpf_object__find_map_by_name(driver->object, name),
				 map_fd(lender, name));
}

int driver_open(struct driver *driver, const char *path, const struct driver *lender)
{
	int err;

	*driver = (struct driver){ .object = bpf_object__open_file(path, NULL) };
	err = driver->object ? 0 : -errno;
	if (!err && lender)
		err = borrow(driver, lender, ".data.frames");
	if (!err && lender)
		err = borrow(driver, lender, ".data.mask");
	if (!err)
		err = bpf_object__load(driver->object);
	if (!err)
		return 0;
	driver_close(driver);
	return log_fail(err, "load the drivers in %s", path);
}

void driver_close(struct driver *driver)
{
	bpf_object__close(driver->object);
	*driver = (struct driver){ 0 };
}

int driver_set_frames(const struct driver *driver, const struct bench_frame *frames, size_t count)
{
	static struct bench_frame all[BENCH_FRAMES_MAX];
	__u32 zero = 0, mask = (__u32)count - 1;
	int err;

	memcpy(all, frames, count * sizeof(*frames));
	err = bpf_map_update_elem(map_fd(driver, ".data.frames"), &zero, all, 0);
	if (!err)
		err = bpf_map_update_elem(map_fd(driver, ".data.mask"), &zero, &mask, 0);
	return err ? log_fail(err, "write the frames to drive over") : 0;
}

int driver_own_program(const struct driver *driver, const char *name)
{
	struct bpf_program *program = bpf_object__find_program_by_name(driver->object, name);

	return program ? bpf_program__fd(program)
		       : log_fail(OUTCOME_NOT_FOUND, "find the program %s", name);
}

/* A program that takes frames of many buffers fits only in the second. */
static const struct place {
	const char *map;
	const char *program;
} places[] = { { "subject", "drive" }, { "subject_frags", "drive_frags" } };

int driver_set_subject(struct driver *driver, int program)
{
	const char *name = "write_only";
	__u32 zero = 0;
	int err = program < 0 ? 0 : -EINVAL;

	for (size_t i = 0; err && i < sizeof(places) / sizeof(places[0]); i++) {
		err = bpf_map_update_elem(map_fd(driver, places[i].map), &zero, &program, 0);
		name = places[i].program;
	}
	if (err)
		return log_fail(err, "let a driver run program %d", program);
	driver->program = driver_own_program(driver, name);
	return driver->program < 0 ? driver->program : 0;
}

int driver_set_interfaces(struct driver *driver, const int *programs, __u32 count)
{
	__u32 zero = 0;
	int err = bpf_map_update_elem(map_fd(driver, ".data.interfaces_in_use"), &zero, &count, 0);

	for (__u32 i = 0; !err && i < count; i++)
		err = bpf_map_update_elem(map_fd(driver, "interfaces"), &i, &programs[i], 0);
	if (err)
		return log_fail(err, "let a driver run %u classifiers", count);
	driver->program = driver_own_program(driver, "drive_interfaces");
	return driver->program < 0 ? driver->program : 0;
}

int driver_set_cable(struct driver *driver, unsigned int ifindex)
{
	__u32 zero = 0;
	int err = bpf_map_update_elem(map_fd(driver, ".data.cable"), &zero, &ifindex, 0);

	if (err)
		return log_fail(err, "let a driver send through interface %u", ifindex);
	driver->program = driver_own_program(driver, "send_out");
	return driver->program < 0 ? driver->program : 0;
}

int driver_send(const struct driver *driver, unsigned int frames)
{
	static const char packet[BENCH_FRAME_SIZE];
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet, .data_size_in = sizeof(packet),
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .repeat = (int)frames);
	int err = bpf_prog_test_run_opts(driver->program, &run);

	return err ? log_fail(err, "send frames") : 0;
}

double driver_run(const struct driver *driver, unsigned int bursts)
{
	static const char packet[BENCH_FRAME_SIZE];
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet, .data_size_in = sizeof(packet),
		    .repeat = (int)bursts);
	int err = bpf_prog_test_run_opts(driver->program, &run);

	if (!err && run.retval == BENCH_NOT_RUN)
		err = -ENOEXEC;
	return err ? log_fail(err, "drive frames through a program")
		   : (double)run.duration / BENCH_BURST;
}
