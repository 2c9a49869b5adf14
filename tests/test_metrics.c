// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Metrics, printed and read back: they add up, and both formats keep their rules.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "print/output.h"
#include "registry.h"
#include "snapshots.h"

/* A node of two interfaces, of which the second is not attached. */
struct fixture {
	struct series *series;
	struct report report;
	char *text;
};

static void fixture_open(struct fixture *fixture, struct snapshot snapshot, unsigned int max)
{
	static const uint8_t sha256[HASH_SIZE];
	struct report_interface *interface;

	*fixture = (struct fixture){ .series = series_new(max) };
	assert_non_null(report_append(&fixture->report, "eth0"));
	assert_non_null(report_append(&fixture->report, "eth1"));
	interface = &fixture->report.interfaces[0];
	interface->attached = true;
	interface->mode = "native";
	interface->hook = "xdp";
	interface->cost = (struct cost){ 7, 1000, 25000000500, 123456789 };
	interface->snapshot = snapshot;
	assert_int_equal(
		series_fold_open(&interface->fold, fixture->series, &interface->snapshot, 1), 0);
	fixture->report.has_node = true;
	fixture->report.node = (struct report_node){ .registry_name = "iana.csv",
						     .registry_date = "2026-02-13",
						     .registry_sha256 = sha256,
						     .started = 1790000000000000000,
						     .reloads = 3,
						     .reload_failures = 1,
						     .reloaded = 1790000000500000000,
						     .series_max = max,
						     .process = { 4096000, 1500000000 },
						     .duration = 250000 };
}

static void fixture_close(struct fixture *fixture)
{
	report_close(&fixture->report);
	series_free(fixture->series);
	free(fixture->text);
}

static const char *print(struct fixture *fixture, const struct output *output)
{
	const struct format_options options = { 0 };
	size_t size;
	FILE *to;

	free(fixture->text);
	to = open_memstream(&fixture->text, &size);
	assert_non_null(to);
	assert_int_equal(output->write(to, &fixture->report, &options), 0);
	assert_int_equal(fclose(to), 0);
	return fixture->text;
}

static void check_has(const char *text, const char *line)
{
	const char *at = text;

	while ((at = strstr(at, line)) && at != text && at[-1] != '\n')
		at++;
	if (!at || at[strlen(line)] != '\n')
		fail_msg("no line %s in:\n%s", line, text);
}

static void check_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("%s is in:\n%s", part, text);
}

/* The sum of the samples of a metric whose labels hold @part. */
static uint64_t sum_of(const char *text, const char *metric, const char *part)
{
	uint64_t sum = 0;

	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		char copy[1024];
		size_t size = strlen(metric);

		snprintf(copy, sizeof(copy), "%.*s", (int)strcspn(line, "\n"), line);
		if (strncmp(copy, metric, size) == 0 && copy[size] == '{' && strstr(copy, part))
			sum += strtoull(strrchr(copy, ' '), NULL, 10);
	}
	return sum;
}

static void check_conservation(const char *text, const struct snapshot *snapshot)
{
	struct counter total = snapshot_total(snapshot, DIRECTION_RX);

	for (enum transport transport = 0; transport < TRANSPORT_MAX; transport++) {
		char label[64];

		snprintf(label, sizeof(label), "transport=\"%s\"", transport_name(transport));
		assert_int_equal(sum_of(text, "portclass_packets_total", label),
				 sum_of(text, "portclass_service_packets_total", label));
		assert_int_equal(sum_of(text, "portclass_bytes_total", label),
				 sum_of(text, "portclass_service_bytes_total", label));
	}
	for (enum class class = 0; class < CLASS_MAX; class ++) {
		struct counter sum = snapshot_class(snapshot, DIRECTION_RX, class);
		char label[64];

		snprintf(label, sizeof(label), "class=\"%s\"", class_name(class));
		assert_int_equal(sum_of(text, "portclass_packets_total", label), sum.packets);
		assert_int_equal(sum_of(text, "portclass_bytes_total", label), sum.bytes);
	}
	assert_int_equal(sum_of(text, "portclass_service_packets_total", "") +
				 sum_of(text, "portclass_unclassified_packets_total", ""),
			 total.packets);
	assert_int_equal(sum_of(text, "portclass_service_bytes_total", "") +
				 sum_of(text, "portclass_unclassified_bytes_total", ""),
			 total.bytes);
}

static void everything_adds_up_however_much_is_folded(void **state)
{
	(void)state;
	for (unsigned int max = 0; max < 8; max++) {
		const struct output *const both[] = { &output_metrics, &output_openmetrics };

		for (int i = 0; i < 2; i++) {
			struct fixture fixture;

			fixture_open(&fixture, snapshot_sample(), max);
			check_conservation(print(&fixture, both[i]),
					   &fixture.report.interfaces[0].snapshot);
			fixture_close(&fixture);
		}
	}
}

static void services_have_names_ports_and_sides(void **state)
{
	struct fixture fixture;
	const char *text;

	(void)state;
	fixture_open(&fixture, snapshot_sample(), 256);
	text = print(&fixture, &output_metrics);
	check_has(text, "portclass_service_packets_total{device=\"eth0\",direction=\"rx\","
			"transport=\"udp\",service=\"domain\",port=\"53\",side=\"from\"} 1499");
	check_has(text, "portclass_service_bytes_total{device=\"eth0\",direction=\"rx\","
			"transport=\"tcp\",service=\"x11\",port=\"6000-6063\",side=\"to\"} 1200");
	check_has(text, "portclass_service_packets_total{device=\"eth0\",direction=\"rx\","
			"transport=\"tcp\",service=\"unassigned\",port=\"1024-32767\",side=\"to\"} "
			"15670");
	check_has(text, "portclass_service_packets_total{device=\"eth0\",direction=\"rx\","
			"transport=\"tcp\",service=\"other\",port=\"\",side=\"to\"} 0");
	check_has(text, "portclass_series_folded{device=\"eth0\",direction=\"rx\"} 0");
	check_lacks(text, "service=\"ssh\"");
	fixture_close(&fixture);
}

static void what_is_folded_is_in_other(void **state)
{
	struct fixture fixture;
	const char *text;

	(void)state;
	fixture_open(&fixture, snapshot_sample(), 1);
	text = print(&fixture, &output_metrics);
	check_lacks(text, "service=\"x11\"");
	check_has(text, "portclass_service_packets_total{device=\"eth0\",direction=\"rx\","
			"transport=\"udp\",service=\"other\",port=\"\",side=\"to\"} 1500");
	check_has(text, "portclass_series_folded{device=\"eth0\",direction=\"rx\"} 2");
	fixture_close(&fixture);
}

static void the_node_is_told(void **state)
{
	struct fixture fixture;
	const char *text;

	(void)state;
	fixture_open(&fixture, snapshot_sample(), 256);
	text = print(&fixture, &output_metrics);
	check_has(text, "portclass_interface_attached{device=\"eth0\"} 1");
	check_has(text, "portclass_interface_attached{device=\"eth1\"} 0");
	check_has(text, "portclass_program_info{device=\"eth0\",mode=\"native\","
			"hook=\"xdp\",count_by=\"service\"} 1");
	check_has(text, "portclass_build_info{version=\"" VERSION "\"} 1");
	check_has(text, "portclass_registry_reloads_total 3");
	check_has(text, "portclass_registry_reload_failures_total 1");
	check_has(text, "portclass_registry_last_reload_successful 1");
	check_has(text, "portclass_registry_last_reload_success_timestamp_seconds "
			"1790000000.500000000");
	check_has(text, "portclass_program_runs_total{device=\"eth0\"} 1000");
	check_has(text, "portclass_program_run_seconds_total{device=\"eth0\"} 25.000000500");
	check_has(text, "portclass_map_memory_bytes{device=\"eth0\"} 123456789");
	check_has(text, "portclass_scrape_duration_seconds 0.000250000");
	check_has(text, "process_resident_memory_bytes 4096000");
	check_has(text, "process_cpu_seconds_total 1.500000000");
	fixture.report.interfaces[0].cost.runs = 0;
	fixture.report.node.reload_failed = true;
	text = print(&fixture, &output_metrics);
	check_lacks(text, "portclass_program_runs_total{");
	check_has(text, "portclass_registry_last_reload_successful 0");
	fixture_close(&fixture);
}

/* What a command prints: no family about an agent, and all that is about interfaces. */
static void a_report_without_a_node_tells_of_none(void **state)
{
	struct fixture fixture;
	const char *text;

	(void)state;
	fixture_open(&fixture, snapshot_sample(), 256);
	fixture.report.has_node = false;
	text = print(&fixture, &output_metrics);
	check_conservation(text, &fixture.report.interfaces[0].snapshot);
	check_has(text, "portclass_interface_attached{device=\"eth0\"} 1");
	check_lacks(text, "process_");
	check_lacks(text, "portclass_scrape_");
	check_lacks(text, "portclass_registry_");
	check_lacks(text, "portclass_series_");
	fixture_close(&fixture);
}

static void labels_are_escaped_and_counters_exact(void **state)
{
	struct fixture fixture;
	const char *text;

	(void)state;
	fixture_open(&fixture, snapshot_extreme(), 256);
	strcpy(fixture.report.interfaces[0].name, "a\"b\\c\xff");
	fixture.report.node.registry_name = "line\nend";
	text = print(&fixture, &output_metrics);
	check_has(text, "portclass_interface_attached{device=\"a\\\"b\\\\c\\\\xff\"} 1");
	check_has(text,
		  "portclass_service_bytes_total{device=\"a\\\"b\\\\c\\\\xff\",direction=\"rx\","
		  "transport=\"tcp\",service=\"x11\",port=\"6000-6063\",side=\"to\"} "
		  "18446744073709551615");
	assert_non_null(strstr(text, "portclass_registry_info{name=\"line\\\\x0aend\",date="));
	fixture_close(&fixture);
}

/* Of "name{..." or "name 1" the name. */
static size_t name_size(const char *line)
{
	return strcspn(line, "{ ");
}

/* Each sample stands behind the TYPE of its family, none behind that of another. */
static void text_heads_stand_before_their_samples(void **state)
{
	char head[256] = "";
	struct fixture fixture;
	const char *line;

	(void)state;
	fixture_open(&fixture, snapshot_sample(), 3);
	for (line = print(&fixture, &output_metrics); *line; line += strcspn(line, "\n") + 1) {
		if (strncmp(line, "# TYPE ", 7) == 0) {
			snprintf(head, sizeof(head), "%.*s", (int)strcspn(line + 7, " "), line + 7);
			if (strstr(head, "_total"))
				assert_memory_equal(line + 7 + strlen(head), " counter\n", 9);
			else
				assert_memory_equal(line + 7 + strlen(head), " gauge\n", 7);
		} else if (line[0] != '#') {
			assert_int_equal(name_size(line), strlen(head));
			assert_memory_equal(line, head, strlen(head));
		}
	}
	check_lacks(fixture.text, "# EOF");
	check_lacks(fixture.text, "# UNIT");
	fixture_close(&fixture);
}

static void openmetrics_has_units_and_an_end(void **state)
{
	struct fixture fixture;
	const char *text;

	(void)state;
	fixture_open(&fixture, snapshot_sample(), 3);
	text = print(&fixture, &output_openmetrics);
	check_has(text, "# TYPE portclass_packets counter");
	check_has(text, "# UNIT portclass_packets packets");
	check_has(text, "# TYPE portclass_build info");
	check_has(text, "# UNIT process_cpu_seconds seconds");
	assert_string_equal(text + strlen(text) - strlen("# EOF\n"), "# EOF\n");
	fixture_close(&fixture);
}

static int compare_strings(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static void no_series_is_printed_twice(void **state)
{
	char *names[1024], *rest = NULL;
	struct fixture fixture;
	size_t count = 0;

	(void)state;
	fixture_open(&fixture, snapshot_sample(), 256);
	print(&fixture, &output_metrics);
	for (char *line = strtok_r(fixture.text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (line[0] == '#')
			continue;
		*strrchr(line, ' ') = '\0';
		assert_true(count < sizeof(names) / sizeof(names[0]));
		names[count++] = line;
	}
	qsort(names, count, sizeof(names[0]), compare_strings);
	for (size_t i = 1; i < count; i++)
		assert_string_not_equal(names[i - 1], names[i]);
	fixture_close(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_adds_up_however_much_is_folded),
		cmocka_unit_test(services_have_names_ports_and_sides),
		cmocka_unit_test(what_is_folded_is_in_other),
		cmocka_unit_test(the_node_is_told),
		cmocka_unit_test(a_report_without_a_node_tells_of_none),
		cmocka_unit_test(labels_are_escaped_and_counters_exact),
		cmocka_unit_test(text_heads_stand_before_their_samples),
		cmocka_unit_test(openmetrics_has_units_and_an_end),
		cmocka_unit_test(no_series_is_printed_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
