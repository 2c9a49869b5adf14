// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Sums and differences of snapshots.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "model/snapshot.h"
#include "snapshots.h"

static void check_equal(const struct counter *left, const struct counter *right)
{
	assert_int_equal(left->packets, right->packets);
	assert_int_equal(left->bytes, right->bytes);
}

static void classes_and_reasons_are_the_total(void **state)
{
	struct snapshot snapshot = snapshot_sample();
	struct counter total = snapshot_total(&snapshot, DIRECTION_RX), sum = { 0 };

	(void)state;
	for (enum class class = 0; class < CLASS_MAX; class ++) {
		struct counter part = snapshot_class(&snapshot, DIRECTION_RX, class);

		assert_int_not_equal(part.packets, 0);
		counter_add(&sum, &part);
	}
	for (int reason = 0; reason < REASON_MAX; reason++)
		counter_add(&sum, &snapshot.unclassified[DIRECTION_RX][reason]);
	check_equal(&sum, &total);
	snapshot_close(&snapshot);
}

static void both_sides_are_a_service(void **state)
{
	const struct service service = { .traffic = { { 3, 300 }, { 4, 4000 } } };
	const struct counter expected = { 7, 4300 };
	struct counter sum = service_sum(&service);

	(void)state;
	check_equal(&sum, &expected);
}

/* All of it counts as new. */
static void check_from_zero(const struct snapshot *before, const struct snapshot *after)
{
	struct counter expected = snapshot_total(after, DIRECTION_RX), total;
	struct snapshot difference;

	assert_int_equal(snapshot_difference(&difference, before, after), 0);
	total = snapshot_total(&difference, DIRECTION_RX);
	check_equal(&total, &expected);
	assert_int_equal(difference.count, after->count);
	snapshot_close(&difference);
}

static void a_difference_is_what_came_between(void **state)
{
	struct snapshot before = snapshot_sample(), after = snapshot_sample(), difference;
	const struct counter expected = { 5, 500 };
	struct counter total;

	(void)state;
	after.services[2].traffic.from.packets += 4;
	after.services[2].traffic.from.bytes += 440;
	after.unclassified[DIRECTION_RX][REASON_ARP].packets += 1;
	after.unclassified[DIRECTION_RX][REASON_ARP].bytes += 60;
	assert_int_equal(snapshot_difference(&difference, &before, &after), 0);
	total = snapshot_total(&difference, DIRECTION_RX);
	check_equal(&total, &expected);
	assert_int_equal(difference.services[2].traffic.from.packets, 4);
	assert_int_equal(difference.unclassified[DIRECTION_RX][REASON_ARP].bytes, 60);
	snapshot_close(&difference);
	snapshot_close(&before);
	snapshot_close(&after);
}

static void new_services_count_from_zero(void **state)
{
	struct snapshot before = snapshot_sample(), after = snapshot_sample(), difference;
	struct counter expected = service_sum(&after.services[4]), total;

	(void)state;
	memmove(&before.services[4], &before.services[5], 2 * sizeof(before.services[0]));
	before.count--;
	assert_int_equal(snapshot_difference(&difference, &before, &after), 0);
	total = snapshot_total(&difference, DIRECTION_RX);
	check_equal(&total, &expected);
	snapshot_close(&difference);
	snapshot_close(&before);
	snapshot_close(&after);
}

static void counters_that_go_backwards_count_from_zero(void **state)
{
	struct snapshot before = snapshot_sample(), after = snapshot_sample();
	struct snapshot nothing = { 0 };

	(void)state;
	check_from_zero(&nothing, &after);
	after.services[2].traffic.to.packets--;
	check_from_zero(&before, &after);
	after.services[2].traffic.to.packets++;
	after.unclassified[DIRECTION_RX][REASON_ICMP].bytes--;
	check_from_zero(&before, &after);
	snapshot_close(&before);
	snapshot_close(&after);
}

/* Detached and attached again in between, and there was more to count since. */
static void another_attachment_counts_from_zero(void **state)
{
	struct snapshot before = snapshot_sample(), after = snapshot_sample();

	(void)state;
	after.since = before.since + 1;
	for (size_t i = 0; i < after.count; i++)
		counter_add(&after.services[i].traffic.to, &after.services[i].traffic.from);
	check_from_zero(&before, &after);
	snapshot_close(&before);
	snapshot_close(&after);
}

/* The date of `since` moves when the clock is set; what it is by the boot clock does not. */
static void a_clock_that_is_set_is_no_other_attachment(void **state)
{
	struct snapshot before = snapshot_sample(), after = snapshot_sample(), difference;
	struct counter total;

	(void)state;
	after.taken.boot++;
	after.taken.wall += 30 * 365 * 86400 * NANOSECONDS;
	assert_int_equal(snapshot_difference(&difference, &before, &after), 0);
	total = snapshot_total(&difference, DIRECTION_RX);
	assert_int_equal(total.packets, 0);
	snapshot_close(&difference);
	snapshot_close(&before);
	snapshot_close(&after);
}

/* A wrapped counter is the same attachment's, and the others of it go on. */
static void counters_go_round(void **state)
{
	struct snapshot before = snapshot_sample(), after = snapshot_sample(), difference;
	struct counter total;

	(void)state;
	before.services[2].traffic.to = (struct counter){ UINT64_MAX - 1, UINT64_MAX - 99 };
	after.services[2].traffic.to = (struct counter){ 3, 400 };
	after.services[0].traffic.from.packets += 7;
	before.unclassified[DIRECTION_RX][REASON_ARP] = (struct counter){ 5, UINT64_MAX };
	after.unclassified[DIRECTION_RX][REASON_ARP] = (struct counter){ 6, 59 };
	assert_int_equal(snapshot_difference(&difference, &before, &after), 0);
	assert_int_equal(difference.services[2].traffic.to.packets, 5);
	assert_int_equal(difference.services[2].traffic.to.bytes, 500);
	total = snapshot_total(&difference, DIRECTION_RX);
	assert_int_equal(total.packets, 5 + 7 + 1);
	assert_int_equal(total.bytes, 500 + 60);
	snapshot_close(&difference);
	snapshot_close(&before);
	snapshot_close(&after);
}

static void a_total_that_went_round_is_told(void **state)
{
	struct snapshot snapshot = snapshot_sample();

	(void)state;
	assert_false(snapshot_overflows(&snapshot, DIRECTION_RX));
	snapshot.unclassified[DIRECTION_RX][REASON_ICMP].bytes = UINT64_MAX;
	assert_true(snapshot_overflows(&snapshot, DIRECTION_RX));
	snapshot.unclassified[DIRECTION_RX][REASON_ICMP].bytes = 0;
	snapshot.services[1].traffic.to.packets = 1ull << 63;
	assert_false(snapshot_overflows(&snapshot, DIRECTION_RX));
	snapshot.services[2].traffic.from.packets = 1ull << 63;
	assert_true(snapshot_overflows(&snapshot, DIRECTION_RX));
	snapshot_close(&snapshot);
}

static void unsay_transport(struct snapshot *snapshot)
{
	snapshot->assignments[1].transport = TRANSPORT_MAX;
}

static void unsay_class(struct snapshot *snapshot)
{
	snapshot->assignments[2].class = CLASS_MAX;
}

static void unsay_status(struct snapshot *snapshot)
{
	snapshot->assignments[3].status = 255;
}

static void unsay_origin(struct snapshot *snapshot)
{
	snapshot->assignments[4].origin = ORIGIN_MAX;
}

static void unsay_rule(struct snapshot *snapshot)
{
	snapshot->info.count_by = COUNT_BY_MAX;
}

static void prolong_service(struct snapshot *snapshot)
{
	memset(snapshot->assignments[6].service, 'a', SERVICE_SIZE);
}

static void prolong_aliases(struct snapshot *snapshot)
{
	memset(snapshot->assignments[6].aliases, 'a', ALIASES_SIZE);
}

static void prolong_registry(struct snapshot *snapshot)
{
	memset(snapshot->info.registry_name, 'a', REGISTRY_NAME_SIZE);
}

static void prolong_date(struct snapshot *snapshot)
{
	memset(snapshot->info.registry_date, '1', DATE_SIZE);
}

/* What is printed by its number in a table, or up to its NUL, must be within it. */
static void what_another_program_wrote_is_not_sound(void **state)
{
	static void (*const spoilers[])(struct snapshot *) = {
		unsay_transport, unsay_class,	  unsay_status,	    unsay_origin, unsay_rule,
		prolong_service, prolong_aliases, prolong_registry, prolong_date,
	};
	struct snapshot snapshot = snapshot_sample();

	(void)state;
	assert_true(snapshot_is_sound(&snapshot));
	snapshot_close(&snapshot);
	for (size_t i = 0; i < sizeof(spoilers) / sizeof(spoilers[0]); i++) {
		snapshot = snapshot_sample();
		spoilers[i](&snapshot);
		if (snapshot_is_sound(&snapshot))
			fail_msg("spoiler %zu", i);
		snapshot_close(&snapshot);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes_and_reasons_are_the_total),
		cmocka_unit_test(both_sides_are_a_service),
		cmocka_unit_test(a_difference_is_what_came_between),
		cmocka_unit_test(new_services_count_from_zero),
		cmocka_unit_test(counters_that_go_backwards_count_from_zero),
		cmocka_unit_test(another_attachment_counts_from_zero),
		cmocka_unit_test(a_clock_that_is_set_is_no_other_attachment),
		cmocka_unit_test(counters_go_round),
		cmocka_unit_test(a_total_that_went_round_is_told),
		cmocka_unit_test(what_another_program_wrote_is_not_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
