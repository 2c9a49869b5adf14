// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The rules of readiness, a row each.
 */
#include "agent/ready_rule.h"

static bool all_attached(const struct ready_facts *facts)
{
	return facts->wanted && facts->attached == facts->wanted;
}

static bool any_attached(const struct ready_facts *facts)
{
	return facts->attached;
}

static bool all_tried(const struct ready_facts *facts)
{
	return facts->loads && facts->tried == facts->wanted;
}

static const struct row {
	const char *name, *meaning, *lack;
	bool (*judge)(const struct ready_facts *facts);
} rows[READY_RULE_MAX] = {
	[READY_ALL] = { "all", "an interface is wanted, and every such one is attached",
			"The classifier is not attached to every interface that is wanted.",
			all_attached },
	[READY_ANY] = { "any", "an interface that is wanted is attached",
			"The classifier is attached to no interface.", any_attached },
	[READY_RUNNING] = { "running",
			    "the program loads, and attaching to every interface that is wanted"
			    " was tried",
			    "The program was not loaded yet, or not every interface that is wanted"
			    " was tried.",
			    all_tried },
};

const char *ready_rule_name(unsigned int rule)
{
	return rule < READY_RULE_MAX ? rows[rule].name : NULL;
}

const char *ready_rule_meaning(enum ready_rule rule)
{
	return rows[rule].meaning;
}

const char *ready_rule_lack(enum ready_rule rule)
{
	return rows[rule].lack;
}

bool ready_by_rule(enum ready_rule rule, const struct ready_facts *facts)
{
	return rows[rule].judge(facts);
}
