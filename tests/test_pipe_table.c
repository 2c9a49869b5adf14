// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The reader of IANA's web page as text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "reading.h"
#include "shared_file.h"

#define HEADER \
	"Service Name | Port Number | Transport Protocol | Description | Assignee | Contact | " \
	"Registration Date | Modification Date | Reference | Service Code | " \
	"Unauthorized Use Reported | Assignment Notes |\n"
#define RULE "---|---|---|---|---|---|---|---|---|---|---|---|\n"
#define PAGE HEADER RULE

/* clang-format off */
static const struct reading readings[] = {
	{ "a plain row", PAGE "knock | 80 | tcp | Who is there | [A] | [B] | 2018-12-21 | [RFC1] | ||||\n",
	  .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 3,
		   .description = "Who is there", .reference = "[RFC1]" } },
	{ "words before and no rule behind the header",
	  "A page\nabout | ports\n" HEADER "knock | 80 | tcp ||||||||||\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4 } },
	{ "CRLF", PAGE "knock | 80 | tcp ||||||||||\r\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 3 } },
	{ "a row over two lines", PAGE "a | 1 | udp ||||||||||\nknock | 80 | tcp | Who\n|||||||||\n",
	  .count = 2,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4, .lines = 2,
		   .description = "Who" } },
	{ "a row over three lines, words in each",
	  PAGE "knock | 80 | tcp | Who\nis\nthere | [A] ||||||||\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 3, .lines = 3,
		   .description = "Who is there" } },
	{ "no name, no transport: blanks are pushed to the end",
	  PAGE "863-872 | Unassigned | ||||||||||\n", .count = 1,
	  .row = { .row = ROW_UNASSIGNED, .first = 863, .last = 872, .line = 3 } },
	{ "no name", PAGE "1023 | tcp | Reserved | 2024-12-20 | [RFC6335] | |||||||\n", .count = 1,
	  .row = { .row = ROW_RESERVED, .first = 1023, .transports = TCP, .line = 3,
		   .reference = "[RFC6335]" } },
	{ "no name, words of its own", PAGE "80 | any private use |||||||||||\n", .count = 1,
	  .row = { .row = ROW_FREE_FORM, .first = 80, .line = 3 } },
	{ "a name without transport", PAGE "knock | 80 | Who is there | [A] |||||||||\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .line = 3, .description = "Who is there" } },
	{ "a name without a port", PAGE "knock | Who is there |||||||||||\n", .count = 1,
	  .row = { .service = "knock", .first = -1, .line = 3, .description = "Who is there" } },
	{ "a name that begins with a digit", PAGE "6a44 | 80 | udp ||||||||||\n", .count = 1,
	  .row = { .service = "6a44", .first = 80, .transports = UDP, .line = 3 } },
	{ "people and dates but no description",
	  PAGE "knock | 80 | tcp | [A] | [B] | 2010 | 2011-01 | |||||\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 3,
		   .description = "", .reference = "", .notes = "" } },
	{ "a service code", PAGE "knock | 80 | dccp | Who | 2013-11-12 | [RFC7122] | 7107696 | |||||\n",
	  .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = DCCP, .line = 3,
		   .service_code = "7107696" } },
	{ "an alias", PAGE
	  "kn_ck | 80 | tcp | Who | [A] | This entry is an alias to \"knock\". Old. | ||||||\n",
	  .count = 1,
	  .row = { .service = "kn_ck", .first = 80, .transports = TCP, .line = 3,
		   .alias_of = "knock", .description = "Who" } },

	{ "the last row is cut short, name, port and transport are whole",
	  PAGE "a | 1 | udp ||||||||||\nknock | 80 | tcp | Who is there | [A] |",
	  { SEVERITY_WARNING, 4, "cut short: 5 of 12 '|'; it is kept" }, 2,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 4 } },
	{ "cut within the transport", PAGE "a | 1 | udp ||||||||||\nknock | 80 | tc",
	  { SEVERITY_ERROR, 4, "cut short: 2 of 12 '|'; it is left out" }, 1,
	  { .service = "a", .first = 1, .transports = UDP, .line = 3 } },
	{ "cut within the name", PAGE "a | 1 | udp ||||||||||\nkno",
	  { SEVERITY_ERROR, 4, "cut short: 0 of 12 '|'; it is left out" }, 1,
	  { .service = "a", .first = 1, .transports = UDP, .line = 3 } },
	{ "cut within what a nameless row is",
	  PAGE "a | 1 | udp ||||||||||\n90 | tcp | Reser",
	  { SEVERITY_ERROR, 4, "cut short: 2 of 12 '|'; it is left out" }, 1,
	  { .service = "a", .first = 1, .transports = UDP, .line = 3 } },
	{ "cut in the middle of the page: the next row is not swallowed",
	  PAGE "a | 1 | udp | x | y\nknock | 80 | tcp ||||||||||\n",
	  { SEVERITY_WARNING, 3, "cut short: 4 of 12 '|'; it is kept" }, 2,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 4 } },
	{ "words that are no row",
	  PAGE "a | 1 | udp ||||||||||\n\nknock | 80 | tcp ||||||||||\nThat is all.\n",
	  { SEVERITY_ERROR, 6, "cut short: 0 of 12 '|'; it is left out" }, 2,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 5 } },
	{ "a | within a cell", PAGE "knock | 80 | tcp | a | b ||||||||||\n",
	  { SEVERITY_WARNING, 3, "14 '|' where a row has 12" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 3 } },

	{ "no header", "knock | 80 | tcp ||||||||||\n",
	  { SEVERITY_ERROR, 0, "no line is the header" }, .count = 0 },
	{ "a header of other columns", "Service Name | Port Number | Transport Protocol | Color |\n",
	  { SEVERITY_ERROR, 1, "has 4 columns, not 12" }, .count = 0 },
	{ "no rows", PAGE, .count = 0 },
	{ "a port above 65535", PAGE "knock | 65536 | tcp ||||||||||\n",
	  { SEVERITY_ERROR, 3, "above 65535" }, .count = 0 },
	{ "a reversed range", PAGE "90-80 | Unassigned | ||||||||||\n",
	  { SEVERITY_ERROR, 3, "reversed" }, .count = 0 },
};
/* clang-format on */

static void rows_are_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(readings) / sizeof(*readings); i++)
		reading_check(&readings[i], "table");
}

static void the_date_is_the_pages(void **state)
{
	static const char text[] =
		"- Elsewhere\n- 2019-01-01\n- Last Updated\n- 2020-02-03\n"
		"- 2021-01-01\n" PAGE "knock | 80 | tcp | 2022-01-01 |||||||||\n";
	struct registry registry;
	struct collect collect;

	(void)state;
	assert_int_equal(collect_parse(&collect, &registry, NULL, text), 0);
	assert_string_equal(registry.date, "2020-02-03");
	assert_false(registry.date_is_lower_bound);
	registry_close(&registry);
}

/* 100 whole rows and one cut short, which is kept and said. */
static void the_real_excerpt_is_read_whole(void **state)
{
	struct collect collect;
	struct registry registry;
	char path[512];

	(void)state;
	if (!shared_file(path, sizeof(path), "registry/registry-excerpt-2025-10-22.txt"))
		skip();
	collect_start(&collect);
	assert_int_equal(registry_read(&registry, path, NULL, &collect.diagnostics), 0);
	assert_string_equal(registry.format, "table");
	assert_string_equal(registry.date, "2025-10-22");
	assert_int_equal(registry.count, 101);
	assert_int_equal(collect.count, 1);
	assert_true(collect_has(&collect, SEVERITY_WARNING, registry.lines, "cut short"));
	assert_string_equal(registry.records[100].service, "indigo-server");
	assert_int_equal(registry.records[100].first, 1176);
	assert_int_equal(registry.records[100].transports, TCP);
	registry_close(&registry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_read_or_refused),
		cmocka_unit_test(the_date_is_the_pages),
		cmocka_unit_test(the_real_excerpt_is_read_whole),
	};

	return cmocka_run_group_tests_name("pipe_table", tests, NULL, NULL);
}
