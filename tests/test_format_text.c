// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The text table: its width, its sums, its order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "print/format.h"
#include "snapshots.h"

#define WIDTH 80

static char *print(const struct snapshot *snapshot, const struct format_options *options)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	assert_non_null(to);
	assert_int_equal(format_text(to, snapshot, options), 0);
	fclose(to);
	return text;
}

/* Columns that a terminal shows: no escapes, one for each UTF-8 character. */
static size_t width_of(const char *line, size_t size)
{
	size_t width = 0;

	for (size_t i = 0; i < size; i++) {
		if (line[i] == '\033')
			while (line[i] != 'm')
				i++;
		else if ((line[i] & 0xc0) != 0x80)
			width++;
	}
	return width;
}

static void check_width(const char *name, const char *text)
{
	while (*text) {
		size_t size = strcspn(text, "\n");

		if (width_of(text, size) > WIDTH)
			fail_msg("%s: wider than %d: %.*s", name, WIDTH, (int)size, text);
		text += size + 1;
	}
}

static const struct look {
	const char *name;
	struct format_options options;
} looks[] = {
	{ "plain", { .exact = false } },
	{ "exact", { .exact = true } },
	{ "all, exact", { .exact = true, .ranking = { .all = true } } },
	{ "for a terminal", { .colour = true, .unicode = true } },
	{ "exact, for a terminal", { .exact = true, .colour = true, .unicode = true } },
	{ "limited", { .ranking = { .limit = 1 } } },
	{ "rates", { .interval = 1003000000 } },
	{ "rates in full", { .interval = 1003000000, .exact = true } },
	{ "rates in a very short time", { .interval = 10000000, .exact = true } },
};

static void never_wider_than_80_columns(void **state)
{
	struct snapshot (*const makers[])(void) = { snapshot_sample, snapshot_extreme };

	(void)state;
	for (size_t maker = 0; maker < 2; maker++) {
		struct snapshot snapshot = makers[maker]();

		for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
			char *text = print(&snapshot, &looks[i].options);

			check_width(looks[i].name, text);
			free(text);
		}
		snapshot_close(&snapshot);
	}
}

static void plain_text_is_ascii(void **state)
{
	struct format_options options = { 0 };
	struct snapshot snapshot = snapshot_sample();
	char *text;

	(void)state;
	strcpy(snapshot.assignments[1].service, "evil\033[2J\x9b");
	strcpy(snapshot.interface, "a\033[31m\x9b");
	strcpy(snapshot.info.registry_name, "b\x9b\n");
	text = print(&snapshot, &options);
	for (const char *c = text; *c; c++)
		if (*c != '\n' && (*c < ' ' || *c > '~'))
			fail_msg("byte %#x in: %s", (unsigned char)*c, text);
	assert_non_null(strstr(text, "evil\\x1b[2J\\x9b"));
	assert_non_null(strstr(text, "a\\x1b[31m\\x9b: received"));
	assert_non_null(strstr(text, "registry b? of"));
	free(text);
	snapshot_close(&snapshot);
}

/* The numbers at the end of a line, the share behind them left out; how many they are. */
static size_t read_numbers(const char *line, unsigned long long numbers[4])
{
	char copy[512], *words[32], *rest = NULL;
	size_t found = 0, first;

	snprintf(copy, sizeof(copy), "%.*s", (int)strcspn(line, "\n"), line);
	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		words[found++] = word;
	if (found && strchr(words[found - 1], '%'))
		found--;
	for (first = found;
	     first && strspn(words[first - 1], "0123456789") == strlen(words[first - 1]);)
		first--;
	assert_true(found - first <= 4);
	for (size_t i = first; i < found; i++)
		numbers[i - first] = strtoull(words[i], NULL, 10);
	return found - first;
}

struct sums {
	unsigned long long services[2], classes[2], reasons[2], total[2];
};

static void add(unsigned long long sum[2], const unsigned long long numbers[2])
{
	sum[0] += numbers[0];
	sum[1] += numbers[1];
}

/* What a reader with a pencil makes of the table. */
static struct sums add_up(const char *text)
{
	struct sums sums = { 0 };
	int rules = 0;

	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		unsigned long long numbers[4];
		size_t count = read_numbers(line, numbers);

		rules += *line == '-';
		for (size_t i = 0; rules == 1 && i + 1 < count; i += 2)
			add(sums.services, numbers + i);
		if (rules != 2 || count != 2)
			continue;
		if (strncmp(line, "total", 5) == 0)
			add(sums.total, numbers);
		else if (memmem(line, strcspn(line, "\n"), "no port", 7))
			add(sums.reasons, numbers);
		else
			add(sums.classes, numbers);
	}
	return sums;
}

static void what_is_shown_adds_up(void **state)
{
	struct snapshot snapshot = snapshot_sample();
	struct counter total = snapshot_total(&snapshot, DIRECTION_RX);

	(void)state;
	for (unsigned int limit = 0; limit < 9; limit++) {
		struct format_options options = { .exact = true, .ranking = { .limit = limit } };
		char *text = print(&snapshot, &options);
		struct sums sums = add_up(text);

		assert_int_equal(sums.total[0], total.packets);
		assert_int_equal(sums.total[1], total.bytes);
		for (int i = 0; i < 2; i++) {
			assert_int_equal(sums.services[i], sums.classes[i]);
			assert_int_equal(sums.classes[i] + sums.reasons[i], sums.total[i]);
		}
		free(text);
	}
	snapshot_close(&snapshot);
}

/* Some line has the name first, then the port. */
static void check_label(const char *text, const char *name, const char *port)
{
	const char *found = strstr(text, port);

	assert_non_null(found);
	while (found > text && found[-1] != '\n')
		found--;
	if (strncmp(found, name, strlen(name)) != 0 ||
	    found + strlen(name) + strspn(found + strlen(name), " ") != strstr(text, port))
		fail_msg("%s is not called %s: %s", port, name, found);
}

static void nameless_assignments_are_readable(void **state)
{
	struct format_options options = { 0 };
	struct snapshot snapshot = snapshot_sample();
	char *text = print(&snapshot, &options);

	(void)state;
	check_label(text, "unassigned", "1024-32767/tcp");
	check_label(text, "dynamic", "49152-65535/udp");
	check_label(text, "x11", "6000-6063/tcp");
	assert_null(strstr(text, "\nssh "));
	free(text);
	options.ranking.all = true;
	text = print(&snapshot, &options);
	assert_non_null(strstr(text, "\nssh "));
	assert_non_null(strstr(text, "\nfragment "));
	free(text);
	snapshot_close(&snapshot);
}

static void retire(struct snapshot *snapshot)
{
	snapshot->assignments[3].status = STATUS_RETIRED;
	snapshot->assignments[4].status = STATUS_RETIRED;
	strcpy(snapshot->assignments[4].aliases, "unassigned");
	snapshot->assignments[6].status = STATUS_RETIRED;
}

static void retired_services_keep_their_names_and_say_so(void **state)
{
	struct format_options options = { .exact = true };
	struct snapshot snapshot = snapshot_sample();
	char *text;

	(void)state;
	retire(&snapshot);
	text = print(&snapshot, &options);
	check_width("retired", text);
	check_label(text, "x11", "6000-6063/tcp retired");
	check_label(text, "unassigned", "1024-32767/tcp retired");
	assert_non_null(strstr(text, "50000-50010/sctp retired"));
	assert_null(strstr(text, "443/tcp retired"));
	free(text);
	snapshot_close(&snapshot);
}

static size_t count_lines(const char *text)
{
	size_t lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* Whatever fits is shown, what does not is summed up, one service is there at least. */
static void as_many_services_as_there_are_lines_for(void **state)
{
	struct snapshot (*const makers[])(void) = { snapshot_sample, snapshot_extreme };

	(void)state;
	for (size_t maker = 0; maker < 2; maker++) {
		struct snapshot snapshot = makers[maker]();
		struct format_options options = { 0 };
		char *all = print(&snapshot, &options), *text;
		size_t whole = count_lines(all), least;

		options.ranking.limit = 1;
		text = print(&snapshot, &options);
		least = count_lines(text);
		free(text);
		options.ranking.limit = 0;
		for (options.lines = 1; options.lines < whole + 3; options.lines++) {
			bool fits = options.lines >= whole;

			text = print(&snapshot, &options);
			if (fits)
				assert_string_equal(text, all);
			else
				assert_non_null(strstr(text, " more"));
			assert_true(count_lines(text) <= options.lines ||
				    count_lines(text) == least);
			assert_true(fits || count_lines(text) + 2 > options.lines);
			free(text);
		}
		free(all);
		snapshot_close(&snapshot);
	}
}

static void an_empty_snapshot_says_so(void **state)
{
	struct format_options options = { .unicode = true };
	struct snapshot snapshot = { .directions = { DIRECTION_RX }, .directions_count = 1 };
	char *text = print(&snapshot, &options);

	(void)state;
	assert_non_null(strstr(text, "not attached"));
	assert_non_null(strstr(text, "\nno packet\n"));
	free(text);
}

static const struct order {
	enum ranking_by by;
	const char *first[4];
} orders[] = {
	{ RANKING_BY_PACKETS, { "https", "dynamic", "unassigned", "domain" } },
	{ RANKING_BY_BYTES, { "namespace", "https", "dynamic", "unassigned" } },
	{ RANKING_BY_PORT, { "domain", "https", "unassigned", "x11" } },
};

static void services_are_in_order(void **state)
{
	struct snapshot snapshot = snapshot_sample();

	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct format_options options = { .ranking.by = orders[i].by };
		char *text = print(&snapshot, &options);
		const char *line = strchr(strstr(text, "\nservice ") + 1, '\n') + 1;

		for (size_t j = 0; j < 4; j++) {
			if (strncmp(line, orders[i].first[j], strlen(orders[i].first[j])) != 0)
				fail_msg("by %s: expected %s, got: %s",
					 ranking_by_name(orders[i].by), orders[i].first[j], line);
			line += strcspn(line, "\n") + 1;
		}
		free(text);
	}
	snapshot_close(&snapshot);
}

/* A part of it can be greater than all of it: no bar is as long as that, and no share true. */
static void a_total_that_went_round_has_no_shares(void **state)
{
	struct snapshot snapshot = snapshot_sample();

	(void)state;
	snapshot.services[0].traffic.to.packets = UINT64_MAX;
	snapshot.services[1].traffic.from.bytes = UINT64_MAX;
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		char *text = print(&snapshot, &looks[i].options);

		check_width(looks[i].name, text);
		assert_null(strchr(text, '%'));
		assert_null(strstr(text, "nan"));
		free(text);
	}
	snapshot_close(&snapshot);
}

/* Attached before somebody set the clock by decades: the age is what it was. */
static void a_clock_that_is_set_changes_no_age(void **state)
{
	struct format_options options = { 0 };
	struct snapshot snapshot = snapshot_sample();
	char *text;

	(void)state;
	text = print(&snapshot, &options);
	assert_non_null(strstr(text, " since 2026-09-21 14:13:20 UTC, 3 h 5 min ago\n"));
	free(text);
	snapshot.taken.wall -= 960000000 * NANOSECONDS;
	text = print(&snapshot, &options);
	assert_non_null(strstr(text, " since 1996-04-20 11:33:20 UTC, 3 h 5 min ago\n"));
	free(text);
	snapshot_close(&snapshot);
}

/* Before 1970, yet to come, not told. */
static void a_moment_that_can_not_be_is_not_shown(void **state)
{
	struct format_options options = { 0 };
	const struct {
		uint64_t since, wall;
	} rows[] = { { SNAPSHOT_SINCE, NANOSECONDS }, { UINT64_MAX, 0 }, { 0, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct snapshot snapshot = snapshot_sample();
		char *text;

		snapshot.since = rows[i].since;
		if (rows[i].wall)
			snapshot.taken.wall = rows[i].wall;
		text = print(&snapshot, &options);
		assert_null(strstr(text, "since"));
		free(text);
		snapshot_close(&snapshot);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(never_wider_than_80_columns),
		cmocka_unit_test(plain_text_is_ascii),
		cmocka_unit_test(what_is_shown_adds_up),
		cmocka_unit_test(nameless_assignments_are_readable),
		cmocka_unit_test(retired_services_keep_their_names_and_say_so),
		cmocka_unit_test(as_many_services_as_there_are_lines_for),
		cmocka_unit_test(an_empty_snapshot_says_so),
		cmocka_unit_test(services_are_in_order),
		cmocka_unit_test(a_total_that_went_round_has_no_shares),
		cmocka_unit_test(a_clock_that_is_set_changes_no_age),
		cmocka_unit_test(a_moment_that_can_not_be_is_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
