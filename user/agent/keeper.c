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

#include "kernel/capability.h"
#include "kernel/datapath.h"
#include "base/log.h"
#include "kernel/netns.h"
#include "base/moment.h"
#include "kernel/series_pin.h"

#define RETRY_FIRST NANOSECONDS
#define RETRY_LAST  (32 * NANOSECONDS)

/*
 * The kernel tells nobody when a bpf_link is detached by force, when another
 * command swaps the program behind it, or when pins are removed: so it is asked.
 */
#define LOOK_INTERVAL (30 * NANOSECONDS)

void keeper_open(struct keeper *keeper, const struct settings *settings, struct node *node)
{
	*keeper = (struct keeper){ .settings = settings, .node = node, .stale = true };
}

bool keeper_note_change(struct keeper *keeper, bool deleted)
{
	bool news = !keeper->stale;

	keeper->stale = true;
	if (deleted)
		keeper->looked = 0;
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
	bool kept = node_find(keeper->node, interface->index);

	return settings_want(keeper->settings, interface->name, interface->loopback,
			     interface->default_route || kept);
}

struct search {
	const struct node_interface *interface;
	struct attachment *attachment;
	char directory[PATH_MAX]; /* that its name stands for */
};

/* By its index, because the name may be another already. */
static int is_live(const struct attachment *attachment, void *context)
{
	const struct search *search = context;

	if (!attachment->here || attachment->ifindex != search->interface->ifindex)
		return 0;
	*search->attachment = *attachment;
	return 1;
}

/*
 * Of an interface that is not here any more nothing but the directory tells; that
 * follows the name when something else is attached.
 */
static int is_left(const struct attachment *attachment, void *context)
{
	const struct search *search = context;

	const char *open = search->interface->pins.directory;

	if (attachment->here || (strcmp(attachment->directory, open) &&
				 strcmp(attachment->directory, search->directory)))
		return 0;
	*search->attachment = *attachment;
	return 1;
}

static int find_live(struct attachment *attachment, const struct node_interface *interface)
{
	struct search search = { interface, attachment, "" };
	int found = attachments_visit(is_live, &search);

	return found > 0 ? 0 : found ? found : OUTCOME_NOT_ATTACHED;
}

static int find_left(struct attachment *attachment, const struct node_interface *interface)
{
	struct search search = { interface, attachment, "" };
	int found;

	attachment_directory(search.directory, interface->name);
	found = attachments_visit(is_left, &search);
	return found > 0 ? 0 : found ? found : OUTCOME_NOT_ATTACHED;
}

/* Whatever its name and its network namespace are now, and if it exists no more. */
static void detach(const struct node_interface *interface)
{
	struct attachment attachment;
	const char *failure;
	int found, err;

	log_hold();
	found = find_live(&attachment, interface);
	if (found == OUTCOME_NOT_ATTACHED)
		found = find_left(&attachment, interface);
	err = found ? found : datapath_detach_pins(&attachment);
	failure = log_release();
	if (found == OUTCOME_NOT_ATTACHED)
		log_debug("%s: its pins are gone already", interface->name);
	else if (err)
		log_event(LOG_ERROR, interface->name, "not detached: %s",
			  failure[0] ? failure : outcome_words(err));
	else if (attachment.ifindex)
		log_event(LOG_INFO, interface->name, "detached");
}

static int clear_gone(const struct attachment *attachment, void *context)
{
	const struct settings *settings = context;

	if (attachment->ifindex || attachment->netns != netns_inode() ||
	    !settings_want(settings, attachment->interface, false, true))
		return 0;
	if (!datapath_detach_pins(attachment))
		log_event(LOG_INFO, attachment->interface,
			  "vanished while no agent ran: its pins are removed");
	return 0;
}

void keeper_clear_gone(const struct keeper *keeper)
{
	capability_raise();
	attachments_visit(clear_gone, (void *)keeper->settings);
	capability_lower();
}

/* @now: the interface as it is listed; NULL: it is not. Whether it was forgotten. */
static bool forget(struct keeper *keeper, size_t index, const struct interface *now)
{
	struct node_interface *interface = &keeper->node->interfaces[index];

	if (now && is_wanted(keeper, now))
		return false;
	if (now)
		log_event(LOG_INFO, interface->name, "is %s now, which is not wanted", now->name);
	else
		log_event(LOG_INFO, interface->name, "has vanished");
	/* Nobody else would ever remove the pins, of a vanished one or a lost one either. */
	if (interface->had_pins)
		detach(interface);
	node_remove(keeper->node, index);
	return true;
}

static void forget_unwanted(struct keeper *keeper)
{
	struct node *node = keeper->node;

	for (size_t i = 0; i < node->count;)
		i += !forget(keeper, i,
			     interfaces_find(&keeper->interfaces, node->interfaces[i].ifindex));
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

	if (interfaces_read(&fresh, keeper_wants_routes(keeper)))
		return;
	keeper->stale = false;
	interfaces_close(&keeper->interfaces);
	keeper->interfaces = fresh;
	forget_unwanted(keeper);
	for (size_t i = 0; i < fresh.count; i++)
		if (is_wanted(keeper, &fresh.interfaces[i]))
			welcome(keeper, &fresh.interfaces[i]);
	if (!keeper->node->count && !keeper->idle)
		log_event(LOG_WARNING, NULL, "no interface %s: waiting for one",
			  keeper_wants_routes(keeper) ? "has a default route"
						      : "matches the patterns");
	keeper->idle = !keeper->node->count;
}

/* Open, or open again, what is pinned for the interface. */
static int open_pins(struct node_interface *interface, const struct attachment *attachment)
{
	struct pins pins;
	int err = pins_open_attachment(&pins, attachment);

	if (err)
		return err;
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

static void lose(struct node_interface *interface, const char *why)
{
	log_event(LOG_WARNING, interface->name, "%s: attaching it anew", why);
	pins_close(&interface->pins);
	interface->retry = 0;
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
		lose(interface, "its pins can't be read");
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
		if (node_is_attached(&node->interfaces[i]) && !looked.seen[i])
			lose(&node->interfaces[i],
			     err ? "its pins can't be looked at" : "somebody has detached it");
	free(looked.seen);
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
	};
}

/* Should this fail, it keeps the table that it has, until there is yet another. */
static void swap(struct keeper *keeper, struct node_interface *interface)
{
	struct attach_options options = options_for(keeper, interface);
	struct attachment attachment;
	const char *failure;
	int err;

	interface->outdated = false;
	log_hold();
	err = datapath_swap(&options, &attachment);
	if (!err)
		err = open_pins(interface, &attachment);
	failure = log_release();
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
	char since[MOMENT_SIZE];
	int err = open_pins(interface, attachment);

	if (err)
		return err;
	interface->outdated = true;
	log_event(LOG_INFO, interface->name, "adopted, counting since %s",
		  moment_write(since, attachment->since));
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

static void take_or_note(const struct keeper *keeper, struct node_interface *interface)
{
	const char *failure;
	int err;

	log_hold();
	err = take(keeper, interface);
	failure = log_release();
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

static uint64_t wait_of(const struct node_interface *interface, uint64_t now)
{
	if (node_is_attached(interface))
		return interface->outdated ? 0 : LOOK_INTERVAL;
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
	if (node_is_attached(&node->interfaces[i]))
		swap(keeper, &node->interfaces[i]);
	else
		take_or_note(keeper, &node->interfaces[i]);
}

static uint64_t next_call(const struct keeper *keeper)
{
	uint64_t now = clock_monotonic();
	uint64_t next = keeper->stale ? RETRY_FIRST : wait_to_look(keeper, now);

	for (size_t i = 0; i < keeper->node->count; i++) {
		uint64_t wait = wait_of(&keeper->node->interfaces[i], now);

		next = wait < next ? wait : next;
	}
	return next;
}

uint64_t keeper_update(struct keeper *keeper)
{
	bool due = !wait_to_look(keeper, clock_monotonic());

	capability_raise();
	/* What has vanished has not been detached by anybody, so it is asked first. */
	keeper->stale |= due;
	if (keeper->stale)
		list(keeper);
	if (due && !keeper->stale)
		look(keeper);
	serve_one(keeper);
	capability_lower();
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
	capability_raise();
	for (size_t i = 0; i < keeper->node->count; i++)
		if (keeper->node->interfaces[i].had_pins)
			detach(&keeper->node->interfaces[i]);
	capability_lower();
}
