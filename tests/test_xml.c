// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The reader of IANA's XML edition.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "reading.h"
#include "shared_file.h"

#define XML(records) \
	"<?xml version='1.0' encoding='UTF-8'?>\n" \
	"<registry xmlns=\"http://www.iana.org/assignments\">\n" \
	"<updated>2020-02-03</updated>\n" records "</registry>\n"
#define KNOCK "<name>knock</name><number>80</number><protocol>tcp</protocol>"

/* clang-format off */
static const struct reading readings[] = {
	{ "a plain record", XML("<record>" KNOCK "</record>"), .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4 } },
	{ "over several lines",
	  XML("<record>" KNOCK "</record>\n<record\n>\n" KNOCK "\n</record\n>\n"), .count = 2,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 5, .lines = 4 } },
	{ "every field",
	  XML("<record date='2001-02' updated='2003-04-05'>" KNOCK
	      "<description>Who is there</description><sc>123</sc>"
	      "<xref type='rfc' data='rfc1'/><unauthorized>some do</unauthorized>"
	      "<note>why not</note></record>"), .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4,
		   .description = "Who is there", .reference = "[RFC1]", .service_code = "123",
		   .unauthorized_use = "some do", .notes = "why not", .modified = "2003-04-05" } },
	{ "references as the CSV edition writes them",
	  XML("<record>" KNOCK "<assignee><xref type='rfc' data='rfc9'/></assignee>"
	      "<xref type='person' data='Jo'/><xref type='note' data='1'/>"
	      "<xref type='rfc' data='rfc8765'>RFC8765, Section 6.1</xref>"
	      "<xref type='draft' data='draft-x'/><xref type='text'>ISO 1</xref></record>"),
	  .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4,
		   .reference = "[1][RFC8765, Section 6.1][draft-x][ISO 1]" } },
	{ "references within a note",
	  XML("<record>" KNOCK "<note>by <xref type='person' data='Jo'/>, see "
	      "<xref type='rfc' data='rfc1'/>.</note></record>"), .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4,
		   .notes = "by [Jo], see [RFC1].", .reference = "" } },
	{ "line breaks are blanks",
	  XML("<record>" KNOCK "<description>a<br/><br/>\nb</description></record>"), .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4, .lines = 2,
		   .description = "a b" } },
	{ "the entities that XML itself has",
	  XML("<record>" KNOCK "<description>a &amp; &#60;b&gt;</description></record>"), .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4,
		   .description = "a & <b>" } },
	{ "an alias",
	  XML("<record>" KNOCK "<note>This entry is an alias to \"nock\".\nOld.</note></record>"),
	  .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4,
		   .lines = 2, .alias_of = "nock" } },
	{ "a duplicate yields, line feed within",
	  XML("<record>" KNOCK "<note>is a\nduplicate of</note></record>"), .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4, .lines = 2,
		   .yields = true } },
	{ "Reserved", XML("<record><number>80</number><protocol>udp</protocol>"
			  "<description>Reserved</description></record>"), .count = 1,
	  .row = { .row = ROW_RESERVED, .first = 80, .transports = UDP, .line = 4 } },
	{ "Unassigned, a range, empty elements", XML("<record><name/><number>80-90</number>"
			  "<description>Unassigned</description><note/></record>"), .count = 1,
	  .row = { .row = ROW_UNASSIGNED, .first = 80, .last = 90, .line = 4 } },
	{ "fields do not leak into the next record",
	  XML("<record>" KNOCK "<description>a</description><note>b</note></record>"
	      "<record><name>bare</name></record>"), .count = 2,
	  .row = { .service = "bare", .first = -1, .line = 4, .description = "", .notes = "" } },
	{ "two notes are one", XML("<record>" KNOCK "<note>a</note><note>b</note></record>"), .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4, .notes = "a b" } },
	{ "a namespace with a prefix",
	  "<i:registry xmlns:i='http://www.iana.org/assignments'><i:record><i:name>knock</i:name>"
	  "<i:number>80</i:number></i:record></i:registry>", .count = 1,
	  .row = { .service = "knock", .first = 80, .line = 1 } },

	{ "two numbers are no port", XML("<record>" KNOCK "<number>81</number></record>"),
	  { SEVERITY_ERROR, 4, "'80 81' is neither a port nor a range" }, .count = 0 },
	{ "a reversed range, on the record's line",
	  XML("\n\n<record>\n<name>a</name><number>9-8</number></record>"),
	  { SEVERITY_ERROR, 6, "reversed" }, .count = 0 },
	{ "an unknown transport",
	  XML("<record>" KNOCK "</record>\n<record><name>a</name><number>1</number>"
	      "<protocol>ddp</protocol></record>"),
	  { SEVERITY_WARNING, 5, "'ddp' is not known" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 4 } },
	{ "a tag is not closed", XML("<record>\n<name>a</record>"),
	  { SEVERITY_ERROR, 5, "malformed XML: mismatched tag" }, .count = 0 },
	{ "it ends too early", "<registry>\n<record>\n",
	  { SEVERITY_ERROR, 3, "malformed XML: no element found" }, .count = 0 },
	{ "a web page", "<html>\n</html>",
	  { SEVERITY_ERROR, 1, "<html>, not <registry>" }, .count = 0 },
	{ "no record", XML(""), .count = 0 },
	{ "entities of its own",
	  "<?xml version='1.0'?>\n<!DOCTYPE registry [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>\n"
	  "<registry><record><name>&b;</name></record></registry>",
	  { SEVERITY_ERROR, 2, "document type" }, .count = 0 },
	{ "a file of this machine",
	  "<!DOCTYPE registry [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>\n"
	  "<registry><record><name>a</name><note>&a;</note></record></registry>",
	  { SEVERITY_ERROR, 1, "document type" }, .count = 0 },
	{ "a record inside of a reference, which ends with it",
	  "<registry><updated><xref data='abcdefgh'><record>" KNOCK "</record></xref></updated>"
	  "</registry>", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 1 } },
	{ "elements without end",
	  "<registry><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"
	  "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>",
	  { SEVERITY_ERROR, 1, "nested deeper" }, .count = 0 },
	{ "an encoding that nobody knows", "<?xml version='1.0' encoding='EBCDIC-9'?><registry/>",
	  { SEVERITY_ERROR, 1, "malformed XML: unknown encoding" }, .count = 0 },
};
/* clang-format on */

static void records_are_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(readings) / sizeof(*readings); i++)
		reading_check(&readings[i], "xml");
}

static void the_date_is_the_registrys(void **state)
{
	static const char text[] =
		XML("<record date='2099-01-01'>" KNOCK "</record>"
		    "<people><person><updated>2098-01-01</updated></person></people>");
	struct registry registry;
	struct collect collect;

	(void)state;
	assert_int_equal(collect_parse(&collect, &registry, NULL, text), 0);
	assert_string_equal(registry.date, "2020-02-03");
	assert_false(registry.date_is_lower_bound);
	registry_close(&registry);
}

static void the_real_file_is_read_whole(void **state)
{
	struct collect collect;
	struct registry registry;
	char path[512];

	(void)state;
	if (!shared_file(path, sizeof(path), "registry/iana-2026-08-17.xml"))
		skip();
	collect_start(&collect);
	assert_int_equal(registry_read(&registry, path, NULL, &collect.diagnostics), 0);
	collect_print(&collect);
	assert_int_equal(collect.count, 0);
	assert_string_equal(registry.format, "xml");
	assert_string_equal(registry.date, "2026-08-17");
	assert_false(registry.date_is_lower_bound);
	assert_int_equal(registry.count, 14533);
	registry_close(&registry);
}

/* What a row is for the compiler, as one string, in @to. */
static void describe(char *to, size_t size, const struct record *record)
{
	snprintf(to, size, "%d %s %d %u-%u %x %s %d", record->row, record->service,
		 record->has_port, record->first, record->last, record->transports,
		 record->alias_of, record->yields);
}

/*
 * The XML is some months newer than the CSV, so a few rows differ; all the
 * others must be the same, in the same order.
 */
static void both_editions_lead_to_the_same_rows(void **state)
{
	char csv_path[512], xml_path[512], left[512], right[512];
	struct diagnostics diagnostics = { 0 };
	struct registry csv, xml;
	size_t same = 0;

	(void)state;
	if (!shared_file(csv_path, sizeof(csv_path), "registry/iana-2026-02-13.csv") ||
	    !shared_file(xml_path, sizeof(xml_path), "registry/iana-2026-08-17.xml"))
		skip();
	assert_int_equal(registry_read(&csv, csv_path, NULL, &diagnostics), 0);
	assert_int_equal(registry_read(&xml, xml_path, NULL, &diagnostics), 0);
	for (size_t i = 0, j = 0; i < csv.count; i++) {
		size_t ahead = j;

		describe(left, sizeof(left), &csv.records[i]);
		do
			describe(right, sizeof(right), &xml.records[ahead]);
		while (strcmp(left, right) && ++ahead < xml.count && ahead < j + 16);
		if (strcmp(left, right))
			continue;
		same++;
		j = ahead + 1 < xml.count ? ahead + 1 : ahead;
	}
	registry_close(&csv);
	registry_close(&xml);
	assert_in_range(same, 14499 - 30, 14499);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_read_or_refused),
		cmocka_unit_test(the_date_is_the_registrys),
		cmocka_unit_test(the_real_file_is_read_whole),
		cmocka_unit_test(both_editions_lead_to_the_same_rows),
	};

	return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
