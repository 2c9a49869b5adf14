// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Read the agent's settings: the file, then the environment over it, then the
 * command line over both.
 */
#include "agent/settings.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "http/http_address.h"
#include "http/http_host.h"
#include "kernel/ifindex.h"
#include "text.h"

#define SERIES_MAX	65536
#define FILE_SIZE_MAX	(128 * 1024) /* bytes; more is refused */
#define VARIABLE_PREFIX "PORTCLASS_"

static const char *choose_count_by(unsigned int index)
{
	return count_by_name(index);
}

static const char *choose_ready(unsigned int index)
{
	return ready_rule_name(index);
}

static const char *choose_log_format(unsigned int index)
{
	return log_format_name(index);
}

/* Not what fnmatch() would take, but no interface can match. */
static bool is_pattern(const char *word)
{
	bool literal = !strpbrk(word, "*?[\\");

	return !strpbrk(word, "/ \t\n") && (!literal || strlen(word) < IFINDEX_NAME_SIZE);
}

static bool is_listen(const char *word)
{
	struct http_address address;

	return strcmp(word, LISTEN_OFF) == 0 || http_address_parse(&address, word);
}

#define PATTERN_EXPECTED "a pattern of names that interfaces can have, at most 256 times"
#define HOST_EXPECTED	 "a name such as db1.example.org, without a port, at most 256 times"
#define LISTEN_EXPECTED \
	"an address and a port such as " LISTEN_DEFAULT \
	" or [::1]:9635, :9635 for every address, or " LISTEN_OFF

const struct argument settings_arguments[] = {
	{ ARGUMENT_WORD, "config", "FILE", "of such keywords, instead of " SETTINGS_FILE,
	  .offset = offsetof(struct settings, config) },
	{ ARGUMENT_WORDS, "dev", "PATTERN", "the interfaces; without: where the default routes are",
	  .offset = offsetof(struct settings, wanted), .check = is_pattern,
	  .expected = PATTERN_EXPECTED },
	{ ARGUMENT_WORDS, "except", "PATTERN", "but not these",
	  .offset = offsetof(struct settings, unwanted), .check = is_pattern,
	  .expected = PATTERN_EXPECTED },
	HOOK_ARGUMENTS(struct settings, hook),
	TABLE_ARGUMENTS(struct settings, table),
	{ ARGUMENT_CHOICE, "count-by", "RULE", "which port of a packet names its service",
	  .offset = offsetof(struct settings, count_by), .choice = choose_count_by,
	  .choices = COUNT_BY_MAX },
	{ ARGUMENT_WORD, "listen", "ADDR:PORT", "of the web server, or off",
	  .offset = offsetof(struct settings, listen), .check = is_listen,
	  .expected = LISTEN_EXPECTED },
	{ ARGUMENT_WORDS, "host", "NAME", "that requests may be for, besides the machine's own",
	  .offset = offsetof(struct settings, hosts), .check = http_host_is_name,
	  .expected = HOST_EXPECTED },
	{ ARGUMENT_CHOICE, "ready", "RULE", "when /readyz says so: how much is attached",
	  .offset = offsetof(struct settings, ready), .choice = choose_ready,
	  .choices = READY_RULE_MAX },
	{ ARGUMENT_NUMBER, "series", "N", "services with metrics of their own",
	  .offset = offsetof(struct settings, series), .minimum = 1, .maximum = SERIES_MAX },
	{ ARGUMENT_CHOICE, "log-format", "FORMAT", "of the lines on standard error",
	  .offset = offsetof(struct settings, log_format), .choice = choose_log_format,
	  .choices = LOG_FORMAT_MAX },
	{ ARGUMENT_FLAG, "take-over", NULL, "what another version has attached, from zero",
	  .offset = offsetof(struct settings, take_over) },
	{ ARGUMENT_FLAG, "detach-on-exit", NULL, "leave nothing in the kernel",
	  .offset = offsetof(struct settings, detach_on_exit) },
	{ .kind = ARGUMENT_END },
};

/* A file can't name another: its words are those behind the first. */
static const struct argument *const file_arguments = settings_arguments + 1;

static char *keep_text(struct settings *settings, const char *text)
{
	char *kept = arena_take(&settings->text, strlen(text) + 1);

	return kept ? strcpy(kept, text) : NULL;
}

/* The text without the blanks at its ends. */
static char *trim(char *text)
{
	size_t length;

	text += strspn(text, " \t\r\n");
	length = strlen(text);
	while (length && isspace((unsigned char)text[length - 1]))
		length--;
	text[length] = '\0';
	return text;
}

/* "keyword value": the value is all of the rest, blanks in it too. */
static int read_line(struct settings *settings, struct arguments_source *source, char *line)
{
	char *words[2] = { trim(line), NULL };
	char *blank = words[0] + strcspn(words[0], " \t");

	if (!words[0][0] || words[0][0] == '#')
		return 0;
	if (*blank) {
		*blank = '\0';
		words[1] = keep_text(settings, trim(blank + 1));
		if (!words[1])
			return -ENOMEM;
	}
	return arguments_parse_source(source, words[1] ? 2 : 1, words, settings);
}

/* Cut the next line off the text; NULL: there is none. */
static char *take_line(char **text)
{
	char *line = *text, *end = strchrnul(line, '\n');

	if (!*line)
		return NULL;
	*text = *end ? end + 1 : end;
	*end = '\0';
	return line;
}

static int read_lines(struct settings *settings, const char *path, char *text)
{
	char place[PATH_MAX + 16], *line;
	struct arguments_source source = { .arguments = file_arguments, .name = place };
	unsigned int number = 0;
	int err = 0;

	while (!err && (line = take_line(&text))) {
		snprintf(place, sizeof(place), "%s:%u", path, ++number);
		err = read_line(settings, &source, line);
	}
	return err;
}

/* By errno: why does not matter for the outcome, the settings are not to be had. */
static int refuse_file(const char *verb, const char *path)
{
	log_fail(-errno, "%s %s", verb, path);
	return OUTCOME_USAGE;
}

/* A text is short and has no NUL; a device may go on for ever. */
static int read_text(struct settings *settings, const char *path, FILE *file)
{
	char *text = malloc(FILE_SIZE_MAX + 2);
	size_t size;
	int err = 0;

	if (!text)
		return -ENOMEM;
	size = fread(text, 1, FILE_SIZE_MAX + 1, file);
	text[size] = '\0';
	if (ferror(file))
		err = refuse_file("read", path);
	else if (size > FILE_SIZE_MAX)
		err = log_say(OUTCOME_USAGE, "%s: larger than %d KiB", path, FILE_SIZE_MAX >> 10);
	else if (strlen(text) != size)
		err = log_say(OUTCOME_USAGE, "%s: a NUL byte: this is no text", path);
	if (!err)
		err = read_lines(settings, path, text);
	free(text);
	return err;
}

const char *settings_file(const struct settings *settings)
{
	return settings->config ? settings->config : SETTINGS_FILE;
}

/* The file that is read if none is named need not be there. */
static int read_file(struct settings *settings, const char *config)
{
	const char *path = config ? config : SETTINGS_FILE;
	FILE *file = fopen(path, "re");
	int err;

	if (!file && errno == ENOENT && !config)
		return 0;
	if (!file)
		return refuse_file("open", path);
	err = read_text(settings, path, file);
	fclose(file);
	return err;
}

/* PORTCLASS_COUNT_BY */
static void name_variable(char *name, size_t size, const char *keyword)
{
	snprintf(name, size, VARIABLE_PREFIX "%s", keyword);
	for (char *letter = name; *letter; letter++)
		*letter = *letter == '-' ? '_' : (char)toupper((unsigned char)*letter);
}

static bool is_no(const char *word)
{
	static const char *const words[] = { "0", "no", "false", "off" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(words[i], word) == 0)
			return true;
	return false;
}

static int read_value(struct settings *settings, struct arguments_source *source,
		      const struct argument *row, char *value)
{
	bool flag = row->kind == ARGUMENT_FLAG;
	char *words[2] = { (char *)row->keyword, value }, *rest = NULL;
	int err = 0;

	if (flag && is_no(value))
		return 0;
	if (row->kind != ARGUMENT_WORDS)
		return arguments_parse_source(source, flag ? 1 : 2, words, settings);
	for (words[1] = strtok_r(value, " \t\n", &rest); words[1] && !err;
	     words[1] = strtok_r(NULL, " \t\n", &rest))
		err = arguments_parse_source(source, 2, words, settings);
	return err;
}

/* A variable that is set to nothing says nothing. */
static int read_environment(struct settings *settings)
{
	char name[64];
	struct arguments_source source = { .arguments = settings_arguments, .name = name };
	int err = 0;

	for (const struct argument *row = settings_arguments; !err && row->keyword; row++) {
		const char *value;
		char *kept;

		name_variable(name, sizeof(name), row->keyword);
		value = getenv(name);
		if (!value || !*value)
			continue;
		kept = keep_text(settings, value);
		err = kept ? read_value(settings, &source, row, kept) : -ENOMEM;
	}
	return err;
}

/* Which file to read must be known before it is read; the words are said twice. */
static int find_file(const char **config, const char *name, int argc, char **argv)
{
	struct settings early = { .config = getenv(VARIABLE_PREFIX "CONFIG") };
	int err = arguments_parse(name, settings_arguments, argc, argv, &early);

	*config = early.config && *early.config ? early.config : NULL;
	return err;
}

int settings_open(struct settings *settings, const char *name, int argc, char **argv)
{
	const char *config;
	int err = find_file(&config, name, argc, argv);

	*settings = (struct settings){ .table = TABLE_ARGUMENTS_DEFAULT,
				       .listen = LISTEN_DEFAULT,
				       .series = SERIES_DEFAULT };
	settings->table.regular_files = true; /* the agent waits for nobody */
	if (!err)
		err = read_file(settings, config);
	if (!err)
		err = read_environment(settings);
	if (!err)
		err = arguments_parse(name, settings_arguments, argc, argv, settings);
	if (err)
		settings_close(settings);
	return err;
}

void settings_close(struct settings *settings)
{
	arena_close(&settings->text);
	*settings = (struct settings){ 0 };
}

/* As it is, or as it is shown. */
static bool is_named(const struct words *patterns, const char *interface)
{
	char shown[TEXT_SHOWN_SIZE(IFINDEX_NAME_SIZE)];

	text_show(shown, sizeof(shown), interface);
	for (size_t i = 0; i < patterns->count; i++)
		if (strcmp(patterns->words[i], interface) == 0 ||
		    strcmp(patterns->words[i], shown) == 0)
			return true;
	return false;
}

/* A name can have what means something in a pattern: it means itself, too. */
static bool matches(const struct words *patterns, const char *interface)
{
	for (size_t i = 0; i < patterns->count; i++)
		if (fnmatch(patterns->words[i], interface, 0) == 0)
			return true;
	return is_named(patterns, interface);
}

bool settings_exclude(const struct settings *settings, const char *interface)
{
	return matches(&settings->unwanted, interface);
}

bool settings_want(const struct settings *settings, const char *interface, bool loopback,
		   bool default_route)
{
	if (matches(&settings->unwanted, interface))
		return false;
	if (!settings->wanted.count)
		return default_route && !loopback;
	return loopback ? is_named(&settings->wanted, interface)
			: matches(&settings->wanted, interface);
}
