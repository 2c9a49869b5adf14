// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The reader of IANA's plain text edition.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "reading.h"

/* The header ends in line 8, so the first row is in line 9. */
/* clang-format off */
#define PAGE \
	"            Service Name and Transport Protocol Port Number Registry\n" \
	"\n" \
	"   Last Updated\n" \
	"           2013-06-26\n" \
	"\n" \
	"                            Transport                                  Assignment\n" \
	" Service Name   Port Number Protocol          Description     Assignee Notes\n" \
	"                                                              \n"
#define KNOCK "knock               80         tcp    Who is there\n"

static const struct reading readings[] = {
	{ "a row", PAGE KNOCK, .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 9,
		   .description = "Who is there" } },
	{ "every cell", PAGE
	  "a2345678901234k 6000-60999    dccp    Who is there           [A_B]  2001-02-03  [RFC4340] "
	  " 1145656131  Old\n", .count = 1,
	  .row = { .service = "a2345678901234k", .first = 6000, .last = 60999, .transports = DCCP,
		   .line = 9, .description = "Who is there", .reference = "[RFC4340]",
		   .service_code = "1145656131", .notes = "Old" } },
	{ "a row without a name", PAGE "                  325-332             Unassigned\n", .count = 1,
	  .row = { .row = ROW_UNASSIGNED, .first = 325, .last = 332, .line = 9 } },
	{ "a row without a port", PAGE "wormhole                       tcp    Roku\n", .count = 1,
	  .row = { .service = "wormhole", .first = -1, .transports = TCP, .line = 9,
		   .description = "Roku" } },
	{ "a row of a name alone", PAGE "wormhole\n", .count = 1,
	  .row = { .service = "wormhole", .first = -1, .line = 9 } },
	{ "a note, and no description", PAGE
	  "knock               80         tcp                          <== NOTE Conflict on 80 !\n",
	  .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 9, .yields = true,
		   .description = "", .notes = "<== NOTE Conflict on 80 !" } },
	{ "cells of several lines, above and below", PAGE
	  "                                      Who                   an alias to\n"
	  "\n"
	  "knock               80         tcp    is                    what\n"
	  "                                      81\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 11,
		   .description = "is", .notes = "what" } },
	{ "what stands behind the table", PAGE KNOCK
	  "\n         People\n\n      ID      Name\n[A]           A    80 tcp\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 9 } },
	{ "the headings of one line",
	  " Service Name   Port Number Transport Protocol Description\n"
	  "knock               80             udp         Who\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = UDP, .line = 2,
		   .description = "Who" } },
	{ "the headings of one line, a wide transport",
	  " Service Name   Port Number Transport Protocol Description\n"
	  "knock               80             sctp        Who\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = SCTP, .line = 2,
		   .description = "Who" } },
	{ "CR alone ends a line",
	  " Service Name   Port Number Transport Protocol Description\r"
	  "knock               80             udp         Who\r", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = UDP, .line = 2,
		   .description = "Who" } },
	{ "no rows", PAGE, .count = 0 },

	{ "a port above 65535 costs the row", PAGE KNOCK "a                  65536       tcp    A\n",
	  { SEVERITY_ERROR, 10, "above 65535" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 9 } },
	{ "cells that stand elsewhere cost the row", PAGE KNOCK "a name without a port 80 tcp A\n",
	  { SEVERITY_ERROR, 10, "the cells do not stand below the header's" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 9 } },
	{ "no header", "knock               80         tcp    Who\n",
	  { SEVERITY_ERROR, 0, "no line is the header" }, .count = 0 },
};
/* clang-format on */

static void lines_are_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(readings) / sizeof(*readings); i++)
		reading_check(&readings[i], "text");
}

static void the_page_is_known_and_dated(void **state)
{
	struct registry registry;
	struct collect collect;

	(void)state;
	assert_int_equal(collect_parse(&collect, &registry, NULL, PAGE KNOCK), 0);
	assert_string_equal(registry.format, "text");
	assert_string_equal(registry.date, "2013-06-26");
	assert_false(registry.date_is_lower_bound);
	registry_close(&registry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read_or_refused),
		cmocka_unit_test(the_page_is_known_and_dated),
	};

	return cmocka_run_group_tests_name("plain text", tests, NULL, NULL);
}
