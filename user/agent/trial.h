/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Whether the program loads here, where nothing that was attached has shown it: it is loaded
 * once and thrown away. Only the rule READY_RUNNING asks for it.
 */
#ifndef PORTCLASS_TRIAL_H
#define PORTCLASS_TRIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/node.h"
#include "agent/settings.h"

/* A zeroed one has tried nothing. */
struct trial {
	uint64_t retry;	       /* ns of CLOCK_MONOTONIC: when it is tried again */
	unsigned int failures; /* in a row */
};

/*
 * Try if it is time to, and note what came of it in @node; *@changed: something did. Returns in
 * how many ns to call it again; UINT64_MAX: there is nothing to find out.
 */
uint64_t trial_update(struct trial *trial, struct node *node, const struct settings *settings,
		      bool *changed);

#endif
