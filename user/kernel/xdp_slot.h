/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * An interface has one place for an XDP program: who holds it.
 */
#ifndef PORTCLASS_XDP_SLOT_H
#define PORTCLASS_XDP_SLOT_H

/*
 * 0 if the slot of the interface is free, or, said, OUTCOME_BUSY, naming the owner,
 * OUTCOME_NO_INTERFACE or -errno.
 */
int xdp_slot_check(const char *interface, unsigned int ifindex);

/*
 * Say why the kernel refused, with @err, to attach @program with the XDP_FLAGS_*
 * of @flags, and what to do about it. Returns @err, or OUTCOME_BUSY for a slot taken,
 * OUTCOME_NO_INTERFACE for an interface that went away.
 */
int xdp_slot_explain(const char *interface, unsigned int ifindex, int program, unsigned int flags,
		     int err);

#endif
