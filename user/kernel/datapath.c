// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Load, attach, pin, detach, in an order that a kill between any two steps
 * leaves what the next attach or detach clears: the link comes last.
 */
#include "kernel/datapath.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/capability.h"
#include "kernel/ifindex.h"
#include "kernel/kernel_words.h"
#include "kernel/link_layer.h"
#include "base/log.h"
#include "kernel/pin_root.h"
#include "kernel/pin.h"
#include "kernel/pin_names.h"
#include "kernel/pin_lock.h"
#include "kernel/program.h"
#include "kernel/swap.h"
#include "kernel/takeover.h"

/* Attach by a link and pin it: with that, the classifier stays. */
static int attach_link(const struct program *program, const struct attach_options *options,
		       unsigned int ifindex, const char *directory)
{
	const struct hook *hook = options->hook;
	char path[PATH_MAX + sizeof("/" PIN_LINK)];
	int link = hook->attach(hook, ifindex, program->fd), err;

	if (link < 0)
		return hook->explain(hook, options->interface, ifindex, program->fd, link);
	snprintf(path, sizeof(path), "%s/" PIN_LINK, directory);
	err = bpf_obj_pin(link, path);
	close(link);
	return err ? log_fail(err, "pin %s", path) : 0;
}

static int attach_program(const struct program *program, const struct attach_options *options,
			  struct attachment *attached)
{
	const char *directory = attached->directory;
	int err;

	attachment_directory(attached->directory, options->interface);
	if (mkdir(directory, 0700))
		return log_fail(-errno, "make the directory %s", directory);
	err = program_pin_all(program, options->table, directory);
	if (err)
		log_fail(err, "pin into %s", directory);
	else
		err = attach_link(program, options, attached->ifindex, directory);
	attached->hook = options->hook;
	if (err)
		pin_root_remove(directory);
	return err;
}

/* The directory of an interface that was renamed follows it, or blocks the next. */
static void follow_name(struct attachment *attachment)
{
	char directory[PATH_MAX];

	if (!attachment->here || attachment_has_own_name(attachment, attachment->interface))
		return;
	attachment_directory(directory, attachment->interface);
	if (rename(attachment->directory, directory))
		log_debug("move %s to %s: %s", attachment->directory, directory, strerror(errno));
	else
		memcpy(attachment->directory, directory, sizeof(directory));
}

struct survey {
	const char *interface;
	unsigned int ifindex;
	struct attachment *found; /* of that interface; its directory is empty: there is none */
};

/* The one look at what is pinned. */
static int survey(const struct attachment *attachment, void *context)
{
	struct survey *surveyed = context;
	struct attachment followed = *attachment;

	follow_name(&followed);
	if (!surveyed->found->directory[0] &&
	    attachment_is_of(&followed, surveyed->interface, surveyed->ifindex))
		*surveyed->found = followed;
	return 0;
}

/* 0 if nothing of ours is attached; leftovers are cleared on the way. */
static int make_way(const char *interface, const struct attachment *found)
{
	if (!found->directory[0])
		return 0;
	if (found->here && attachment_is_foreign(found))
		return attachment_explain_foreign(found);
	if (found->ifindex && !found->here)
		return log_say_of(OUTCOME_BUSY, interface,
				  "%s has the pins of an interface that is in another network"
				  " namespace now (to end it: portclass detach dev %s)",
				  found->directory, interface);
	if (found->ifindex)
		return log_say_of(OUTCOME_BUSY, interface,
				  "portclass is attached already, as XDP program id %u by the"
				  " bpf_link pinned in %s (to end it: portclass detach dev %s)",
				  found->program_id, found->directory, interface);
	log_info("%s: clearing what an earlier attach left in %s", interface, found->directory);
	return pin_root_remove(found->directory);
}

static void tell(struct attachment *attached, const struct program *program,
		 const struct attach_options *options)
{
	attached->abi_version = program->info.abi_version;
	attached->netns = program->info.netns;
	attached->since = program->info.since;
	attached->info = program->info;
	attached->program_id = program->id;
	attached->here = true;
	snprintf(attached->interface, sizeof(attached->interface), "%s", options->interface);
}

/* @put: that program to where it counts from then on. */
static int load_and(int (*put)(const struct program *program, const struct attach_options *options,
			       struct attachment *attached),
		    const struct attach_options *options, struct attachment *attached)
{
	struct attach_options of_device = *options;
	enum link_layer layer = LINK_LAYER_ETHERNET;
	struct program program;
	int err = link_layer_of(&layer, options->interface);

	of_device.info.link_layer = layer;
	if (!err)
		err = program_load(&program, &of_device);
	if (err)
		return err;
	err = put(&program, options, attached);
	if (!err)
		tell(attached, &program, options);
	if (!err && program.linear && attached->hook->of_driver)
		log_info("%s: in %s mode, kernels before 5.18 show the first buffer of a"
			 " frame, and its bytes are counted (drivers refuse jumbo MTUs then; mode"
			 " generic counts jumbo frames in full)",
			 options->interface, hook_mode(attached->hook));
	program_close(&program);
	return err;
}

static int attach_locked(const struct attach_options *options, struct attachment *attached)
{
	struct survey surveyed = { options->interface, 0, attached };
	int ifindex = ifindex_of(options->interface), err;

	if (ifindex <= 0) /* it went while another one held the lock */
		return ifindex ? ifindex : ifindex_say_none(options->interface);
	surveyed.ifindex = (unsigned int)ifindex;
	err = attachments_visit(survey, &surveyed);
	if (!err && attached->directory[0])
		err = takeover_finish(attached, options->interface);
	if (!err && attached->here && attachment_is_foreign(attached) && options->take_over)
		return load_and(takeover_program, options, attached);
	if (!err)
		err = make_way(options->interface, attached);
	if (!err)
		err = options->hook->check(options->interface, (unsigned int)ifindex);
	if (err)
		return err;
	*attached = (struct attachment){ .ifindex = (unsigned int)ifindex };
	return load_and(attach_program, options, attached);
}

/* With the privileges that it takes, and with nobody else at the pins. */
static int
work_locked(const struct attach_options *options, struct attachment *attached, const char *verb,
	    int (*work)(const struct attach_options *options, struct attachment *attached))
{
	char what[64];
	int lock, err;

	*attached = (struct attachment){ 0 };
	snprintf(what, sizeof(what), "%s %s", verb, options->interface);
	err = capability_check_attach(what);
	if (err)
		return err;
	lock = pin_lock_take();
	if (lock < 0)
		return lock;
	err = work(options, attached);
	pin_lock_release(lock);
	return err;
}

void datapath_never_wait(void)
{
	pin_lock_never_wait();
}

int datapath_attach(const struct attach_options *options, struct attachment *attached)
{
	int ifindex;

	kernel_words_listen();
	ifindex = ifindex_of(options->interface);
	if (ifindex <= 0)
		return ifindex ? ifindex : ifindex_say_none(options->interface);
	pin_root_mount();
	return work_locked(options, attached, "attach to", attach_locked);
}

int datapath_try(const struct attach_options *options)
{
	int err = capability_check_attach("load the classifier");

	kernel_words_listen();
	return err ? err : program_try(options);
}

int datapath_swap(const struct attach_options *options, struct attachment *attached)
{
	kernel_words_listen();
	return work_locked(options, attached, "reload", swap_program);
}

/* Pins that were a leftover when they were seen: by now they may be in use again. */
static bool is_in_use(int link)
{
	struct bpf_link_info info = { 0 };
	struct hook_place place = { 0 };
	__u32 size = sizeof(info);

	return !bpf_obj_get_info_by_fd(link, &info, &size) && !hook_query(&place, &info) &&
	       place.ifindex;
}

/* The link first: without it the directory is a leftover, whatever comes next. */
static int detach_link(const struct attachment *attachment)
{
	char path[PATH_MAX + sizeof("/" PIN_LINK)];
	int fd, err;

	fd = pin_open_link(attachment->directory);
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	snprintf(path, sizeof(path), "%s/" PIN_LINK, attachment->directory);
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
		log_say_of(err, interface, "not attached (what is: portclass list)");
	if (!err)
		err = detach_locked(&attachment);
	pin_lock_release(lock);
	return err;
}
