// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Read registry and overlays, compile them, say what is wrong with them. Loading the
 * result is not done here.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "model/table.h"
#include "text.h"

#define DIAGNOSTIC_SIZE (PATH_MAX + 1024)

struct findings_of_file {
	size_t lost; /* rows */
	size_t warnings;
};

static void add(struct findings_of_file *found, bool lost)
{
	found->lost += lost;
	found->warnings += !lost;
}

/* What was found in the files. The error is said in full, warnings are summed up by file. */
struct reading {
	struct diagnostics diagnostics;
	const struct table_arguments *arguments;
	struct findings_of_file registry;
	struct findings_of_file overlays[WORDS_MAX];
	char error[DIAGNOSTIC_SIZE];
};

const char *table_format(unsigned int index)
{
	const char *const *formats = registry_formats();

	for (unsigned int i = 0; formats[i]; i++)
		if (i == index)
			return formats[i];
	return NULL;
}

bool table_is_shipped(const struct table_arguments *arguments)
{
	return !arguments->registry && !arguments->format && !arguments->overlays.count &&
	       arguments->ephemeral.first == EPHEMERAL_FIRST_DEFAULT &&
	       arguments->ephemeral.last == EPHEMERAL_LAST_DEFAULT;
}

/* "FILE:LINE: error: MESSAGE" */
static const char *write_diagnostic(char *text, size_t size, const struct diagnostic *diagnostic,
				    const char *severity)
{
	int used = snprintf(text, size, "%s:", diagnostic->file);

	if (diagnostic->line && (size_t)used < size)
		used += snprintf(text + used, size - (size_t)used, "%u:", diagnostic->line);
	if ((size_t)used < size)
		snprintf(text + used, size - (size_t)used, " %s%s", severity, diagnostic->message);
	return text;
}

void table_write_diagnostic(FILE *to, const struct diagnostic *diagnostic)
{
	const char *severity = diagnostic->severity == SEVERITY_ERROR ? "error: " : "warning: ";
	char text[DIAGNOSTIC_SIZE], shown[DIAGNOSTIC_SIZE];

	write_diagnostic(text, sizeof(text), diagnostic, severity);
	fprintf(to, "%s\n", text_show(shown, sizeof(shown), text));
}

static void count(struct reading *reading, const struct diagnostic *diagnostic)
{
	const char *file = diagnostic->file;
	bool lost = diagnostic->severity == SEVERITY_ERROR;
	const struct table_arguments *arguments = reading->arguments;

	if (arguments->registry && strcmp(file, arguments->registry) == 0)
		add(&reading->registry, lost);
	for (size_t i = 0; i < arguments->overlays.count; i++)
		if (strcmp(file, arguments->overlays.words[i]) == 0)
			add(&reading->overlays[i], lost);
}

static void report(void *context, const struct diagnostic *diagnostic)
{
	struct reading *reading = context;

	if (diagnostic->severity == SEVERITY_ERROR)
		write_diagnostic(reading->error, sizeof(reading->error), diagnostic, "");
	count(reading, diagnostic);
}

/*
 * What was lost, and what else was found, in one line; false: nothing was. @role: as check
 * takes it, and a blank.
 */
static bool write_findings(char line[DIAGNOSTIC_SIZE], const char *path, const char *role,
			   const struct findings_of_file *found)
{
	char lost[64] = "", warnings[64] = "";

	if (found->lost)
		snprintf(lost, sizeof(lost), "%zu row%s lost", found->lost,
			 found->lost == 1 ? " is" : "s are");
	if (found->warnings)
		snprintf(warnings, sizeof(warnings), "%zu warning%s", found->warnings,
			 found->warnings == 1 ? "" : "s");
	snprintf(line, DIAGNOSTIC_SIZE, "%s: %s%s%s (portclass registry check %s%s lists %s)", path,
		 lost, *lost && *warnings ? ", " : "", warnings, role, path,
		 found->lost + found->warnings == 1 ? "it" : "them");
	return found->lost || found->warnings;
}

/* Strict, the first file with a flaw is one too many. */
static int say_findings(const struct reading *reading, const char *path, const char *role,
			const struct findings_of_file *found)
{
	char line[DIAGNOSTIC_SIZE];

	if (!path || !write_findings(line, path, role, found))
		return 0;
	if (reading->arguments->strict)
		return log_say(OUTCOME_BAD_REGISTRY, "nothing is loaded, as strict asks: %s", line);
	log_finding(LOG_WARNING, "%s", line);
	return 0;
}

/* Say what the files are like; returns 0, -ENOMEM or the outcome. */
static int conclude(const struct reading *reading, int err)
{
	const struct words *overlays = &reading->arguments->overlays;

	if (err == -EBADMSG)
		return log_say(OUTCOME_BAD_REGISTRY, "nothing is loaded: %s", reading->error);
	if (err)
		return log_fail(err, "read and compile the registry");
	err = say_findings(reading, reading->arguments->registry, "", &reading->registry);
	for (size_t i = 0; !err && i < overlays->count; i++)
		err = say_findings(reading, overlays->words[i], "overlay ", &reading->overlays[i]);
	return err;
}

static int read_file(struct registry *registry, const char *path, const char *format,
		     struct reading *reading)
{
	return reading->arguments->regular_files
		       ? registry_read_regular(registry, path, format, &reading->diagnostics)
		       : registry_read(registry, path, format, &reading->diagnostics);
}

static int read_overlays(struct table *table, struct reading *reading)
{
	const struct words *paths = &reading->arguments->overlays;
	int err = 0;

	table->overlays = calloc(paths->count + 1, sizeof(*table->overlays));
	if (!table->overlays)
		return -ENOMEM;
	for (size_t i = 0; !err && i < paths->count; i++) {
		err = read_file(&table->overlays[i], paths->words[i], NULL, reading);
		table->input.overlays_count += !err;
	}
	return err;
}

static int read_files(struct table *table, struct reading *reading)
{
	const struct table_arguments *arguments = reading->arguments;
	int err = arguments->registry
			  ? read_file(&table->registry, arguments->registry, arguments->format,
				      reading)
			  : registry_read_shipped(&table->registry, &reading->diagnostics);

	return err ? err : read_overlays(table, reading);
}

static int compile(struct table *table, const struct port_range *ephemeral,
		   struct diagnostics *diagnostics)
{
	table->input.registry = &table->registry;
	table->input.overlays = table->overlays;
	table->input.ephemeral_first = ephemeral->first;
	table->input.ephemeral_last = ephemeral->last;
	table->ports = calloc(1, sizeof(*table->ports));
	if (!table->ports)
		return -ENOMEM;
	return port_table_compile(table->ports, &table->input, diagnostics);
}

int table_open(struct table *table, const struct table_arguments *arguments)
{
	struct reading reading = { .diagnostics.report = report, .arguments = arguments };
	int err;

	*table = (struct table){ 0 };
	reading.diagnostics.context = &reading;
	if (arguments->format && !arguments->registry)
		return log_say(OUTCOME_USAGE, "format %s goes with registry FILE only",
			       arguments->format);
	err = read_files(table, &reading);
	if (!err)
		err = compile(table, &arguments->ephemeral, &reading.diagnostics);
	err = conclude(&reading, err);
	if (err)
		table_close(table);
	return err;
}

void table_close(struct table *table)
{
	if (table->ports)
		port_table_close(table->ports);
	free(table->ports);
	for (size_t i = 0; i < table->input.overlays_count; i++)
		registry_close(&table->overlays[i]);
	free(table->overlays);
	registry_close(&table->registry);
	*table = (struct table){ 0 };
}
