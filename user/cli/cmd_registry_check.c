// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * portclass registry check: all that is wrong with registry files. Needs no root.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "cli/command.h"
#include "base/json.h"
#include "base/log.h"
#include "model/table.h"
#include "text.h"

struct check {
	struct words files;
	const char *format;
	bool overlay;
	bool strict;
	struct registry shipped; /* what overlays lie on; else closed */
	struct json *json;	 /* NULL: text */
	size_t errors, warnings; /* of the file at hand */
	size_t refused;		 /* files */
};

static const struct argument arguments[] = {
	{ ARGUMENT_WORDS, NULL, "FILE", "the files to check",
	  .offset = offsetof(struct check, files), .required = true },
	{ ARGUMENT_WORD, "format", "FORMAT", "of them, not told from their content",
	  .offset = offsetof(struct check, format), .choice = table_format, .choices = UINT_MAX },
	{ ARGUMENT_FLAG, "overlay", NULL, "as overlays on the shipped registry",
	  .offset = offsetof(struct check, overlay) },
	{ ARGUMENT_FLAG, "strict", NULL, "refuse files with warnings too",
	  .offset = offsetof(struct check, strict) },
	{ .kind = ARGUMENT_END },
};

/* What the shipped registry is like is not for who checks an overlay on it. */
static void report(void *context, const struct diagnostic *diagnostic)
{
	bool error = diagnostic->severity == SEVERITY_ERROR;
	struct check *check = context;

	if (diagnostic->file == check->shipped.path)
		return;
	check->errors += error;
	check->warnings += !error;
	if (!check->json) {
		table_write_diagnostic(stdout, diagnostic);
		return;
	}
	json_open_object(check->json, NULL);
	json_string(check->json, "severity", error ? "error" : "warning");
	json_number(check->json, "line", diagnostic->line);
	json_string(check->json, "message", diagnostic->message);
	json_close_object(check->json);
}

/* What compiling finds: rows that contradict each other. */
static int compile(const struct check *check, const struct registry *registry,
		   struct diagnostics *diagnostics)
{
	struct port_table *table = calloc(1, sizeof(*table));
	struct port_table_input input = {
		.registry = check->overlay ? &check->shipped : registry,
		.overlays = registry,
		.overlays_count = check->overlay,
		.ephemeral_first = EPHEMERAL_FIRST_DEFAULT,
		.ephemeral_last = EPHEMERAL_LAST_DEFAULT,
	};
	int err = table ? port_table_compile(table, &input, diagnostics) : -ENOMEM;

	if (!err)
		port_table_close(table);
	free(table);
	return err;
}

static const char *state_of(const struct check *check, size_t records)
{
	if (check->strict && check->errors + check->warnings)
		return "refused, as strict asks";
	if (!check->errors)
		return "good to use";
	return records ? "good to use without the rows that have errors" : "refused";
}

static void write_summary(const struct check *check, const char *path, size_t records)
{
	if (!check->json) {
		text_put(stdout, path);
		printf(": %s; records %zu, errors %zu, warnings %zu\n", state_of(check, records),
		       records, check->errors, check->warnings);
		return;
	}
	json_number(check->json, "records", records);
	json_number(check->json, "errors", check->errors);
	json_number(check->json, "warnings", check->warnings);
}

static void open_file(const struct check *check, const char *path)
{
	if (!check->json)
		return;
	json_open_object(check->json, NULL);
	json_string(check->json, "file", path);
	json_open_array(check->json, "diagnostics");
}

/* A refused file is no failure of the check: the others are checked too. */
static int check_file(struct check *check, const char *path)
{
	struct diagnostics diagnostics = { .report = report, .context = check };
	struct registry registry = { 0 };
	int err;

	check->errors = check->warnings = 0;
	open_file(check, path);
	err = registry_read(&registry, path, check->format, &diagnostics);
	if (!err)
		err = compile(check, &registry, &diagnostics);
	if (check->json)
		json_close_array(check->json);
	if (!err || err == -EBADMSG)
		write_summary(check, path, registry.count);
	if (check->json)
		json_close_object(check->json);
	check->refused += check->errors || (check->strict && check->warnings);
	registry_close(&registry);
	if (!err || err == -EBADMSG)
		return 0;
	return log_fail(err, "check %s", path);
}

static int check_files(struct check *check)
{
	int err = 0;

	for (size_t i = 0; !err && i < check->files.count; i++)
		err = check_file(check, check->files.words[i]);
	if (!err && check->refused)
		err = log_say(OUTCOME_BAD_REGISTRY, "%zu of %zu files have errors%s",
			      check->refused, check->files.count,
			      check->strict ? " or warnings" : "");
	return err;
}

/* With an error in it where one is due: a reader of the JSON gets one document. */
static int check_files_json(struct check *check, bool pretty)
{
	struct json json;
	int err;

	json_begin(&json, stdout, pretty);
	json_open_object(&json, NULL);
	json_open_array(&json, "files");
	check->json = &json;
	err = check_files(check);
	json_close_array(&json);
	if (err)
		log_add_failure(&json, err);
	json_close_object(&json);
	json_end(&json);
	check->json = NULL;
	return err;
}

static int run(const struct options *options, int argc, char **argv)
{
	struct diagnostics silent = { 0 };
	struct check check = { 0 };
	int err = arguments_parse(cmd_registry_check.name, arguments, argc, argv, &check);

	if (!err && check.overlay)
		err = registry_read_shipped(&check.shipped, &silent);
	if (err == -ENOMEM)
		log_fail(err, "read the shipped registry");
	if (!err)
		err = options->json ? check_files_json(&check, options->pretty)
				    : check_files(&check);
	registry_close(&check.shipped);
	return err;
}

const struct command cmd_registry_check = {
	.name = "registry check",
	.help = "all that is wrong with registry files, line by line",
	.arguments = arguments,
	.run = run,
};
