// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Load the program, for no interface. When it fails it is tried again, ever more seldom.
 */
#include "agent/trial.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "kernel/capability.h"
#include "kernel/datapath.h"

#define RETRY_FIRST NANOSECONDS
#define RETRY_LAST  (32 * NANOSECONDS)

static int load(const struct node *node, const struct settings *settings)
{
	const struct attach_options options = {
		.interface = "a trial",
		.hook = hooks[settings->hook],
		.table = node->table->ports,
		.info = port_table_info(node->table->ports, &node->table->input,
					settings->count_by),
	};
	int err;

	capability_raise();
	err = datapath_try(&options);
	capability_lower();
	return err;
}

/* Said once, however often it fails for the same reason. */
static void note_failure(struct node *node, const char *failure, int err)
{
	char error[sizeof(node->load_error)];

	snprintf(error, sizeof(error), "%s", failure[0] ? failure : outcome_words(err));
	if (strcmp(node->load_error, error) == 0)
		return;
	memcpy(node->load_error, error, sizeof(error));
	log_event(LOG_ERROR, NULL, "the program does not load: %s", error);
}

static void try(struct trial *trial, struct node *node, const struct settings *settings)
{
	uint64_t wait = RETRY_FIRST << trial->failures;
	const char *failure;
	int err;

	log_hold();
	err = load(node, settings);
	failure = log_release();
	node->loads = !err;
	if (!err)
		return;
	note_failure(node, failure, err);
	trial->failures += wait < RETRY_LAST;
	trial->retry = clock_monotonic() + wait;
}

uint64_t trial_update(struct trial *trial, struct node *node, const struct settings *settings,
		      bool *changed)
{
	uint64_t now = clock_monotonic();

	if (settings->ready != READY_RUNNING || node->loads)
		return UINT64_MAX;
	if (trial->retry <= now) {
		try(trial, node, settings);
		*changed = true;
		now = clock_monotonic();
	}
	return trial->retry > now ? trial->retry - now : UINT64_MAX;
}
