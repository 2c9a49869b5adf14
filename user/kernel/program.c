// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The object filled, loaded and pinned. Its maps and programs are found by their names:
 * this is the one file that knows them. Nothing is attached here.
 */
#include "kernel/program.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel/capability.h"
#include "base/cgroup.h"
#include "base/clock.h"
#include "base/log.h"
#include "kernel/netns.h"
#include "kernel/object.h"
#include "kernel/pin.h"
#include "kernel/pin_names.h"

/* Slots that later tables may add while the counters stay where they are; a small
 * table has room at least for the shipped one.
 */
#define SPARE_SLOTS 2048

#define ENTRIES_SIZE ((uint64_t)TRANSPORT_MAX * PORTS_MAX * sizeof(__u32))

/*
 * What loading takes besides the maps, for a moment: the object, the verifier's states and
 * BTF. Measured in a control group on kernel 6.18: 14.8 MB with maps of 4 MB, so a little is
 * to spare.
 */
#define LOADING_BYTES ((uint64_t)12 << 20)

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

/*
 * What a map of the object begins with; it is to be of @size bytes. NULL, said: it is not.
 * libbpf gives it as constant, but it is memory of the object's own, which is what is loaded:
 * megabytes need not be copied there.
 */
static void *initial_value(const struct program *program, const char *name, size_t size)
{
	struct bpf_map *map = bpf_object__find_map_by_name(program->object, name);
	size_t found = 0;
	const void *value = map ? bpf_map__initial_value(map, &found) : NULL;

	if (value && found == size)
		return (void *)(uintptr_t)value;
	log_say(OUTCOME_FOREIGN, "the BPF object: its map %s has %zu bytes, not %zu", name, found,
		size);
	return NULL;
}

static struct bpf_map *map_of(const struct program *program, const char *name)
{
	return bpf_object__find_map_by_name(program->object, name);
}

/* The initial values of the object's own maps. */
struct values {
	struct info *info;
	__u32 (*entries)[PORTS_MAX];
	struct assignment *assignments; /* SHIPPED_SLOTS of them */
};

static int find_values(struct values *values, const struct program *program)
{
	values->info = initial_value(program, ".rodata.info", sizeof(*values->info));
	values->entries =
		initial_value(program, ".data.registry", TRANSPORT_MAX * sizeof(*values->entries));
	values->assignments = initial_value(program, ".data.assignments",
					    SHIPPED_SLOTS * sizeof(*values->assignments));
	return values->info && values->entries && values->assignments ? 0 : OUTCOME_FOREIGN;
}

/* Write what the maps begin with; without a table, what is there already stays. */
static int fill(struct program *program, const struct attach_options *options)
{
	const struct port_table *table = options->table;
	struct values values;
	int err = find_values(&values, program);

	if (err)
		return err;
	if (table) {
		*values.info = options->info;
		memcpy(values.entries, table->entries, sizeof(table->entries));
	}
	values.info->count_by = options->info.count_by;
	values.info->link_layer = options->info.link_layer;
	values.info->netns = netns_inode();
	values.info->since = clock_boot();
	program->info = *values.info;
	if (table && fits_object(table)) {
		memset(values.assignments, 0, SHIPPED_SLOTS * sizeof(*values.assignments));
		memcpy(values.assignments, table->assignments,
		       table->count * sizeof(*table->assignments));
	}
	return bpf_map__set_max_entries(map_of(program, "traffic"),
					pages_for(table ? table->count : values.info->slots));
}

/* The same for a program that follows another: rows and counters are pinned already. */
static int fill_after(struct program *program, const struct attach_options *options,
		      const struct pins *pins, const struct slots *slots)
{
	struct values values;
	int err = find_values(&values, program);

	if (err)
		return err;
	*values.info = options->info;
	values.info->slots = slots->count;
	values.info->netns = pins->info.netns;
	values.info->link_layer = pins->info.link_layer;
	values.info->since = pins->info.since;
	program->info = *values.info;
	slots_write_entries(slots, options->table, values.entries);
	err = bpf_map__set_autocreate(map_of(program, ".data.assignments"), false);
	if (!err)
		err = bpf_map__reuse_fd(map_of(program, "traffic"), pins->traffic);
	if (!err)
		err = bpf_map__reuse_fd(map_of(program, "unclassified"), pins->unclassified);
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
	struct bpf_program *many = bpf_object__find_program_by_name(program->object, "classify");
	struct bpf_program *one =
		bpf_object__find_program_by_name(program->object, "classify_linear");
	struct bpf_program *unused;

	program->linear = !kernel_has_many_buffers();
	program->entry = program->linear ? one : many;
	unused = program->linear ? many : one;
	bpf_program__set_autoload(unused, false); /* nothing is loaded that could forbid it */
	leave_modules_alone(unused);
}

static int open_object(struct program *program)
{
	*program = (struct program){ .object = object_open() };
	if (!program->object)
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
	const struct bpf_map *map = map_of(program, ".data.assignments");

	if (!bpf_map__autocreate(map) || bpf_map__map_flags(map) & BPF_F_MMAPABLE)
		return 0;
	return log_say(OUTCOME_REFUSED,
		       "load the classifier for %s: the kernel made no map that can be mapped into"
		       " memory, as 5.5 and later do unless they lack memory or are not let (try"
		       " again)",
		       interface);
}

static int ask_id(struct program *program, const char *what)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);
	int err = bpf_obj_get_info_by_fd(program->fd, &info, &size);

	program->id = info.id;
	return err ? log_fail(err, "%s", what) : 0;
}

static int load(struct program *program, const char *interface, int err)
{
	char what[64];

	snprintf(what, sizeof(what), "load the classifier for %s", interface);
	if (!err)
		err = bpf_object__load(program->object);
	if (!err)
		err = check_assignments(program, interface);
	else if (err > OUTCOME_FIRST) /* an outcome is said already */
		capability_explain(err, what);
	program->fd = err ? -1 : bpf_program__fd(program->entry);
	if (!err)
		err = ask_id(program, what);
	if (err)
		program_close(program);
	return err;
}

/*
 * The kernel would end this process, and the next that tries, if its control group ran out of
 * memory amid loading. @maps: bytes that the kernel is going to take for them.
 */
static int check_memory(const char *interface, uint64_t maps)
{
	uint64_t need = maps + LOADING_BYTES;
	struct cgroup_memory memory;

	if (!cgroup_memory_read(&memory, "") || memory.left >= need)
		return 0;
	return log_say_of(-ENOMEM, interface,
			  "loading and its maps take %" PRIu64 " MB, and %s leaves %" PRIu64
			  " MB of %" PRIu64 " (raise that limit: MemoryMax= of a unit,"
			  " resources.limits.memory of a container)",
			  (need >> 20) + 1, memory.path, memory.left >> 20, memory.limit >> 20);
}

/* Of all maps, docs/fleet.md says the same. */
static uint64_t maps_size(uint64_t pages)
{
	int cpus = libbpf_num_possible_cpus();

	return ENTRIES_SIZE + SHIPPED_SLOTS * sizeof(struct assignment) +
	       pages * sizeof(struct traffic_page) * (uint64_t)(cpus > 0 ? cpus : 1);
}

int program_load(struct program *program, const struct attach_options *options)
{
	const struct port_table *table = options->table;
	int err = check_memory(options->interface, maps_size(pages_for(table ? table->count : 0)));

	if (!err)
		err = open_object(program);
	return err ? err : load(program, options->interface, fill(program, options));
}

int program_try(const struct attach_options *options)
{
	int err = check_memory(options->interface, maps_size(1));
	struct program program;

	if (!err)
		err = open_object(&program);
	if (err)
		return err;
	err = fill(&program, options);
	if (!err)
		err = bpf_map__set_max_entries(map_of(&program, "traffic"), 1);
	err = load(&program, options->interface, err);
	if (!err)
		program_close(&program);
	return err;
}

int program_load_after(struct program *program, const struct attach_options *options,
		       const struct pins *pins, const struct slots *slots)
{
	int err = check_memory(options->interface, ENTRIES_SIZE);

	if (!err)
		err = open_object(program);
	return err ? err
		   : load(program, options->interface, fill_after(program, options, pins, slots));
}

void program_close(struct program *program)
{
	bpf_object__close(program->object);
	*program = (struct program){ 0 };
}

int program_pin(const struct program *program, const char *directory)
{
	char path[PIN_SIZE];

	snprintf(path, sizeof(path), "%s/" PIN_CLASSIFY, directory);
	return bpf_program__pin(program->entry, path);
}

/*
 * A table for which the object has too little room gets a map of its own, which no
 * program reads, in the place of the object's.
 */
static int pin_assignments(const struct program *program, const struct port_table *table,
			   const char *path)
{
	const struct btf *btf = bpf_object__btf(program->object);
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE,
		    .btf_fd = (__u32)bpf_object__btf_fd(program->object),
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
		err = bpf_map__unpin(map_of(program, ".data.assignments"), path);
		if (!err)
			err = bpf_obj_pin(fd, path);
	}
	close(fd);
	return err;
}

int program_pin_maps(const struct program *program, const struct port_table *table,
		     const char *directory)
{
	int err = bpf_object__pin_maps(program->object, directory);
	char path[PIN_SIZE];

	if (err || !table || fits_object(table))
		return err;
	snprintf(path, sizeof(path), "%s/" PIN_ASSIGNMENTS, directory);
	return pin_assignments(program, table, path);
}

int program_pin_own_maps(const struct program *program, const char *directory)
{
	char path[PIN_SIZE];
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, program->object)
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

int program_pin_all(const struct program *program, const struct port_table *table,
		    const char *directory)
{
	char path[PATH_MAX + sizeof("/" PIN_PROGRAMS)];
	int err;

	snprintf(path, sizeof(path), "%s/" PIN_MAPS, directory);
	err = program_pin_maps(program, table, path);
	if (err)
		return err;
	snprintf(path, sizeof(path), "%s/" PIN_PROGRAMS, directory);
	return program_pin(program, path);
}

int program_replace(const struct program *program, const struct attachment *attachment, int old)
{
	int link = pin_open_link(attachment->directory), err;
	char what[64];

	if (link < 0)
		return link == -ENOENT ? log_fail(OUTCOME_NOT_ATTACHED, "open %s/" PIN_LINK,
						  attachment->directory)
				       : link;
	err = attachment->hook->update(link, program->fd, old);
	close(link);
	snprintf(what, sizeof(what), "replace the program of %s", attachment->interface);
	return err ? capability_explain(err, what) : 0;
}
