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

struct check {
	struct words files;
	const char *format;
	bool overlay;
	struct registry shipped;       /* what overlays lie on; else closed */
	struct json_object *documents; /* NULL: text */
	struct json_object *messages;  /* of the file at hand, as are these: */
	size_t errors, warnings;
	size_t refused; /* files */
};

static const struct argument arguments[] = {
	{ ARGUMENT_WORDS, NULL, "FILE", "the files to check",
	  .offset = offsetof(struct check, files), .required = true },
	{ ARGUMENT_WORD, "format", "FORMAT", "of them, not told from their content",
	  .offset = offsetof(struct check, format), .choice = table_format, .choices = UINT_MAX },
	{ ARGUMENT_FLAG, "overlay", NULL, "as overlays on the shipped registry",
	  .offset = offsetof(struct check, overlay) },
	{ .kind = ARGUMENT_END },
};

/* What the shipped registry is like is not for who checks an overlay on it. */
static void report(void *context, const struct diagnostic *diagnostic)
{
	bool error = diagnostic->severity == SEVERITY_ERROR;
	struct check *check = context;
	struct json_object *object;

	if (diagnostic->file == check->shipped.path)
		return;
	check->errors += error;
	check->warnings += !error;
	if (!check->documents) {
		table_write_diagnostic(stdout, diagnostic);
		return;
	}
	object = json_new_object();
	json_add_string(object, "severity", error ? "error" : "warning");
	json_add_number(object, "line", diagnostic->line);
	json_add_string(object, "message", diagnostic->message);
	json_append(check->messages, object);
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

static void write_summary(struct check *check, const char *path, size_t records)
{
	struct json_object *object;

	if (!check->documents) {
		printf("%s: %s; records %zu, errors %zu, warnings %zu\n", path,
		       check->errors ? "refused" : "good to use", records, check->errors,
		       check->warnings);
		return;
	}
	object = json_new_object();
	json_add_string(object, "file", path);
	json_add_number(object, "records", records);
	json_add_number(object, "errors", check->errors);
	json_add_number(object, "warnings", check->warnings);
	json_add(object, "diagnostics", json_object_get(check->messages));
	json_append(check->documents, object);
}

/* A refused file is no failure of the check: the others are checked too. */
static int check_file(struct check *check, const char *path)
{
	struct diagnostics diagnostics = { .report = report, .context = check };
	struct registry registry = { 0 };
	int err;

	check->messages = json_new_array();
	check->errors = check->warnings = 0;
	err = registry_read(&registry, path, check->format, &diagnostics);
	if (!err)
		err = compile(check, &registry, &diagnostics);
	if (!err || err == -EBADMSG)
		write_summary(check, path, registry.count);
	check->refused += err == -EBADMSG;
	json_object_put(check->messages);
	registry_close(&registry);
	if (!err || err == -EBADMSG)
		return 0;
	return log_fail(err, "check %s", path);
}

/* With an error in it where one is due: a reader of the JSON gets one document. */
static void write_check(const struct check *check, bool pretty)
{
	struct json_object *document = json_new_object();

	json_add(document, "files", json_object_get(check->documents));
	if (check->refused)
		log_add_failure(document, OUTCOME_BAD_REGISTRY);
	json_write(stdout, document, pretty);
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
	if (err)
		return err;
	check.documents = options->json ? json_new_array() : NULL;
	err = options->json && !check.documents ? -ENOMEM : 0;
	for (size_t i = 0; !err && i < check.files.count; i++)
		err = check_file(&check, check.files.words[i]);
	if (!err && check.refused)
		err = log_say(OUTCOME_BAD_REGISTRY, "%zu of %zu files can't be used", check.refused,
			      check.files.count);
	if (check.documents && (!err || check.refused))
		write_check(&check, options->pretty);
	json_object_put(check.documents);
	registry_close(&check.shipped);
	return err;
}

const struct command cmd_registry_check = {
	.name = "registry check",
	.help = "all that is wrong with registry files, line by line",
	.arguments = arguments,
	.run = run,
};
