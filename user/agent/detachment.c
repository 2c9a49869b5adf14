// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Nobody but an agent would ever remove the pins of what has vanished.
 */
#include "agent/detachment.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "kernel/datapath.h"
#include "kernel/netns.h"
#include "kernel/pin_root.h"

#define RETRY_INTERVAL (NANOSECONDS / 10)

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

int detachment_make(const struct node_interface *interface)
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
	if (err == -EAGAIN)
		return err;
	if (found == OUTCOME_NOT_ATTACHED)
		log_debug("%s: its pins are gone already", interface->name);
	else if (err)
		log_event(LOG_ERROR, interface->name, "not detached: %s",
			  failure[0] ? failure : outcome_words(err));
	else if (attachment.ifindex)
		log_event(LOG_INFO, interface->name, "detached");
	return 0;
}

void detachment_make_by(const struct node_interface *interface, uint64_t deadline)
{
	static const struct timespec pause = { .tv_nsec = RETRY_INTERVAL };

	while (detachment_make(interface) == -EAGAIN) {
		if (clock_monotonic() > deadline) {
			log_event(LOG_ERROR, interface->name,
				  "not detached: another portclass has the lock of " PIN_ROOT
				  " (once that has ended: portclass detach dev %s)",
				  interface->name);
			return;
		}
		nanosleep(&pause, NULL);
	}
}

/* What wanted interfaces left, which vanished while no agent ran. */
static int clear_gone(const struct attachment *attachment, void *context)
{
	const struct settings *settings = context;
	int err;

	if (attachment->ifindex || attachment->netns != netns_inode() ||
	    !settings_want(settings, attachment->interface, false, true))
		return 0;
	err = datapath_detach_pins(attachment);
	if (!err)
		log_event(LOG_INFO, attachment->interface,
			  "vanished while no agent ran: its pins are removed");
	return err == -EAGAIN ? err : 0;
}

int detachment_clear_gone(const struct settings *settings)
{
	return attachments_visit(clear_gone, (void *)settings);
}
