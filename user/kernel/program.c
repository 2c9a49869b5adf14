// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The only user of the skeleton, which holds the object file.
 */
#include "kernel/program.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel/capability.h"
#include "base/clock.h"
#include "base/log.h"
#include "kernel/netns.h"
#include "portclass.skel.h"

/* Slots that later tables may add while the counters stay where they are; a small
 * table has room at least for the shipped one.
 */
#define SPARE_SLOTS 2048

#define PIN_SIZE (PATH_MAX + NAME_MAX) /* a directory of pins, and one of them */

/* Room for so many slots and for those that a later table may add, in whole pages. */
static __u32 pages_for(__u32 slots)
{
	__u32 wanted = slots + SPARE_SLOTS;

	if (wanted < SHIPPED_SLOTS)
		wanted = SHIPPED_SLOTS;
	return ((wanted < SLOTS_MAX ? wanted : SLOTS_MAX) + PAGE_SLOTS - 1) / PAGE_SLOTS;
}

static __u32 room_for(const struct port_table *table)
{
	return pages_for(table->count) * PAGE_SLOTS;
}

static bool fits_object(const struct port_table *table)
{
	return room_for(table) <= SHIPPED_SLOTS;
}

static struct info *info_of(const struct portclass_bpf *skeleton)
{
	return (struct info *)&skeleton->rodata_info->info;
}

/* Write what the maps begin with; without a table, what is there already stays. */
static int fill(struct portclass_bpf *skeleton, const struct attach_options *options)
{
	const struct port_table *table = options->table;
	struct info *info = info_of(skeleton);

	if (table) {
		*info = options->info;
		memcpy(skeleton->data_registry->registry, table->entries, sizeof(table->entries));
	}
	info->count_by = options->info.count_by;
	info->netns = netns_inode();
	info->since = clock_wall();
	if (!table)
		return bpf_map__set_max_entries(skeleton->maps.traffic, pages_for(info->slots));
	if (fits_object(table)) {
		memset(skeleton->data_assignments, 0, sizeof(*skeleton->data_assignments));
		memcpy(skeleton->data_assignments->assignments, table->assignments,
		       table->count * sizeof(*table->assignments));
	}
	return bpf_map__set_max_entries(skeleton->maps.traffic, pages_for(table->count));
}

/* The same for a program that follows another: rows and counters are pinned already. */
static int fill_after(struct portclass_bpf *skeleton, const struct attach_options *options,
		      const struct pins *pins, const struct slots *slots)
{
	struct info *info = info_of(skeleton), before;
	__u32 zero = 0;
	int err = bpf_map_lookup_elem(pins->info, &zero, &before);

	if (err)
		return err;
	*info = options->info;
	info->slots = slots->count;
	info->netns = before.netns;
	info->since = before.since;
	slots_write_entries(slots, options->table, skeleton->data_registry->registry);
	err = bpf_map__set_autocreate(skeleton->maps.data_assignments, false);
	if (!err)
		err = bpf_map__reuse_fd(skeleton->maps.traffic, pins->traffic);
	if (!err)
		err = bpf_map__reuse_fd(skeleton->maps.unclassified, pins->unclassified);
	return err;
}

/*
 * A kernel that refuses frames of many buffers lacks the call that tells their
 * length: both came with 5.18. What can't be asked is left to the load to say.
 */
static bool kernel_has_many_buffers(void)
{
	return libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_get_buff_len, NULL) != 0;
}

/*
 * A function that the object can do without, and the kernel has not, is looked for in
 * the kernel's modules too. Without CAP_SYS_ADMIN these can't be listed, and libbpf 1.1
 * takes that for a reason to give up; but it tries only once. Let that be now, for a
 * program that is not going to be loaded.
 */
static void leave_modules_alone(struct bpf_program *unused)
{
	__u32 id = 0;

	if (bpf_btf_get_next_id(id, &id) == -EPERM)
		bpf_program__set_attach_target(unused, 0, "");
}

static void choose_entry(struct program *program)
{
	struct bpf_program *many = program->skeleton->progs.classify;
	struct bpf_program *one = program->skeleton->progs.classify_linear;
	struct bpf_program *unused;

	program->linear = !kernel_has_many_buffers();
	program->entry = program->linear ? one : many;
	unused = program->linear ? many : one;
	bpf_program__set_autoload(unused, false); /* nothing is loaded that could forbid it */
	leave_modules_alone(unused);
}

static int open_skeleton(struct program *program)
{
	*program = (struct program){ .skeleton = portclass_bpf__open() };
	if (!program->skeleton)
		return log_fail(-errno, "open the BPF object");
	choose_entry(program);
	return 0;
}

/*
 * libbpf asks the kernel first whether it can map arrays into memory, takes any failure
 * for a no, and goes on without: then nobody could read what is attached.
 */
static int check_assignments(const struct program *program, const char *interface)
{
	const struct bpf_map *map = program->skeleton->maps.data_assignments;

	if (!bpf_map__autocreate(map) || bpf_map__map_flags(map) & BPF_F_MMAPABLE)
		return 0;
	return log_say(OUTCOME_REFUSED,
		       "load the classifier for %s: the kernel made no map that can be mapped into"
		       " memory, as 5.5 and later do unless they lack memory or are not let (try"
		       " again)",
		       interface);
}

/* Not by the skeleton, which would map its maps into memory: one may be missing. */
static int load(struct program *program, const char *interface, int err)
{
	char what[64];

	snprintf(what, sizeof(what), "load the classifier for %s", interface);
	if (!err)
		err = bpf_object__load(program->skeleton->obj);
	if (err)
		capability_explain(err, what);
	else
		err = check_assignments(program, interface);
	program->fd = err ? -1 : bpf_program__fd(program->entry);
	if (err)
		program_close(program);
	return err;
}

int program_load(struct program *program, const struct attach_options *options)
{
	int err = open_skeleton(program);

	return err ? err : load(program, options->interface, fill(program->skeleton, options));
}

int program_load_after(struct program *program, const struct attach_options *options,
		       const struct pins *pins, const struct slots *slots)
{
	int err = open_skeleton(program);

	return err ? err
		   : load(program, options->interface,
			  fill_after(program->skeleton, options, pins, slots));
}

void program_close(struct program *program)
{
	portclass_bpf__destroy(program->skeleton);
	*program = (struct program){ 0 };
}

int program_pin(const struct program *program, const char *directory)
{
	char path[PIN_SIZE];

	snprintf(path, sizeof(path), "%s/classify", directory);
	return bpf_program__pin(program->entry, path);
}

/*
 * A table for which the object has too little room gets a map of its own, which no
 * program reads, in the place of the object's.
 */
static int pin_assignments(const struct portclass_bpf *skeleton, const struct port_table *table,
			   const char *path)
{
	const struct btf *btf = bpf_object__btf(skeleton->obj);
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE,
		    .btf_fd = (__u32)bpf_object__btf_fd(skeleton->obj),
		    .btf_key_type_id = (__u32)btf__find_by_name(btf, "__u32"),
		    .btf_value_type_id = (__u32)btf__find_by_name(btf, "assignment"));
	size_t size = table->count * sizeof(*table->assignments);
	void *values;
	int fd, err;

	fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "assignments", sizeof(__u32),
			    sizeof(*table->assignments), room_for(table), &options);
	if (fd < 0)
		return fd;
	values = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (values == MAP_FAILED) {
		err = -errno;
	} else {
		memcpy(values, table->assignments, size);
		munmap(values, size);
		err = bpf_map__unpin(skeleton->maps.data_assignments, path);
		if (!err)
			err = bpf_obj_pin(fd, path);
	}
	close(fd);
	return err;
}

int program_pin_maps(const struct program *program, const struct port_table *table,
		     const char *directory)
{
	int err = bpf_object__pin_maps(program->skeleton->obj, directory);
	char path[PIN_SIZE];

	if (err || !table || fits_object(table))
		return err;
	snprintf(path, sizeof(path), "%s/_data_assignments", directory);
	return pin_assignments(program->skeleton, table, path);
}

int program_pin_own_maps(const struct program *program, const char *directory)
{
	char path[PIN_SIZE];
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, program->skeleton->obj)
	{
		if (err || !bpf_map__is_internal(map) || !bpf_map__autocreate(map))
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, bpf_map__name(map));
		for (char *dot = path + strlen(directory); (dot = strchr(dot, '.'));)
			*dot = '_';
		err = bpf_map__pin(map, path);
	}
	return err;
}
