// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Compare what a text is read as with what it should be read as.
 */
#include "reading.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static void check_number(const struct reading *reading, const char *what, long got, long want)
{
	if (got != want)
		fail_msg("%s: %s is %ld, not %ld", reading->name, what, got, want);
}

static void check_string(const struct reading *reading, const char *what, const char *got,
			 const char *want)
{
	if (want && strcmp(got, want))
		fail_msg("%s: %s is '%s', not '%s'", reading->name, what, got, want);
}

static void check_row(const struct reading *reading, const struct record *got)
{
	const struct expected_row *want = &reading->row;

	check_number(reading, "row", got->row, want->row);
	check_number(reading, "has_port", got->has_port, want->first >= 0);
	check_number(reading, "first", got->has_port ? got->first : -1, want->first);
	check_number(reading, "last", got->has_port ? got->last : -1,
		     want->last ? want->last : want->first);
	check_number(reading, "transports", got->transports, want->transports);
	check_number(reading, "line", got->line, want->line);
	check_number(reading, "lines", got->lines, want->lines ? want->lines : 1);
	check_number(reading, "yields", got->yields, want->yields);
	check_string(reading, "service", got->service, want->service ? want->service : "");
	check_string(reading, "aliases", got->aliases, want->aliases);
	check_string(reading, "alias_of", got->alias_of, want->alias_of ? want->alias_of : "");
	check_string(reading, "description", got->description, want->description);
	check_string(reading, "reference", got->reference, want->reference);
	check_string(reading, "service_code", got->service_code, want->service_code);
	check_string(reading, "notes", got->notes, want->notes);
	check_string(reading, "unauthorized_use", got->unauthorized_use, want->unauthorized_use);
	check_string(reading, "modified", got->modified, want->modified);
}

static void check_diagnostics(const struct reading *reading, const struct collect *collect)
{
	const struct expected_diagnostic *want = &reading->diagnostic;

	if (want->words && collect_has(collect, want->severity, want->line, want->words) &&
	    collect->count == 1)
		return;
	if (!want->words && !collect->count)
		return;
	collect_print(collect);
	fail_msg("%s: not just one diagnostic of line %u: %s", reading->name, want->line,
		 want->words ? want->words : "none at all");
}

void reading_check(const struct reading *reading, const char *format)
{
	struct registry registry;
	struct collect collect;
	int err = collect_parse(&collect, &registry, format, reading->text);
	bool refused = reading->diagnostic.words &&
		       reading->diagnostic.severity == SEVERITY_ERROR && !reading->count;

	check_diagnostics(reading, &collect);
	check_number(reading, "result", err, refused ? -EBADMSG : 0);
	check_number(reading, "count", (long)registry.count, (long)reading->count);
	if (reading->count)
		check_row(reading, &registry.records[registry.count - 1]);
	registry_close(&registry);
}
