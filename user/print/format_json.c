// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A snapshot as JSON. Members are only ever added; portclass(8) documents them.
 */
#include <errno.h>

#include "print/output.h"
#include "base/json.h"
#include "base/log.h"
#include "base/moment.h"
#include "base/port_range.h"
#include "registry.h"
#include "slots.h"

struct writer {
	struct json *json;
	const struct snapshot *snapshot;
	const struct format_options *options;
	struct ranking rankings[DIRECTION_MAX]; /* by place in snapshot->directions */
};

/* Counters as they are; the counters of an interval as a rate per second. */
static void write_numbers(const struct writer *writer, const struct counter *counter)
{
	double seconds = (double)writer->options->interval / NANOSECONDS;

	if (writer->options->interval) {
		json_decimal(writer->json, "packets", (double)counter->packets / seconds);
		json_decimal(writer->json, "bytes", (double)counter->bytes / seconds);
	} else {
		json_number(writer->json, "packets", counter->packets);
		json_number(writer->json, "bytes", counter->bytes);
	}
}

static void open_directed(const struct writer *writer, enum direction direction)
{
	json_open_object(writer->json, NULL);
	json_string(writer->json, "direction", direction_name(direction));
}

/* An element {"direction", @key: @name, "packets", "bytes"}; @key may be NULL. */
static void write_sum(const struct writer *writer, enum direction direction, const char *key,
		      const char *name, const struct counter *counter)
{
	open_directed(writer, direction);
	if (key)
		json_string(writer->json, key, name);
	write_numbers(writer, counter);
	json_close_object(writer->json);
}

static void write_total(const struct writer *writer, enum direction direction)
{
	struct counter total = snapshot_total(writer->snapshot, direction);

	write_sum(writer, direction, NULL, NULL, &total);
}

static void write_classes(const struct writer *writer, enum direction direction)
{
	for (enum class class = 0; class < CLASS_MAX; class ++) {
		struct counter sum = snapshot_class(writer->snapshot, direction, class);

		if (sum.packets || writer->options->ranking.all)
			write_sum(writer, direction, "class", class_name(class), &sum);
	}
}

static void write_reasons(const struct writer *writer, enum direction direction)
{
	for (enum reason reason = 0; reason < REASON_MAX; reason++) {
		const struct counter *counter = &writer->snapshot->unclassified[direction][reason];

		if (counter->packets || writer->options->ranking.all)
			write_sum(writer, direction, "reason", reason_name(reason), counter);
	}
}

static void write_side(const struct writer *writer, const char *side, const struct counter *counter)
{
	json_open_object(writer->json, side);
	write_numbers(writer, counter);
	json_close_object(writer->json);
}

static void write_traffic(const struct writer *writer, const struct traffic *traffic)
{
	write_side(writer, "to", &traffic->to);
	write_side(writer, "from", &traffic->from);
}

static void write_service(const struct writer *writer, const struct service *service)
{
	const struct assignment *assignment = service->assignment;
	struct json *json = writer->json;

	open_directed(writer, service->direction);
	json_string(json, "service", assignment->service);
	json_string(json, "transport", transport_name(assignment->transport));
	json_number(json, "first", assignment->first);
	json_number(json, "last", assignment->last);
	json_string(json, "class", class_name(assignment->class));
	json_string(json, "status", status_name(assignment->status));
	if (assignment->status == STATUS_RETIRED)
		json_string(json, "was", status_name(slots_former_status(assignment)));
	json_string(json, "origin", origin_name(assignment->origin));
	write_traffic(writer, &service->traffic);
	json_close_object(json);
}

/* An array, each direction of the snapshot in its turn. */
static void write_array(const struct writer *writer, const char *key,
			void (*write)(const struct writer *writer, enum direction direction))
{
	json_open_array(writer->json, key);
	for (size_t i = 0; i < writer->snapshot->directions_count; i++)
		write(writer, writer->snapshot->directions[i]);
	json_close_array(writer->json);
}

static void write_services(const struct writer *writer)
{
	json_open_array(writer->json, "services");
	for (size_t i = 0; i < writer->snapshot->directions_count; i++)
		for (size_t rank = 0; rank < writer->rankings[i].count; rank++)
			write_service(writer, writer->rankings[i].services[rank]);
	json_close_array(writer->json);
}

/* What the limit left out, so that the sums still add up. */
static void write_omitted(const struct writer *writer)
{
	if (!writer->options->ranking.limit)
		return;
	json_open_array(writer->json, "omitted");
	for (size_t i = 0; i < writer->snapshot->directions_count; i++) {
		const struct ranking *ranking = &writer->rankings[i];

		if (!ranking->omitted)
			continue;
		open_directed(writer, writer->snapshot->directions[i]);
		json_number(writer->json, "services", ranking->omitted);
		write_traffic(writer, &ranking->omitted_traffic);
		json_close_object(writer->json);
	}
	json_close_array(writer->json);
}

static void write_registry(struct json *json, const struct info *info)
{
	json_open_object(json, "registry");
	json_string(json, "name", info->registry_name);
	json_string_or_null(json, "date", info->registry_date);
	json_hash(json, "sha256", info->registry_sha256);
	json_close_object(json);
}

static void write_head(const struct writer *writer)
{
	const struct snapshot *snapshot = writer->snapshot;
	uint64_t since = clock_wall_at(&snapshot->taken, snapshot->since);
	struct json *json = writer->json;
	char text[MOMENT_SIZE];

	json_string(json, "interface", snapshot->interface);
	json_number(json, "ifindex", snapshot->ifindex);
	json_string_or_null(json, "since", since ? moment_write(text, since) : "");
	if (snapshot->since)
		json_number(json, "since_boot", snapshot->since);
	else
		json_string_or_null(json, "since_boot", "");
	if (writer->options->timestamp)
		json_decimal(json, "timestamp", (double)snapshot->taken.wall / NANOSECONDS);
	if (writer->options->interval) {
		json_string(json, "time", moment_write(text, snapshot->taken.wall));
		json_decimal(json, "interval", (double)writer->options->interval / NANOSECONDS);
	}
	write_registry(json, &snapshot->info);
}

/* All that takes memory comes first. */
static int rank(struct writer *writer)
{
	const struct snapshot *snapshot = writer->snapshot;
	int err = 0;

	for (size_t i = 0; !err && i < snapshot->directions_count; i++)
		err = ranking_open(&writer->rankings[i], snapshot, snapshot->directions[i],
				   &writer->options->ranking);
	return err;
}

static void write_snapshot(const struct writer *writer)
{
	json_open_object(writer->json, NULL);
	write_head(writer);
	write_array(writer, "total", write_total);
	write_array(writer, "classes", write_classes);
	write_services(writer);
	write_omitted(writer);
	write_array(writer, "unclassified", write_reasons);
	json_close_object(writer->json);
}

int format_json(struct json *json, const struct snapshot *snapshot,
		const struct format_options *options)
{
	struct writer writer = { json, snapshot, options, { { 0 } } };
	int err = rank(&writer);

	if (!err)
		write_snapshot(&writer);
	for (size_t i = 0; i < snapshot->directions_count; i++)
		ranking_close(&writer.rankings[i]);
	return err;
}

/* The last element of an array that was begun: a reader gets one document. */
static void write_failure(struct json *json, int err)
{
	json_open_object(json, NULL);
	log_add_failure(json, err);
	json_close_object(json);
}

/* One object for what was named; an array for all there is. */
static int write_report(FILE *to, const struct report *report, const struct format_options *options)
{
	struct format_options of_each = *options;
	struct json json;
	int err = 0;

	of_each.timestamp = report->has_node; /* an agent reads now and then, a command just now */
	json_begin(&json, to, options->pretty);
	if (report->all)
		json_open_array(&json, NULL);
	for (size_t i = 0; !err && i < report->count; i++)
		if (report->interfaces[i].attached)
			err = format_json(&json, &report->interfaces[i].snapshot, &of_each);
	if (report->all && err)
		write_failure(&json, err);
	if (report->all)
		json_close_array(&json);
	if (report->all || !err)
		json_end(&json);
	return err;
}

const struct output output_json = { "json", "application/json", write_report };
