// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A snapshot as JSON. Members are only ever added; portclass(8) documents them.
 */
#include <errno.h>

#include "print/output.h"
#include "base/json.h"
#include "base/moment.h"
#include "base/port_range.h"
#include "registry.h"
#include "slots.h"

struct writer {
	const struct snapshot *snapshot;
	const struct format_options *options;
};

/* Counters as they are; the counters of an interval as a rate per second. */
static void add_counter(const struct writer *writer, struct json_object *object,
			const struct counter *counter)
{
	double seconds = (double)writer->options->interval / NANOSECONDS;

	if (writer->options->interval) {
		json_add_decimal(object, "packets", (double)counter->packets / seconds);
		json_add_decimal(object, "bytes", (double)counter->bytes / seconds);
	} else {
		json_add_number(object, "packets", counter->packets);
		json_add_number(object, "bytes", counter->bytes);
	}
}

/* Append {"direction", @key: @name, "packets", "bytes"}; @key may be NULL. */
static void append_counter(const struct writer *writer, struct json_object *array,
			   enum direction direction, const char *key, const char *name,
			   const struct counter *counter)
{
	struct json_object *object = json_new_object();

	json_add_string(object, "direction", direction_name(direction));
	if (key)
		json_add_string(object, key, name);
	add_counter(writer, object, counter);
	json_append(array, object);
}

static struct json_object *totals(const struct writer *writer)
{
	struct json_object *array = json_new_array();

	for (enum direction direction = 0; direction < DIRECTION_MAX; direction++) {
		struct counter total = snapshot_total(writer->snapshot, direction);

		append_counter(writer, array, direction, NULL, NULL, &total);
	}
	return array;
}

static struct json_object *classes(const struct writer *writer)
{
	struct json_object *array = json_new_array();

	for (enum direction direction = 0; direction < DIRECTION_MAX; direction++) {
		for (enum class class = 0; class < CLASS_MAX; class ++) {
			struct counter sum = snapshot_class(writer->snapshot, direction, class);

			if (sum.packets || writer->options->ranking.all)
				append_counter(writer, array, direction, "class", class_name(class),
					       &sum);
		}
	}
	return array;
}

static struct json_object *unclassified(const struct writer *writer)
{
	struct json_object *array = json_new_array();

	for (enum direction direction = 0; direction < DIRECTION_MAX; direction++) {
		for (enum reason reason = 0; reason < REASON_MAX; reason++) {
			const struct counter *counter =
				&writer->snapshot->unclassified[direction][reason];

			if (counter->packets || writer->options->ranking.all)
				append_counter(writer, array, direction, "reason",
					       reason_name(reason), counter);
		}
	}
	return array;
}

static void add_traffic(const struct writer *writer, struct json_object *object,
			const struct traffic *traffic)
{
	struct json_object *to = json_new_object();
	struct json_object *from = json_new_object();

	add_counter(writer, to, &traffic->to);
	add_counter(writer, from, &traffic->from);
	json_add(object, "to", to);
	json_add(object, "from", from);
}

static struct json_object *service_object(const struct writer *writer,
					  const struct service *service)
{
	const struct assignment *assignment = service->assignment;
	struct json_object *object = json_new_object();

	json_add_string(object, "direction", direction_name(service->direction));
	json_add_string(object, "service", assignment->service);
	json_add_string(object, "transport", transport_name(assignment->transport));
	json_add_number(object, "first", assignment->first);
	json_add_number(object, "last", assignment->last);
	json_add_string(object, "class", class_name(assignment->class));
	json_add_string(object, "status", status_name(assignment->status));
	if (assignment->status == STATUS_RETIRED)
		json_add_string(object, "was", status_name(slots_former_status(assignment)));
	json_add_string(object, "origin", origin_name(assignment->origin));
	add_traffic(writer, object, &service->traffic);
	return object;
}

/* What the limit left out, so that the sums still add up. */
static void append_omitted(const struct writer *writer, struct json_object *array,
			   enum direction direction, const struct ranking *ranking)
{
	struct json_object *object;

	if (!ranking->omitted)
		return;
	object = json_new_object();
	json_add_string(object, "direction", direction_name(direction));
	json_add_number(object, "services", ranking->omitted);
	add_traffic(writer, object, &ranking->omitted_traffic);
	json_append(array, object);
}

static int add_services(const struct writer *writer, struct json_object *document)
{
	struct json_object *services = json_new_array();
	struct json_object *omitted = json_new_array();

	for (enum direction direction = 0; direction < DIRECTION_MAX; direction++) {
		struct ranking ranking;
		int err = ranking_open(&ranking, writer->snapshot, direction,
				       &writer->options->ranking);

		if (err) {
			json_object_put(services);
			json_object_put(omitted);
			return err;
		}
		for (size_t i = 0; i < ranking.count; i++)
			json_append(services, service_object(writer, ranking.services[i]));
		append_omitted(writer, omitted, direction, &ranking);
		ranking_close(&ranking);
	}
	json_add(document, "services", services);
	if (writer->options->ranking.limit)
		json_add(document, "omitted", omitted);
	else
		json_object_put(omitted);
	return 0;
}

static struct json_object *registry_object(const struct info *info)
{
	struct json_object *object = json_new_object();

	json_add_string(object, "name", info->registry_name);
	json_add_string_or_null(object, "date", info->registry_date);
	json_add_hash(object, "sha256", info->registry_sha256);
	return object;
}

static void add_head(const struct writer *writer, struct json_object *document)
{
	const struct snapshot *snapshot = writer->snapshot;
	char text[MOMENT_SIZE];

	json_add_string(document, "interface", snapshot->interface);
	json_add_number(document, "ifindex", snapshot->ifindex);
	json_add_string_or_null(document, "since",
				snapshot->since ? moment_write(text, snapshot->since) : "");
	if (writer->options->interval) {
		json_add_string(document, "time", moment_write(text, snapshot->taken));
		json_add_decimal(document, "interval",
				 (double)writer->options->interval / NANOSECONDS);
	}
	json_add(document, "registry", registry_object(&snapshot->info));
}

struct json_object *format_json(const struct snapshot *snapshot,
				const struct format_options *options)
{
	struct writer writer = { snapshot, options };
	struct json_object *document = json_new_object();

	add_head(&writer, document);
	json_add(document, "total", totals(&writer));
	json_add(document, "classes", classes(&writer));
	if (add_services(&writer, document)) {
		json_object_put(document);
		return NULL;
	}
	json_add(document, "unclassified", unclassified(&writer));
	return document;
}

/* One object for what was named; an array for all there is. */
static int write_report(FILE *to, const struct report *report, const struct format_options *options)
{
	struct json_object *array = json_new_array(), *document = array;

	for (size_t i = 0; i < report->count; i++) {
		if (!report->interfaces[i].attached)
			continue;
		document = format_json(&report->interfaces[i].snapshot, options);
		if (!document)
			return -ENOMEM;
		if (report->all)
			json_append(array, document);
	}
	return json_write(to, report->all ? array : document, options->pretty) ? 0 : -ENOMEM;
}

const struct output output_json = { "json", "application/json", write_report };
