// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * IANA's web page as text: a table drawn with |, somewhere in the page.
 *
 * A row has 12 of them and may go on over several lines. Empty cells are moved
 * behind the others, so only name, port and transport are known by their place;
 * what the other cells are is told by their shape.
 */
#include <string.h>
#include <strings.h>

#include "reader.h"
#include "text.h"

#define COLUMNS 12
#define DIGITS	"0123456789"

/* A line of the page that is not yet taken. */
struct page {
	struct registry *registry;
	struct diagnostics *diagnostics;
	char *position;
	unsigned int line;
};

/* A row of the table: its cells that have a | behind them, trimmed, some of them empty. */
struct table_row {
	unsigned int line;
	unsigned int lines;
	unsigned int bars;
	char *text;
	char *cells[COLUMNS];
	unsigned int count;
};

static unsigned int count_bars(const char *line)
{
	unsigned int bars = 0;

	for (; *line && *line != '\n'; line++)
		bars += *line == '|';
	return bars;
}

static const char *next_line(const char *line)
{
	line = strchrnul(line, '\n');
	return *line ? line + 1 : line;
}

static bool is_header(const char *line)
{
	static const char *const names[] = { "Service Name", "Port Number", "Transport Protocol" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		line += strspn(line, " \t");
		if (strncasecmp(line, names[i], strlen(names[i])))
			return false;
		line += strlen(names[i]);
		line += strspn(line, " \t");
		if (*line++ != '|')
			return false;
	}
	return true;
}

static bool pipe_table_recognise(const struct source *source)
{
	for (const char *line = source->bytes; *line; line = next_line(line))
		if (is_header(line))
			return true;
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

/* "- Last Updated", and on the next line "- 2025-10-22". */
static void take_date(struct registry *registry, char *line, bool *expected)
{
	text_tidy(line, line);
	if (*expected && !strncmp(line, "- ", 2) && text_is_date(line + 2))
		strcpy(registry->date, line + 2);
	*expected = !strcasecmp(line, "- Last Updated");
}

/* Step over all that stands before the rows, the header included. */
static int skip_to_rows(struct page *page)
{
	bool date_follows = false;
	char *line;

	while ((line = take_line(page)) && !is_header(line))
		take_date(page->registry, line, &date_follows);
	if (!line)
		return diagnostics_refuse(page->diagnostics, page->registry->path, 0,
					  "no line is the header 'Service Name | Port Number | "
					  "Transport Protocol | ...'");
	page->registry->columns = count_bars(line);
	if (page->registry->columns != COLUMNS)
		return diagnostics_refuse(page->diagnostics, page->registry->path, page->line,
					  "the header has %u columns, not %d",
					  page->registry->columns, COLUMNS);
	if (!strncmp(page->position, "---", 3))
		take_line(page);
	return 0;
}

/* Cut the text of a row at its bars, in place; what stands behind the last is lost. */
static void split_row(struct table_row *row)
{
	char *at = row->text, *bar;

	for (; row->count < COLUMNS && (bar = strchr(at, '|')); at = bar + 1) {
		*bar = '\0';
		text_tidy(at, at);
		row->cells[row->count++] = at;
	}
}

/*
 * Take the lines of a row off, and join them. A line that is a whole row never
 * continues one: the row before it is cut short then.
 */
static bool take_row(struct page *page, struct table_row *row)
{
	char *line = take_line(page);

	if (!line)
		return false;
	*row = (struct table_row){ .line = page->line, .text = line, .bars = count_bars(line) };
	while (row->bars && row->bars < COLUMNS && *page->position &&
	       count_bars(page->position) < COLUMNS) {
		page->position[-1] = ' '; /* was the line feed before the next line */
		row->bars += count_bars(take_line(page));
	}
	row->lines = page->line - row->line + 1;
	split_row(row);
	return true;
}

/* "80" or "6000-6063": no service has such a name. */
static bool is_port(const char *cell)
{
	size_t digits = strspn(cell, DIGITS);

	if (!digits || !cell[digits])
		return digits;
	return cell[digits] == '-' && text_is_number(cell + digits + 1);
}

/* What the row says, cell by cell; returns how many were known by their place. */
static unsigned int read_cells(struct cells *cells, const struct table_row *row)
{
	unsigned int next = 0;

	if (next < row->count && !is_port(row->cells[next]))
		cells->service = row->cells[next++];
	if (next < row->count && is_port(row->cells[next]))
		cells->port = row->cells[next++];
	if (next < row->count && transport_by_name(row->cells[next]) < TRANSPORT_MAX)
		cells->transport = row->cells[next++];
	for (unsigned int i = next; i < row->count; i++)
		cells_set_by_shape(cells, row->cells[i]);
	return next;
}

/* Say of a row how it differs from 12 cells; false: it can't be used. */
static bool check_bars(const struct page *page, const struct table_row *row, bool whole)
{
	if (row->bars > COLUMNS)
		diagnostics_warn(page->diagnostics, page->registry->path, row->line,
				 "%u '|' where a row has %d; name, port and transport are kept",
				 row->bars, COLUMNS);
	if (row->bars >= COLUMNS)
		return true;
	if (whole)
		diagnostics_warn(page->diagnostics, page->registry->path, row->line,
				 "the row is cut short: %u of %d '|'; it is kept, its name, port "
				 "and transport are there",
				 row->bars, COLUMNS);
	else
		diagnostics_lose(page->diagnostics, page->registry->path, row->line,
				 "the row is cut short: %u of %d '|'; it is left out", row->bars,
				 COLUMNS);
	return whole;
}

static int read_row(struct page *page, const struct table_row *row)
{
	struct cells cells = { .line = row->line, .lines = row->lines };
	unsigned int placed = read_cells(&cells, row);
	/* Without a transport, only a cell behind it shows that none was cut off. */
	bool whole = cells.service ? cells.transport || placed < row->count : !!cells.description;

	if (!check_bars(page, row, whole))
		return 0;
	return record_append(page->registry, &cells, page->diagnostics);
}

static bool is_blank(const struct table_row *row)
{
	return !row->bars && !row->text[strspn(row->text, " \t")];
}

static int pipe_table_read(struct registry *registry, const struct source *source)
{
	struct page page = { registry, source->diagnostics, source->bytes, .line = 0 };
	struct table_row row;
	int err = skip_to_rows(&page);

	while (!err && take_row(&page, &row))
		if (!is_blank(&row))
			err = read_row(&page, &row);
	return err;
}

const struct format format_pipe_table = { "table", pipe_table_recognise, pipe_table_read };
