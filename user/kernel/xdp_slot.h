/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * An interface has one place for an XDP program: who holds it.
 */
#ifndef PORTCLASS_XDP_SLOT_H
#define PORTCLASS_XDP_SLOT_H

/* 0 if the slot of the interface is free; -EBUSY, naming the owner; or -errno. */
int xdp_slot_check(const char *interface, unsigned int ifindex);

/*
 * Say why the kernel refused, with @err, to attach @program with the XDP_FLAGS_*
 * of @flags, and what to do about it. Returns @err, or -EBUSY for a slot taken.
 */
int xdp_slot_explain(const char *interface, unsigned int ifindex, int program, unsigned int flags,
		     int err);

#endif
