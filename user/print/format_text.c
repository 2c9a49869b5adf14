// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A snapshot as a table for people. How wide and how long it is, sheet.c knows.
 */
#include <string.h>

#include "base/moment.h"
#include "registry.h"
#include "print/output.h"
#include "print/sheet.h"
#include "text.h"

#define BOLD   "\033[1m"
#define DIM    "\033[2m"
#define ACCENT "\033[36m"
#define PLAIN  "\033[0m"

struct page {
	FILE *to;
	const struct sheet *sheet;
	const struct format_options *options;
};

static const char *const styles[] = {
	[LINE_SERVICE] = BOLD, [LINE_RETIRED] = DIM, [LINE_NAMELESS] = DIM, [LINE_OMITTED] = DIM,
	[LINE_CLASS] = "",     [LINE_REASON] = "",   [LINE_TOTAL] = BOLD,
};

static bool has_sides(const struct line *line)
{
	return line->kind < LINE_CLASS;
}

static void style(const struct page *page, const char *code)
{
	if (page->options->colour)
		fputs(code, page->to);
}

/* Left-aligned; what is too long is cut. */
static void write_left(const struct page *page, const char *text, int width)
{
	const char *ellipsis = page->options->unicode ? "…" : "~";

	if ((int)strlen(text) > width)
		fprintf(page->to, "%.*s%s", width - 1, text, ellipsis);
	else
		fprintf(page->to, "%-*s", width, text);
}

static void write_rule(const struct page *page)
{
	style(page, DIM);
	for (int i = 0; i < SHEET_WIDTH; i++)
		fputs(page->options->unicode ? "─" : "-", page->to);
	style(page, PLAIN);
	fputc('\n', page->to);
}

static void write_number(const struct page *page, int column, uint64_t number)
{
	char text[QUANTITY_SIZE];

	if (!number)
		style(page, DIM);
	fprintf(page->to, "%*s", SHEET_GAP + page->sheet->numbers[column],
		sheet_number(page->sheet, text, number));
	if (!number)
		style(page, PLAIN);
}

/* Eighths of a block: 64 steps in eight columns; what is there has at least one. */
static void write_bar(const struct page *page, double share)
{
	static const char *const blocks[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█" };
	int eighths = (int)(share * page->sheet->bar * 8 + 0.5);

	if (!page->sheet->bar || share <= 0)
		return;
	style(page, ACCENT);
	fputc(' ', page->to);
	for (eighths += !eighths; eighths > 0; eighths -= 8)
		fputs(blocks[eighths < 8 ? eighths : 8], page->to);
	style(page, PLAIN);
}

static void write_share(const struct page *page, const struct counter *counter)
{
	bool bytes = page->options->ranking.by == RANKING_BY_BYTES;
	double whole = (double)(bytes ? page->sheet->total.bytes : page->sheet->total.packets);
	double part = (double)(bytes ? counter->bytes : counter->packets);
	char text[16] = "-";

	if (!page->sheet->share)
		return;
	if (!page->sheet->shares)
		whole = 0;
	if (part > 0 && whole > 0)
		snprintf(text, sizeof(text), part / whole < 0.0005 ? "<0.1%%" : "%.1f%%",
			 100 * part / whole);
	fprintf(page->to, "%*s", SHEET_GAP + page->sheet->share, text);
	write_bar(page, whole > 0 ? part / whole : 0);
}

static void write_label(const struct page *page, const struct line *line)
{
	style(page, styles[line->kind]);
	write_left(page, line->name, page->sheet->name);
	style(page, PLAIN);
	fprintf(page->to, "%*s%-*s", SHEET_GAP, "", page->sheet->port, line->port);
}

static void write_counter(const struct page *page, int column, const struct counter *counter)
{
	write_number(page, column, counter->packets);
	write_number(page, column + 1, counter->bytes);
}

static void write_side(const struct page *page, const char *side)
{
	fprintf(page->to, "%*s%-*s", SHEET_GAP, "", SIDE_WIDTH, side);
}

/* What stands left of a line's last two numbers. */
static void write_to_side(const struct page *page, const struct line *line)
{
	int blank =
		2 * SHEET_GAP + page->sheet->numbers[TO_PACKETS] + page->sheet->numbers[TO_BYTES];

	if (page->sheet->stacked && has_sides(line)) {
		write_side(page, "to");
		write_counter(page, FROM_PACKETS, &line->traffic.to);
		fprintf(page->to, "\n%*s", page->sheet->name + SHEET_GAP + page->sheet->port, "");
		write_side(page, "from");
	} else if (has_sides(line)) {
		write_counter(page, TO_PACKETS, &line->traffic.to);
	} else {
		fprintf(page->to, "%*s", page->sheet->stacked ? SHEET_GAP + SIDE_WIDTH : blank, "");
	}
}

static void write_line(const struct page *page, const struct line *line)
{
	struct counter sum = line->traffic.to;

	counter_add(&sum, &line->traffic.from);
	write_label(page, line);
	write_to_side(page, line);
	write_counter(page, FROM_PACKETS, &line->traffic.from);
	write_share(page, &sum);
	fputc('\n', page->to);
}

/* Right-aligned over two numbers, from @column on. */
static void write_group(const struct page *page, int column, const char *title)
{
	fprintf(page->to, "%*s",
		2 * SHEET_GAP + page->sheet->numbers[column] + page->sheet->numbers[column + 1],
		title);
}

static void write_counter_head(const struct page *page, int column)
{
	fprintf(page->to, "%*s%*s", SHEET_GAP + page->sheet->numbers[column], "packets",
		SHEET_GAP + page->sheet->numbers[column + 1], "bytes");
}

static void write_share_head(const struct page *page)
{
	if (page->sheet->share)
		fprintf(page->to, "%*s", SHEET_GAP + page->sheet->share, "share");
}

static void write_services_head(const struct page *page)
{
	style(page, DIM);
	if (!page->sheet->stacked) {
		fprintf(page->to, "%*s", page->sheet->name + SHEET_GAP + page->sheet->port, "");
		write_group(page, TO_PACKETS, "to service");
		write_group(page, FROM_PACKETS, "from service");
		fputc('\n', page->to);
	}
	write_left(page, "service", page->sheet->name);
	fprintf(page->to, "%*s%-*s", SHEET_GAP, "", page->sheet->port, "port");
	if (page->sheet->stacked)
		write_side(page, "side");
	else
		write_counter_head(page, TO_PACKETS);
	write_counter_head(page, FROM_PACKETS);
	write_share_head(page);
	style(page, PLAIN);
	fputc('\n', page->to);
}

static void write_sums_head(const struct page *page)
{
	const struct line head = { .kind = LINE_CLASS, .name = "class" };

	style(page, DIM);
	write_left(page, head.name, page->sheet->name);
	fprintf(page->to, "%*s", SHEET_GAP + page->sheet->port, "");
	write_to_side(page, &head);
	write_counter_head(page, FROM_PACKETS);
	write_share_head(page);
	style(page, PLAIN);
	fputc('\n', page->to);
}

static void write_table(const struct page *page)
{
	const struct sheet *sheet = page->sheet;

	write_rule(page);
	if (sheet->services)
		write_services_head(page);
	else
		fputs(sheet->total.packets ? "no packet with ports\n" : "no packet\n", page->to);
	for (size_t i = 0; i < sheet->services; i++)
		write_line(page, &sheet->lines[i]);
	write_rule(page);
	write_sums_head(page);
	for (size_t i = sheet->services; i < sheet->count; i++)
		write_line(page, &sheet->lines[i]);
}

/* " since 2026-02-13 08:15:00 UTC, 3 h 12 min ago", or what the rates are of. */
static void write_times(const struct page *page)
{
	const struct snapshot *snapshot = page->sheet->snapshot;
	uint64_t since = clock_wall_at(&snapshot->taken, snapshot->since);
	char moment[MOMENT_SIZE], span[MOMENT_SIZE];

	if (page->options->interval)
		fprintf(page->to, " per second, over %.2f s until %s",
			(double)page->options->interval / NANOSECONDS,
			moment_write_local(moment, snapshot->taken.wall));
	else if (since)
		fprintf(page->to, " since %s, %s ago", moment_write_local(moment, since),
			moment_write_span(span, snapshot->taken.boot - snapshot->since));
}

static void write_registry(const struct page *page)
{
	const struct info *info = &page->sheet->snapshot->info;
	char origin[SHEET_WIDTH], line[2 * SHEET_WIDTH];
	int size = 0;

	if (*info->registry_date)
		size = snprintf(origin, sizeof(origin), " of %s", info->registry_date);
	if (info->count_by != COUNT_BY_SERVICE)
		size += snprintf(origin + size, sizeof(origin) - (size_t)size, ", counted by %s",
				 count_by_name(info->count_by));
	origin[size] = '\0';
	size += (int)strlen("registry ");
	style(page, DIM);
	snprintf(line, sizeof(line), "registry %.*s%s", SHEET_WIDTH - size, info->registry_name,
		 origin);
	text_tidy(line, line);
	fputs(line, page->to);
	style(page, PLAIN);
	fputc('\n', page->to);
}

static void write_head(const struct page *page)
{
	static const char *const directions[DIRECTION_MAX] = { [DIRECTION_RX] = "received" };
	char interface[TEXT_SHOWN_SIZE(IF_NAMESIZE)];

	text_show(interface, sizeof(interface), page->sheet->snapshot->interface);
	style(page, BOLD);
	fputs(*interface ? interface : "not attached", page->to);
	style(page, PLAIN);
	fprintf(page->to, ": %s", directions[page->sheet->direction]);
	write_times(page);
	fputc('\n', page->to);
	write_registry(page);
}

int format_text(FILE *to, const struct snapshot *snapshot, const struct format_options *options)
{
	for (size_t i = 0; i < snapshot->directions_count; i++) {
		struct sheet sheet;
		struct page page = { to, &sheet, options };
		int err = sheet_open(&sheet, snapshot, snapshot->directions[i], options);

		if (err)
			return err;
		write_head(&page);
		write_table(&page);
		sheet_close(&sheet);
	}
	return 0;
}

static int write_report(FILE *to, const struct report *report, const struct format_options *options)
{
	bool printed = false;
	int err = 0;

	for (size_t i = 0; !err && i < report->count; i++) {
		if (!report->interfaces[i].attached)
			continue;
		if (printed)
			fputc('\n', to);
		printed = true;
		err = format_text(to, &report->interfaces[i].snapshot, options);
	}
	return err;
}

const struct output output_text = { "text", "text/plain; charset=utf-8", write_report };
