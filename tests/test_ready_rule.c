// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * When a node is ready, by each rule, and what is said of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "agent/readiness.h"

static const struct judgement {
	const char *name;
	struct ready_facts facts; /* wanted, attached, tried, loads */
	bool all, any, running;
} judgements[] = {
	{ "nothing is known", { 0, 0, 0, false }, false, false, false },
	{ "nothing is wanted, and it loads", { 0, 0, 0, true }, false, false, true },
	{ "one is wanted", { 1, 0, 0, false }, false, false, false },
	{ "one was tried in vain, and nothing loads", { 1, 0, 1, false }, false, false, false },
	{ "one was tried in vain", { 1, 0, 1, true }, false, false, true },
	{ "one is attached", { 1, 1, 1, true }, true, true, true },
	{ "one is adopted, and nothing loads", { 1, 1, 1, false }, true, true, false },
	{ "one of two is attached, the other waits", { 2, 1, 1, true }, false, true, false },
	{ "one of two is attached, the other is busy", { 2, 1, 2, true }, false, true, true },
	{ "two of two were tried in vain", { 2, 0, 2, true }, false, false, true },
	{ "two of two are attached", { 2, 2, 2, true }, true, true, true },
};

static void check(const struct judgement *row, enum ready_rule rule, bool wanted)
{
	if (ready_by_rule(rule, &row->facts) != wanted)
		fail_msg("%s: %s by %s", row->name, wanted ? "not ready" : "ready",
			 ready_rule_name(rule));
}

static void each_rule_judges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(judgements) / sizeof(judgements[0]); i++) {
		check(&judgements[i], READY_ALL, judgements[i].all);
		check(&judgements[i], READY_ANY, judgements[i].any);
		check(&judgements[i], READY_RUNNING, judgements[i].running);
	}
}

static void rules_have_names(void **state)
{
	(void)state;
	assert_string_equal(ready_rule_name(READY_ALL), "all");
	assert_string_equal(ready_rule_name(READY_ANY), "any");
	assert_string_equal(ready_rule_name(READY_RUNNING), "running");
	assert_null(ready_rule_name(READY_RULE_MAX));
}

static const struct words none;

/* eth0 is attached, eth1 is busy, eth2 was not tried yet. */
static void fill(struct node *node)
{
	struct node_interface *interface;

	*node = (struct node){ .wanted = &none, .unwanted = &none, .loads = true };
	for (unsigned int i = 0; i < 3; i++) {
		char name[] = { 'e', 't', 'h', (char)('0' + i), '\0' };

		interface = node_add(node, i + 1, name);
		assert_non_null(interface);
		interface->tried = i < 2;
	}
	strcpy(node_find(node, 1)->pins.directory, "/nowhere");
	strcpy(node_find(node, 2)->error, "it is busy");
}

static void says(const struct node *node, bool ready, const char *text)
{
	char *said;

	assert_int_equal(readiness_write(&said, node), ready);
	assert_string_equal(said, text);
	free(said);
}

#define REST "eth1: it is busy\neth2: not attached yet\n"
#define ALL  "ready all: an interface is wanted, and every such one is attached\n"
#define ANY  "ready any: an interface that is wanted is attached\n"
#define RUNNING \
	"ready running: the program loads, and attaching to every interface that is wanted was" \
	" tried\n"
#define NOT_RUNNING \
	"The program was not loaded yet, or not every interface that is wanted was tried.\n"

static void it_is_said_by_which_rule_and_what_is_missing(void **state)
{
	struct node node;

	(void)state;
	fill(&node);
	says(&node, false,
	     "The classifier is not attached to every interface that is wanted.\n" ALL REST);
	node.ready = READY_ANY;
	says(&node, true, "ready\n" REST);
	node.ready = READY_RUNNING;
	says(&node, false, NOT_RUNNING RUNNING REST);
	node_find(&node, 3)->tried = true;
	says(&node, true, "ready\n" REST);
	node_close(&node);
}

static void a_program_that_does_not_load_is_said(void **state)
{
	struct node node = { .wanted = &none, .unwanted = &none, .ready = READY_RUNNING };

	(void)state;
	says(&node, false,
	     NOT_RUNNING RUNNING "the program: not loaded yet\nno interface has a default route\n");
	strcpy(node.load_error, "it has a bug");
	says(&node, false,
	     NOT_RUNNING RUNNING "the program: it has a bug\nno interface has a default route\n");
	node.loads = true;
	says(&node, true, "ready\nno interface has a default route\n");
	node.ready = READY_ANY;
	says(&node, false,
	     "The classifier is attached to no interface.\n" ANY
	     "no interface has a default route\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_judges),
		cmocka_unit_test(rules_have_names),
		cmocka_unit_test(it_is_said_by_which_rule_and_what_is_missing),
		cmocka_unit_test(a_program_that_does_not_load_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
