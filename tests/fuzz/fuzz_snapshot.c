// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Maps that another program may have written: what is found sound in them is summed
 * up, folded and printed in every format, and all of that is text, JSON or metrics
 * whatever the names. What is not sound goes no further.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "print/format.h"
#include "base/json.h"
#include "print/output.h"
#include "registry.h"
#include "slots.h"

#include "fuzz.h"

#define HELD_MAX 32
#define UNSOUND	 0xff

/* How an input is laid out, as far as it goes. */
struct input {
	char interface[IF_NAMESIZE];
	struct info info;
	struct {
		struct assignment assignment;
		struct traffic traffic;
	} held[HELD_MAX];
};

/* Mostly a value that there is: else hardly any input would be sound. */
static uint8_t mostly(uint8_t value, unsigned int max)
{
	return (uint8_t)(value == UNSOUND ? value : value % max);
}

static void copy_held(struct snapshot *snapshot, const struct input *input, size_t slot)
{
	struct assignment *assignment = &snapshot->assignments[slot];

	*assignment = input->held[slot].assignment;
	assignment->transport = mostly(assignment->transport, TRANSPORT_MAX);
	assignment->class = mostly(assignment->class, CLASS_MAX);
	assignment->status = mostly(assignment->status, STATUS_MAX);
	assignment->origin = mostly(assignment->origin, ORIGIN_MAX);
	snapshot->services[slot] = (struct service){ .slot = (uint32_t)slot,
						     .assignment = assignment,
						     .traffic = input->held[slot].traffic };
}

static void make_snapshot(struct snapshot *snapshot, const uint8_t *bytes, size_t size)
{
	static struct input input;
	size_t first = offsetof(struct input, held);

	input = (struct input){ 0 };
	memcpy(&input, bytes, size < sizeof(input) ? size : sizeof(input));
	*snapshot = (struct snapshot){ .info = input.info,
				       .since = input.info.since,
				       .taken = { NANOSECONDS << 20, NANOSECONDS << 30 },
				       .directions = { DIRECTION_RX },
				       .directions_count = 1 };
	memcpy(snapshot->interface, input.interface, sizeof(input.interface) - 1);
	snapshot->info.count_by = mostly((uint8_t)input.info.count_by, COUNT_BY_MAX);
	snapshot->count = size > first ? (size - first) / sizeof(input.held[0]) : 0;
	if (snapshot->count > HELD_MAX)
		snapshot->count = HELD_MAX;
	snapshot->assignments = calloc(snapshot->count + 1, sizeof(*snapshot->assignments));
	snapshot->services = calloc(snapshot->count + 1, sizeof(*snapshot->services));
	fuzz_check(snapshot->assignments && snapshot->services);
	for (size_t slot = 0; slot < snapshot->count; slot++)
		copy_held(snapshot, &input, slot);
}

static void check_lines(char *text)
{
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		fuzz_check(fuzz_is_printable(line));
	free(text);
}

static void check_text(const struct snapshot *snapshot)
{
	const struct format_options options = { .ranking.all = true };
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	fuzz_check(to && !format_text(to, snapshot, &options));
	fclose(to);
	check_lines(text);
}

static void check_json(const struct snapshot *snapshot)
{
	const struct format_options options = { .ranking.all = true };
	struct json_tokener *tokener = json_tokener_new();
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	struct json json;

	fuzz_check(to);
	json_begin(&json, to, false);
	fuzz_check(!format_json(&json, snapshot, &options));
	fclose(to);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	json_object_put(json_tokener_parse_ex(tokener, text, (int)size));
	fuzz_check(json_tokener_get_error(tokener) == json_tokener_success);
	json_tokener_free(tokener);
	free(text);
}

static void check_metrics(const struct snapshot *snapshot)
{
	struct series *series = series_new(HELD_MAX / 2);
	struct report_interface interface = {
		.attached = true, .mode = "native", .hook = "xdp", .snapshot = *snapshot
	};
	const struct report report = { .interfaces = &interface, .count = 1 };

	memcpy(interface.name, snapshot->interface, sizeof(interface.name));
	fuzz_check(series);
	fuzz_check(!series_fold_open(&interface.fold, series, snapshot, 1));
	for (int i = 0; i < 2; i++) {
		const struct output *output = i ? &output_openmetrics : &output_metrics;
		const struct format_options options = { 0 };
		char *text = NULL;
		size_t size;
		FILE *to = open_memstream(&text, &size);

		fuzz_check(to);
		fuzz_check(!output->write(to, &report, &options));
		fclose(to);
		check_lines(text);
	}
	series_fold_close(&interface.fold);
	series_free(series);
}

/* A small one: what is held is what matters. */
static const struct port_table *new_table(void)
{
	static const char text[] = "a 1/tcp b\nc 2-3/tcp/udp\n";
	static struct port_table table;
	static struct registry registry;
	struct diagnostics silent = { 0 };
	const struct port_table_input input = { .registry = &registry,
						.ephemeral_first = EPHEMERAL_FIRST_DEFAULT,
						.ephemeral_last = EPHEMERAL_LAST_DEFAULT };

	if (!table.count) {
		fuzz_check(!registry_parse(&registry, "new", text, strlen(text), NULL, &silent));
		fuzz_check(!port_table_compile(&table, &input, &silent));
	}
	return &table;
}

/* A swap goes on with what is held. */
static void check_slots(const struct snapshot *snapshot, bool sound)
{
	const struct port_table *table = new_table();
	struct slots slots;
	int err = slots_open(
		&slots, table,
		&(struct slots_held){ snapshot->assignments, NULL, (uint32_t)snapshot->count },
		SLOTS_MAX);

	fuzz_check(err == 0 || err == -EPROTO);
	fuzz_check(!sound || !err);
	for (uint32_t rank = 0; !err && rank < table->count; rank++)
		fuzz_check(slots.of_rank[rank] < slots.count);
	slots_close(&slots);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct snapshot snapshot;
	bool sound;

	make_snapshot(&snapshot, bytes, size);
	sound = snapshot_is_sound(&snapshot);
	check_slots(&snapshot, sound);
	if (sound) {
		check_text(&snapshot);
		check_json(&snapshot);
		check_metrics(&snapshot);
	}
	snapshot_close(&snapshot);
	return 0;
}
