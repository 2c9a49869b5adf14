/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * When an agent is ready: a choice of who runs it. Pure.
 */
#ifndef PORTCLASS_READY_RULE_H
#define PORTCLASS_READY_RULE_H

#include <stdbool.h>
#include <stddef.h>

enum ready_rule {
	READY_ALL,
	READY_ANY,
	READY_RUNNING, /* a bad program stops a rollout, a busy card on one node does not */
	READY_RULE_MAX,
};

/* What is known of a node. */
struct ready_facts {
	size_t wanted;	 /* interfaces */
	size_t attached; /* of them */
	size_t tried;	 /* of them, whatever came of it */
	bool loads;	 /* the program does: it was loaded */
};

/* NULL: there is no such rule. */
const char *ready_rule_name(unsigned int rule);

/* What it takes, and what is said when that is not so. */
const char *ready_rule_meaning(enum ready_rule rule);
const char *ready_rule_lack(enum ready_rule rule);

bool ready_by_rule(enum ready_rule rule, const struct ready_facts *facts);

#endif
