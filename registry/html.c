// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * IANA's web page: the first table whose header has the columns that are needed, and the
 * date under "Last Updated" before it. Tags need not be closed, nor be XML; a quote or a
 * comment that never ends is refused. Nothing is known here of how a page is laid out.
 */
#include "html_text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "columns.h"
#include "text.h"

struct html {
	struct registry *registry;
	struct diagnostics *diagnostics;
	char *position;
	unsigned int line; /* of the position */
	char *cell;	   /* its text, over what was read of it; NULL: in none */
	char *end;	   /* of that text */
	bool in_row;
	struct cells cells;		  /* of the row */
	unsigned int count;		  /* of them */
	struct columns columns;		  /* of the header */
	char lacks[COLUMNS_MISSING_SIZE]; /* the row that is most like a header; empty: no row */
	bool found;			  /* the header */
	bool done;			  /* the table of that header has ended */
	unsigned int depth;		  /* of tables in each other */
	unsigned int found_depth;
	bool date_follows;
};

/* A tag as it stands, <tr class="odd"> or </tr>. */
struct tag {
	const char *name;
	size_t size;
	bool closes;
};

/* Go on to @to, which is further down. */
static void advance(struct html *html, const char *to)
{
	for (; html->position < to; html->position++)
		html->line += *html->position == '\n';
}

static void add_blank(struct html *html)
{
	if (html->cell)
		*html->end++ = ' ';
}

/* The text of a cell that ends here; NULL: none does. */
static char *take_text(struct html *html)
{
	char *text = html->cell;

	if (!text)
		return NULL;
	*html->end = '\0';
	html->cell = NULL;
	text_tidy(text, text);
	return text;
}

/* "Last Updated", and then "2025-10-22". */
static void take_date(struct html *html, const char *text)
{
	if (html->date_follows && text_is_date(text))
		strcpy(html->registry->date, text);
	html->date_follows = !strcasecmp(text, "Last Updated");
}

static int end_cell(struct html *html)
{
	char *text = take_text(html);

	if (!text)
		return 0;
	if (!html->in_row)
		take_date(html, text);
	else if (html->found)
		columns_set(&html->columns, html->count++, &html->cells, text);
	else
		columns_add(&html->columns, text);
	return 0;
}

static int begin_cell(struct html *html)
{
	end_cell(html);
	html->cell = html->end = html->position;
	return 0;
}

/* A row of a table that has not shown its header: is this one? */
static void try_header(struct html *html)
{
	char missing[COLUMNS_MISSING_SIZE];

	columns_missing(&html->columns, missing);
	if (!*missing) {
		html->found = true;
		html->found_depth = html->depth;
		html->registry->columns = html->columns.count;
		return;
	}
	if (!*html->lacks || strlen(missing) < strlen(html->lacks))
		strcpy(html->lacks, missing);
	columns_start(&html->columns);
}

static int end_row(struct html *html)
{
	end_cell(html);
	if (!html->in_row)
		return 0;
	html->in_row = false;
	if (!html->found) {
		try_header(html);
		return 0;
	}
	html->cells.lines = html->line - html->cells.line + 1;
	if (!html->count)
		return 0;
	if (html->count >= html->columns.needed)
		return record_append(html->registry, &html->cells, html->diagnostics);
	diagnostics_lose(html->diagnostics, html->registry->path, html->cells.line,
			 "the row is cut short: %u of %u cells; it is left out", html->count,
			 html->columns.count);
	return 0;
}

static int begin_row(struct html *html)
{
	int err = end_row(html);

	html->in_row = true;
	html->count = 0;
	html->cells = (struct cells){ .line = html->line };
	return err;
}

static int begin_table(struct html *html)
{
	html->depth++;
	return 0;
}

static int end_table(struct html *html)
{
	int err = html->found && html->depth != html->found_depth ? 0 : end_row(html);

	html->done = html->found && html->depth == html->found_depth;
	html->depth -= html->depth > 0;
	return err;
}

static int separate(struct html *html)
{
	add_blank(html);
	return 0;
}

/* The elements that mean something here; in a table within the table they do not. */
static const struct element {
	const char *name;
	int (*begin)(struct html *html);
	int (*end)(struct html *html);
	bool of_table;
} elements[] = {
	/* clang-format off */
	{ "table", begin_table, end_table, false },
	{ "tr", begin_row, end_row, true },
	{ "th", begin_cell, end_cell, true },
	{ "td", begin_cell, end_cell, true },
	{ "dt", begin_cell, end_cell, true },
	{ "dd", begin_cell, end_cell, true },
	{ "br", separate, separate, false },
	{ "p", separate, separate, false },
	{ "div", separate, separate, false },
	{ "li", separate, separate, false },
	/* clang-format on */
};

static bool is_called(const struct tag *tag, const char *name)
{
	return strlen(name) == tag->size && !strncasecmp(tag->name, name, tag->size);
}

/* What stands in these is no text, and may hold tags that are none. */
static void skip_code(struct html *html, const struct tag *tag)
{
	const char *end;

	if (tag->closes || (!is_called(tag, "script") && !is_called(tag, "style")))
		return;
	end = strcasestr(html->position, is_called(tag, "script") ? "</script" : "</style");
	if (end)
		advance(html, end);
	else
		advance(html, html->position + strlen(html->position));
}

static int take_element(struct html *html, const struct tag *tag)
{
	bool nested = html->found && html->depth != html->found_depth;

	skip_code(html, tag);
	for (size_t i = 0; i < sizeof(elements) / sizeof(*elements); i++) {
		const struct element *element = &elements[i];

		if (is_called(tag, element->name) && !(nested && element->of_table))
			return tag->closes ? element->end(html) : element->begin(html);
	}
	return 0;
}

static int refuse_open(struct html *html, const char *what)
{
	return diagnostics_refuse(html->diagnostics, html->registry->path, html->line,
				  "%s is never closed", what);
}

/* Behind the > that ends a tag, whose attributes may hold others in quotes; NULL: none. */
static char *find_end(char *at)
{
	for (at += strcspn(at, "\"'>"); *at && *at != '>'; at += strcspn(at, "\"'>")) {
		at = strchr(at + 1, *at);
		if (!at)
			return NULL;
		at++;
	}
	return *at ? at + 1 : NULL;
}

static int take_tag(struct html *html)
{
	char *at = html->position + 1;
	struct tag tag = { .closes = *at == '/' };
	char *end = find_end(at);

	tag.name = at + tag.closes;
	while (isalnum((unsigned char)tag.name[tag.size]))
		tag.size++;
	if (!end)
		return refuse_open(html, "a tag, or a quote in it,");
	advance(html, end);
	return take_element(html, &tag);
}

/* <!-- -->, <!DOCTYPE >, <?xml ?> */
static int skip_mark(struct html *html)
{
	bool comment = !strncmp(html->position, "<!--", 4);
	char *end = strstr(html->position, comment ? "-->" : ">");

	if (!end)
		return refuse_open(html, comment ? "a comment" : "a declaration");
	advance(html, end);
	advance(html, strchr(end, '>') + 1);
	return 0;
}

static int take_next(struct html *html)
{
	char *at = html->position;

	if (*at == '<' && (at[1] == '!' || at[1] == '?'))
		return skip_mark(html);
	if (*at == '<' && isalpha((unsigned char)at[at[1] == '/' ? 2 : 1]))
		return take_tag(html);
	advance(html, at + html_text_size(at));
	if (html->cell)
		html->end = html_text_character(html->end, at);
	return 0;
}

/* What the end of the page cut off. */
static int check_end(struct html *html)
{
	if (!html->found)
		return diagnostics_refuse(
			html->diagnostics, html->registry->path, 0, "an HTML page %s%s",
			*html->lacks ? "whose table has no " : "without a table", html->lacks);
	if (html->in_row)
		diagnostics_lose(html->diagnostics, html->registry->path, html->cells.line,
				 "the page ends within the row, which is lost");
	else if (!html->done)
		diagnostics_warn(html->diagnostics, html->registry->path, html->line,
				 "the page ends before its table does; the rows so far are kept");
	return 0;
}

static int html_read(struct registry *registry, const struct source *source)
{
	struct html html = { registry, source->diagnostics, source->bytes, .line = 1 };
	int err = 0;

	columns_start(&html.columns);
	while (!err && !html.done && *html.position)
		err = take_next(&html);
	return err ? err : check_end(&html);
}

/* Behind what may stand before the first element. */
static const char *skip_prolog(const char *at)
{
	const char *end;

	do {
		at += strspn(at, " \t\n");
		end = NULL;
		if (!strncmp(at, "<!--", 4))
			end = strstr(at, "-->");
		else if (!strncmp(at, "<?", 2))
			end = strchr(at, '>');
		at = end ? strchr(end, '>') + 1 : at;
	} while (end);
	return at;
}

static bool html_recognise(const struct source *source)
{
	static const char *const begins[] = { "<!doctype html", "<html", "<head", "<body",
					      "<table" };
	const char *at = skip_prolog(source->bytes);

	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		if (!strncasecmp(at, begins[i], strlen(begins[i])))
			return true;
	return false;
}

const struct format format_html = { "html", html_recognise, html_read };
