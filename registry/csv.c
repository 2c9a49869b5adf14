// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * IANA's CSV edition: RFC 4180, columns known by their names. Lines that begin
 * with # may stand before the header; `# date: YYYY-MM-DD` among them dates it.
 */
#include <stdio.h>
#include <string.h>

#include "columns.h"
#include "text.h"

#define DATE_MARK "# date: "

struct csv {
	struct registry *registry;
	struct diagnostics *diagnostics;
	char *position;
	unsigned int line; /* of the position */
	struct columns columns;
};

/* What stands behind a cell. */
enum delimiter {
	DELIMITER_CELL,
	DELIMITER_ROW,
	DELIMITER_END,
};

/* What can be wrong with the quotes of a row. */
enum quoting {
	QUOTING_GOOD,
	QUOTING_TEXT_BEHIND,
	QUOTING_TEXT_BEFORE,
	QUOTING_OPEN,
};

static const char *const faults[] = {
	[QUOTING_TEXT_BEHIND] = "text follows the closing quote",
	[QUOTING_TEXT_BEFORE] = "a quote inside a cell that does not begin with one",
	[QUOTING_OPEN] = "the cell is never closed",
};

/* Behind the closing quote of the cell that begins at @at; NULL: it has none. */
static const char *skip_quoted(const char *at)
{
	do {
		at = strchr(at + 1, '"');
	} while (at && at[1] == '"' && at++);
	return at ? at + 1 : NULL;
}

/* Look before anything is cut off: a row that is lost costs no other. */
static enum quoting check_quoting(const char *at)
{
	for (; at; at++) {
		bool quoted = *at == '"';

		at = quoted ? skip_quoted(at) : at + strcspn(at, ",\"\n");
		if (!at)
			break;
		if (*at && *at != ',' && *at != '\n')
			return quoted ? QUOTING_TEXT_BEHIND : QUOTING_TEXT_BEFORE;
		if (*at != ',')
			return QUOTING_GOOD;
	}
	return QUOTING_OPEN;
}

/* Step over the delimiter, which begins at the position. */
static enum delimiter take_delimiter(struct csv *csv)
{
	char delimiter = *csv->position;

	csv->line += delimiter == '\n';
	csv->position += delimiter != '\0';
	return delimiter == ',' ? DELIMITER_CELL : delimiter ? DELIMITER_ROW : DELIMITER_END;
}

/* Take a quoted cell off, unquoted in place. */
static enum delimiter take_quoted(struct csv *csv, char **cell)
{
	char *from = csv->position + 1, *to = from;
	enum delimiter delimiter;

	*cell = from;
	for (; *from != '"' || from[1] == '"'; *to++ = *from++) {
		csv->line += *from == '\n';
		from += *from == '"';
	}
	csv->position = from + 1;
	delimiter = take_delimiter(csv);
	*to = '\0';
	return delimiter;
}

/* Take the next cell off the file; it is NUL-terminated in place. */
static enum delimiter take_cell(struct csv *csv, char **cell)
{
	char *end = csv->position;
	enum delimiter delimiter;

	if (*end == '"')
		return take_quoted(csv, cell);
	*cell = end;
	end += strcspn(end, ",\n");
	csv->position = end;
	delimiter = take_delimiter(csv);
	*end = '\0';
	return delimiter;
}

static int read_header(struct csv *csv)
{
	enum delimiter delimiter = DELIMITER_CELL;
	enum quoting quoting = check_quoting(csv->position);
	char missing[COLUMNS_MISSING_SIZE];
	unsigned int line = csv->line;

	if (quoting)
		return diagnostics_refuse(csv->diagnostics, csv->registry->path, line,
					  "malformed quoting in the header: %s", faults[quoting]);
	columns_start(&csv->columns);
	while (delimiter == DELIMITER_CELL) {
		char *cell;

		delimiter = take_cell(csv, &cell);
		columns_add(&csv->columns, cell);
	}
	csv->registry->columns = csv->columns.count;
	columns_missing(&csv->columns, missing);
	if (!*missing)
		return 0;
	return diagnostics_refuse(csv->diagnostics, csv->registry->path, line,
				  "a CSV whose header has no %s", missing);
}

/* Say of a row how it differs from the header; false: it can't be used. */
static bool check_count(const struct csv *csv, unsigned int line, unsigned int count, bool whole)
{
	unsigned int want = csv->registry->columns;

	if (count > want)
		diagnostics_warn(csv->diagnostics, csv->registry->path, line,
				 "%u cells where the header has %u; those beyond are ignored",
				 count, want);
	if (count >= want)
		return true;
	if (whole)
		diagnostics_warn(csv->diagnostics, csv->registry->path, line,
				 "the row is cut short: %u of %u cells; it is kept, its name, port "
				 "and transport are there",
				 count, want);
	else
		diagnostics_lose(csv->diagnostics, csv->registry->path, line,
				 "the row is cut short: %u of %u cells; it is left out", count,
				 want);
	return whole;
}

static int read_row(struct csv *csv)
{
	struct cells cells = { .line = csv->line };
	enum delimiter delimiter = DELIMITER_CELL;
	unsigned int count = 0;
	bool whole;

	while (delimiter == DELIMITER_CELL) {
		char *cell;

		delimiter = take_cell(csv, &cell);
		columns_set(&csv->columns, count++, &cells, cell);
	}
	cells.lines = csv->line - cells.line + (delimiter == DELIMITER_END);
	/* At the end of the file, the last cell there is may itself be cut. */
	whole = count >= csv->columns.needed + (delimiter == DELIMITER_END);
	if (!check_count(csv, cells.line, count, whole))
		return 0;
	return record_append(csv->registry, &cells, csv->diagnostics);
}

static void skip_line(struct csv *csv)
{
	char *end = strchrnul(csv->position, '\n');

	csv->line += *end == '\n';
	csv->position = *end ? end + 1 : end;
}

/* What a quote that does not fit costs is the line that the row begins on. */
static int read_or_lose_row(struct csv *csv)
{
	enum quoting quoting = check_quoting(csv->position);

	if (!quoting)
		return read_row(csv);
	if (quoting == QUOTING_OPEN)
		return diagnostics_refuse(csv->diagnostics, csv->registry->path, csv->line,
					  "malformed quoting: %s", faults[quoting]);
	diagnostics_lose(csv->diagnostics, csv->registry->path, csv->line,
			 "malformed quoting: %s; the row is lost", faults[quoting]);
	skip_line(csv);
	return 0;
}

static bool skip_comment(struct csv *csv)
{
	char *date = csv->registry->date;

	if (*csv->position != '#')
		return false;
	if (!strncmp(csv->position, DATE_MARK, strlen(DATE_MARK))) {
		snprintf(date, DATE_SIZE, "%.*s",
			 (int)strcspn(csv->position + strlen(DATE_MARK), " \n"),
			 csv->position + strlen(DATE_MARK));
		if (!text_is_date(date))
			*date = '\0';
	}
	skip_line(csv);
	return true;
}

/* RFC 4180 has no empty lines; files do, mostly at their end. */
static bool skip_empty_line(struct csv *csv)
{
	if (*csv->position != '\n')
		return false;
	skip_line(csv);
	return true;
}

static int csv_read(struct registry *registry, const struct source *source)
{
	struct csv csv = { registry, source->diagnostics, source->bytes, .line = 1 };
	int err;

	while (skip_comment(&csv) || skip_empty_line(&csv))
		;
	err = read_header(&csv);
	while (!err && *csv.position)
		if (!skip_empty_line(&csv))
			err = read_or_lose_row(&csv);
	return err;
}

/* The first line from @line on that is neither empty nor a comment. */
static const char *find_line(const char *line)
{
	while (*line == '#' || *line == '\n')
		line += *line == '#' ? strcspn(line, "\n") : 1;
	return line;
}

/* No line of services(5) has a comma before its port and transport. */
static bool has_cells(const char *line)
{
	return line[strcspn(line, ",/\n")] == ',';
}

/* A header that names one of the needed columns; or other columns, and a row below it. */
static bool csv_recognise(const struct source *source)
{
	const char *header = find_line(source->bytes), *row;

	for (const char *cell = header; *cell && *cell != '\n'; cell += strcspn(cell, ",\n")) {
		cell += strspn(cell, ",\"");
		if (columns_is_needed(cell, strcspn(cell, ",\"\n")))
			return true;
	}
	row = find_line(header + strcspn(header, "\n"));
	return has_cells(header) && (!*row || has_cells(row));
}

const struct format format_csv = { "csv", csv_recognise, csv_read };
