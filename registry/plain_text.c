// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * IANA's plain text edition: columns of blanks, below a header of several lines.
 *
 * A cell that is too long for its column goes on above and below the line that has the
 * name, port and transport of its row. Only that line is read: which rows the others
 * belong to cannot be told.
 */
#include <string.h>
#include <strings.h>

#include "reader.h"
#include "text.h"

#define TRANSPORT "Transport"
#define PROTOCOL  "Protocol"
#define BEHIND	  "People" /* the heading of what stands behind the table */

/* Where the columns are, of a line. */
struct layout {
	size_t port;
	size_t transport;
	size_t rest;
};

struct page {
	struct registry *registry;
	struct diagnostics *diagnostics;
	char *position;
	unsigned int line;
	struct layout layout;
};

/* Where a word stands in a line, from @from on; SIZE_MAX: it does not. */
static size_t find_word(const char *line, size_t from, const char *word)
{
	size_t size = strcspn(line, "\n"), length = strlen(word);

	for (; from + length <= size; from++)
		if (!strncasecmp(line + from, word, length))
			return from;
	return SIZE_MAX;
}

/* Find the transport's column. Its heading may have a line of its own above this one. */
static bool find_transport(struct layout *layout, const char *line, const char *above)
{
	size_t whole = find_word(line, layout->port, TRANSPORT " " PROTOCOL), lower, upper;

	if (whole != SIZE_MAX) {
		layout->transport = whole;
		layout->rest = whole + strlen(TRANSPORT " " PROTOCOL);
		return true;
	}
	lower = find_word(line, layout->port, PROTOCOL);
	upper = above ? find_word(above, layout->port, TRANSPORT) : SIZE_MAX;
	layout->transport = upper < lower ? upper : lower;
	layout->rest = layout->transport + strlen(TRANSPORT);
	return lower != SIZE_MAX && upper != SIZE_MAX;
}

/* Whether this is the line of the header that has most of it. */
static bool find_layout(struct layout *layout, const char *line, const char *above)
{
	size_t service = find_word(line, 0, "Service Name");

	if (service == SIZE_MAX || strspn(line, " ") != service)
		return false;
	layout->port = find_word(line, service, "Port Number");
	return layout->port != SIZE_MAX && find_transport(layout, line, above) &&
	       find_word(line, layout->rest, "Description") != SIZE_MAX &&
	       strcspn(line, ",|") >= strcspn(line, "\n");
}

static const char *next_line(const char *line)
{
	line = strchrnul(line, '\n');
	return *line ? line + 1 : line;
}

static bool plain_text_recognise(const struct source *source)
{
	const char *above = NULL;
	struct layout layout;

	for (const char *line = source->bytes; *line; line = next_line(line)) {
		if (find_layout(&layout, line, above))
			return true;
		above = line;
	}
	return false;
}

/* Cut off the next line; NULL at the end of the page. */
static char *take_line(struct page *page)
{
	char *line = page->position, *end = strchrnul(line, '\n');

	if (!*line)
		return NULL;
	page->line++;
	page->position = *end ? end + 1 : end;
	*end = '\0';
	return line;
}

/* "Last Updated", and on the next line "2013-06-26". */
static void take_date(struct registry *registry, char *line, bool *expected)
{
	text_tidy(line, line);
	if (*expected && text_is_date(line))
		strcpy(registry->date, line);
	*expected = !strcasecmp(line, "Last Updated");
}

static int skip_to_rows(struct page *page)
{
	bool date_follows = false;
	char *line, *above = NULL;

	while ((line = take_line(page)) && !find_layout(&page->layout, line, above)) {
		if (above)
			take_date(page->registry, above, &date_follows);
		above = line;
	}
	if (line)
		return 0;
	return diagnostics_refuse(page->diagnostics, page->registry->path, 0,
				  "no line is the header 'Service Name  Port Number  Protocol  "
				  "Description ...'");
}

/* Cut the line in two at @at, before which there has to be a blank. */
static char *cut(char *line, size_t at, bool *aligned)
{
	if (strlen(line) < at)
		return strchr(line, '\0');
	if (line[at - 1] != ' ')
		*aligned = false;
	line[at - 1] = '\0';
	return line + at;
}

/* The description comes first, if it is there; columns have two blanks between them. */
static void take_rest(struct cells *cells, char *rest)
{
	if (*rest == ' ')
		cells->description = "";
	while (rest && *rest) {
		char *cell = rest + strspn(rest, " ");

		rest = strstr(cell, "  ");
		if (rest)
			*rest++ = '\0';
		cells_set_by_shape(cells, cell);
	}
}

static int read_line(struct page *page, char *line)
{
	struct cells cells = { .line = page->line, .lines = 1 };
	bool aligned = true;
	char *rest = cut(line, page->layout.rest + 1, &aligned);
	char *transport = cut(line, page->layout.transport, &aligned);
	char *port = cut(line, page->layout.port, &aligned);

	text_tidy(line, line);
	text_tidy(port, port);
	text_tidy(transport, transport);
	if (!*line && !*port && !*transport)
		return 0; /* of a cell that is too long for its column */
	if (!aligned)
		diagnostics_lose(page->diagnostics, page->registry->path, page->line,
				 "the cells do not stand below the header's; the row is lost");
	if (!aligned)
		return 0;
	cells.service = line;
	cells.port = port;
	cells.transport = transport;
	take_rest(&cells, rest);
	return record_append(page->registry, &cells, page->diagnostics);
}

static bool is_behind(const char *line)
{
	return *line == ' ' && !strcmp(line + strspn(line, " "), BEHIND);
}

static int plain_text_read(struct registry *registry, const struct source *source)
{
	struct page page = { registry, source->diagnostics, source->bytes, .line = 0 };
	int err = skip_to_rows(&page);
	char *line;

	/* What is left of the header has no cells in the first three columns. */
	while (!err && (line = take_line(&page)) && !is_behind(line))
		err = read_line(&page, line);
	return err;
}

const struct format format_plain_text = { "text", plain_text_recognise, plain_text_read };
