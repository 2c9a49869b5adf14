/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The classifier taken off interfaces, their pins removed. Who calls has raised the
 * capabilities that it takes.
 */
#ifndef PORTCLASS_DETACHMENT_H
#define PORTCLASS_DETACHMENT_H

#include "agent/node.h"
#include "agent/settings.h"

/*
 * Whatever the interface's name and network namespace are now, and if it exists no more. What
 * fails is said in the log. Returns -EAGAIN, not said, if another has the lock of the pins: it
 * has to be tried again.
 */
int detachment_make(const struct node_interface *interface);

/* The same, tried until @deadline, ns of CLOCK_MONOTONIC; then that is said. */
void detachment_make_by(const struct node_interface *interface, uint64_t deadline);

/*
 * Remove the pins that wanted interfaces left, which vanished while no agent ran. 0, or -errno,
 * said: -EAGAIN as above.
 */
int detachment_clear_gone(const struct settings *settings);

#endif
