// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What `registry`, `overlay`, `format` and `ephemeral` make of files, and what is said of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/outcome.h"
#include "registry.h"
#include "model/table.h"

#define FILES_MAX 3

/* Files of a registry and of overlays; a NULL text is none, so the registry is the shipped one. */
struct opening {
	const char *name;
	const char *registry;
	const char *format;
	const char *overlays[FILES_MAX];
	bool strict;
	int err;
	const char *said[FILES_MAX]; /* on stderr; of the first one NULL: nothing */
};

static const struct opening openings[] = {
	{ .name = "the shipped one" },
	{ .name = "an overlay without a flaw", .overlays = { "one 1000/udp\n" } },
	{ .name = "a registry with a warning",
	  .registry = "one 1000/udp\ntwo 99/ddp\n",
	  .said = { "/registry: 1 warning (portclass registry check ", " lists it)" } },
	{ .name = "overlays with warnings",
	  .overlays = { "one 1000/udp\n", "two 99/ddp\nthree 98/ddp\nfour 4/tcp\n" },
	  .said = { "/overlay1: 2 warnings (portclass registry check overlay ", " lists them)" } },
	{ .name = "an overlay of no bytes", .overlays = { "", "one 1000/udp\n" } },
	{ .name = "what is lost and what is used, in one line",
	  .overlays = { "one 1000/udp\ntwo 70000/udp\nthree\nfour 99/ddp\n" },
	  .said = { "/overlay0: 2 rows are lost, 1 warning (portclass registry check overlay ",
		    " lists them)" } },
	{ .name = "strict: files without a flaw",
	  .registry = "one 1000/udp\n",
	  .overlays = { "one 1000/udp\n", "" },
	  .strict = true },
	{ .name = "strict: the shipped one, whatever it is like", .strict = true },
	{ .name = "strict: a registry with a warning",
	  .registry = "one 1000/udp\ntwo 99/ddp\n",
	  .strict = true,
	  .err = OUTCOME_BAD_REGISTRY,
	  .said = { "nothing is loaded, as strict asks: ", "/registry: 1 warning (" } },
	{ .name = "strict: an overlay that loses a row, another is good",
	  .overlays = { "one 1000/udp\n", "one 1000/udp\ntwo 70000/udp\n" },
	  .strict = true,
	  .err = OUTCOME_BAD_REGISTRY,
	  .said = { "nothing is loaded, as strict asks: ", "/overlay1: 1 row is lost (" } },
	{ .name = "an overlay that is refused",
	  .overlays = { "one 1000/udp\n", "one 70000/udp\n" },
	  .err = OUTCOME_BAD_REGISTRY,
	  .said = { "nothing is loaded: ", "/overlay1:1: ", "70000" } },
	{ .name = "a registry that is refused",
	  .registry = "",
	  .err = OUTCOME_BAD_REGISTRY,
	  .said = { "nothing is loaded: ", "/registry: ", "empty" } },
	{ .name = "a format that the file has not",
	  .registry = "one 1000/udp\n",
	  .format = "xml",
	  .err = OUTCOME_BAD_REGISTRY,
	  .said = { "nothing is loaded: ", "/registry:1: " } },
	{ .name = "a format without a file",
	  .format = "csv",
	  .err = OUTCOME_USAGE,
	  .said = { "format csv goes with registry FILE only" } },
};

static void write_file(char *path, size_t size, const char *directory, const char *name,
		       const char *text)
{
	FILE *file;

	snprintf(path, size, "%s/%s", directory, name);
	file = fopen(path, "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* What is said on stderr while the table is opened. */
static int open_and_listen(struct table *table, const struct table_arguments *arguments, char *said,
			   size_t size)
{
	FILE *heard = tmpfile();
	int before = dup(STDERR_FILENO), err;

	assert_non_null(heard);
	dup2(fileno(heard), STDERR_FILENO);
	err = table_open(table, arguments);
	dup2(before, STDERR_FILENO);
	close(before);
	rewind(heard);
	said[fread(said, 1, size - 1, heard)] = '\0';
	fclose(heard);
	return err;
}

static void check_said(const struct opening *c, const char *said)
{
	if (!c->said[0] && *said)
		fail_msg("%s: says %s", c->name, said);
	for (size_t i = 0; i < FILES_MAX && c->said[i]; i++)
		if (!strstr(said, c->said[i]))
			fail_msg("%s: says %s, not '%s'", c->name, said, c->said[i]);
}

static void check_opening(const struct opening *c, const char *directory)
{
	struct table_arguments arguments = TABLE_ARGUMENTS_DEFAULT;
	static char paths[FILES_MAX + 1][PATH_MAX];
	char said[4096], name[32];
	struct table table;
	int err;

	arguments.format = c->format;
	arguments.strict = c->strict;
	if (c->registry) {
		write_file(paths[FILES_MAX], PATH_MAX, directory, "registry", c->registry);
		arguments.registry = paths[FILES_MAX];
	}
	for (size_t i = 0; i < FILES_MAX && c->overlays[i]; i++) {
		snprintf(name, sizeof(name), "overlay%zu", i);
		write_file(paths[i], PATH_MAX, directory, name, c->overlays[i]);
		arguments.overlays.words[arguments.overlays.count++] = paths[i];
	}
	assert_int_equal(table_is_shipped(&arguments),
			 !c->registry && !c->overlays[0] && !c->format);
	err = open_and_listen(&table, &arguments, said, sizeof(said));
	if (err != c->err)
		fail_msg("%s: returns %d and says %s", c->name, err, said);
	check_said(c, said);
	if (!err && (c->registry || c->overlays[0]))
		assert_string_equal(port_table_find(table.ports, TRANSPORT_UDP, 1000)->service,
				    "one");
	if (err)
		assert_null(table.ports);
	table_close(&table);
	for (size_t i = 0; i <= FILES_MAX; i++)
		if (*paths[i]) {
			unlink(paths[i]);
			*paths[i] = '\0';
		}
}

static void files_are_compiled_or_what_is_wrong_is_said(void **state)
{
	char directory[] = "/tmp/portclass-table-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(directory));
	for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++)
		check_opening(&openings[i], directory);
	assert_int_equal(rmdir(directory), 0);
}

/* As the agent opens its files: nobody writes to the pipe, and it is not waited for. */
static void only_regular_files_are_read_if_asked(void **state)
{
	char directory[] = "/tmp/portclass-table-XXXXXX", path[PATH_MAX], said[4096];
	struct table_arguments arguments = TABLE_ARGUMENTS_DEFAULT;
	struct table table;

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/pipe", directory);
	assert_int_equal(mkfifo(path, 0600), 0);
	arguments.regular_files = true;
	arguments.registry = path;
	assert_int_equal(open_and_listen(&table, &arguments, said, sizeof(said)),
			 OUTCOME_BAD_REGISTRY);
	assert_non_null(strstr(said, "/pipe: it is no regular file"));
	arguments.registry = NULL;
	arguments.overlays = (struct words){ { "/dev/zero" }, 1 };
	assert_int_equal(open_and_listen(&table, &arguments, said, sizeof(said)),
			 OUTCOME_BAD_REGISTRY);
	assert_non_null(strstr(said, "/dev/zero: it is no regular file"));
	assert_int_equal(unlink(path), 0);
	write_file(path, sizeof(path), directory, "pipe", "one 1000/udp\n");
	arguments.overlays.words[0] = path;
	assert_int_equal(open_and_listen(&table, &arguments, said, sizeof(said)), 0);
	table_close(&table);
	assert_int_equal(unlink(path) | rmdir(directory), 0);
}

static void a_diagnostic_is_a_line(void **state)
{
	static const struct {
		struct diagnostic diagnostic;
		const char *line;
	} cases[] = {
		{ { .severity = SEVERITY_ERROR, .file = "a", .line = 7, .message = "no" },
		  "a:7: error: no\n" },
		{ { .severity = SEVERITY_WARNING, .file = "b", .message = "odd" },
		  "b: warning: odd\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text;
		size_t size;
		FILE *to = open_memstream(&text, &size);

		table_write_diagnostic(to, &cases[i].diagnostic);
		fclose(to);
		assert_string_equal(text, cases[i].line);
		free(text);
	}
}

static void the_formats_are_those_of_the_readers(void **state)
{
	unsigned int count = 0;

	(void)state;
	for (; table_format(count); count++)
		assert_string_equal(table_format(count), registry_formats()[count]);
	assert_int_equal(count, 6);
	assert_null(table_format(count + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_compiled_or_what_is_wrong_is_said),
		cmocka_unit_test(only_regular_files_are_read_if_asked),
		cmocka_unit_test(a_diagnostic_is_a_line),
		cmocka_unit_test(the_formats_are_those_of_the_readers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
