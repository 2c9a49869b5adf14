// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Load, attach, pin, detach, in an order that a kill between any two steps
 * leaves what the next attach or detach clears: the link comes last.
 */
#include "kernel/datapath.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/capability.h"
#include "kernel/ifindex.h"
#include "kernel/kernel_words.h"
#include "base/log.h"
#include "kernel/pin_root.h"
#include "kernel/pin.h"
#include "kernel/pin_lock.h"
#include "kernel/program.h"
#include "kernel/swap.h"
#include "kernel/xdp_slot.h"

/* Attach by a link and pin it: with that, the classifier stays. */
static int attach_link(const struct program *program, const struct attach_options *options,
		       unsigned int ifindex, const char *directory)
{
	const __u32 flags = options->mode == MODE_NATIVE ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE;
	LIBBPF_OPTS(bpf_link_create_opts, create, .flags = flags);
	char path[PATH_MAX + sizeof("/link")];
	int link, err;

	link = bpf_link_create(program->fd, (int)ifindex, BPF_XDP, &create);
	if (link < 0)
		return xdp_slot_explain(options->interface, ifindex, program->fd, flags, link);
	snprintf(path, sizeof(path), "%s/link", directory);
	err = bpf_obj_pin(link, path);
	close(link);
	return err ? log_fail(err, "pin %s", path) : 0;
}

static int pin_all(const struct program *program, const struct port_table *table,
		   const char *directory)
{
	char path[PATH_MAX + sizeof("/maps")];
	int err;

	snprintf(path, sizeof(path), "%s/maps", directory);
	err = program_pin_maps(program, table, path);
	if (err)
		return err;
	snprintf(path, sizeof(path), "%s/prog", directory);
	return program_pin(program, path);
}

static int attach_program(const struct program *program, const struct attach_options *options,
			  unsigned int ifindex)
{
	char directory[PATH_MAX];
	int err;

	attachment_directory(directory, options->interface);
	if (mkdir(directory, 0700))
		return log_fail(-errno, "make the directory %s", directory);
	err = pin_all(program, options->table, directory);
	if (err)
		log_fail(err, "pin into %s", directory);
	else
		err = attach_link(program, options, ifindex, directory);
	if (err)
		pin_root_remove(directory);
	return err;
}

/* The directory of an interface that was renamed follows it, or blocks the next. */
static int follow_name(const struct attachment *attachment, void *context)
{
	char directory[PATH_MAX];

	(void)context;
	if (!attachment->here)
		return 0;
	attachment_directory(directory, attachment->interface);
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
		return err == OUTCOME_NOT_ATTACHED ? 0 : err;
	if (attachment.ifindex && !attachment.here)
		return log_say(OUTCOME_BUSY,
			       "%s: %s has the pins of an interface that is in another network"
			       " namespace now (to end it: portclass detach dev %s)",
			       interface, attachment.directory, interface);
	if (attachment.ifindex)
		return log_say(OUTCOME_BUSY,
			       "%s: portclass is attached already, as XDP program id %u by the"
			       " bpf_link pinned in %s (to end it: portclass detach dev %s)",
			       interface, attachment.program_id, attachment.directory, interface);
	log_info("%s: clearing what an earlier attach left in %s", interface, attachment.directory);
	return pin_root_remove(attachment.directory);
}

static int attach_locked(const struct attach_options *options)
{
	struct program program;
	int ifindex, err = attachments_visit(follow_name, NULL);

	if (err)
		return err;
	ifindex = ifindex_of(options->interface);
	if (ifindex <= 0) /* it went while another one held the lock */
		return ifindex ? ifindex : ifindex_say_none(options->interface);
	err = make_way(options->interface);
	if (!err)
		err = xdp_slot_check(options->interface, (unsigned int)ifindex);
	if (!err)
		err = program_load(&program, options);
	if (err)
		return err;
	err = attach_program(&program, options, (unsigned int)ifindex);
	if (!err && program.linear && options->mode == MODE_NATIVE)
		log_info("%s: in native mode, kernels before 5.18 show the first buffer of a"
			 " frame, and its bytes are counted (drivers refuse jumbo MTUs then; mode"
			 " generic counts jumbo frames in full)",
			 options->interface);
	program_close(&program);
	return err;
}

/* With the privileges that it takes, and with nobody else at the pins. */
static int work_locked(const struct attach_options *options, const char *verb,
		       int (*work)(const struct attach_options *options))
{
	char what[64];
	int lock, err;

	snprintf(what, sizeof(what), "%s %s", verb, options->interface);
	err = capability_check_attach(what);
	if (err)
		return err;
	lock = pin_lock_take();
	if (lock < 0)
		return lock;
	err = work(options);
	pin_lock_release(lock);
	return err;
}

int datapath_attach(const struct attach_options *options)
{
	int ifindex;

	kernel_words_listen();
	ifindex = ifindex_of(options->interface);
	if (ifindex <= 0)
		return ifindex ? ifindex : ifindex_say_none(options->interface);
	return work_locked(options, "attach to", attach_locked);
}

int datapath_swap(const struct attach_options *options)
{
	kernel_words_listen();
	return work_locked(options, "reload", swap_program);
}

/* Pins that were a leftover when they were seen: by now they may be in use again. */
static bool is_in_use(int link)
{
	struct bpf_link_info info = { 0 };
	__u32 size = sizeof(info);

	return !bpf_obj_get_info_by_fd(link, &info, &size) && info.xdp.ifindex;
}

/* The link first: without it the directory is a leftover, whatever comes next. */
static int detach_link(const struct attachment *attachment)
{
	char path[PATH_MAX + sizeof("/link")];
	int fd, err;

	fd = pin_open_link(attachment->directory);
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	snprintf(path, sizeof(path), "%s/link", attachment->directory);
	if (attachment->ifindex)
		err = bpf_link_detach(fd);
	else
		err = is_in_use(fd) ? OUTCOME_BUSY : 0;
	close(fd);
	if (!err && unlink(path))
		err = -errno;
	return err ? log_fail(err, "detach the link %s", path) : 0;
}

static int detach_locked(const struct attachment *attachment)
{
	int err = detach_link(attachment);

	return err ? err : pin_root_remove(attachment->directory);
}

int datapath_detach_pins(const struct attachment *attachment)
{
	int lock, err;

	kernel_words_listen();
	lock = pin_lock_take();
	if (lock < 0)
		return lock;
	err = detach_locked(attachment);
	pin_lock_release(lock);
	return err;
}

int datapath_detach(const char *interface)
{
	struct attachment attachment;
	int lock, err;

	kernel_words_listen();
	lock = pin_lock_take();
	if (lock < 0)
		return lock;
	err = attachment_find(&attachment, interface);
	if (err == OUTCOME_NOT_ATTACHED)
		log_say(err, "%s: not attached (what is: portclass list)", interface);
	if (!err)
		err = detach_locked(&attachment);
	pin_lock_release(lock);
	return err;
}
