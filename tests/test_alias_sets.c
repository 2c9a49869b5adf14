// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Sets of aliases: shared by ports that have the same, and let go of.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "alias_sets.h"

#define PORTS 1000

static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h" };

#define NAMES (sizeof(names) / sizeof(names[0]))

static void neighbours_share_a_set(void **state)
{
	uint32_t set_of[PORTS] = { 0 };
	struct alias_sets sets;

	(void)state;
	assert_int_equal(alias_sets_open(&sets), 0);
	for (size_t name = 0; name < NAMES; name++)
		for (size_t port = 0; port < PORTS; port++)
			assert_int_equal(alias_sets_add(&sets, &set_of[port], names[name], 1), 0);
	for (size_t port = 0; port < PORTS; port++)
		assert_int_equal(set_of[port], set_of[0]);
	assert_string_equal(sets.texts[set_of[0]], "a b c d e f g h");
	assert_in_range(sets.count, 1, NAMES);
	alias_sets_close(&sets);
}

/* Neighbours that differ share nothing; each has one set, whatever it had before. */
static void there_are_no_more_sets_than_ports(void **state)
{
	uint32_t set_of[PORTS] = { 0 };
	struct alias_sets sets;

	(void)state;
	assert_int_equal(alias_sets_open(&sets), 0);
	for (size_t name = 0; name < NAMES; name++)
		for (size_t port = 0; port < PORTS; port++)
			assert_int_equal(alias_sets_add(&sets, &set_of[port],
							names[(name + port) % NAMES], 1),
					 0);
	assert_string_equal(sets.texts[set_of[3]], "d e f g h a b c");
	assert_in_range(sets.count, PORTS, PORTS + 2);
	for (size_t port = 0; port < PORTS; port++)
		alias_sets_clear(&sets, &set_of[port]);
	assert_int_equal(alias_sets_add(&sets, &set_of[0], "x", 1), 0);
	assert_string_equal(sets.texts[set_of[0]], "x");
	assert_in_range(sets.count, PORTS, PORTS + 2);
	alias_sets_close(&sets);
}

/* The set that the last name led to is gone, and its number means another one. */
static void what_is_let_go_of_is_not_found_again(void **state)
{
	uint32_t first = ALIAS_SET_EMPTY, second = ALIAS_SET_EMPTY;
	struct alias_sets sets;

	(void)state;
	assert_int_equal(alias_sets_open(&sets), 0);
	assert_int_equal(alias_sets_add(&sets, &first, names[0], 1), 0);
	alias_sets_clear(&sets, &first);
	assert_int_equal(alias_sets_add(&sets, &first, names[1], 1), 0);
	assert_int_equal(alias_sets_add(&sets, &second, names[0], 1), 0);
	assert_string_equal(sets.texts[first], "b");
	assert_string_equal(sets.texts[second], "a");
	alias_sets_close(&sets);
}

static void a_set_takes_what_there_is_room_for(void **state)
{
	static const char long_name[ALIASES_SIZE - 1] = { [0 ... ALIASES_SIZE - 2] = 'x' };
	uint32_t set = ALIAS_SET_EMPTY;
	struct alias_sets sets;

	(void)state;
	assert_int_equal(alias_sets_open(&sets), 0);
	assert_int_equal(alias_sets_add(&sets, &set, long_name, sizeof(long_name)), 0);
	assert_int_equal(alias_sets_add(&sets, &set, "a", 1), -ENOSPC);
	assert_int_equal(alias_sets_add(&sets, &set, long_name, sizeof(long_name)), 0);
	assert_int_equal(strlen(sets.texts[set]), sizeof(long_name));
	alias_sets_close(&sets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbours_share_a_set),
		cmocka_unit_test(there_are_no_more_sets_than_ports),
		cmocka_unit_test(what_is_let_go_of_is_not_found_again),
		cmocka_unit_test(a_set_takes_what_there_is_room_for),
	};

	return cmocka_run_group_tests_name("alias_sets", tests, NULL, NULL);
}
