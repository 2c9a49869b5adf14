// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What an interface needs follows from what is wanted and what is there, never
 * from the event that brought us here.
 */
#include "agent/keeper.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/detachment.h"
#include "kernel/capability.h"
#include "kernel/datapath.h"
#include "base/log.h"
#include "kernel/netns.h"
#include "base/moment.h"
#include "kernel/pin_root.h"
#include "kernel/series_pin.h"

#define RETRY_FIRST NANOSECONDS
#define RETRY_LAST  (32 * NANOSECONDS)

/*
 * The kernel tells nobody when a bpf_link is detached by force, when another
 * command swaps the program behind it, or when pins are removed: so it is asked.
 */
#define LOOK_INTERVAL	(30 * NANOSECONDS)
#define GLANCE_INTERVAL (NANOSECONDS / 2) /* at the links alone */

/* Who detaches means it: others see that it is so before it is attached anew. */
#define LOST_WAIT NANOSECONDS

/* Another has the lock of the pins: tried again after this, said after the other. */
#define LOCK_INTERVAL (NANOSECONDS / 10)
#define LOCK_PATIENCE (2 * NANOSECONDS)
#define LOCK_LAST     (5 * NANOSECONDS) /* when the agent ends */

void keeper_open(struct keeper *keeper, const struct settings *settings, struct node *node)
{
	*keeper = (struct keeper){
		.settings = settings, .node = node, .stale = true, .littered = true
	};
	datapath_never_wait();
}

bool keeper_note_change(struct keeper *keeper, bool deleted)
{
	bool news = !keeper->stale;

	keeper->stale = true;
	if (deleted) {
		keeper->looked = 0;
		keeper->renewed = true;
	}
	return news;
}

void keeper_close(struct keeper *keeper)
{
	interfaces_close(&keeper->interfaces);
	*keeper = (struct keeper){ 0 };
}

bool keeper_wants_routes(const struct keeper *keeper)
{
	return !keeper->settings->wanted.count;
}

/* One that lost its default route is kept: routes flap, and counts would go with them. */
static bool is_wanted(const struct keeper *keeper, const struct interface *interface)
{
	const struct settings *settings = keeper->settings;
	bool routed = interface->default_route || node_find(keeper->node, interface->index);
	const char *name = interface->alternatives ? interface->alternatives : "";
	bool wanted = settings_want(settings, interface->name, interface->loopback, routed);

	if (settings_exclude(settings, interface->name))
		return false;
	for (; *name; name += strlen(name) + 1) {
		if (settings_exclude(settings, name))
			return false;
		wanted |= settings_want(settings, name, interface->loopback, routed);
	}
	return wanted;
}

/* Whether another was at the pins, so that it has to be tried again. */
static bool note_lock(struct keeper *keeper, int err)
{
	uint64_t now = clock_monotonic();

	if (err != -EAGAIN) {
		if (keeper->lock_said)
			log_event(LOG_INFO, NULL, "the pins are free again");
		keeper->locked_out = 0;
		keeper->lock_said = false;
		return false;
	}
	if (!keeper->locked_out)
		keeper->locked_out = now;
	if (!keeper->lock_said && now > keeper->locked_out + LOCK_PATIENCE) {
		log_event(LOG_WARNING, NULL,
			  "another portclass has the lock of " PIN_ROOT
			  " and does not end: waiting for it (which: fuser -v " PIN_ROOT ")");
		keeper->lock_said = true;
	}
	return true;
}

static void clear_litter(struct keeper *keeper)
{
	const char *failure;
	int err;

	log_hold();
	err = detachment_clear_gone(keeper->settings);
	failure = log_release();
	keeper->littered = note_lock(keeper, err);
	if (err && !keeper->littered)
		log_event(LOG_ERROR, NULL, "%s", failure);
}

/* @now: the interface as it is listed; NULL: it is not. */
static void judge(struct keeper *keeper, struct node_interface *interface,
		  const struct interface *now)
{
	bool leaves = !now || !is_wanted(keeper, now);

	if (leaves && !interface->leaves && now)
		log_event(LOG_INFO, interface->name, "is %s now, which is not wanted", now->name);
	else if (leaves && !interface->leaves)
		log_event(LOG_INFO, interface->name, "has vanished");
	interface->leaves = leaves;
	keeper->unfinished |= leaves;
}

static void judge_all(struct keeper *keeper)
{
	struct node *node = keeper->node;

	for (size_t i = 0; i < node->count; i++)
		judge(keeper, &node->interfaces[i],
		      interfaces_find(&keeper->interfaces, node->interfaces[i].ifindex));
}

/* One that leaves. Nobody else would ever remove the pins, of a vanished or a lost one either. */
static void forget_one(struct keeper *keeper)
{
	struct node *node = keeper->node;
	size_t i = 0;

	while (i < node->count && !node->interfaces[i].leaves)
		i++;
	keeper->unfinished = i < node->count;
	if (!keeper->unfinished)
		return;
	if (node->interfaces[i].had_pins &&
	    note_lock(keeper, detachment_make(&node->interfaces[i])))
		return;
	keeper->changed = true;
	node_remove(node, i);
}

static void welcome(struct keeper *keeper, const struct interface *interface)
{
	struct node_interface *known = node_find(keeper->node, interface->index);
	char before[IF_NAMESIZE];

	if (!known) {
		if (!node_add(keeper->node, interface->index, interface->name))
			log_event(LOG_ERROR, interface->name, "%s", strerror(ENOMEM));
	} else if (strcmp(known->name, interface->name)) {
		memcpy(before, known->name, sizeof(before));
		node_rename(keeper->node, known, interface->name);
		log_event(LOG_INFO, interface->name, "was %s", before);
	}
}

/* The rows of the node become those of the wanted interfaces. */
static void list(struct keeper *keeper)
{
	struct interfaces fresh;
	bool interest = false;

	if (interfaces_read(&fresh, keeper_wants_routes(keeper)))
		return;
	keeper->stale = false;
	interfaces_close(&keeper->interfaces);
	keeper->interfaces = fresh;
	judge_all(keeper);
	for (size_t i = 0; i < fresh.count; i++) {
		if (!is_wanted(keeper, &fresh.interfaces[i]))
			continue;
		welcome(keeper, &fresh.interfaces[i]);
		interest = true;
	}
	if (!interest && !keeper->idle)
		log_event(LOG_WARNING, NULL, "no interface %s: waiting for one",
			  keeper_wants_routes(keeper) ? "has a default route"
						      : "matches the patterns");
	keeper->idle = !interest;
	keeper->changed = true;
}

/* Open, or open again, what is pinned for the interface. */
static int open_pins(struct node_interface *interface, const struct attachment *attachment)
{
	struct pins pins;
	int err = pins_open_attachment(&pins, attachment);

	if (err)
		return err;
	node_forget_reading(interface);
	pins_close(&interface->pins);
	interface->pins = pins;
	interface->pins.ifindex = interface->ifindex;
	memcpy(interface->pins.interface, interface->name, sizeof(interface->name));
	interface->had_pins = true;
	interface->failures = 0;
	interface->error[0] = '\0';
	err = series_pin(interface->series, attachment->directory);
	if (err)
		log_debug("%s: the next agent will not know which services have series: %s",
			  interface->name, outcome_words(err));
	return 0;
}

/* @wait: ns before it is attached anew. */
static void lose(struct node_interface *interface, const char *why, uint64_t wait)
{
	log_event(LOG_WARNING, interface->name, "%s: attaching it anew", why);
	node_forget_reading(interface);
	pins_close(&interface->pins);
	snprintf(interface->error, sizeof(interface->error), "%s", why);
	interface->retry = wait ? clock_monotonic() + wait : 0;
}

/* Attached, and to stay so. */
static bool is_kept(const struct node_interface *interface)
{
	return node_is_attached(interface) && !interface->leaves;
}

struct look {
	struct node *node;
	bool *seen; /* by row of the node */
};

static int see(const struct attachment *attachment, void *context)
{
	struct look *look = context;
	struct node_interface *interface = NULL;

	if (attachment->here)
		interface = node_find(look->node, attachment->ifindex);
	if (!interface || !node_is_attached(interface))
		return 0;
	look->seen[interface - look->node->interfaces] = true;
	memcpy(interface->pins.directory, attachment->directory, sizeof(attachment->directory));
	if (interface->pins.program_id == attachment->program_id)
		return 0;
	log_event(LOG_INFO, interface->name, "another command has replaced the program");
	if (open_pins(interface, attachment))
		lose(interface, "its pins can't be read", 0);
	return 0;
}

/* Whether what was attached still is, of interfaces that were listed just now. */
static void look(struct keeper *keeper)
{
	struct node *node = keeper->node;
	struct look looked = { node, calloc(node->count + 1, sizeof(bool)) };
	int err;

	keeper->looked = clock_monotonic();
	err = looked.seen ? attachments_visit(see, &looked) : -ENOMEM;
	/* What can't be looked at is not known to count: whoever attaches looks again. */
	for (size_t i = 0; looked.seen && i < node->count; i++)
		if (is_kept(&node->interfaces[i]) && !looked.seen[i])
			lose(&node->interfaces[i],
			     err ? "its pins can't be looked at" : "somebody has detached it",
			     keeper->renewed ? 0 : LOST_WAIT);
	keeper->renewed = false;
	keeper->changed = true;
	free(looked.seen);
}

/* Between two looks: the links alone, of which one look in many would be dear. */
static void glance(struct keeper *keeper)
{
	struct node *node = keeper->node;

	keeper->glanced = clock_monotonic();
	log_hold();
	for (size_t i = 0; keeper->looked && i < node->count; i++)
		if (is_kept(&node->interfaces[i]) &&
		    !attachment_is_live(node->interfaces[i].pins.directory,
					node->interfaces[i].ifindex))
			keeper->looked = 0;
	log_release();
}

static struct attach_options options_for(const struct keeper *keeper,
					 const struct node_interface *interface)
{
	const struct table *table = keeper->node->table;

	return (struct attach_options){
		.interface = interface->name,
		.hook = hooks[keeper->settings->hook],
		.table = table->ports,
		.info = port_table_info(table->ports, &table->input, keeper->settings->count_by),
		.take_over = keeper->settings->take_over,
	};
}

static void try_again(struct node_interface *interface)
{
	interface->retry = clock_monotonic() + LOCK_INTERVAL;
}

/* Should this fail, it keeps the table that it has, until there is yet another. */
static void swap(struct keeper *keeper, struct node_interface *interface)
{
	struct attach_options options = options_for(keeper, interface);
	struct attachment attachment;
	const char *failure;
	int err;

	log_hold();
	err = datapath_swap(&options, &attachment);
	if (!err)
		err = open_pins(interface, &attachment);
	failure = log_release();
	if (note_lock(keeper, err)) {
		try_again(interface);
		return;
	}
	interface->outdated = false;
	keeper->node->loads |= !err;
	if (!err)
		return;
	keeper->node->reload_failed = true;
	keeper->node->reload_failures++;
	log_event(LOG_ERROR, interface->name, "the table stays as it was: %s",
		  failure[0] ? failure : outcome_words(err));
}

/*
 * Outdated even if the table is the same: so the program of this version of
 * portclass takes the place of an older one's.
 */
static int adopt(const struct keeper *keeper, struct node_interface *interface,
		 const struct attachment *attachment)
{
	const struct hook *wanted = hooks[keeper->settings->hook];
	const struct instant now = clock_now();
	char since[MOMENT_SIZE];
	int err = open_pins(interface, attachment);

	if (err)
		return err;
	interface->outdated = true;
	log_event(LOG_INFO, interface->name, "adopted, counting since %s",
		  moment_write(since, clock_wall_at(&now, attachment->since)));
	if (attachment->hook != wanted)
		log_event(LOG_WARNING, interface->name,
			  "it is attached in %s mode, not in %s (to have it anew: portclass detach"
			  " dev %s)",
			  hook_mode(attachment->hook), hook_mode(wanted), interface->name);
	return 0;
}

/* Attach, or adopt what is attached already: whoever attaches looks first. */
static int take(const struct keeper *keeper, struct node_interface *interface)
{
	struct attach_options options = options_for(keeper, interface);
	struct attachment attachment;
	int err = datapath_attach(&options, &attachment);

	if (err == OUTCOME_BUSY && attachment.here && attachment.ifindex == interface->ifindex)
		return adopt(keeper, interface, &attachment);
	if (err)
		return err;
	keeper->node->loads = true;
	interface->had_pins = true; /* it may vanish at once, and must not leave them */
	err = open_pins(interface, &attachment);
	if (err)
		return err;
	interface->outdated = false;
	log_event(LOG_INFO, interface->name, "attached in %s mode",
		  hook_mode(interface->pins.hook));
	return 0;
}

/* Said once, however often it fails for the same reason. */
static void note_failure(struct node_interface *interface, const char *failure, int err)
{
	char error[sizeof(interface->error)];
	uint64_t wait = RETRY_FIRST << interface->failures;

	interface->failures += wait < RETRY_LAST;
	interface->retry = clock_monotonic() + wait;
	snprintf(error, sizeof(error), "%s", failure[0] ? failure : outcome_words(err));
	if (strcmp(interface->error, error) == 0)
		return;
	memcpy(interface->error, error, sizeof(error));
	log_event(LOG_ERROR, interface->name, "not attached: %s", error);
}

static void take_or_note(struct keeper *keeper, struct node_interface *interface)
{
	const char *failure;
	int err;

	log_hold();
	err = take(keeper, interface);
	failure = log_release();
	if (note_lock(keeper, err)) {
		snprintf(interface->error, sizeof(interface->error), "%s", failure);
		try_again(interface);
		return;
	}
	interface->tried = true;
	if (err)
		note_failure(interface, failure, err);
}

static uint64_t remaining(uint64_t time, uint64_t now)
{
	return time > now ? time - now : 0;
}

static uint64_t wait_to_look(const struct keeper *keeper, uint64_t now)
{
	return keeper->looked ? remaining(keeper->looked + LOOK_INTERVAL, now) : 0;
}

static uint64_t wait_to_glance(const struct keeper *keeper, uint64_t now)
{
	return remaining(keeper->glanced + GLANCE_INTERVAL, now);
}

static uint64_t wait_of(const struct node_interface *interface, uint64_t now)
{
	if (interface->leaves || (node_is_attached(interface) && !interface->outdated))
		return LOOK_INTERVAL;
	return remaining(interface->retry, now);
}

/* One at a time: loading takes the better part of a second, and others wait to be served. */
static void serve_one(struct keeper *keeper)
{
	struct node *node = keeper->node;
	uint64_t now = clock_monotonic();
	size_t i = 0;

	while (i < node->count && wait_of(&node->interfaces[i], now))
		i++;
	if (i == node->count)
		return;
	keeper->changed = true;
	if (node_is_attached(&node->interfaces[i]))
		swap(keeper, &node->interfaces[i]);
	else
		take_or_note(keeper, &node->interfaces[i]);
}

static uint64_t sooner(uint64_t wait, uint64_t other)
{
	return wait < other ? wait : other;
}

static uint64_t next_call(const struct keeper *keeper)
{
	uint64_t now = clock_monotonic();
	uint64_t next = keeper->stale ? RETRY_FIRST : wait_to_look(keeper, now);

	if (keeper->unfinished || keeper->littered)
		next = sooner(next, keeper->locked_out ? LOCK_INTERVAL : 0);
	if (keeper->node->count)
		next = sooner(next, wait_to_glance(keeper, now));
	for (size_t i = 0; i < keeper->node->count; i++)
		next = sooner(next, wait_of(&keeper->node->interfaces[i], now));
	return next;
}

/* Whether what was listed is attached as it should be. */
static void survey(struct keeper *keeper)
{
	bool due;

	if (!wait_to_glance(keeper, clock_monotonic()))
		glance(keeper);
	due = !wait_to_look(keeper, clock_monotonic());
	/* What has vanished has not been detached by anybody, so it is asked first. */
	keeper->stale |= due;
	if (keeper->stale)
		list(keeper);
	if (due && !keeper->stale)
		look(keeper);
}

uint64_t keeper_update(struct keeper *keeper, bool *changed)
{
	keeper->changed = false;
	capability_raise();
	if (keeper->littered)
		clear_litter(keeper);
	survey(keeper);
	if (keeper->unfinished)
		forget_one(keeper);
	serve_one(keeper);
	capability_lower();
	*changed = keeper->changed;
	return next_call(keeper);
}

void keeper_refresh(struct keeper *keeper)
{
	keeper->looked = 0;
	for (size_t i = 0; i < keeper->node->count; i++) {
		keeper->node->interfaces[i].outdated = true;
		keeper->node->interfaces[i].retry = 0;
	}
}

void keeper_detach(struct keeper *keeper)
{
	uint64_t deadline = clock_monotonic() + LOCK_LAST;

	capability_raise();
	for (size_t i = 0; i < keeper->node->count; i++)
		if (keeper->node->interfaces[i].had_pins)
			detachment_make_by(&keeper->node->interfaces[i], deadline);
	capability_lower();
}
