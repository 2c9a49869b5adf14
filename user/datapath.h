/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Put the classifier into the kernel and take it out again: the only user of
 * the BPF object.
 */
#ifndef PORTCLASS_DATAPATH_H
#define PORTCLASS_DATAPATH_H

#include "pins.h"
#include "port_table.h"

struct attach_options {
	const char *interface;
	enum mode mode;
	const struct port_table *table; /* NULL: the one that the object carries */
	struct info info;		/* of the table; without one only count_by */
};

/*
 * Attach and pin. Returns 0 or -errno, said: -EBUSY something is attached
 * already. On failure nothing is left behind.
 */
int datapath_attach(const struct attach_options *options);

/*
 * Detach and remove every pin, leftovers too. @interface as attachment_find()
 * takes it. Returns 0 or -errno, said: -ENOENT nothing was there.
 */
int datapath_detach(const char *interface);

#endif
