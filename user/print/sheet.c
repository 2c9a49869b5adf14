// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Rows of the text table: made, then measured. Nothing is written here.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/moment.h"
#include "registry.h"
#include "print/sheet.h"
#include "slots.h"
#include "text.h"

#define BAR_MIN	 3
#define BAR_MAX	 8
#define NAME_MIN 12 /* narrower, and the sides take a line each */

char *sheet_number(const struct sheet *sheet, char *text, uint64_t number)
{
	uint64_t interval = sheet->options->interval;
	bool exact = sheet->options->exact;

	if (!interval)
		return quantity_write(text, number, exact);
	return quantity_write_rate(text, (double)number * NANOSECONDS / (double)interval, exact);
}

/* As it is shown, and in ASCII, so that a byte is a column: text_read() takes that, too. */
static void copy_name(char name[TEXT_SHOWN_SIZE(SERVICE_SIZE)], const char *from)
{
	char shown[TEXT_NEXT_SIZE];
	size_t length = 0;

	while (*from) {
		text_show_next(shown, &from);
		for (const char *at = shown; *at; at++)
			length += (size_t)sprintf(name + length, *at & 0x80 ? "\\x%02x" : "%c",
						  (unsigned char)*at);
	}
	name[length] = '\0';
}

static struct line *append(struct sheet *sheet, enum line_kind kind, const char *name,
			   const char *port)
{
	struct line *line = &sheet->lines[sheet->count++];

	line->kind = kind;
	copy_name(line->name, name);
	snprintf(line->port, sizeof(line->port), "%s", port);
	return line;
}

static void append_service(struct sheet *sheet, const struct service *service)
{
	const struct assignment *assignment = service->assignment;
	const char *name = assignment->service;
	enum line_kind kind = assignment->status == STATUS_RETIRED ? LINE_RETIRED : LINE_SERVICE;
	char ports[PORT_RANGE_SIZE], port[sizeof(((struct line *)0)->port)];

	if (!*name) {
		name = status_name(slots_former_status(assignment));
		kind = LINE_NAMELESS;
	}
	snprintf(port, sizeof(port), "%s/%s%s",
		 port_range_write(ports, assignment->first, assignment->last),
		 transport_name(assignment->transport),
		 assignment->status == STATUS_RETIRED ? " retired" : "");
	append(sheet, kind, name, port)->traffic = service->traffic;
}

static void append_services(struct sheet *sheet, const struct ranking *ranking)
{
	char more[32];

	for (size_t i = 0; i < ranking->count; i++)
		append_service(sheet, ranking->services[i]);
	if (ranking->omitted) {
		snprintf(more, sizeof(more), "%zu more", ranking->omitted);
		append(sheet, LINE_OMITTED, more, "")->traffic = ranking->omitted_traffic;
	}
	sheet->services = sheet->count;
}

static void append_sum(struct sheet *sheet, enum line_kind kind, const char *name, const char *port,
		       struct counter sum)
{
	append(sheet, kind, name, port)->traffic.from = sum;
}

static void append_sums(struct sheet *sheet)
{
	static const char *const ports[CLASS_MAX] = { "0-1023", "1024-49151", "49152-65535" };
	const struct counter *reasons = sheet->snapshot->unclassified[sheet->direction];

	for (enum class class = 0; class < CLASS_MAX; class ++)
		append_sum(sheet, LINE_CLASS, class_name(class), ports[class],
			   snapshot_class(sheet->snapshot, sheet->direction, class));
	for (enum reason reason = 0; reason < REASON_MAX; reason++)
		if (reasons[reason].packets || sheet->options->ranking.all)
			append_sum(sheet, LINE_REASON, reason_name(reason), "no port",
				   reasons[reason]);
	append_sum(sheet, LINE_TOTAL, "total", "", sheet->total);
}

static int greater(int left, int right)
{
	return left > right ? left : right;
}

static void widen(const struct sheet *sheet, int *width, uint64_t number)
{
	char text[QUANTITY_SIZE];

	*width = greater(*width, (int)strlen(sheet_number(sheet, text, number)));
}

static int width_without_name(const struct sheet *sheet)
{
	int width = SHEET_GAP + sheet->port;

	for (int i = sheet->stacked ? FROM_PACKETS : TO_PACKETS; i < SHEET_NUMBERS; i++)
		width += SHEET_GAP + sheet->numbers[i];
	width += sheet->share ? SHEET_GAP + sheet->share : 0;
	return width + (sheet->stacked ? SHEET_GAP + SIDE_WIDTH : 0);
}

static void stack(struct sheet *sheet)
{
	sheet->stacked = true;
	for (int i = TO_PACKETS; i <= TO_BYTES; i++)
		sheet->numbers[i + FROM_PACKETS] =
			greater(sheet->numbers[i + FROM_PACKETS], sheet->numbers[i]);
}

static void measure_lines(struct sheet *sheet)
{
	sheet->name = (int)strlen("service");
	sheet->share = SHARE_WIDTH;
	sheet->numbers[TO_PACKETS] = sheet->numbers[FROM_PACKETS] = (int)strlen("packets");
	sheet->numbers[TO_BYTES] = sheet->numbers[FROM_BYTES] = (int)strlen("bytes");
	for (size_t i = 0; i < sheet->count; i++) {
		const struct line *line = &sheet->lines[i];

		sheet->name = greater(sheet->name, (int)strlen(line->name));
		sheet->port = greater(sheet->port, (int)strlen(line->port));
		widen(sheet, &sheet->numbers[TO_PACKETS], line->traffic.to.packets);
		widen(sheet, &sheet->numbers[TO_BYTES], line->traffic.to.bytes);
		widen(sheet, &sheet->numbers[FROM_PACKETS], line->traffic.from.packets);
		widen(sheet, &sheet->numbers[FROM_BYTES], line->traffic.from.bytes);
	}
}

/* Numbers are never cut: first the sides are stacked, then shares and names give way. */
static void fit(struct sheet *sheet)
{
	int wanted = sheet->name < NAME_MIN ? sheet->name : NAME_MIN, room;

	if (SHEET_WIDTH - width_without_name(sheet) < wanted)
		stack(sheet);
	if (SHEET_WIDTH - width_without_name(sheet) < wanted)
		sheet->share = 0;
	room = SHEET_WIDTH - width_without_name(sheet);
	sheet->name = sheet->name < room ? sheet->name : room;
	sheet->bar = room - sheet->name - 1;
	if (!sheet->options->unicode || !sheet->share || sheet->bar < BAR_MIN)
		sheet->bar = 0;
	if (sheet->bar > BAR_MAX)
		sheet->bar = BAR_MAX;
}

void sheet_close(struct sheet *sheet)
{
	free(sheet->lines);
	*sheet = (struct sheet){ 0 };
}

/* Two of the head, two rules, the head of the sums, and that of the services. */
#define FRAME_LINES 5

unsigned int sheet_lines(const struct sheet *sheet)
{
	unsigned int sums = (unsigned int)(sheet->count - sheet->services);
	unsigned int services = (unsigned int)sheet->services;

	if (sheet->stacked)
		return FRAME_LINES + 1 + 2 * services + sums;
	return FRAME_LINES + (services ? 2U : 1U) + services + sums;
}

static int open_ranked(struct sheet *sheet, const struct ranking_options *options)
{
	struct ranking ranking;
	int err = ranking_open(&ranking, sheet->snapshot, sheet->direction, options);

	if (err)
		return err;
	sheet->lines =
		calloc(ranking.count + 1 + CLASS_MAX + REASON_MAX + 1, sizeof(*sheet->lines));
	if (sheet->lines) {
		append_services(sheet, &ranking);
		append_sums(sheet);
		measure_lines(sheet);
		fit(sheet);
	}
	ranking_close(&ranking);
	return sheet->lines ? 0 : -ENOMEM;
}

/* How many services to leave, that the sheet takes no more than @lines; one at least. */
static unsigned int limit_for(const struct sheet *sheet, unsigned int lines)
{
	unsigned int each = sheet->stacked ? 2 : 1, taken = sheet_lines(sheet);
	unsigned int services = (unsigned int)sheet->services;
	unsigned int excess = (taken - lines + each - 1) / each + 1; /* a line sums up the others */

	return services > excess ? services - excess : 1;
}

int sheet_open(struct sheet *sheet, const struct snapshot *snapshot, enum direction direction,
	       const struct format_options *options)
{
	struct ranking_options ranked = options->ranking;
	struct sheet empty = { .snapshot = snapshot, .options = options, .direction = direction };
	int err;

	empty.total = snapshot_total(snapshot, direction);
	empty.shares = !snapshot_overflows(snapshot, direction);
	*sheet = empty;
	err = open_ranked(sheet, &ranked);
	if (err || !options->lines || sheet_lines(sheet) <= options->lines)
		return err;
	ranked.limit = limit_for(sheet, options->lines);
	sheet_close(sheet);
	*sheet = empty;
	return open_ranked(sheet, &ranked);
}
