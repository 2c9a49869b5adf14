// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What is kept of a snapshot adds up to the whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "model/condense.h"
#include "snapshots.h"

struct condensed {
	struct series *series;
	struct snapshot whole, kept;
	struct series_fold fold;
};

static struct condensed condense(unsigned int series_max)
{
	struct condensed made = { .series = series_new(series_max), .whole = snapshot_sample() };

	assert_non_null(made.series);
	assert_int_equal(series_fold_open(&made.fold, made.series, &made.whole, 1), 0);
	assert_int_equal(snapshot_condense(&made.kept, &made.whole, made.series, &made.fold), 0);
	return made;
}

static void release(struct condensed *made)
{
	snapshot_close(&made->whole);
	series_fold_close(&made->fold);
	snapshot_close(&made->kept);
	series_free(made->series);
}

static void check_same(struct counter one, struct counter other)
{
	assert_int_equal(one.packets, other.packets);
	assert_int_equal(one.bytes, other.bytes);
}

/* With room for all services, for some, for none. */
static void it_adds_up_to_the_same(void **state)
{
	(void)state;
	for (unsigned int most = 0; most < 9; most++) {
		struct condensed made = condense(most);

		check_same(snapshot_total(&made.kept, DIRECTION_RX),
			   snapshot_total(&made.whole, DIRECTION_RX));
		for (enum class class = 0; class < CLASS_MAX; class ++)
			check_same(snapshot_class(&made.kept, DIRECTION_RX, class),
				   snapshot_class(&made.whole, DIRECTION_RX, class));
		release(&made);
	}
}

static void it_holds_what_is_shown_and_the_sums(void **state)
{
	struct condensed made = condense(1);
	size_t others = 0, shown = 0;

	(void)state;
	for (size_t i = 0; i < made.kept.count; i++)
		others += !strcmp(made.kept.services[i].assignment->service, SERVICE_OTHER);
	for (size_t i = 0; i < made.whole.count; i++)
		shown += series_shows(made.series, &made.whole.services[i]);
	assert_true(shown >= 1 && others >= 1);
	assert_int_equal(made.kept.count, shown + others);
	release(&made);
}

/* The whole is gone; what is left of it is read, under ASan. */
static void lines_point_into_what_is_kept(void **state)
{
	struct condensed made = condense(3);

	(void)state;
	snapshot_close(&made.whole);
	for (size_t i = 0; i < made.fold.count; i++) {
		const struct assignment *assignment = made.fold.lines[i].assignment;

		assert_in_range(assignment - made.kept.assignments, 0, made.kept.count - 1);
		assert_true(series_service(assignment)[0]);
	}
	made.whole = (struct snapshot){ 0 };
	release(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_adds_up_to_the_same),
		cmocka_unit_test(it_holds_what_is_shown_and_the_sums),
		cmocka_unit_test(lines_point_into_what_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
