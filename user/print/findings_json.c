// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Findings as JSON. Members are only ever added; portclass(8) documents them.
 */
#include "model/finding.h"
#include "base/json.h"

static void add_record(struct json_object *object, const struct record *record)
{
	json_add_string_or_null(object, "file", record ? record->registry->path : "");
	if (!record) {
		json_add(object, "line", NULL);
		return;
	}
	json_add_number(object, "line", record->line);
	json_add_string(object, "description", record->description);
	json_add_string(object, "reference", record->reference);
	json_add_string(object, "service_code", record->service_code);
	json_add_string(object, "notes", record->notes);
	json_add_string(object, "modified", record->modified);
}

static struct json_object *to_json(const struct finding *finding)
{
	const struct assignment *assignment = finding->assignment;
	struct json_object *object = json_new_object();

	json_add_string(object, "service", assignment->service);
	json_add_string(object, "transport", transport_name(finding->transport));
	json_add_number(object, "first", finding->ports.first);
	json_add_number(object, "last", finding->ports.last);
	json_add_string(object, "class", class_name(assignment->class));
	json_add_string(object, "status", status_name(assignment->status));
	json_add_string(object, "origin", origin_name(assignment->origin));
	json_add_words(object, "aliases", assignment->aliases);
	add_record(object, finding->record);
	return object;
}

struct json_object *findings_json(const struct findings *findings)
{
	struct json_object *array = json_new_array();

	for (size_t i = 0; i < findings->count; i++)
		json_append(array, to_json(&findings->findings[i]));
	return array;
}
