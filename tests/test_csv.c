// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The reader of IANA's CSV edition.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "reading.h"
#include "shared_file.h"

#define SHORT "Service Name,Port Number,Transport Protocol\n"
#define FULL \
	"Service Name,Port Number,Transport Protocol,Description,Assignee,Contact," \
	"Registration Date,Modification Date,Reference,Service Code," \
	"Unauthorized Use Reported,Assignment Notes\n"

/* clang-format off */
static const struct reading readings[] = {
	{ "a plain row", SHORT "knock,80,tcp\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2 } },
	{ "no line feed at the end", SHORT "knock,80,tcp", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2 } },
	{ "CRLF", "Service Name,Port Number,Transport Protocol\r\nknock,80,tcp\r\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2 } },
	{ "a byte order mark", "\xef\xbb\xbf" SHORT "knock,80,tcp\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2 } },
	{ "columns in any order, any case, and unknown ones",
	  "color,TRANSPORT protocol,service name,\"Port Number\"\nred,sctp,knock,7\n", .count = 1,
	  .row = { .service = "knock", .first = 7, .transports = SCTP, .line = 2 } },
	{ "comments and empty lines before the header",
	  "# hello, \"world\n\n# date: 2020-02-03\n" SHORT "knock,80,udp\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = UDP, .line = 5 } },
	{ "every column", FULL
	  "knock,80,dccp,Who is there,[A],[B],2001-02,2003-04-05,[RFC1],123,some do,why not\n",
	  .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = DCCP, .line = 2,
		   .description = "Who is there", .reference = "[RFC1]", .service_code = "123",
		   .unauthorized_use = "some do", .notes = "why not", .modified = "2003-04-05" } },
	{ "the name that a column had until 2018",
	  "Service Name,Port Number,Transport Protocol,Known Unauthorized Uses\nknock,80,tcp,many\n",
	  .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2,
		   .unauthorized_use = "many" } },
	{ "quotes, commas, bars, line feeds in a cell, and the line counted on", FULL
	  "a,1,tcp,\"x\ny\",,,,,,,,\nknock,80,tcp,\"Say \"\"hi\"\", or | so\r\nthen\",,,,,,,,\n",
	  .count = 2,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4, .lines = 2,
		   .description = "Say \"hi\", or | so then" } },
	{ "not ASCII, in a description", FULL "knock,80,tcp,Ari\xc3\xabn,,,,,,,,\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2,
		   .description = "Ari\xc3\xabn" } },
	{ "what a terminal would obey, and broken UTF-8, in a description",
	  FULL "knock,80,tcp,a\x1b[2Jb\xc2\x9b""1mc\xff\xc3,,,,,,,,\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2,
		   .description = "a [2Jb 1mc??" } },
	{ "a range", SHORT "knock,6000-6063,tcp\n", .count = 1,
	  .row = { .service = "knock", .first = 6000, .last = 6063, .transports = TCP, .line = 2 } },
	{ "blank transport", SHORT "knock,80,\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .line = 2 } },
	{ "a name without a port", SHORT "tcp,,\n", .count = 1,
	  .row = { .service = "tcp", .first = -1, .line = 2 } },
	{ "port 0 and port 65535", SHORT "knock,0-65535,tcp\n", .count = 1,
	  .row = { .service = "knock", .last = 65535, .transports = TCP, .line = 2 } },
	{ "a name that begins with a digit", SHORT "7a55,80,tcp\n", .count = 1,
	  .row = { .service = "7a55", .first = 80, .transports = TCP, .line = 2 } },
	{ "a name against RFC 6335 is kept", SHORT "kn_o/c*k.,80,tcp\n", .count = 1,
	  .row = { .service = "kn_o/c*k.", .first = 80, .transports = TCP, .line = 2 } },
	{ "an alias", FULL
	  "kn_ck,80,tcp,,,,,,,,,\"This entry is an alias to \"\"knock\"\".\nOld.\"\n", .count = 1,
	  .row = { .service = "kn_ck", .first = 80, .transports = TCP, .line = 2, .lines = 2,
		   .alias_of = "knock" } },
	{ "a conflict yields", FULL "knock,80,tcp,,,,,,,,,<== NOTE Conflict on 80 !\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2, .yields = true } },
	{ "unassigned use yields, line feed within", FULL
	  "knock,80,tcp,,,,,,,,,\"an unassigned but\nwidespread use\"\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2, .lines = 2,
		   .yields = true } },
	{ "a duplicate yields", FULL "knock,80,tcp,,,,,,,,,is a duplicate of nock\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2, .yields = true } },
	{ "a possible conflict does not", FULL
	  "knock,80,tcp,,,,,,,,,Possible Conflict of Port 22\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2 } },
	{ "Reserved", FULL ",80,udp,Reserved,,,,,,,,\n", .count = 1,
	  .row = { .row = ROW_RESERVED, .first = 80, .transports = UDP, .line = 2 } },
	{ "Unassigned, a range, blank transport", FULL ",80-90,,Unassigned,,,,,,,,\n", .count = 1,
	  .row = { .row = ROW_UNASSIGNED, .first = 80, .last = 90, .line = 2 } },
	{ "words of its own", FULL ",80,tcp,unassigned,,,,,,,,\n", .count = 1,
	  .row = { .row = ROW_FREE_FORM, .first = 80, .transports = TCP, .line = 2 } },
	{ "Reserved as part of a description", FULL
	  "knock,80,tcp,Reserved for later,,,,,,,,\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2 } },
	{ "exactly Reserved as the description of a named row", FULL
	  "knock,80,tcp,Reserved,,,,,,,,\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2 } },
	{ "merged transports", SHORT "knock,80,tcp/UDP/dccp\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP | UDP | DCCP, .line = 2 } },

	{ "an unknown transport", SHORT "a,1,tcp\nknock,80,ddp\n",
	  { SEVERITY_WARNING, 3, "transport 'ddp' is not known" }, 1,
	  { .service = "a", .first = 1, .transports = TCP, .line = 2 } },
	{ "an unknown transport among others", SHORT "knock,80,tcp/ddp\n",
	  { SEVERITY_WARNING, 2, "transport 'ddp' is not known" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 2 } },
	{ "a blank in a name", SHORT "a,1,tcp\nknock knock (twice),80,tcp\n",
	  { SEVERITY_WARNING, 3, "taken as 'knock-knock-(twice)'" }, 2,
	  { .service = "knock-knock-(twice)", .first = 80, .transports = TCP, .line = 3 } },
	{ "a control character in a name", SHORT "a,1,tcp\nkno\033ck,80,tcp\n",
	  { SEVERITY_ERROR, 3, "the row is lost" }, 1,
	  { .service = "a", .first = 1, .transports = TCP, .line = 2 } },
	{ "nothing said of a port", FULL "a,1,tcp,,,,,,,,,\n,80,tcp,,,,,,,,,\n",
	  { SEVERITY_ERROR, 3, "neither a name nor a description" }, 1,
	  { .service = "a", .first = 1, .transports = TCP, .line = 2 } },
	{ "neither name nor port", FULL "a,1,tcp,,,,,,,,,\n,,tcp,Reserved,,,,,,,,\n",
	  { SEVERITY_ERROR, 3, "neither a name nor a port" }, 1,
	  { .service = "a", .first = 1, .transports = TCP, .line = 2 } },
	{ "cut short behind what is needed", FULL "knock,80,tcp,Wh",
	  { SEVERITY_WARNING, 2, "cut short: 4 of 12 cells; it is kept" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 2 } },
	{ "cut short where the transport may go on", FULL "a,1,tcp,,,,,,,,,\nknock,80,tcp",
	  { SEVERITY_ERROR, 3, "cut short: 3 of 12 cells; it is left out" }, 1,
	  { .service = "a", .first = 1, .transports = TCP, .line = 2 } },
	{ "cut short by hand, all that is needed is there", FULL "knock,80,tcp\n",
	  { SEVERITY_WARNING, 2, "cut short: 3 of 12 cells; it is kept" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 2 } },
	{ "cut short before the transport", FULL "a,1,tcp,,,,,,,,,\nknock,80\n",
	  { SEVERITY_ERROR, 3, "left out" }, 1,
	  { .service = "a", .first = 1, .transports = TCP, .line = 2 } },
	{ "more cells than columns", SHORT "knock,80,tcp,a,b\n",
	  { SEVERITY_WARNING, 2, "5 cells where the header has 3" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 2 } },

	{ "a name of 64 characters", SHORT
	  "a234567890123456789012345678901234567890123456789012345678901234,80,tcp\n",
	  { SEVERITY_WARNING, 2, "longer than 63" }, 1,
	  { .service = "a234567890123456789012345678901234567890123456789012345678901234", .first = 80, .transports = TCP,
	    .line = 2 } },
	{ "a quote is never closed", SHORT "a,1,tcp\nb,2,\"tcp\nc,3,tcp\n",
	  { SEVERITY_ERROR, 3, "malformed quoting: the cell is never closed" }, .count = 0 },
	{ "text behind a closing quote costs the row", SHORT "a,1,\"tcp\"x\nknock,80,tcp\n",
	  { SEVERITY_ERROR, 2, "malformed quoting: text follows" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 3 } },
	{ "a quote within a bare cell costs the row", SHORT "a\"b\",1,tcp\nknock,80,tcp\n",
	  { SEVERITY_ERROR, 2, "malformed quoting: a quote inside" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 3 } },
	{ "a quote too many costs no row but its own", FULL
	  "a,1,tcp,\"x,,,,,,,,\nb,2,tcp,,,,,,,,,\nknock,80,tcp,\"y\",,,,,,,,\n",
	  { SEVERITY_ERROR, 2, "malformed quoting: text follows" }, 2,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 4 } },
	{ "a quote that fits nothing, in the header", "Service Name,Port Number,\"Transport\"x\n",
	  { SEVERITY_ERROR, 1, "malformed quoting in the header" }, .count = 0 },
	{ "a header without what is needed", "Service Name,Port,Description\n",
	  { SEVERITY_ERROR, 1, "a CSV whose header has no Port Number, no Transport Protocol" },
	  .count = 0 },
	{ "a header of other names", "name,port,proto\nknock,80,tcp\n",
	  { SEVERITY_ERROR, 1,
	    "a CSV whose header has no Service Name, no Port Number, no Transport Protocol" },
	  .count = 0 },
	{ "CR alone ends a line", "Service Name,Port Number,Transport Protocol\rknock,80,tcp\r",
	  .count = 1, .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2 } },
	{ "every line end in one file, in a cell too",
	  FULL "a,1,tcp,,,,,,,,,\r\nb,2,tcp,\"x\r\ny\rz\",,,,,,,,\rknock,80,tcp,Who,,,,,,,,\n",
	  .count = 3, .row = { .service = "knock", .first = 80, .transports = TCP, .line = 6,
			       .description = "Who" } },
	{ "only a header", SHORT, .count = 0 },
	{ "a port above 65535", SHORT "a,65536,tcp\n",
	  { SEVERITY_ERROR, 2, "above 65535" }, .count = 0 },
	{ "a port beyond any number", SHORT "a,99999999999999999999999,tcp\n",
	  { SEVERITY_ERROR, 2, "above 65535" }, .count = 0 },
	{ "a range that ends above 65535", SHORT "a,1-65536,tcp\n",
	  { SEVERITY_ERROR, 2, "above 65535" }, .count = 0 },
	{ "a reversed range", SHORT "a,20-10,tcp\n",
	  { SEVERITY_ERROR, 2, "reversed" }, .count = 0 },
	{ "a port with a sign", SHORT "a,+80,tcp\n",
	  { SEVERITY_ERROR, 2, "neither a port nor a range" }, .count = 0 },
	{ "a negative port", SHORT "a,-80,tcp\n",
	  { SEVERITY_ERROR, 2, "neither a port nor a range" }, .count = 0 },
	{ "a port with a blank", SHORT "a, 80,tcp\n",
	  { SEVERITY_ERROR, 2, "neither a port nor a range" }, .count = 0 },
	{ "a port in hexadecimal", SHORT "a,0x50,tcp\n",
	  { SEVERITY_ERROR, 2, "neither a port nor a range" }, .count = 0 },
	{ "half a range", SHORT "a,80-,tcp\n",
	  { SEVERITY_ERROR, 2, "neither a port nor a range" }, .count = 0 },
	{ "a range of three", SHORT "a,80-81-82,tcp\n",
	  { SEVERITY_ERROR, 2, "neither a port nor a range" }, .count = 0 },
};
/* clang-format on */

static void rows_are_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(readings) / sizeof(*readings); i++)
		reading_check(&readings[i], "csv");
}

static const struct date_case {
	const char *name;
	const char *text;
	const char *date;
	bool is_lower_bound;
} dates[] = {
	{ "told", "# date: 2020-02-03\n" FULL "a,1,tcp,,,,2021-01-01,,,,,\n", "2020-02-03", false },
	{ "no date behind the mark", "# date: soon\n" FULL "a,1,tcp,,,,2021-01-01,,,,,\n",
	  "2021-01-01", true },
	{ "the greatest one",
	  FULL "a,1,tcp,,,,2019,2020-05,,,,\nb,2,tcp,,,,2020-06-01,,,,,\nc,3,tcp,,,,2001,,,,,\n",
	  "2020-06-01", true },
	{ "what is no date does not count", FULL "a,1,tcp,,,,2001-13-01,tomorrow,,,,\n", "",
	  false },
	{ "none", SHORT "a,1,tcp\n", "", false },
};

static void the_date_is_told_or_the_newest_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++) {
		struct registry registry;
		struct collect collect;

		assert_int_equal(collect_parse(&collect, &registry, NULL, dates[i].text), 0);
		if (strcmp(registry.date, dates[i].date) ||
		    registry.date_is_lower_bound != dates[i].is_lower_bound)
			fail_msg("%s: date '%s', lower bound %d", dates[i].name, registry.date,
				 registry.date_is_lower_bound);
		registry_close(&registry);
	}
}

static void the_real_file_is_read_whole(void **state)
{
	struct collect collect;
	struct registry registry;
	char path[512];

	(void)state;
	if (!shared_file(path, sizeof(path), "registry/iana-2026-02-13.csv"))
		skip();
	collect_start(&collect);
	assert_int_equal(registry_read(&registry, path, NULL, &collect.diagnostics), 0);
	collect_print(&collect);
	assert_int_equal(collect.count, 0);
	assert_string_equal(registry.format, "csv");
	assert_string_equal(registry.date, "2026-02-13");
	assert_true(registry.date_is_lower_bound);
	assert_int_equal(registry.count, 14499);
	assert_int_equal(registry.columns, 12);
	registry_close(&registry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_read_or_refused),
		cmocka_unit_test(the_date_is_told_or_the_newest_row),
		cmocka_unit_test(the_real_file_is_read_whole),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
