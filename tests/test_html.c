// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The reader of IANA's web page.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "html_text.h"
#include "reading.h"

/* The header ends in line 3, so the first row is in line 4. */
#define TABLE \
	"<table id='t'>\n" \
	"<tr><th>Service Name</th><th>Port Number</th><th>Transport Protocol</th>\n" \
	"<th>Description</th><th>Reference</th><th>Assignment Notes</th></tr>\n"
#define END	 "</table></body></html>\n"
#define ROW(row) "<tr>" row "</tr>\n"
#define KNOCK	 ROW("<td>knock</td><td>80</td><td>tcp</td><td/><td></td><td></td>")

/* clang-format off */
static const struct reading readings[] = {
	{ "a row", TABLE KNOCK END, .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4 } },
	{ "every column", TABLE
	  ROW("<td>knock</td><td align=\"center\">80-81</td><td>udp</td><td>Who <b>is</b> it</td>"
	      "<td>[<a href=\"http://x/?a>b\">RFC1</a>]</td><td>is a duplicate of it</td>") END,
	  .count = 1,
	  .row = { .service = "knock", .first = 80, .last = 81, .transports = UDP, .line = 4,
		   .description = "Who is it", .reference = "[RFC1]", .yields = true,
		   .notes = "is a duplicate of it" } },
	{ "as it is laid out", TABLE
	  "<tr>\n  <td> knock\n</td>\n  <td>\t80</td>\n  <td>tcp</td>\n</tr>\n" END, .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4, .lines = 6 } },
	{ "nothing is closed", "<TABLE><TR><TH>Service Name<TH>Port Number<TH>Transport Protocol\n"
	  "<TR><TD>knock<TD>80<TD>tcp\n</TABLE>", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 2, .lines = 2 } },
	{ "columns in any order, and unknown ones",
	  "<table><tr><td>Color<td>transport protocol<td>PORT number<td>Service<br>Name</tr>"
	  "<tr><td>red<td>sctp<td>80<td>knock</tr></table>", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = SCTP, .line = 1 } },
	{ "other tables, before and behind",
	  "<table><tr><th>Range<th>Port Number</tr><tr><td>a<td>1<td>tcp</tr></table>\n"
	  TABLE KNOCK "</table>\n<table>" ROW("<td>a<td>1<td>tcp") END, .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 5 } },
	{ "a table in a cell", TABLE
	  "<tr><td>knock<td>80<td>tcp<td>a<table><tr><td>b</tr></table>c</tr>\n" END, .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4,
		   .description = "abc" } },
	{ "a nameless row", TABLE ROW("<td></td><td>80</td><td></td><td>Unassigned</td>") END,
	  .count = 1, .row = { .row = ROW_UNASSIGNED, .first = 80, .line = 4 } },
	{ "characters by their names", TABLE
	  ROW("<td>&#107;nock&nbsp;</td><td>&#x38;0</td><td>tcp</td><td>a &lt;b&gt; &amp;amp; "
	      "&quot;&apos;&#xe9;&unknown; & &#; &#0; AT&T</td>") END, .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4,
		   .description = "a <b> &amp; \"'\xc3\xa9&unknown; & &#; &#0; AT&T" } },
	{ "what is no text", "<?xml version='1.0'?>\n<!-- <table> -->\n<!DOCTYPE html>\n<script>"
	  "'<table><tr>'</script><STYLE>a > b</STYLE>" TABLE
	  ROW("<td>kn<!-- </td> -->ock</td><td>80<td>tcp<td>1 < 2 <= 3 </> 4") END, .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 7,
		   .description = "1 < 2 <= 3 </> 4" } },
	{ "CR alone ends a line", "<table>\r<tr><th>Service Name<th>Port Number"
	  "<th>Transport Protocol</tr>\r<tr><td>knock<td>80<td>tcp</tr></table>", .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 3 } },
	{ "a line feed by its name ends no line", TABLE
	  ROW("<td>&#10;</td><td>79</td><td>tcp</td><td>a&#10;b</td>") KNOCK END, .count = 2,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 5 } },
	{ "no rows", TABLE END, .count = 0 },
	{ "an empty row", TABLE KNOCK "<tr></tr>" END, .count = 1,
	  .row = { .service = "knock", .first = 80, .transports = TCP, .line = 4 } },

	{ "a row without its transport", TABLE KNOCK ROW("<td>a</td><td>1</td>") END,
	  { SEVERITY_ERROR, 5, "cut short: 2 of 6 cells; it is left out" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 4 } },
	{ "a port above 65535 costs the row", TABLE KNOCK ROW("<td>a<td>65536<td>tcp") END,
	  { SEVERITY_ERROR, 5, "above 65535" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 4 } },
	{ "the page ends within a row", TABLE KNOCK "<tr><td>a<td>1<td>tc",
	  { SEVERITY_ERROR, 5, "the page ends within the row, which is lost" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 4 } },
	{ "the page ends before its table", TABLE KNOCK,
	  { SEVERITY_WARNING, 5, "the page ends before its table does" }, 1,
	  { .service = "knock", .first = 80, .transports = TCP, .line = 4 } },
	{ "a quote in a tag is never closed", TABLE KNOCK "<tr class=\"odd><td>a<td>1<td>tcp</tr>" END,
	  { SEVERITY_ERROR, 5, "a tag, or a quote in it, is never closed" }, .count = 0 },
	{ "a tag is never closed", TABLE KNOCK "<tr ", { SEVERITY_ERROR, 5, "a tag" }, .count = 0 },
	{ "a comment is never closed", TABLE KNOCK "<!-- " END,
	  { SEVERITY_ERROR, 5, "a comment is never closed" }, .count = 0 },
	{ "no table", "<!DOCTYPE html><html><body><p>knock 80/tcp</p></body></html>",
	  { SEVERITY_ERROR, 0, "an HTML page without a table" }, .count = 0 },
	{ "a table of other columns", "<table>" ROW("<th>Service Name<th>Port")
	  ROW("<td>a<td>1") "</table>",
	  { SEVERITY_ERROR, 0, "an HTML page whose table has no Port Number, no Transport Protocol" },
	  .count = 0 },
};
/* clang-format on */

static void rows_are_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(readings) / sizeof(*readings); i++)
		reading_check(&readings[i], "html");
}

static const struct page {
	const char *name;
	const char *text;
	const char *format; /* NULL: refused */
	const char *date;
} pages[] = {
	{ "a page",
	  "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\">\n<html><dl>"
	  "<dt>Last Updated</dt><dd>2025-10-22</dd><dt>Note</dt><dd>2001-02-03</dd></dl>" TABLE
		  KNOCK END,
	  "html", "2025-10-22" },
	{ "a date that is none",
	  "<html><dl><dt>Last Updated<dd>today<dd>2001-02-03</dl>" TABLE KNOCK END, "html", "" },
	{ "behind a declaration and a comment",
	  "<?xml version='1.0'?>\n<!-- a -->\n<HTML>" TABLE KNOCK END, "html", "" },
	{ "the table alone", "\n " TABLE KNOCK "</table>", "html", "" },
	{ "XML is another format",
	  "<?xml version='1.0'?><registry><record><name>a</name></record></registry>", "xml", "" },
	{ "of XML no more than before", "<!DOCTYPE registry><registry/>", NULL, "" },
};

static void a_page_is_known_and_dated(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		struct registry registry;
		struct collect collect;
		int err = collect_parse(&collect, &registry, NULL, pages[i].text);

		if (err != (pages[i].format ? 0 : -EBADMSG))
			fail_msg("%s: returns %d", pages[i].name, err);
		if (!err && (strcmp(registry.format, pages[i].format) ||
			     strcmp(registry.date, pages[i].date)))
			fail_msg("%s: %s of '%s'", pages[i].name, registry.format, registry.date);
		registry_close(&registry);
	}
}

static const struct character {
	const char *written;
	size_t size;
	const char *text;
} characters[] = {
	{ "&amp;lt;", 5, "&" },
	{ "&#65;", 5, "A" },
	{ "&#x20AC;", 8, "\xe2\x82\xac" },
	{ "&#X1f600;", 9, "\xf0\x9f\x98\x80" },
	{ "&#xd800;", 1, "&" },
	{ "&#x110000;", 1, "&" },
	{ "&#999999999999;", 1, "&" },
	{ "&amp", 1, "&" },
	{ "\xc2\xa0", 2, " " },
	{ "\xc3\xa9", 1, "\xc3" },
	{ "&#128;", 6, "\xc2\x80" },
};

static void a_character_is_written_in_no_more_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(characters) / sizeof(*characters); i++) {
		const struct character *c = &characters[i];
		char text[16];

		strcpy(text, c->written);
		assert_int_equal(html_text_size(text), c->size);
		*html_text_character(text, text) = '\0';
		assert_string_equal(text, c->text);
		assert_true(strlen(c->text) <= c->size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_read_or_refused),
		cmocka_unit_test(a_page_is_known_and_dated),
		cmocka_unit_test(a_character_is_written_in_no_more_bytes),
	};

	return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
