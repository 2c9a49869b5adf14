// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Findings as JSON. Members are only ever added; portclass(8) documents them.
 */
#include "print/findings_json.h"

#include "base/json.h"
#include "registry.h"

static void write_record(struct json *json, const struct record *record)
{
	json_string_or_null(json, "file", record ? record->registry->path : "");
	if (!record) {
		json_null(json, "line");
		return;
	}
	json_number(json, "line", record->line);
	json_string(json, "description", record->description);
	json_string(json, "reference", record->reference);
	json_string(json, "service_code", record->service_code);
	json_string(json, "notes", record->notes);
	json_string(json, "modified", record->modified);
}

static void write_finding(struct json *json, const struct finding *finding)
{
	const struct assignment *assignment = finding->assignment;

	json_open_object(json, NULL);
	json_string(json, "service", finding_service(finding));
	json_string(json, "transport", transport_name(finding->transport));
	json_number(json, "first", finding->ports.first);
	json_number(json, "last", finding->ports.last);
	json_string(json, "class", class_name(assignment->class));
	json_string(json, "status", status_name(assignment->status));
	json_string(json, "origin", origin_name(assignment->origin));
	json_words(json, "aliases", assignment->aliases);
	write_record(json, finding->record);
	json_close_object(json);
}

void findings_json(FILE *to, const struct findings *findings, bool pretty)
{
	struct json json;

	json_begin(&json, to, pretty);
	json_open_array(&json, NULL);
	for (size_t i = 0; i < findings->count; i++)
		write_finding(&json, &findings->findings[i]);
	json_close_array(&json);
	json_end(&json);
}
