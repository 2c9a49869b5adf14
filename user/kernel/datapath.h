/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Put the classifier into the kernel, another table under it, and take it out again.
 */
#ifndef PORTCLASS_DATAPATH_H
#define PORTCLASS_DATAPATH_H

#include "kernel/attach_options.h"

/*
 * From now on, wait for no other process that is at the pins, which may be stopped: -EAGAIN
 * instead, said.
 */
void datapath_never_wait(void);

/*
 * Attach and pin, or take over; @attached is what attachment_find() would tell of it. Where
 * portclass is attached already, it is that, with OUTCOME_BUSY. Looks at the pins once. Returns 0
 * or -errno, said, or OUTCOME_BUSY: something is attached already; OUTCOME_FOREIGN: by another
 * version of portclass; OUTCOME_NO_INTERFACE, OUTCOME_NOT_PERMITTED. On failure nothing is left
 * behind.
 */
int datapath_attach(const struct attach_options *options, struct attachment *attached);

/*
 * Load the program for nothing, to know whether it can be. @options->interface is what is said.
 * Returns 0 or -errno, said, or OUTCOME_NOT_PERMITTED. Nothing is left behind.
 */
int datapath_try(const struct attach_options *options);

/*
 * Put @options->table, never NULL, in the place of the one that is attached to the
 * interface, as attachment_find() takes it; the mode stays. No count is lost, seen
 * twice or going backwards; `since` stays, and what the table lacks is retired.
 * Returns 0 or -errno, said, or OUTCOME_NOT_ATTACHED, OUTCOME_NO_INTERFACE,
 * OUTCOME_FOREIGN: attached by others, or pins of another ABI_VERSION, OUTCOME_NO_ROOM:
 * no slots left; the old one stays then.
 */
int datapath_swap(const struct attach_options *options, struct attachment *attached);

/*
 * Detach and remove every pin, leftovers too. @interface as attachment_find()
 * takes it. Returns 0 or -errno, said, or OUTCOME_NOT_ATTACHED: nothing was there.
 */
int datapath_detach(const char *interface);

/* The same of what attachments_visit() shows, whatever its name means here. */
int datapath_detach_pins(const struct attachment *attachment);

#endif
