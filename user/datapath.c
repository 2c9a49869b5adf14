// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Load, attach, pin, detach, in an order that a kill between any two steps
 * leaves what the next attach or detach clears: the link comes last.
 */
#include "datapath.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "capability.h"
#include "kernel_words.h"
#include "log.h"
#include "portclass.skel.h"
#include "xdp_slot.h"

/* Slots that a later registry may add while the counters stay where they are. */
#define SPARE_SLOTS 2048

/* Open and lock PIN_ROOT; -errno, said. */
static int open_root(void)
{
	int fd;

	if (mkdir(PIN_ROOT, 0700) && errno != EEXIST)
		return capability_explain(-errno, "make the directory " PIN_ROOT);
	fd = open(PIN_ROOT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return capability_explain(-errno, "open " PIN_ROOT);
	if (flock(fd, LOCK_EX)) {
		close(fd);
		return log_fail(-errno, "lock " PIN_ROOT);
	}
	return fd;
}

/* Whether the directory that was locked is still the one with that name. */
static bool is_current(int fd)
{
	struct stat locked, named;

	return !fstat(fd, &locked) && !stat(PIN_ROOT, &named) && locked.st_ino == named.st_ino;
}

/* One attach or detach at a time. Returns a descriptor to close, or -errno, said. */
static int lock_pins(void)
{
	int fd = pins_check_mount();

	if (fd)
		return fd;
	while ((fd = open_root()) >= 0 && !is_current(fd))
		close(fd);
	return fd;
}

/* PIN_ROOT goes with the last interface. */
static void unlock_pins(int fd)
{
	rmdir(PIN_ROOT);
	close(fd);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path) && errno != ENOENT ? -errno : 0;
}

static int remove_pins(const char *directory)
{
	int err = nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);

	if (err == -1)
		err = errno == ENOENT ? 0 : -errno;
	return err ? capability_explain(err, directory) : 0;
}

static __u64 now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (__u64)time.tv_sec * 1000000000 + (__u64)time.tv_nsec;
}

/* Room for the table and for what a later one may add, in whole pages. */
static __u32 pages_for(__u32 slots)
{
	__u32 wanted = slots + SPARE_SLOTS;

	return ((wanted < SLOTS_MAX ? wanted : SLOTS_MAX) + PAGE_SLOTS - 1) / PAGE_SLOTS;
}

static bool fits_object(const struct port_table *table)
{
	return table->count <= SHIPPED_SLOTS;
}

/* Write what the maps begin with into the object, which is open but not loaded. */
static int fill_object(struct portclass_bpf *object, const struct attach_options *options)
{
	const struct port_table *table = options->table;
	struct info *info = (struct info *)&object->rodata_info->info;

	if (table) {
		*info = options->info;
		memcpy(object->data_registry->registry, table->entries, sizeof(table->entries));
	}
	info->count_by = options->info.count_by;
	info->netns = netns_inode();
	info->since = now();
	if (!table)
		return bpf_map__set_max_entries(object->maps.traffic, pages_for(info->slots));
	if (fits_object(table)) {
		memset(object->data_assignments, 0, sizeof(*object->data_assignments));
		memcpy(object->data_assignments->assignments, table->assignments,
		       table->count * sizeof(*table->assignments));
	}
	return bpf_map__set_max_entries(object->maps.traffic, pages_for(table->count));
}

static struct portclass_bpf *load_object(const struct attach_options *options, int *err)
{
	struct portclass_bpf *object;
	char what[64];

	snprintf(what, sizeof(what), "load the classifier for %s", options->interface);
	object = portclass_bpf__open();
	if (!object) {
		*err = log_fail(-errno, "open the BPF object");
		return NULL;
	}
	*err = fill_object(object, options);
	if (!*err)
		*err = portclass_bpf__load(object);
	if (!*err)
		return object;
	capability_explain(*err, what);
	portclass_bpf__destroy(object);
	return NULL;
}

/*
 * A table with more assignments than the object has room for gets a map of its
 * own, which no program reads, in the place of the object's.
 */
static int pin_assignments(const struct portclass_bpf *object, const struct port_table *table,
			   const char *path)
{
	const struct btf *btf = bpf_object__btf(object->obj);
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE,
		    .btf_fd = (__u32)bpf_object__btf_fd(object->obj),
		    .btf_key_type_id = (__u32)btf__find_by_name(btf, "__u32"),
		    .btf_value_type_id = (__u32)btf__find_by_name(btf, "assignment"));
	size_t size = table->count * sizeof(*table->assignments);
	void *values;
	int fd, err;

	fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "assignments", sizeof(__u32),
			    sizeof(*table->assignments), table->count, &options);
	if (fd < 0)
		return fd;
	values = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (values == MAP_FAILED) {
		err = -errno;
	} else {
		memcpy(values, table->assignments, size);
		munmap(values, size);
		err = bpf_map__unpin(object->maps.data_assignments, path);
		if (!err)
			err = bpf_obj_pin(fd, path);
	}
	close(fd);
	return err;
}

/* The maps, under the names that bpftool would give them. */
static int pin_maps(const struct portclass_bpf *object, const struct port_table *table,
		    const char *directory)
{
	char path[PATH_MAX + sizeof("/maps/_data_assignments")];
	int err;

	snprintf(path, sizeof(path), "%s/maps", directory);
	err = bpf_object__pin_maps(object->obj, path);
	if (err || !table || fits_object(table))
		return err;
	snprintf(path, sizeof(path), "%s/maps/_data_assignments", directory);
	return pin_assignments(object, table, path);
}

static int pin_program(const struct portclass_bpf *object, const char *directory)
{
	char path[PATH_MAX + sizeof("/prog/classify")];

	snprintf(path, sizeof(path), "%s/prog/classify", directory);
	return bpf_program__pin(object->progs.classify, path);
}

/* Attach by a link and pin it: with that, the classifier stays. */
static int attach_link(const struct portclass_bpf *object, const struct attach_options *options,
		       unsigned int ifindex, const char *directory)
{
	const __u32 flags = options->mode == MODE_NATIVE ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE;
	LIBBPF_OPTS(bpf_link_create_opts, create, .flags = flags);
	int program = bpf_program__fd(object->progs.classify);
	char path[PATH_MAX + sizeof("/link")];
	int link, err;

	link = bpf_link_create(program, (int)ifindex, BPF_XDP, &create);
	if (link < 0)
		return xdp_slot_explain(options->interface, ifindex, program, flags, link);
	snprintf(path, sizeof(path), "%s/link", directory);
	err = bpf_obj_pin(link, path);
	close(link);
	return err ? log_fail(err, "pin %s", path) : 0;
}

static int attach_object(const struct portclass_bpf *object, const struct attach_options *options,
			 unsigned int ifindex)
{
	char directory[PATH_MAX];
	int err;

	pins_directory(directory, options->interface);
	if (mkdir(directory, 0700))
		return log_fail(-errno, "make the directory %s", directory);
	err = pin_maps(object, options->table, directory);
	if (!err)
		err = pin_program(object, directory);
	if (err)
		log_fail(err, "pin into %s", directory);
	else
		err = attach_link(object, options, ifindex, directory);
	if (err)
		remove_pins(directory);
	return err;
}

/* The directory of an interface that was renamed follows it, or blocks the next. */
static int follow_name(const struct attachment *attachment, void *context)
{
	char directory[PATH_MAX];

	(void)context;
	if (!attachment->here || !attachment->ifindex)
		return 0;
	pins_directory(directory, attachment->interface);
	if (strcmp(directory, attachment->directory) && rename(attachment->directory, directory))
		log_debug("move %s to %s: %s", attachment->directory, directory, strerror(errno));
	return 0;
}

/* 0 if nothing of ours is attached; leftovers are cleared on the way. */
static int make_way(const char *interface)
{
	struct attachment attachment;
	int err = attachment_find(&attachment, interface);

	if (err)
		return err == -ENOENT ? 0 : err;
	if (attachment.ifindex)
		return log_say(-EBUSY,
			       "%s: portclass is attached already, as XDP program id %u 'classify'"
			       " by the bpf_link pinned in %s (to end it: portclass detach dev %s)",
			       interface, attachment.program_id, attachment.directory, interface);
	log_info("%s: clearing what an earlier attach left in %s", interface, attachment.directory);
	return remove_pins(attachment.directory);
}

static int attach_locked(const struct attach_options *options, unsigned int ifindex)
{
	struct portclass_bpf *object;
	int err = attachments_visit(follow_name, NULL);

	if (!err)
		err = make_way(options->interface);
	if (!err)
		err = xdp_slot_check(options->interface, ifindex);
	if (err)
		return err;
	object = load_object(options, &err);
	if (!err)
		err = attach_object(object, options, ifindex);
	portclass_bpf__destroy(object);
	return err;
}

int datapath_attach(const struct attach_options *options)
{
	unsigned int ifindex = if_nametoindex(options->interface);
	char what[64];
	int lock, err;

	kernel_words_listen();
	if (!ifindex)
		return log_say(-ENODEV,
			       "%s: no such interface in this network namespace (try: ip link)",
			       options->interface);
	snprintf(what, sizeof(what), "attach to %s", options->interface);
	err = capability_check_attach(what);
	if (err)
		return err;
	lock = lock_pins();
	if (lock < 0)
		return lock;
	err = attach_locked(options, ifindex);
	unlock_pins(lock);
	return err;
}

/* The link first: without it the directory is a leftover, whatever comes next. */
static int detach_link(const struct attachment *attachment)
{
	char path[PATH_MAX + sizeof("/link")];
	int fd, err;

	snprintf(path, sizeof(path), "%s/link", attachment->directory);
	fd = bpf_obj_get(path);
	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return capability_explain(fd, path);
	err = attachment->ifindex ? bpf_link_detach(fd) : 0;
	close(fd);
	if (!err && unlink(path))
		err = -errno;
	return err ? log_fail(err, "detach the link %s", path) : 0;
}

int datapath_detach(const char *interface)
{
	struct attachment attachment;
	int lock, err;

	kernel_words_listen();
	lock = lock_pins();
	if (lock < 0)
		return lock;
	err = attachment_find(&attachment, interface);
	if (err == -ENOENT)
		log_say(err, "%s: not attached (what is: portclass list)", interface);
	if (!err)
		err = detach_link(&attachment);
	if (!err)
		err = remove_pins(attachment.directory);
	unlock_pins(lock);
	return err;
}
