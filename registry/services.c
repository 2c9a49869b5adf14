// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * services(5): `name port/transport alias... # comment`, and two dialects of it:
 * Wireshark's `name first-last/tcp/udp`, and nmap's `name port/transport frequency`.
 * The comment becomes the description.
 */
#include <string.h>

#include "reader.h"

#define BLANKS " \t\f\v"
#define DIGITS "0123456789"

/* Cut the next word off the line at *@line; empty at its end. */
static char *take_word(char **line)
{
	char *word = *line + strspn(*line, BLANKS);

	*line = word + strcspn(word, BLANKS);
	if (**line)
		*(*line)++ = '\0';
	return word;
}

/* Join the words of @line in place, one blank between them. */
static const char *join_words(char *line)
{
	char *joined = line, *end = line;

	for (char *word = take_word(&line); *word; word = take_word(&line)) {
		size_t size = strlen(word);

		if (end > joined)
			*end++ = ' ';
		memmove(end, word, size);
		end += size;
	}
	*end = '\0';
	return joined;
}

/* How often nmap found the port open: 0.001995, or 5/1000. No service is called that. */
static char *skip_frequency(char *line)
{
	char *word = line + strspn(line, BLANKS);
	size_t size = strcspn(word, BLANKS), digits = strspn(word, DIGITS);
	bool ratio = digits && (word[digits] == '.' || word[digits] == '/');

	return ratio && strspn(word, DIGITS "./eE+-") == size ? word + size : line;
}

static int read_line(struct registry *registry, const struct source *source, char *line,
		     unsigned int number)
{
	struct cells cells = { .line = number, .lines = 1 };
	char *comment = strchrnul(line, '#'), *slash;

	if (*comment) {
		*comment++ = '\0';
		cells.description = comment;
	}
	cells.service = take_word(&line);
	if (!*cells.service)
		return 0;
	cells.port = take_word(&line);
	slash = strchr(cells.port, '/');
	if (!slash || slash == cells.port || !slash[1])
		diagnostics_lose(source->diagnostics, registry->path, number,
				 "'%.64s' is not followed by PORT/TRANSPORT", cells.service);
	if (!slash || slash == cells.port || !slash[1])
		return 0;
	*slash = '\0';
	cells.transport = slash + 1;
	cells.aliases = join_words(skip_frequency(line));
	return record_append(registry, &cells, source->diagnostics);
}

static int services_read(struct registry *registry, const struct source *source)
{
	char *line = source->bytes;
	unsigned int number = 0;
	int err = 0;

	while (!err && *line) {
		char *end = strchrnul(line, '\n');
		bool last = !*end;

		*end = '\0';
		err = read_line(registry, source, line, ++number);
		line = last ? end : end + 1;
	}
	return err;
}

/* Whether a line begins as `name digits`: a word of its own, or with a - or a / behind it. */
static bool is_service(const char *line)
{
	size_t name = strcspn(line, BLANKS "\n#");
	const char *port = line + name + strspn(line + name, BLANKS);
	size_t digits = strspn(port, DIGITS);

	return name && digits && port > line + name && strchr("-/#\n" BLANKS, port[digits]);
}

/* Any line will do, the first one may be what is wrong with the file; or only comments. */
static bool services_recognise(const struct source *source)
{
	const char *line = source->bytes;
	bool only_comments = true;

	while (*line) {
		line += strspn(line, BLANKS);
		if (is_service(line))
			return true;
		if (*line && *line != '#' && *line != '\n')
			only_comments = false;
		line = strchrnul(line, '\n');
		line += *line == '\n';
	}
	return only_comments;
}

const struct format format_services = { "services", services_recognise, services_read };
