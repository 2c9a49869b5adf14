// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What changed from one registry to another.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "difference.h"

#define CHANGES_MAX 4

struct side {
	struct registry registry;
	struct registry overlay;
	struct port_table table;
};

/* @overlay may be NULL. */
static struct side *side_new(const char *text, const char *overlay)
{
	struct diagnostics diagnostics = { 0 };
	struct side *side = calloc(1, sizeof(*side));
	struct port_table_input input = {
		.ephemeral_first = EPHEMERAL_FIRST_DEFAULT,
		.ephemeral_last = EPHEMERAL_LAST_DEFAULT,
	};

	assert_non_null(side);
	input.registry = &side->registry;
	assert_int_equal(
		registry_parse(&side->registry, "services", text, strlen(text), NULL, &diagnostics),
		0);
	if (overlay)
		assert_int_equal(registry_parse(&side->overlay, "overlay", overlay, strlen(overlay),
						NULL, &diagnostics),
				 0);
	input.overlays = &side->overlay;
	input.overlays_count = overlay ? 1 : 0;
	assert_int_equal(port_table_compile(&side->table, &input, &diagnostics), 0);
	return side;
}

static void side_free(struct side *side)
{
	port_table_close(&side->table);
	registry_close(&side->overlay);
	registry_close(&side->registry);
	free(side);
}

#define HEADER \
	"Service Name,Port Number,Transport Protocol,Description,Assignment Notes\n" \
	"same,1,tcp,,\n"

/* clang-format off */

static const struct difference_case {
	const char *name;
	const char *before, *after;
	struct expectation {
		enum change_kind kind;
		enum transport transport;
		uint16_t first, last;
		const char *before, *after;	/* services */
	} want[CHANGES_MAX];
	size_t count;
} difference_cases[] = {
	{ "nothing", HEADER "a,80,tcp,,\n", HEADER "a,80,tcp,,\n", { { 0 } }, 0 },
	{ "rows in another order", HEADER "a,80,tcp,,\nb,81,tcp,,\n",
	  HEADER "b,81,tcp,,\na,80,tcp,,\n", { { 0 } }, 0 },
	{ "added", HEADER, HEADER "a,80,tcp,,\n",
	  { { CHANGE_ADDED, TRANSPORT_TCP, 80, 80, "", "a" } }, 1 },
	{ "removed", HEADER "a,80,udp,,\n", HEADER,
	  { { CHANGE_REMOVED, TRANSPORT_UDP, 80, 80, "a", "" } }, 1 },
	{ "renamed", HEADER "a,80,tcp,,\n", HEADER "b,80,tcp,,\n",
	  { { CHANGE_CHANGED, TRANSPORT_TCP, 80, 80, "a", "b" } }, 1 },
	{ "another alias", HEADER "a,80,tcp,,\n",
	  HEADER "a,80,tcp,,\nb,80,tcp,,\"This entry is an alias to \"\"a\"\"\"\n",
	  { { CHANGE_CHANGED, TRANSPORT_TCP, 80, 80, "a", "a" } }, 1 },
	{ "another transport", HEADER "a,80,tcp,,\n", HEADER "a,80,udp,,\n",
	  { { CHANGE_REMOVED, TRANSPORT_TCP, 80, 80, "a", "" },
	    { CHANGE_ADDED, TRANSPORT_UDP, 80, 80, "", "a" } }, 2 },
	{ "a range is one", HEADER, HEADER "a,6000-6063,tcp,,\n",
	  { { CHANGE_ADDED, TRANSPORT_TCP, 6000, 6063, "", "a" } }, 1 },
	{ "a longer range", HEADER "a,6000-6063,tcp,,\n", HEADER "a,6000-6070,tcp,,\n",
	  { { CHANGE_ADDED, TRANSPORT_TCP, 6064, 6070, "", "a" } }, 1 },
	{ "a hole", HEADER "a,6000-6063,,,\n", HEADER "a,6000-6063,,,\nb,6010,tcp,,\n",
	  { { CHANGE_CHANGED, TRANSPORT_TCP, 6010, 6010, "a", "b" } }, 1 },
	{ "neighbours of different names", HEADER, HEADER "a,80,tcp,,\nb,81,tcp,,\n",
	  { { CHANGE_ADDED, TRANSPORT_TCP, 80, 80, "", "a" },
	    { CHANGE_ADDED, TRANSPORT_TCP, 81, 81, "", "b" } }, 2 },
	{ "neighbours of different names, removed", HEADER "a,80,tcp,,\nb,81,tcp,,\n", HEADER,
	  { { CHANGE_REMOVED, TRANSPORT_TCP, 80, 80, "a", "" },
	    { CHANGE_REMOVED, TRANSPORT_TCP, 81, 81, "b", "" } }, 2 },
	{ "transports side by side", HEADER, HEADER "a,80-81,,,\n",
	  { { CHANGE_ADDED, TRANSPORT_TCP, 80, 81, "", "a" },
	    { CHANGE_ADDED, TRANSPORT_UDP, 80, 81, "", "a" } }, 2 },
	{ "ports apart", HEADER, HEADER "a,80,tcp,,\na,82,tcp,,\n",
	  { { CHANGE_ADDED, TRANSPORT_TCP, 80, 80, "", "a" },
	    { CHANGE_ADDED, TRANSPORT_TCP, 82, 82, "", "a" } }, 2 },
	{ "two classes", HEADER, HEADER "a,1023-1024,tcp,,\n",
	  { { CHANGE_ADDED, TRANSPORT_TCP, 1023, 1023, "", "a" },
	    { CHANGE_ADDED, TRANSPORT_TCP, 1024, 1024, "", "a" } }, 2 },
	{ "across the ephemeral border", HEADER, HEADER "a,32767-32768,tcp,,\n",
	  { { CHANGE_ADDED, TRANSPORT_TCP, 32767, 32768, "", "a" } }, 1 },
	{ "reserved", HEADER, HEADER ",80,tcp,Reserved,\n",
	  { { CHANGE_CHANGED, TRANSPORT_TCP, 80, 80, "", "" } }, 1 },
	{ "unassigned, and now it says so", HEADER, HEADER ",80,tcp,Unassigned,\n", { { 0 } }, 0 },
};

/* clang-format on */

static void check_change(const char *name, const struct change *change,
			 const struct expectation *want)
{
	if (change->kind != want->kind || change->transport != want->transport ||
	    change->first != want->first || change->last != want->last ||
	    strcmp(change->before->service, want->before) ||
	    strcmp(change->after->service, want->after))
		fail_msg("%s: %s %u-%u/%s '%s' '%s'", name, change_kind_name(change->kind),
			 change->first, change->last, transport_name(change->transport),
			 change->before->service, change->after->service);
}

static void changes_are_told_once_for_neighbours(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(difference_cases) / sizeof(difference_cases[0]); i++) {
		const struct difference_case *c = &difference_cases[i];
		struct side *before = side_new(c->before, NULL), *after = side_new(c->after, NULL);
		struct difference difference;

		assert_int_equal(difference_open(&difference, &before->table, &after->table), 0);
		if (difference.count != c->count)
			fail_msg("%s: %zu changes", c->name, difference.count);
		for (size_t n = 0; n < c->count; n++)
			check_change(c->name, &difference.changes[n], &c->want[n]);
		difference_close(&difference);
		side_free(before);
		side_free(after);
	}
}

static void whose_word_it_is_makes_a_difference(void **state)
{
	struct side *before = side_new("a 80/tcp\n", NULL);
	struct side *after = side_new("a 80/tcp\n", "a 80/tcp\n");
	struct difference difference;

	(void)state;
	assert_int_equal(difference_open(&difference, &before->table, &after->table), 0);
	assert_int_equal(difference.count, 1);
	assert_int_equal(difference.changes[0].kind, CHANGE_CHANGED);
	assert_int_equal(difference.changes[0].before->origin, ORIGIN_REGISTRY);
	assert_int_equal(difference.changes[0].after->origin, ORIGIN_OVERLAY);
	difference_close(&difference);
	side_free(before);
	side_free(after);
}

/* Each of many ports apart is a change of its own: the array grows. */
static void many_changes_are_all_told(void **state)
{
	struct side *before = side_new("same 1/tcp\n", NULL), *after;
	struct difference difference;
	char *text = malloc(1000 * 32), *end = text;

	(void)state;
	assert_non_null(text);
	for (unsigned int port = 2000; port < 4000; port += 2)
		end += sprintf(end, "s%u %u/udp\n", port, port);
	after = side_new(text, NULL);
	assert_int_equal(difference_open(&difference, &before->table, &after->table), 0);
	assert_int_equal(difference.count, 1 + 1000);
	assert_int_equal(difference.changes[0].kind, CHANGE_REMOVED);
	for (size_t i = 1; i < difference.count; i++)
		assert_int_equal(difference.changes[i].first, 2000 + 2 * (i - 1));
	difference_close(&difference);
	assert_null(difference.changes);
	side_free(before);
	side_free(after);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_are_told_once_for_neighbours),
		cmocka_unit_test(whose_word_it_is_makes_a_difference),
		cmocka_unit_test(many_changes_are_all_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
