// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The JSON of a snapshot, parsed back: its members are a contract.
 */
#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "print/format.h"
#include "base/json.h"
#include "registry.h"
#include "snapshots.h"

/* Through text and back, as a reader gets it. */
static struct json_object *print(const struct snapshot *snapshot,
				 const struct format_options *options)
{
	struct json_object *parsed;
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	struct json json;

	assert_non_null(to);
	json_begin(&json, to, false);
	assert_int_equal(format_json(&json, snapshot, options), 0);
	json_end(&json);
	fclose(to);
	assert_int_equal(strcspn(text, "\n"), size - 1);
	parsed = json_tokener_parse(text);
	assert_non_null(parsed);
	free(text);
	return parsed;
}

static struct json_object *member(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value))
		fail_msg("no member %s in %s", key, json_object_to_json_string(object));
	return value;
}

static uint64_t number(struct json_object *object, const char *key)
{
	assert_true(json_object_is_type(member(object, key), json_type_int));
	return json_object_get_uint64(member(object, key));
}

static void check_string(struct json_object *object, const char *key, const char *text)
{
	assert_string_equal(json_object_get_string(member(object, key)), text);
}

static void check_counter(struct json_object *object, const struct counter *counter)
{
	assert_int_equal(number(object, "packets"), counter->packets);
	assert_int_equal(number(object, "bytes"), counter->bytes);
}

static void check_service(struct json_object *object, const struct service *service)
{
	const struct assignment *assignment = service->assignment;

	check_string(object, "direction", "rx");
	check_string(object, "service", assignment->service);
	check_string(object, "transport", transport_name(assignment->transport));
	check_string(object, "class", class_name(assignment->class));
	check_string(object, "status", status_name(assignment->status));
	check_string(object, "origin", origin_name(assignment->origin));
	assert_int_equal(number(object, "first"), assignment->first);
	assert_int_equal(number(object, "last"), assignment->last);
	check_counter(member(object, "to"), &service->traffic.to);
	check_counter(member(object, "from"), &service->traffic.from);
}

static void check_services(struct json_object *document, const struct snapshot *snapshot)
{
	struct json_object *services = member(document, "services");

	assert_int_equal(json_object_array_length(services), snapshot->count);
	for (size_t i = 0; i < snapshot->count; i++) {
		struct json_object *object = json_object_array_get_idx(services, i);
		size_t j = 0;

		while (j < snapshot->count &&
		       snapshot->services[j].assignment->first != number(object, "first"))
			j++;
		assert_true(j < snapshot->count);
		check_service(object, &snapshot->services[j]);
	}
}

static void check_all(const struct snapshot *snapshot)
{
	struct format_options options = { .ranking = { .all = true } };
	struct json_object *document = print(snapshot, &options);
	struct json_object *total = json_object_array_get_idx(member(document, "total"), 0);
	struct counter sum = snapshot_total(snapshot, DIRECTION_RX);

	check_string(document, "interface", snapshot->interface);
	assert_int_equal(number(document, "ifindex"), snapshot->ifindex);
	check_string(total, "direction", "rx");
	check_counter(total, &sum);
	check_services(document, snapshot);
	assert_int_equal(json_object_array_length(member(document, "classes")), CLASS_MAX);
	for (enum class class = 0; class < CLASS_MAX; class ++) {
		struct json_object *object =
			json_object_array_get_idx(member(document, "classes"), (size_t) class);

		sum = snapshot_class(snapshot, DIRECTION_RX, class);
		check_string(object, "class", class_name(class));
		check_counter(object, &sum);
	}
	for (enum reason reason = 0; reason < REASON_MAX; reason++) {
		struct json_object *object =
			json_object_array_get_idx(member(document, "unclassified"), (size_t)reason);

		check_string(object, "reason", reason_name(reason));
		check_counter(object, &snapshot->unclassified[DIRECTION_RX][reason]);
	}
	json_object_put(document);
}

static void a_snapshot_survives(void **state)
{
	struct snapshot snapshot = snapshot_sample();

	(void)state;
	check_all(&snapshot);
	snapshot_close(&snapshot);
}

static void the_greatest_counters_survive(void **state)
{
	struct snapshot snapshot = snapshot_extreme();

	(void)state;
	check_all(&snapshot);
	snapshot_close(&snapshot);
}

static void head_has_time_and_registry(void **state)
{
	struct format_options options = { 0 };
	struct snapshot snapshot = snapshot_sample();
	struct json_object *document, *registry;

	(void)state;
	memset(snapshot.info.registry_sha256, 0xa5, HASH_SIZE);
	document = print(&snapshot, &options);
	registry = member(document, "registry");
	check_string(document, "since", "2026-09-21T14:13:20Z");
	assert_true(json_object_get_uint64(member(document, "since_boot")) == SNAPSHOT_SINCE);
	check_string(registry, "name", "iana.csv");
	check_string(registry, "date", "2026-02-13");
	check_string(registry, "sha256",
		     "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5");
	json_object_put(document);
	snapshot_close(&snapshot);
}

/* Interfaces can be named with any byte, and so can what another program wrote. */
static void strings_are_utf_8(void **state)
{
	struct format_options options = { 0 };
	struct snapshot snapshot = snapshot_sample();
	struct json_object *document;
	const char *text;

	(void)state;
	strcpy(snapshot.interface, "eth\xff");
	strcpy(snapshot.info.registry_name, "caf\xc3\xa9 \xc3");
	strcpy(snapshot.assignments[1].service, "a\x80");
	strcpy(snapshot.assignments[2].service, "b\033");
	document = print(&snapshot, &options);
	check_string(document, "interface", "eth\\xff");
	check_string(member(document, "registry"), "name", "caf\xc3\xa9 \\xc3");
	text = json_object_to_json_string_ext(document, JSON_C_TO_STRING_PLAIN);
	assert_non_null(strstr(text, "\"service\":\"a\\\\x80\""));
	assert_non_null(strstr(text, "\"service\":\"b\\\\x1b\""));
	json_object_put(document);
	snapshot_close(&snapshot);
}

static void what_is_not_known_is_null(void **state)
{
	struct format_options options = { 0 };
	struct snapshot snapshot = { .directions = { DIRECTION_RX }, .directions_count = 1 };
	struct json_object *document = print(&snapshot, &options);

	(void)state;
	assert_null(member(document, "since"));
	assert_null(member(document, "since_boot"));
	assert_null(member(member(document, "registry"), "date"));
	assert_int_equal(json_object_array_length(member(document, "services")), 0);
	assert_int_equal(json_object_array_length(member(document, "classes")), 0);
	assert_int_equal(json_object_array_length(member(document, "unclassified")), 0);
	assert_int_equal(json_object_array_length(member(document, "total")), 1);
	json_object_put(document);
}

/* A retired one keeps its name; without one, its aliases tell what it was. */
static void retired_services_say_what_they_were(void **state)
{
	struct format_options options = { .ranking = { .by = RANKING_BY_PORT } };
	struct snapshot snapshot = snapshot_sample();
	struct json_object *document, *services, *was;

	(void)state;
	snapshot.assignments[2].status = STATUS_RETIRED;
	snapshot.assignments[4].status = STATUS_RETIRED;
	strcpy(snapshot.assignments[4].aliases, "unassigned");
	document = print(&snapshot, &options);
	services = member(document, "services");
	assert_false(
		json_object_object_get_ex(json_object_array_get_idx(services, 0), "was", &was));
	check_service(json_object_array_get_idx(services, 1), &snapshot.services[2]);
	check_string(json_object_array_get_idx(services, 1), "status", "retired");
	check_string(json_object_array_get_idx(services, 1), "was", "assigned");
	check_string(json_object_array_get_idx(services, 2), "service", "");
	check_string(json_object_array_get_idx(services, 2), "status", "retired");
	check_string(json_object_array_get_idx(services, 2), "was", "unassigned");
	json_object_put(document);
	snapshot_close(&snapshot);
}

static uint64_t sum_packets(struct json_object *array)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < json_object_array_length(array); i++) {
		struct json_object *object = json_object_array_get_idx(array, i);

		sum += number(member(object, "to"), "packets") +
		       number(member(object, "from"), "packets");
	}
	return sum;
}

/* Services, what the limit left out, and reasons: every frame. */
static void a_limit_loses_nothing(void **state)
{
	struct snapshot snapshot = snapshot_sample();
	uint64_t reasons = 0;

	(void)state;
	for (enum reason reason = 0; reason < REASON_MAX; reason++)
		reasons += snapshot.unclassified[DIRECTION_RX][reason].packets;
	for (unsigned int limit = 1; limit < 8; limit++) {
		struct format_options options = { .ranking.limit = limit };
		struct json_object *document = print(&snapshot, &options);

		assert_int_equal(sum_packets(member(document, "services")) +
					 sum_packets(member(document, "omitted")) + reasons,
				 snapshot_total(&snapshot, DIRECTION_RX).packets);
		assert_true(json_object_array_length(member(document, "services")) <= limit);
		json_object_put(document);
	}
	snapshot_close(&snapshot);
}

static void rates_are_per_second(void **state)
{
	struct format_options options = { .interval = 2000000000 };
	struct snapshot snapshot = snapshot_sample();
	struct json_object *document = print(&snapshot, &options), *total;
	double rate = (double)snapshot_total(&snapshot, DIRECTION_RX).packets / 2;

	(void)state;
	total = json_object_array_get_idx(member(document, "total"), 0);
	assert_true(json_object_get_double(member(document, "interval")) == 2);
	assert_true(json_object_get_double(member(total, "packets")) == rate);
	check_string(document, "time", "2026-09-21T17:18:20Z");
	json_object_put(document);
	snapshot_close(&snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_snapshot_survives),
		cmocka_unit_test(the_greatest_counters_survive),
		cmocka_unit_test(head_has_time_and_registry),
		cmocka_unit_test(strings_are_utf_8),
		cmocka_unit_test(what_is_not_known_is_null),
		cmocka_unit_test(retired_services_say_what_they_were),
		cmocka_unit_test(a_limit_loses_nothing),
		cmocka_unit_test(rates_are_per_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
