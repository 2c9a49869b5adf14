// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The words behind a command, and what its table says of them.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cli/command.h"
#include "base/outcome.h"
#include "base/quantity.h"

struct values {
	const char *file;
	const char *interface;
	const char *directory;
	struct words overlays;
	unsigned int limit;
	unsigned int interval;
	unsigned int by;
	struct port_range ports;
	bool all;
};

static const char *choose(unsigned int index)
{
	static const char *const names[] = { "packets", "bytes" };

	return names[index];
}

static const struct argument table[] = {
	{ ARGUMENT_WORD, NULL, "FILE", "a file", .offset = offsetof(struct values, file),
	  .required = true },
	{ ARGUMENT_WORD, "dev", "IFACE", "an interface",
	  .offset = offsetof(struct values, interface) },
	{ ARGUMENT_WORD, "pin", "DIR", "or pins", .offset = offsetof(struct values, directory),
	  .alternative = true },
	{ ARGUMENT_WORDS, "overlay", "FILE", "files", .offset = offsetof(struct values, overlays) },
	{ ARGUMENT_NUMBER, "limit", "N", "a number", .offset = offsetof(struct values, limit),
	  .minimum = 1, .maximum = 65536 },
	{ ARGUMENT_SECONDS, "interval", "S", "a time", .offset = offsetof(struct values, interval),
	  .minimum = 10, .maximum = 3600000 },
	{ ARGUMENT_CHOICE, "by", NULL, "an order", .offset = offsetof(struct values, by),
	  .choice = choose, .choices = 2 },
	{ ARGUMENT_PORTS, "ports", "A-B", "ports", .offset = offsetof(struct values, ports) },
	{ ARGUMENT_FLAG, "all", NULL, "a flag", .offset = offsetof(struct values, all) },
	{ .kind = ARGUMENT_END },
};

static int parse(const char *words, struct values *values, char *storage, size_t size)
{
	char *argv[32], *rest = NULL;
	int argc = 0;

	snprintf(storage, size, "%s", words);
	for (char *word = strtok_r(storage, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	return arguments_parse("try", table, argc, argv, values);
}

static void words_fill_fields(void **state)
{
	struct values values = { 0 };
	char storage[256];

	(void)state;
	assert_int_equal(parse("dev eth0 overlay a f overlay b limit 65536 interval 1.25 by bytes "
			       "ports 6000-6063 all",
			       &values, storage, sizeof(storage)),
			 0);
	assert_string_equal(values.file, "f");
	assert_string_equal(values.interface, "eth0");
	assert_null(values.directory);
	assert_int_equal(values.overlays.count, 2);
	assert_string_equal(values.overlays.words[1], "b");
	assert_int_equal(values.limit, 65536);
	assert_int_equal(values.interval, 1250);
	assert_int_equal(values.by, 1);
	assert_int_equal(values.ports.first, 6000);
	assert_int_equal(values.ports.last, 6063);
	assert_true(values.all);
}

static void defaults_stay(void **state)
{
	struct values values = { .limit = 7, .ports = { 1, 2 } };
	char storage[256];

	(void)state;
	assert_int_equal(parse("f", &values, storage, sizeof(storage)), 0);
	assert_int_equal(values.limit, 7);
	assert_int_equal(values.ports.last, 2);
	assert_false(values.all);
}

static const struct refusal {
	const char *name;
	const char *words;
} refusals[] = {
	{ "a required word is missing", "all" },
	{ "a word too many", "f g" },
	{ "a keyword without its value", "f dev" },
	{ "a keyword twice", "f limit 1 limit 2" },
	{ "a flag twice", "f all all" },
	{ "two alternatives", "f dev a pin b" },
	{ "two alternatives, the other way round", "f pin b dev a" },
	{ "a number below its range", "f limit 0" },
	{ "a number above its range", "f limit 65537" },
	{ "a number that overflows", "f limit 18446744073709551617" },
	{ "a negative number", "f limit -1" },
	{ "a number and more", "f limit 1x" },
	{ "no choice", "f by port" },
	{ "a part of a choice", "f by byte" },
	{ "ports reversed", "f ports 2-1" },
	{ "a port above 65535", "f ports 65536" },
	{ "half a range", "f ports 80-" },
	{ "the other half", "f ports -80" },
	{ "seconds below their range", "f interval 0.001" },
	{ "seconds above their range", "f interval 3600.001" },
	{ "seconds that overflow", "f interval 18446744073709551.617" },
	{ "a point is no time", "f interval ." },
	{ "seconds with a unit", "f interval 1s" },
};

static void bad_words_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct values values = { 0 };
		char storage[256];

		if (parse(refusals[i].words, &values, storage, sizeof(storage)) != OUTCOME_USAGE)
			fail_msg("%s: %s was taken", refusals[i].name, refusals[i].words);
	}
}

static const struct seconds {
	const char *words;
	unsigned int milliseconds;
} seconds[] = {
	{ "f interval 1", 1000 },	{ "f interval 0.5", 500 },  { "f interval .25", 250 },
	{ "f interval 2.", 2000 },	{ "f interval 0.010", 10 }, { "f interval 1.0019", 1001 },
	{ "f interval 3600", 3600000 },
};

static void seconds_may_have_decimals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		struct values values = { 0 };
		char storage[256];

		assert_int_equal(parse(seconds[i].words, &values, storage, sizeof(storage)), 0);
		assert_int_equal(values.interval, seconds[i].milliseconds);
	}
}

static void check_written(void (*write)(FILE *to, const struct argument *arguments),
			  const char *expected)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	write(to, table);
	fclose(to);
	assert_string_equal(text, expected);
	free(text);
}

static void write_usage(FILE *to, const struct argument *arguments)
{
	arguments_write_usage(to, "try", arguments);
}

static void the_table_is_the_usage_line(void **state)
{
	(void)state;
	check_written(write_usage, "usage: portclass try FILE [dev IFACE | pin DIR] [overlay "
				   "FILE]... [limit N] [interval S] "
				   "[by packets|bytes] [ports A-B] [all]");
}

static void the_table_is_what_shells_complete(void **state)
{
	(void)state;
	check_written(arguments_write_words, "-\tFILE\ta file\n"
					     "dev\tIFACE\tan interface\n"
					     "pin\tDIR\tor pins\n"
					     "overlay\tFILE\tfiles\n"
					     "limit\tN\ta number\n"
					     "interval\tS\ta time\n"
					     "by\tpackets|bytes\tan order\n"
					     "ports\tA-B\tports\n"
					     "all\t-\ta flag\n");
}

static const struct name {
	const char *words[3];
	const char *found; /* NULL: none */
	int used;
} names[] = {
	{ { "show" }, "show", 1 },
	{ { "show", "dev" }, "show", 1 },
	{ { "registry", "check", "f" }, "registry check", 2 },
	{ { "registry" }, NULL, 0 },
	{ { "registry", "chec" }, NULL, 0 },
	{ { "sho" }, NULL, 0 },
	{ { "" }, NULL, 0 },
	{ { "registry check" }, "registry check", 1 },
};

static void commands_are_found_by_their_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct command *found;
		int argc = 0, used;

		while (argc < 3 && names[i].words[argc])
			argc++;
		found = command_find(argc, (char **)names[i].words, &used);
		if (!names[i].found != !found)
			fail_msg("%s: %s", names[i].words[0], found ? "found" : "not found");
		if (!found)
			continue;
		assert_string_equal(found->name, names[i].found);
		assert_int_equal(used, names[i].used);
	}
}

static const struct quantity {
	uint64_t number;
	const char *text;
} quantities[] = {
	{ 0, "0" },
	{ 999, "999" },
	{ 1000, "1.00k" },
	{ 9994, "9.99k" },
	{ 9996, "10.0k" },
	{ 99960, "100k" },
	{ 999499, "999k" },
	{ 999500, "1.00M" },
	{ 1234567890, "1.23G" },
	{ 5000000000000, "5.00T" },
	{ UINT64_MAX, "18.4E" },
};

static void quantities_have_three_digits(void **state)
{
	char text[QUANTITY_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(quantities) / sizeof(quantities[0]); i++)
		assert_string_equal(quantity_write(text, quantities[i].number, false),
				    quantities[i].text);
	assert_string_equal(quantity_write(text, UINT64_MAX, true), "18446744073709551615");
	assert_string_equal(quantity_write_rate(text, 0.25, false), "0.25");
	assert_string_equal(quantity_write_rate(text, 0, false), "0");
	assert_string_equal(quantity_write_rate(text, 1234.56, true), "1234.6");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_fill_fields),
		cmocka_unit_test(defaults_stay),
		cmocka_unit_test(bad_words_are_refused),
		cmocka_unit_test(seconds_may_have_decimals),
		cmocka_unit_test(the_table_is_the_usage_line),
		cmocka_unit_test(the_table_is_what_shells_complete),
		cmocka_unit_test(commands_are_found_by_their_words),
		cmocka_unit_test(quantities_have_three_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
