// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A report as Prometheus reads it: one table of metric families, from which both text
 * formats are printed. Names and labels may only grow; portclass(8) documents them.
 */
#include <inttypes.h>
#include <string.h>

#include "base/moment.h"
#include "base/port_range.h"
#include "registry.h"
#include "print/output.h"
#include "text.h"

struct writer;

enum kind { KIND_COUNTER, KIND_GAUGE, KIND_INFO, KIND_MAX };

/* OF_BYTES: its samples are bytes, not packets. OF_NODE: only an agent has it to tell. */
enum { OF_BYTES = 1, OF_NODE = 2 };

/* What one metric is called, and who writes its samples. */
struct family {
	const char *name; /* without the suffix that its kind has */
	enum kind kind;
	unsigned int traits;
	const char *unit; /* NULL: none. The name ends in it */
	const char *help;
	void (*write)(const struct writer *writer);
};

struct writer {
	FILE *to;
	const struct report *report;
	const struct family *family;
};

struct label {
	const char *name; /* NULL: the end */
	const char *value;
};

#define LABELS(...) \
	(const struct label[]) \
	{ \
		__VA_ARGS__, \
		{ \
			NULL, NULL \
		} \
	}

static const char *const suffixes[KIND_MAX] = { "_total", "", "_info" };

static bool is_plain(const char *value)
{
	for (; *value; value++)
		if (*value <= ' ' || *value >= 0x7f || *value == '"' || *value == '\\')
			return false;
	return true;
}

/* Interfaces and files can be named with any byte; a label is UTF-8. */
static void write_odd_value(FILE *to, const char *value)
{
	char shown[TEXT_NEXT_SIZE];

	while (*value) {
		text_show_next(shown, &value);
		for (const char *at = shown; *at; at++) {
			if (*at == '"' || *at == '\\')
				putc_unlocked('\\', to);
			putc_unlocked(*at, to);
		}
	}
}

static void write_value(FILE *to, const char *value)
{
	if (is_plain(value))
		fputs_unlocked(value, to);
	else
		write_odd_value(to, value);
}

static void begin_sample(const struct writer *writer, const struct label *labels)
{
	char opening = '{';

	fputs_unlocked(writer->family->name, writer->to);
	fputs_unlocked(suffixes[writer->family->kind], writer->to);
	for (; labels && labels->name; labels++) {
		putc_unlocked(opening, writer->to);
		fputs_unlocked(labels->name, writer->to);
		fputs_unlocked("=\"", writer->to);
		write_value(writer->to, labels->value);
		putc_unlocked('"', writer->to);
		opening = ',';
	}
	fputs_unlocked(opening == ',' ? "} " : " ", writer->to);
}

static void write_number(const struct writer *writer, const struct label *labels, uint64_t number)
{
	begin_sample(writer, labels);
	fprintf(writer->to, "%" PRIu64 "\n", number);
}

/* Nanoseconds, as seconds. */
static void write_time(const struct writer *writer, const struct label *labels, uint64_t time)
{
	begin_sample(writer, labels);
	fprintf(writer->to, "%llu.%09llu\n", time / NANOSECONDS, time % NANOSECONDS);
}

static uint64_t number_of(const struct writer *writer, const struct counter *counter)
{
	return writer->family->traits & OF_BYTES ? counter->bytes : counter->packets;
}

static const char *device_of(const struct report_interface *interface)
{
	return interface->name;
}

/* The interfaces that are attached, one after another. */
static const struct report_interface *next_attached(const struct report *report,
						    const struct report_interface *interface)
{
	const struct report_interface *end = report->interfaces + report->count;

	interface = interface ? interface + 1 : report->interfaces;
	while (interface != end && !interface->attached)
		interface++;
	return interface == end ? NULL : interface;
}

#define FOR_EACH_ATTACHED(interface, scrape) \
	for (const struct report_interface *interface = next_attached(scrape, NULL); interface; \
	     interface = next_attached(scrape, interface))

/* What services counted, by transport and class. */
struct sums {
	struct counter sums[DIRECTION_MAX][TRANSPORT_MAX][CLASS_MAX];
};

static struct sums sums_of(const struct snapshot *snapshot)
{
	struct sums sums = { 0 };

	for (size_t i = 0; i < snapshot->count; i++) {
		const struct service *service = &snapshot->services[i];
		const struct assignment *assignment = service->assignment;
		struct counter sum = service_sum(service);

		counter_add(
			&sums.sums[service->direction][assignment->transport][assignment->class],
			&sum);
	}
	return sums;
}

static void write_direction(const struct writer *writer, const char *device,
			    const struct sums *sums, enum direction direction)
{
	for (enum transport transport = 0; transport < TRANSPORT_MAX; transport++)
		for (enum class class = 0; class < CLASS_MAX; class ++)
			write_number(writer,
				     LABELS({ "device", device },
					    { "direction", direction_name(direction) },
					    { "transport", transport_name(transport) },
					    { "class", class_name(class) }),
				     number_of(writer, &sums->sums[direction][transport][class]));
}

static void write_classes(const struct writer *writer)
{
	FOR_EACH_ATTACHED(interface, writer->report)
	{
		struct sums sums = sums_of(&interface->snapshot);

		for (size_t i = 0; i < interface->snapshot.directions_count; i++)
			write_direction(writer, device_of(interface), &sums,
					interface->snapshot.directions[i]);
	}
}

struct service_labels {
	const char *device;
	enum direction direction;
	enum transport transport;
	const char *service, *port;
};

static void write_sides(const struct writer *writer, const struct service_labels *labels,
			const struct traffic *traffic)
{
	const struct {
		const char *name;
		const struct counter *counter;
	} sides[] = { { "to", &traffic->to }, { "from", &traffic->from } };

	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++)
		write_number(writer,
			     LABELS({ "device", labels->device },
				    { "direction", direction_name(labels->direction) },
				    { "transport", transport_name(labels->transport) },
				    { "service", labels->service }, { "port", labels->port },
				    { "side", sides[i].name }),
			     number_of(writer, sides[i].counter));
}

static void write_line(const struct writer *writer, const char *device,
		       const struct series_line *line)
{
	char port[PORT_RANGE_SIZE];
	const struct assignment *assignment = line->assignment;
	const struct service_labels labels = {
		device, line->direction, assignment->transport, series_service(assignment),
		port_range_write(port, assignment->first, assignment->last)
	};

	write_sides(writer, &labels, &line->traffic);
}

/* From zero on, so that the first service that is folded is an increase of it. */
static void write_others(const struct writer *writer, const struct report_interface *interface,
			 enum direction direction)
{
	for (enum transport transport = 0; transport < TRANSPORT_MAX; transport++)
		write_sides(writer,
			    &(struct service_labels){ device_of(interface), direction, transport,
						      "other", "" },
			    &interface->fold.other[direction][transport]);
}

static void write_services(const struct writer *writer)
{
	FOR_EACH_ATTACHED(interface, writer->report)
	{
		for (size_t i = 0; i < interface->fold.count; i++)
			write_line(writer, device_of(interface), &interface->fold.lines[i]);
		for (size_t i = 0; i < interface->snapshot.directions_count; i++)
			write_others(writer, interface, interface->snapshot.directions[i]);
	}
}

static void write_reasons(const struct writer *writer, const struct report_interface *interface,
			  enum direction direction)
{
	for (enum reason reason = 0; reason < REASON_MAX; reason++)
		write_number(
			writer,
			LABELS({ "device", device_of(interface) },
			       { "direction", direction_name(direction) },
			       { "reason", reason_name(reason) }),
			number_of(writer, &interface->snapshot.unclassified[direction][reason]));
}

static void write_unclassified(const struct writer *writer)
{
	FOR_EACH_ATTACHED(interface, writer->report)
	for (size_t i = 0; i < interface->snapshot.directions_count; i++)
		write_reasons(writer, interface, interface->snapshot.directions[i]);
}

static void write_folded(const struct writer *writer)
{
	FOR_EACH_ATTACHED(interface, writer->report)
	for (size_t i = 0; i < interface->snapshot.directions_count; i++) {
		enum direction direction = interface->snapshot.directions[i];

		write_number(writer,
			     LABELS({ "device", device_of(interface) },
				    { "direction", direction_name(direction) }),
			     interface->fold.folded[direction]);
	}
}

static void write_series_max(const struct writer *writer)
{
	write_number(writer, NULL, writer->report->node.series_max);
}

static void write_attached(const struct writer *writer)
{
	for (size_t i = 0; i < writer->report->count; i++) {
		const struct report_interface *interface = &writer->report->interfaces[i];

		write_number(writer, LABELS({ "device", device_of(interface) }),
			     interface->attached);
	}
}

static void write_program(const struct writer *writer)
{
	FOR_EACH_ATTACHED(interface, writer->report)
	write_number(writer,
		     LABELS({ "device", device_of(interface) }, { "mode", interface->mode },
			    { "hook", interface->hook },
			    { "count_by", count_by_name(interface->snapshot.info.count_by) }),
		     1);
}

static void write_runs(const struct writer *writer)
{
	FOR_EACH_ATTACHED(interface, writer->report)
	if (interface->cost.runs)
		write_number(writer, LABELS({ "device", device_of(interface) }),
			     interface->cost.runs);
}

static void write_run_time(const struct writer *writer)
{
	FOR_EACH_ATTACHED(interface, writer->report)
	if (interface->cost.runs)
		write_time(writer, LABELS({ "device", device_of(interface) }),
			   interface->cost.run_time);
}

static void write_map_bytes(const struct writer *writer)
{
	FOR_EACH_ATTACHED(interface, writer->report)
	write_number(writer, LABELS({ "device", device_of(interface) }), interface->cost.map_bytes);
}

static void write_registry(const struct writer *writer)
{
	const struct report_node *node = &writer->report->node;
	char sha256[2 * HASH_SIZE + 1];

	if (!node->registry_name)
		return;
	for (size_t i = 0; i < HASH_SIZE; i++)
		snprintf(sha256 + 2 * i, sizeof("00"), "%02x", node->registry_sha256[i]);
	write_number(writer,
		     LABELS({ "name", node->registry_name }, { "date", node->registry_date },
			    { "sha256", sha256 }),
		     1);
}

static void write_reloads(const struct writer *writer)
{
	write_number(writer, NULL, writer->report->node.reloads);
}

static void write_reload_failures(const struct writer *writer)
{
	write_number(writer, NULL, writer->report->node.reload_failures);
}

static void write_reloaded(const struct writer *writer)
{
	write_time(writer, NULL, writer->report->node.reloaded);
}

static void write_reload_successful(const struct writer *writer)
{
	write_number(writer, NULL, !writer->report->node.reload_failed);
}

static void write_lines_lost(const struct writer *writer)
{
	write_number(writer, NULL, writer->report->node.log_lines_lost);
}

static void write_build(const struct writer *writer)
{
	write_number(writer, LABELS({ "version", VERSION }), 1);
}

static void write_reads(const struct writer *writer)
{
	write_number(writer, NULL, writer->report->node.reads);
}

static void write_duration(const struct writer *writer)
{
	write_time(writer, NULL, writer->report->node.duration);
}

static void write_resident(const struct writer *writer)
{
	write_number(writer, NULL, writer->report->node.process.resident_bytes);
}

static void write_cpu(const struct writer *writer)
{
	write_time(writer, NULL, writer->report->node.process.cpu_time);
}

static void write_started(const struct writer *writer)
{
	write_time(writer, NULL, writer->report->node.started);
}

/* clang-format off */
static const struct family families[] = {
	{ "portclass_packets", KIND_COUNTER, 0, "packets",
	  "Frames with ports, by transport and class of port (RFC 6335).", write_classes },
	{ "portclass_bytes", KIND_COUNTER, OF_BYTES, "bytes",
	  "Bytes of these frames, Ethernet header included.", write_classes },
	{ "portclass_service_packets", KIND_COUNTER, 0, "packets",
	  "Frames by service; service other is the sum of those without series of their own.",
	  write_services },
	{ "portclass_service_bytes", KIND_COUNTER, OF_BYTES, "bytes",
	  "Bytes of these frames, Ethernet header included.", write_services },
	{ "portclass_unclassified_packets", KIND_COUNTER, 0, "packets",
	  "Frames that have no ports to look at, by the reason.", write_unclassified },
	{ "portclass_unclassified_bytes", KIND_COUNTER, OF_BYTES, "bytes",
	  "Bytes of these frames, Ethernet header included.", write_unclassified },
	{ "portclass_interface_attached", KIND_GAUGE, 0, NULL,
	  "Whether the classifier is attached to an interface that it is wanted on.",
	  write_attached },
	{ "portclass_series_folded", KIND_GAUGE, OF_NODE, NULL,
	  "Services that are counted in service other, for want of series.", write_folded },
	{ "portclass_series_max", KIND_GAUGE, OF_NODE, NULL,
	  "Services that get series of their own, for each interface and direction.",
	  write_series_max },
	{ "portclass_program", KIND_INFO, 0, NULL,
	  "How the classifier is attached, and which port it counts by.", write_program },
	{ "portclass_program_runs", KIND_COUNTER, 0, NULL,
	  "Runs of the program loaded now, if the kernel counts them (kernel.bpf_stats_enabled).",
	  write_runs },
	{ "portclass_program_run_seconds", KIND_COUNTER, 0, "seconds",
	  "Time that these runs took.", write_run_time },
	{ "portclass_map_memory_bytes", KIND_GAUGE, 0, "bytes",
	  "Memory of the BPF maps, all CPUs together.", write_map_bytes },
	{ "portclass_registry", KIND_INFO, OF_NODE, NULL,
	  "The port registry that is loaded.", write_registry },
	{ "portclass_registry_reloads", KIND_COUNTER, OF_NODE, NULL,
	  "Registries and overlays that were loaded, the first included.", write_reloads },
	{ "portclass_registry_reload_failures", KIND_COUNTER, OF_NODE, NULL,
	  "Registries and overlays that were refused; what was loaded stayed.",
	  write_reload_failures },
	{ "portclass_registry_last_reload_success_timestamp_seconds", KIND_GAUGE, OF_NODE, "seconds",
	  "When a registry was loaded last.", write_reloaded },
	{ "portclass_registry_last_reload_successful", KIND_GAUGE, OF_NODE, NULL,
	  "Whether the last attempt to load a registry succeeded.", write_reload_successful },
	{ "portclass_log_lines_lost", KIND_COUNTER, OF_NODE, NULL,
	  "Lines of the log that nobody took: the agent waits for no reader.", write_lines_lost },
	{ "portclass_build", KIND_INFO, 0, NULL,
	  "The version of portclass.", write_build },
	{ "portclass_reads", KIND_COUNTER, OF_NODE, NULL,
	  "Times that an interface's counters were read: once a second each, at most.",
	  write_reads },
	{ "portclass_scrape_duration_seconds", KIND_GAUGE, OF_NODE, "seconds",
	  "Time that reading the kernel's counters took, of all interfaces the last time.",
	  write_duration },
	{ "process_resident_memory_bytes", KIND_GAUGE, OF_NODE, "bytes",
	  "Resident memory of the agent.", write_resident },
	{ "process_cpu_seconds", KIND_COUNTER, OF_NODE, "seconds",
	  "CPU time of the agent, user and system.", write_cpu },
	{ "process_start_time_seconds", KIND_GAUGE, OF_NODE, "seconds",
	  "When the agent started.", write_started },
};
/* clang-format on */

/* The older format names the samples, and has no type info. */
static void write_text_head(FILE *to, const struct family *family)
{
	static const char *const types[KIND_MAX] = { "counter", "gauge", "gauge" };
	const char *suffix = suffixes[family->kind];

	fprintf(to, "# HELP %s%s %s\n", family->name, suffix, family->help);
	fprintf(to, "# TYPE %s%s %s\n", family->name, suffix, types[family->kind]);
}

static void write_openmetrics_head(FILE *to, const struct family *family)
{
	static const char *const types[KIND_MAX] = { "counter", "gauge", "info" };

	fprintf(to, "# TYPE %s %s\n", family->name, types[family->kind]);
	if (family->unit)
		fprintf(to, "# UNIT %s %s\n", family->name, family->unit);
	fprintf(to, "# HELP %s %s\n", family->name, family->help);
}

static int write_families(FILE *to, const struct report *report,
			  void (*write_head)(FILE *to, const struct family *family))
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		const struct writer writer = { to, report, &families[i] };

		if (families[i].traits & OF_NODE && !report->has_node)
			continue;
		write_head(to, &families[i]);
		families[i].write(&writer);
	}
	return 0;
}

static int write_text(FILE *to, const struct report *report, const struct format_options *options)
{
	(void)options;
	return write_families(to, report, write_text_head);
}

static int write_openmetrics(FILE *to, const struct report *report,
			     const struct format_options *options)
{
	(void)options;
	write_families(to, report, write_openmetrics_head);
	fputs("# EOF\n", to);
	return 0;
}

/* Prometheus text format 0.0.4 */
const struct output output_metrics = { "metrics", "text/plain; version=0.0.4; charset=utf-8",
				       write_text };

/* OpenMetrics 1.0.0 */
const struct output output_openmetrics = {
	"openmetrics", "application/openmetrics-text; version=1.0.0; charset=utf-8",
	write_openmetrics
};
