// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The reader of services(5) and Wireshark's dialect of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "reading.h"

/* clang-format off */
static const struct reading readings[] = {
	{ "a plain line", "knock 80/tcp\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 1,
		   .aliases = "", .description = "" } },
	{ "no line feed, CR, blanks all over", "\r\n \t\n\tknock\t 80/tcp \tb   c\t\r", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 3, .aliases = "b c" } },
	{ "aliases and a comment", "# head\nknock 80/udp nock  ock # Who  is #1\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = UDP, .line = 2,
		   .aliases = "nock ock", .description = "Who is #1" } },
	{ "a comment right behind a word", "knock 80/udp nock#Who\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = UDP, .line = 1,
		   .aliases = "nock", .description = "Who" } },
	{ "merged transports", "knock 80/tcp/udp/sctp/dccp\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP | UDP | SCTP | DCCP, .line = 1 } },
	{ "a range", "knock 6000-6063/tcp/udp # Windows\n", .count = 1,
	  .row = { .service = "knock", .first = 6000, .last = 6063, .transports = TCP | UDP,
		   .line = 1, .description = "Windows" } },
	{ "a name as an overlay has it", "shop/cart:http-2 50000/tcp\n", .count = 1,
	  .row = { .service = "shop/cart:http-2", .first = 50000, .transports = TCP, .line = 1 } },
	{ "a name of 63 characters",
	  "a23456789012345678901234567890123456789012345678901234567890123 80/tcp\n", .count = 1,
	  .row = { .service = "a23456789012345678901234567890123456789012345678901234567890123",
		   .first = 80, .transports = TCP, .line = 1 } },
	{ "words that mean something in a nameless row", "Reserved 80/tcp # Unassigned\n", .count = 1,
	  .row = { .service = "Reserved", .first = 80, .transports = TCP, .line = 1 } },
	{ "the same line twice", "knock 80/tcp\nknock 80/tcp\n", .count = 2,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2 } },

	{ "as nmap has it: a frequency, which is no alias", "knock\t80/tcp\t0.001995\t# Who\n",
	  .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 1,
		   .aliases = "", .description = "Who" } },
	{ "a frequency as a ratio, and an alias behind it", "knock 80/tcp 5/1000 nock\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 1,
		   .aliases = "nock" } },
	{ "a frequency at the end of the file", "knock 80/sctp 0.000000", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = SCTP, .line = 1, .aliases = "" } },
	{ "an alias that begins with a digit is none", "knock 80/tcp 3com 7\n", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 1,
		   .aliases = "3com 7" } },
	{ "what nobody has a name for", "knock 80/tcp\nunknown 81/tcp 0.000477\nunknown 82/udp\n",
	  .count = 1, .row = { .service = "knock", .first = 80, .transports = TCP, .line = 1 } },
	{ "CR alone ends a line", "nock 79/tcp\rknock 80/tcp\r", .count = 2,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2 } },
	{ "an alias of 64 characters is not cut",
	  "knock 80/tcp a234567890123456789012345678901234567890123456789012345678901234\n",
	  .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 1,
		   .aliases = "a234567890123456789012345678901234567890123456789012345678901234" } },

	{ "an unknown transport", "knock 80/tcp\nrtmp 1/ddp\n",
	  { SEVERITY_WARNING, 2, "'ddp' is not known; the row is left out" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 1 } },
	{ "an unknown transport among others", "knock 80/ddp/tcp\n",
	  { SEVERITY_WARNING, 1, "'ddp' is not known; it is left out" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 1 } },
	{ "several unknown transports, told once", "knock 80/ddp/x/tcp//y\n",
	  { SEVERITY_WARNING, 1, "'ddp' is not known; it is left out" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 1 } },
	{ "a name that is not ASCII", "knock 80/tcp\nkn\xc3\xb6""ck 81/tcp\n",
	  { SEVERITY_ERROR, 2, "is lost" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 1 } },
	{ "an alias with a control character", "knock 80/tcp\na 81/tcp b\033c\n",
	  { SEVERITY_ERROR, 2, "is lost" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 1 } },

	{ "a name of 64 characters",
	  "a234567890123456789012345678901234567890123456789012345678901234 80/tcp\n",
	  { SEVERITY_WARNING, 1, "longer than 63" }, 1,
	  { .service = "a234567890123456789012345678901234567890123456789012345678901234", .first = 80, .transports = TCP,
	    .line = 1 } },
	{ "no transport", "a 1/tcp\nknock 80\n", { SEVERITY_ERROR, 2, "PORT/TRANSPORT" }, 1,
	  { .service = "a", .first = 1, .transports = TCP, .line = 1 } },
	{ "no port", "a 1/tcp\nknock /tcp\n", { SEVERITY_ERROR, 2, "PORT/TRANSPORT" }, 1,
	  { .service = "a", .first = 1, .transports = TCP, .line = 1 } },
	{ "no transport behind the slash", "knock 80/\n",
	  { SEVERITY_ERROR, 1, "PORT/TRANSPORT" }, .count = 0 },
	{ "only a name", "a 1/tcp\nknock\n", { SEVERITY_ERROR, 2, "PORT/TRANSPORT" }, 1,
	  { .service = "a", .first = 1, .transports = TCP, .line = 1 } },
	{ "a port above 65535", "knock 65536/tcp\n", { SEVERITY_ERROR, 1, "above 65535" }, .count = 0 },
	{ "a reversed range", "knock 9-8/tcp\n", { SEVERITY_ERROR, 1, "reversed" }, .count = 0 },
	{ "a port that is none", "knock 8x/tcp\n", { SEVERITY_ERROR, 1, "neither" }, .count = 0 },
	{ "only comments", "# knock 80/tcp\n", .count = 0 },
	{ "only blank lines", "\n \t\n\n", .count = 0 },
};
/* clang-format on */

static void lines_are_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(readings) / sizeof(*readings); i++)
		reading_check(&readings[i], "services");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read_or_refused),
	};

	return cmocka_run_group_tests_name("services", tests, NULL, NULL);
}
