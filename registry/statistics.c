// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Count what a registry file holds, as its rows say it.
 */
#include "statistics.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What a named blank transport stands for. */
#define BLANK_TRANSPORTS (1 << TRANSPORT_TCP | 1 << TRANSPORT_UDP)

/* What is said of a (port, transport). */
struct port {
	const char *name; /* the first one; NULL: none */
	bool has_others;
	bool has_mark; /* one of its rows is marked as alias */
};

/* All that needs a look at other rows. */
struct survey {
	struct port ports[TRANSPORT_MAX][PORTS_MAX]; /* blank read as tcp and udp */
	bool told[TRANSPORT_MAX][PORTS_MAX];	     /* named with just this transport */
	bool told_blank[PORTS_MAX];		     /* named without one */
	bool listed[PORTS_MAX];			     /* in any row */
};

static void note_port(struct port *port, const struct record *record)
{
	if (!port->name)
		port->name = record->service;
	else if (strcmp(port->name, record->service))
		port->has_others = true;
	if (*record->alias_of)
		port->has_mark = true;
}

static void note_named(struct survey *survey, const struct record *record, uint32_t port)
{
	uint8_t read = record->transports ? record->transports : BLANK_TRANSPORTS;

	survey->told_blank[port] |= !record->transports;
	for (int transport = 0; transport < TRANSPORT_MAX; transport++) {
		if (record->transports & 1 << transport)
			survey->told[transport][port] = true;
		if (read & 1 << transport)
			note_port(&survey->ports[transport][port], record);
	}
}

static void note_record(struct survey *survey, const struct record *record)
{
	for (uint32_t port = record->first; record->has_port && port <= record->last; port++) {
		survey->listed[port] = true;
		if (record->row == ROW_NAMED)
			note_named(survey, record, port);
	}
}

static void count_port(struct registry_statistics *statistics, const struct survey *survey,
		       uint32_t port)
{
	statistics->unlisted_ports += port < CLASS_DYNAMIC_FIRST && !survey->listed[port];
	statistics->named_ports_without_transport += survey->told_blank[port];
	for (int transport = 0; transport < TRANSPORT_MAX; transport++) {
		const struct port *at = &survey->ports[transport][port];

		statistics->named_ports[transport] += survey->told[transport][port];
		statistics->named_ports_read += at->name != NULL;
		statistics->shared_ports += at->has_others;
		statistics->shared_ports_unmarked += at->has_others && !at->has_mark;
	}
}

static void count_transports(struct registry_statistics *statistics, const struct record *record)
{
	for (int transport = 0; transport < TRANSPORT_MAX; transport++)
		statistics->transports[transport] += (record->transports >> transport) & 1;
	statistics->without_transport += !record->transports;
}

static void count_ports(struct registry_statistics *statistics, const struct record *record)
{
	statistics->without_port += !record->has_port;
	if (!record->has_port)
		return;
	statistics->single_ports += !record->is_range;
	statistics->port_ranges += record->is_range;
	statistics->reversed_ranges += record->first > record->last;
	statistics->crossing_ranges += class_of(record->first) != class_of(record->last);
	statistics->dynamic_records += class_of(record->last) == CLASS_DYNAMIC;
}

static void count_named(struct registry_statistics *statistics, const struct record *record)
{
	size_t length = strlen(record->service);

	statistics->named_with_port += record->has_port;
	statistics->alias_records += *record->alias_of != '\0';
	statistics->invalid_name_records += !service_name_is_valid(record->service);
	if (statistics->longest_name < length)
		statistics->longest_name = length;
}

/* Whether another transport of the row's port has a name. */
static bool is_twin(const struct record *record, const struct survey *survey)
{
	if (!record->transports || record->is_range)
		return false;
	for (int transport = 0; transport < TRANSPORT_MAX; transport++)
		if (!(record->transports & 1 << transport) &&
		    survey->ports[transport][record->first].name)
			return true;
	return false;
}

static void count_nameless(struct registry_statistics *statistics, const struct record *record,
			   const struct survey *survey)
{
	statistics->nameless_with_transport += record->transports != 0;
	statistics->nameless_without_transport += !record->transports;
	statistics->unassigned += record->row == ROW_UNASSIGNED;
	statistics->reserved += record->row == ROW_RESERVED;
	statistics->reserved_twins += record->row == ROW_RESERVED && is_twin(record, survey);
	statistics->free_form += record->row == ROW_FREE_FORM;
}

static void count_record(struct registry_statistics *statistics, const struct record *record,
			 const struct survey *survey)
{
	statistics->records++;
	statistics->multi_line_records += record->lines > 1;
	count_transports(statistics, record);
	count_ports(statistics, record);
	if (record->row == ROW_NAMED)
		count_named(statistics, record);
	else
		count_nameless(statistics, record, survey);
}

/* By name; of the same name, those with a port first. */
static int compare_names(const void *left, const void *right)
{
	const struct record *a = *(const struct record *const *)left;
	const struct record *b = *(const struct record *const *)right;
	int order = strcmp(a->service, b->service);

	return order ? order : b->has_port - a->has_port;
}

static int count_names(struct registry_statistics *statistics, const struct registry *registry)
{
	const struct record **named = calloc(registry->count + 1, sizeof(*named));
	size_t count = 0;

	if (!named)
		return -ENOMEM;
	for (size_t i = 0; i < registry->count; i++)
		if (registry->records[i].row == ROW_NAMED)
			named[count++] = &registry->records[i];
	qsort(named, count, sizeof(*named), compare_names);
	for (size_t i = 0; i < count; i++) {
		if (i && !strcmp(named[i]->service, named[i - 1]->service))
			continue;
		statistics->names++;
		statistics->names_with_port += named[i]->has_port;
		statistics->invalid_names += !service_name_is_valid(named[i]->service);
	}
	free(named);
	return 0;
}

int statistics_compute(struct registry_statistics *statistics, const struct registry *registry)
{
	struct survey *survey = calloc(1, sizeof(*survey));

	*statistics = (struct registry_statistics){
		.lines = registry->lines,
		.columns = registry->columns,
	};
	if (!survey)
		return -ENOMEM;
	for (size_t i = 0; i < registry->count; i++)
		note_record(survey, &registry->records[i]);
	for (size_t i = 0; i < registry->count; i++)
		count_record(statistics, &registry->records[i], survey);
	for (uint32_t port = 0; port < PORTS_MAX; port++)
		count_port(statistics, survey, port);
	free(survey);
	return count_names(statistics, registry);
}
