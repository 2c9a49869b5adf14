/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What is put into the kernel, and where: what attaching and swapping are asked for.
 */
#ifndef PORTCLASS_ATTACH_OPTIONS_H
#define PORTCLASS_ATTACH_OPTIONS_H

#include "kernel/attachment.h"
#include "port_table.h"

struct attach_options {
	const char *interface; /* the caller's */
	const struct hook *hook;
	const struct port_table *table; /* the caller's; NULL: the one that the object carries */
	struct info info;		/* of the table; without one only count_by and link_layer */
	bool take_over; /* what another version of portclass has attached, from zero */
};

#endif
