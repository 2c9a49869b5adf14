// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Memory that is refused, once at each place that asks for it: -ENOMEM comes back, and
 * ASan and LeakSanitizer find nothing.
 */
#include <errno.h>
#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <expat.h>

#include "difference.h"
#include "model/finding.h"
#include "print/output.h"
#include "base/json.h"
#include "base/log.h"
#include "model/series.h"
#include "slots.h"
#include "snapshots.h"
#include "statistics.h"
#include "model/table.h"

static long left; /* until one is refused; 0: none is */
static long refused;

static bool refuse(void)
{
	if (!left || --left)
		return false;
	refused++;
	errno = ENOMEM;
	return true;
}

#define WRAP(type, name, parameters, arguments) \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters \
	{ \
		return refuse() ? NULL : __real_##name arguments; \
	}

WRAP(void *, malloc, (size_t size), (size))
WRAP(void *, calloc, (size_t count, size_t size), (count, size))
WRAP(void *, realloc, (void *memory, size_t size), (memory, size))
WRAP(void *, reallocarray, (void *memory, size_t count, size_t size), (memory, count, size))
WRAP(char *, strdup, (const char *text), (text))
WRAP(FILE *, open_memstream, (char **bytes, size_t *size), (bytes, size))
WRAP(XML_Parser, XML_ParserCreateNS, (const XML_Char *encoding, XML_Char separator),
     (encoding, separator))

static const char csv[] = "Service Name,Port Number,Transport Protocol,Description,Assignee,"
			  "Contact,Registration Date,Modification Date,Reference,Service Code,"
			  "Unauthorized Use Reported,Assignment Notes\n"
			  "one,80,tcp,\"quoted\n\"\"twice\"\"\",,,,,,,,\n"
			  "two,81-90,udp,plain,,,,,,,,Known as another one\n"
			  ",91,tcp,Reserved,,,,,,,,\n"
			  "one,,,no port,,,,,,,,\n";
static const char services[] = "one 80/tcp www # the web\ntwo 81-90/udp\nthree 5/sctp a b c\n";
static const char xml[] =
	"<?xml version='1.0'?><registry xmlns='http://www.iana.org/assignments' "
	"id='service-names-port-numbers'><updated>2026-02-13</updated><record><name>one</name>"
	"<protocol>tcp</protocol><description>an &amp; in it</description><number>80</number>"
	"</record><record><name>two</name><protocol>udp</protocol><number>81-90</number>"
	"</record></registry>";

static void ignore(void *context, const struct diagnostic *diagnostic)
{
	(void)context;
	(void)diagnostic;
}

/* Parsed and compiled. The caller closes both, whatever comes back. */
static int compile(struct registry *registry, struct port_table *table, const char *text)
{
	struct diagnostics diagnostics = { .report = ignore };
	struct port_table_input input = { .registry = registry,
					  .ephemeral_first = 32768,
					  .ephemeral_last = 49151 };
	int err = registry_parse(registry, "made here", text, strlen(text), NULL, &diagnostics);

	return err ? err : port_table_compile(table, &input, &diagnostics);
}

static struct registry registries[2];
static struct port_table tables[2]; /* large */

static void close_tables(void)
{
	for (int i = 0; i < 2; i++) {
		port_table_close(&tables[i]);
		registry_close(&registries[i]);
	}
}

static void open_tables(void)
{
	assert_int_equal(compile(&registries[0], &tables[0], csv), 0);
	assert_int_equal(compile(&registries[1], &tables[1], services), 0);
}

static int parse_and_compile(const char *text)
{
	int err = compile(&registries[0], &tables[0], text);

	close_tables();
	return err;
}

static int parse_csv(void)
{
	return parse_and_compile(csv);
}

static int parse_services(void)
{
	return parse_and_compile(services);
}

static int parse_xml(void)
{
	return parse_and_compile(xml);
}

static int compare_tables(void)
{
	struct difference difference = { 0 };
	int err = difference_open(&difference, &tables[0], &tables[1]);

	difference_close(&difference);
	return err;
}

static int count_rows(void)
{
	struct registry_statistics statistics;

	return statistics_compute(&statistics, &registries[0]);
}

static int place_slots(void)
{
	struct slots slots = { 0 };
	int err = slots_open(&slots, &tables[1],
			     &(struct slots_held){ tables[0].assignments, NULL, tables[0].count },
			     SLOTS_MAX);

	slots_close(&slots);
	return err;
}

static int look_up(void)
{
	const struct port_range all = { 0, 65535 };
	struct findings findings = { 0 };
	int err = findings_of_ports(&findings, &tables[0], &all, TRANSPORT_MAX);

	if (!err)
		err = findings_of_name(&findings, &tables[0], "one");
	findings_close(&findings);
	return err;
}

static struct snapshot snapshots[2];

static void close_snapshots(void)
{
	snapshot_close(&snapshots[0]);
	snapshot_close(&snapshots[1]);
}

static int subtract(void)
{
	struct snapshot difference = { 0 };
	int err = snapshot_difference(&difference, &snapshots[0], &snapshots[1]);

	if (!err)
		snapshot_close(&difference);
	return err;
}

static int write_text(void)
{
	const struct format_options options = { .ranking = { .all = true, .limit = 3 } };
	FILE *to = fopen("/dev/null", "w");
	int err;

	assert_non_null(to);
	err = format_text(to, &snapshots[0], &options);
	fclose(to);
	return err;
}

static int write_documents(void)
{
	const struct format_options options[] = { { .ranking = { .limit = 3 } },
						  { .interval = 1000000000 } };
	char *text = NULL;
	size_t size;
	int err = 0;

	for (size_t i = 0; !err && i < 2; i++) {
		FILE *to = __real_open_memstream(&text, &size);
		struct json json;

		json_begin(&json, to, false);
		err = format_json(&json, &snapshots[0], &options[i]);
		fclose(to);
		assert_true(!err || !size); /* nothing was begun that is not ended */
		free(text);
	}
	return err;
}

/* Of one interface or of all, there is one document or nothing. */
static int write_reports(void)
{
	const struct format_options options = { .ranking = { .limit = 3 } };
	struct report_interface interfaces[2] = {
		{ .attached = true, .snapshot = snapshots[0] },
		{ .attached = true, .snapshot = snapshots[1] },
	};
	struct report report = { .interfaces = interfaces, .count = 1 };
	char *text = NULL;
	size_t size;
	int err = 0;

	for (int all = 0; !err && all < 2; all++) {
		FILE *to = __real_open_memstream(&text, &size);
		struct json_object *document;

		report.all = all;
		report.count = 1 + (size_t)all;
		err = output_json.write(to, &report, &options);
		fclose(to);
		document = size ? json_tokener_parse(text) : NULL;
		assert_true(document || (err && !all));
		assert_true(!document || strchr(text, '\n') == text + size - 1);
		json_object_put(document);
		free(text);
	}
	return err;
}

static int fold_series(void)
{
	struct series *series = series_new(3);
	struct series_fold fold = { 0 };
	int err = series ? series_fold_open(&fold, series, &snapshots[0], 1) : -ENOMEM;

	series_fold_close(&fold);
	series_free(series);
	return err;
}

static const struct work {
	const char *name;
	int (*work)(void);
	long at_least; /* places that ask for memory */
} of_registries[] = {
	{ "read CSV and compile it", parse_csv, 8 },
	{ "read services and compile them", parse_services, 8 },
	{ "read XML and compile it", parse_xml, 9 },
}, of_tables[] = {
	{ "compare tables", compare_tables, 1 },
	{ "count rows", count_rows, 1 },
	{ "place slots", place_slots, 3 },
	{ "look up", look_up, 1 },
}, of_snapshots[] = {
	{ "subtract", subtract, 1 },
	{ "write text", write_text, 2 },
	{ "write JSON", write_documents, 1 },
	{ "write reports", write_reports, 2 },
	{ "fold series", fold_series, 4 },
};

/* Refuse the first request for memory, then the second, until there is none to refuse. */
static void starve(const struct work *works, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		long place = 0, before = -1;
		int err;

		while (refused != before) {
			before = refused;
			left = ++place;
			err = works[i].work();
			left = 0;
			if (err != (refused == before ? 0 : -ENOMEM))
				fail_msg("%s: %d when request %ld is refused", works[i].name, err,
					 place);
		}
		print_message("%s: %ld requests\n", works[i].name, place - 1);
		assert_true(place > works[i].at_least);
	}
}

#define STARVE(works) starve(works, sizeof(works) / sizeof((works)[0]))

static void registries_are_refused(void **state)
{
	(void)state;
	STARVE(of_registries);
}

static void tables_are_refused(void **state)
{
	(void)state;
	open_tables();
	STARVE(of_tables);
	close_tables();
}

static void snapshots_are_refused(void **state)
{
	(void)state;
	snapshots[0] = snapshot_sample();
	snapshots[1] = snapshot_sample();
	STARVE(of_snapshots);
	close_snapshots();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registries_are_refused),
		cmocka_unit_test(tables_are_refused),
		cmocka_unit_test(snapshots_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
