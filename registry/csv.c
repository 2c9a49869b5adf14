// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * IANA's CSV edition: RFC 4180, columns known by their names. Lines that begin
 * with # may stand before the header; `# date: YYYY-MM-DD` among them dates it.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "reader.h"
#include "text.h"

#define DATE_MARK "# date: "

static const struct column {
	const char *name;
	size_t member; /* of struct cells */
	bool needed;
} columns[] = {
	{ "Service Name", offsetof(struct cells, service), true },
	{ "Port Number", offsetof(struct cells, port), true },
	{ "Transport Protocol", offsetof(struct cells, transport), true },
	{ "Description", offsetof(struct cells, description), false },
	{ "Registration Date", offsetof(struct cells, registered), false },
	{ "Modification Date", offsetof(struct cells, modified), false },
	{ "Reference", offsetof(struct cells, reference), false },
	{ "Service Code", offsetof(struct cells, service_code), false },
	{ "Unauthorized Use Reported", offsetof(struct cells, unauthorized_use), false },
	/* the name of the same column until 2018 */
	{ "Known Unauthorized Uses", offsetof(struct cells, unauthorized_use), false },
	{ "Assignment Notes", offsetof(struct cells, notes), false },
};

#define COLUMNS (sizeof(columns) / sizeof(*columns))

struct csv {
	struct registry *registry;
	struct diagnostics *diagnostics;
	char *position;
	unsigned int line;	     /* of the position */
	unsigned int index[COLUMNS]; /* of each column in the file; UINT_MAX: not there */
	unsigned int needed;	     /* cells that hold all the needed columns */
};

/* What stands behind a cell. */
enum delimiter {
	DELIMITER_CELL,
	DELIMITER_ROW,
	DELIMITER_END,
};

/* Step over the delimiter, which must begin at the position. */
static int take_delimiter(struct csv *csv, enum delimiter *delimiter, unsigned int line)
{
	char *at = csv->position;

	if (*at == '\r' && at[1] == '\n')
		at++;
	if (*at && *at != ',' && *at != '\n')
		return diagnostics_refuse(csv->diagnostics, csv->registry->path, line,
					  "malformed quoting: text follows the closing quote");
	csv->line += *at == '\n';
	*delimiter = *at == ',' ? DELIMITER_CELL : *at ? DELIMITER_ROW : DELIMITER_END;
	csv->position = *at ? at + 1 : at;
	return 0;
}

/* Take a quoted cell off, unquoted in place. */
static int take_quoted(struct csv *csv, char **cell, enum delimiter *delimiter)
{
	unsigned int line = csv->line;
	char *from = csv->position + 1, *to = from;
	int err;

	*cell = from;
	for (; *from && (*from != '"' || from[1] == '"'); *to++ = *from++) {
		csv->line += *from == '\n';
		from += *from == '"';
	}
	if (!*from)
		return diagnostics_refuse(csv->diagnostics, csv->registry->path, line,
					  "malformed quoting: the cell is never closed");
	csv->position = from + 1;
	err = take_delimiter(csv, delimiter, line);
	*to = '\0';
	return err;
}

/* Take the next cell off the file; it is NUL-terminated in place. */
static int take_cell(struct csv *csv, char **cell, enum delimiter *delimiter)
{
	char *end = csv->position;
	int err;

	if (*end == '"')
		return take_quoted(csv, cell, delimiter);
	*cell = end;
	end += strcspn(end, ",\"\r\n");
	while (*end == '\r' && end[1] != '\n')
		end += 1 + strcspn(end + 1, ",\"\r\n");
	if (*end == '"')
		return diagnostics_refuse(csv->diagnostics, csv->registry->path, csv->line,
					  "malformed quoting: a quote inside a cell that does "
					  "not begin with one");
	csv->position = end;
	err = take_delimiter(csv, delimiter, csv->line);
	*end = '\0';
	return err;
}

static void set_column(struct csv *csv, const char *name, unsigned int index)
{
	for (size_t i = 0; i < COLUMNS; i++)
		if (!strcasecmp(columns[i].name, name) && csv->index[i] == UINT_MAX)
			csv->index[i] = index;
}

static int check_columns(struct csv *csv, unsigned int line)
{
	char missing[128] = "";

	for (size_t i = 0; i < COLUMNS; i++) {
		size_t size = strlen(missing);

		if (!columns[i].needed)
			continue;
		if (csv->index[i] == UINT_MAX)
			snprintf(missing + size, sizeof(missing) - size, "%s'%s'", size ? ", " : "",
				 columns[i].name);
		else if (csv->needed <= csv->index[i])
			csv->needed = csv->index[i] + 1;
	}
	if (!*missing)
		return 0;
	return diagnostics_refuse(csv->diagnostics, csv->registry->path, line,
				  "the header lacks %s", missing);
}

static int read_header(struct csv *csv)
{
	enum delimiter delimiter = DELIMITER_CELL;
	unsigned int line = csv->line;

	memset(csv->index, 0xff, sizeof(csv->index));
	do {
		char *cell;
		int err = take_cell(csv, &cell, &delimiter);

		if (err)
			return err;
		set_column(csv, cell, csv->registry->columns++);
	} while (delimiter == DELIMITER_CELL);
	return check_columns(csv, line);
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
	diagnostics_warn(csv->diagnostics, csv->registry->path, line,
			 "the row is cut short: %u of %u cells; it is %s", count, want,
			 whole ? "kept, its name, port and transport are there" : "left out");
	return whole;
}

static int read_row(struct csv *csv)
{
	struct cells cells = { .line = csv->line };
	enum delimiter delimiter;
	unsigned int count = 0;
	bool whole;

	do {
		char *cell;
		int err = take_cell(csv, &cell, &delimiter);

		if (err)
			return err;
		for (size_t i = 0; i < COLUMNS; i++)
			if (csv->index[i] == count)
				*(const char **)((char *)&cells + columns[i].member) = cell;
		count++;
	} while (delimiter == DELIMITER_CELL);
	cells.lines = csv->line - cells.line + (delimiter == DELIMITER_END);
	/* At the end of the file, the last cell there is may itself be cut. */
	whole = count >= csv->needed + (delimiter == DELIMITER_END);
	if (!check_count(csv, cells.line, count, whole))
		return 0;
	return record_append(csv->registry, &cells, csv->diagnostics);
}

/* RFC 4180 has no empty lines; files do, mostly at their end. */
static bool skip_empty_line(struct csv *csv)
{
	size_t size = strspn(csv->position, "\r");

	if (csv->position[size] != '\n')
		return false;
	csv->position += size + 1;
	csv->line++;
	return true;
}

static bool skip_comment(struct csv *csv)
{
	char *date = csv->registry->date, *end = strchrnul(csv->position, '\n');

	if (*csv->position != '#')
		return false;
	if (!strncmp(csv->position, DATE_MARK, strlen(DATE_MARK))) {
		snprintf(date, DATE_SIZE, "%.*s",
			 (int)strcspn(csv->position + strlen(DATE_MARK), " \r\n"),
			 csv->position + strlen(DATE_MARK));
		if (!text_is_date(date))
			*date = '\0';
	}
	csv->line += *end == '\n';
	csv->position = *end ? end + 1 : end;
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
			err = read_row(&csv);
	return err;
}

/* A header that names one of the needed columns. */
static bool csv_recognise(const struct source *source)
{
	const char *header = source->bytes;

	while (*header == '#' || *header == '\r' || *header == '\n') {
		header += *header == '#' ? strcspn(header, "\n") : 1;
	}
	for (const char *cell = header; *cell && *cell != '\n'; cell += strcspn(cell, ",\n")) {
		cell += strspn(cell, ",\"");
		for (size_t i = 0; i < COLUMNS; i++) {
			size_t size = strlen(columns[i].name);

			if (columns[i].needed && !strncasecmp(cell, columns[i].name, size) &&
			    (!cell[size] || strchr(",\"\r\n", cell[size])))
				return true;
		}
	}
	return false;
}

const struct format format_csv = { "csv", csv_recognise, csv_read };
