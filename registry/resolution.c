// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Which row of the files wins each (transport, port), and what else it is called.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resolution.h"

#define TRANSPORTS_OF_SERVICE (1 << TRANSPORT_TCP | 1 << TRANSPORT_UDP)
#define TRANSPORTS_ALL	      ((1 << TRANSPORT_MAX) - 1)

/* The specific beats the blanket, whatever their order: [row][transport is blank]. */
static const unsigned int blanketness[][2] = {
	[ROW_NAMED] = { 0, 2 },
	[ROW_RESERVED] = { 1, 3 },
	[ROW_FREE_FORM] = { 1, 3 },
	[ROW_UNASSIGNED] = { 4, 4 },
};

/* The ports that a row speaks of. */
struct claim {
	const struct record *record;
	uint32_t first;
	uint32_t last; /* may be below first: none */
	uint8_t transports;
};

/* One row while the ports get their other names. */
struct naming {
	struct resolution *resolution;
	struct diagnostics *diagnostics;
	const struct record *record;
	const struct record *winner; /* of the port */
	enum transport transport;
	uint32_t port;
	bool conflict_told;
	bool no_room_told;
};

uint8_t resolution_transports(const struct record *record)
{
	if (record->transports)
		return record->transports;
	return record->row == ROW_NAMED ? TRANSPORTS_OF_SERVICE : TRANSPORTS_ALL;
}

/* Free-form rows say in words of their own whether the port was given back. */
static bool is_given_back(const char *description)
{
	return !strncasecmp(description + (*description == '('), "unassigned",
			    strlen("unassigned"));
}

enum status resolution_status(const struct record *record)
{
	if (!record || record->row == ROW_UNASSIGNED)
		return STATUS_UNASSIGNED;
	if (record->row == ROW_NAMED)
		return STATUS_ASSIGNED;
	return record->row == ROW_FREE_FORM && is_given_back(record->description)
		       ? STATUS_UNASSIGNED
		       : STATUS_RESERVED;
}

const char *resolution_rfc(const struct record *record)
{
	const char *rfc = record->reference;

	while ((rfc = strstr(rfc, "RFC")) && !isdigit((unsigned char)rfc[3]))
		rfc += 3;
	return rfc;
}

/* Ports of the dynamic class are nobody's but the operator's, who only names. */
static struct claim claim_of(const struct record *record, bool is_overlay)
{
	struct claim claim = {
		.record = record,
		.first = record->first,
		.last = record->last,
		.transports = resolution_transports(record),
	};

	if (!is_overlay && claim.last >= CLASS_DYNAMIC_FIRST)
		claim.last = CLASS_DYNAMIC_FIRST - 1;
	if (!record->has_port || (is_overlay && record->row != ROW_NAMED))
		claim.transports = 0;
	return claim;
}

static bool is_marked(const struct record *record)
{
	return record->yields || *record->alias_of;
}

/* A row's place among those of its file, the best first. */
static unsigned int order_of(const struct record *record)
{
	unsigned int order = blanketness[record->row][!record->transports] * 4;

	if (record->row != ROW_NAMED)
		return order;
	return order + is_marked(record) * 2 + !resolution_rfc(record);
}

unsigned int resolution_width(const struct record *record)
{
	return record->last - record->first;
}

/* In an overlay, whoever names few ports means them more than whoever names many. */
static int compare_widths(const struct resolution *resolution, const struct record *left,
			  const struct record *right)
{
	unsigned int a = resolution_width(left), b = resolution_width(right);

	return left->registry == resolution->registry ? 0 : (a > b) - (a < b);
}

/* @winner stands before @record: in an earlier file, or further up. */
static bool beats(const struct resolution *resolution, const struct record *record,
		  const struct record *winner)
{
	int widths;

	if (!winner || winner->registry != record->registry)
		return true;
	widths = compare_widths(resolution, record, winner);
	return widths ? widths < 0 : order_of(record) < order_of(winner);
}

/* Whoever takes a port takes it without the names that others gave it. */
static void claim_port(struct resolution *resolution, const struct record *record, int transport,
		       uint32_t port)
{
	if (!beats(resolution, record, resolution->records[transport][port]))
		return;
	resolution->records[transport][port] = record;
	alias_sets_clear(&resolution->sets, &resolution->aliases[transport][port]);
}

static void claim_ports(struct resolution *resolution, const struct claim *claim)
{
	for (int transport = 0; transport < TRANSPORT_MAX; transport++) {
		if (!(claim->transports & 1 << transport))
			continue;
		for (uint32_t port = claim->first; port <= claim->last; port++)
			claim_port(resolution, claim->record, transport, port);
	}
}

/* Whether @record, which lost to @winner of the same file, names the same thing. */
static bool is_other_name(const struct resolution *resolution, const struct record *record,
			  const struct record *winner)
{
	return winner->row == ROW_NAMED && !winner->transports == !record->transports &&
	       !compare_widths(resolution, record, winner);
}

static void tell_conflict(struct naming *naming)
{
	const struct record *record = naming->record;
	const struct record *winner = naming->winner;

	if (naming->conflict_told || is_marked(record) || order_of(record) != order_of(winner) ||
	    !strcmp(record->service, winner->service))
		return;
	naming->conflict_told = true;
	diagnostics_warn(naming->diagnostics, record->registry->path, record->line,
			 "conflict: line %u has %u/%s as %s already; %s is kept as its alias",
			 winner->line, naming->port, transport_name(naming->transport),
			 winner->service, record->service);
}

static void tell_no_room(struct naming *naming, const char *name, size_t size)
{
	if (naming->no_room_told)
		return;
	naming->no_room_told = true;
	diagnostics_warn(naming->diagnostics, naming->record->registry->path, naming->record->line,
			 "%u/%s has more aliases than there is room for; %.*s is left out",
			 naming->port, transport_name(naming->transport), (int)size, name);
}

static int add_name(struct naming *naming, const char *name, size_t size)
{
	struct resolution *resolution = naming->resolution;
	const char *service = naming->winner->service;
	int err;

	if (strlen(service) == size && !memcmp(service, name, size))
		return 0;
	err = alias_sets_add(&resolution->sets,
			     &resolution->aliases[naming->transport][naming->port], name, size);
	if (err != -ENOSPC)
		return err;
	tell_no_room(naming, name, size);
	return 0;
}

/* Names separated by blanks. */
static int add_names(struct naming *naming, const char *names)
{
	int err = 0;

	while (*names && !err) {
		size_t size = strcspn(names, " ");

		err = add_name(naming, names, size);
		names += size + strspn(names + size, " ");
	}
	return err;
}

static int name_port(struct naming *naming)
{
	const struct record *record = naming->record;
	int err = 0;

	naming->winner = naming->resolution->records[naming->transport][naming->port];
	if (naming->winner != record) {
		if (!is_other_name(naming->resolution, record, naming->winner))
			return 0;
		tell_conflict(naming);
		err = add_names(naming, record->service);
	}
	return err ? err : add_names(naming, record->aliases);
}

static int name_ports(struct resolution *resolution, const struct claim *claim,
		      struct diagnostics *diagnostics)
{
	struct naming naming = {
		.resolution = resolution,
		.diagnostics = diagnostics,
		.record = claim->record,
	};
	int err = 0;

	for (int transport = 0; transport < TRANSPORT_MAX; transport++) {
		if (!(claim->transports & 1 << transport))
			continue;
		naming.transport = (enum transport)transport;
		for (uint32_t port = claim->first; port <= claim->last && !err; port++) {
			naming.port = port;
			err = name_port(&naming);
		}
	}
	return err;
}

static void tell_of_name(const struct record *record, const char *name, const char *what,
			 struct diagnostics *diagnostics)
{
	if (!service_name_is_valid(name))
		diagnostics_warn(diagnostics, record->registry->path, record->line,
				 "the %s '%s' breaks the syntax of RFC 6335; it is kept", what,
				 name);
}

/* The name that a row has first, and each other one. */
static void tell_of_names(const struct record *record, struct diagnostics *diagnostics)
{
	const char *alias = record->aliases;

	tell_of_name(record, record->service, "name", diagnostics);
	while (*alias) {
		size_t size = strcspn(alias, " ");
		char name[SERVICE_SIZE];

		snprintf(name, sizeof(name), "%.*s", (int)size, alias);
		tell_of_name(record, name, "alias", diagnostics);
		alias += size + strspn(alias + size, " ");
	}
}

/* Overlays have rules of their own: `namespace/service:port` is a name there. */
static void tell_of_row(const struct record *record, bool is_overlay,
			struct diagnostics *diagnostics)
{
	if (!is_overlay && record->row == ROW_NAMED)
		tell_of_names(record, diagnostics);
	if (!record->has_port)
		return;
	if (is_overlay && record->row != ROW_NAMED)
		diagnostics_warn(
			diagnostics, record->registry->path, record->line,
			"an overlay names ports, and this row has no name; it is left out");
	if (!is_overlay && record->row == ROW_NAMED && record->last >= CLASS_DYNAMIC_FIRST)
		diagnostics_warn(diagnostics, record->registry->path, record->line,
				 "%s: ports from %u stay dynamic, nobody can register them; "
				 "an overlay can name them",
				 record->service, CLASS_DYNAMIC_FIRST);
}

/* The names come second, for only then is it known who has the others. */
static int resolve_file(struct resolution *resolution, const struct registry *file, bool is_overlay,
			struct diagnostics *diagnostics)
{
	int err = 0;

	if (!is_overlay && !file->count)
		return diagnostics_refuse(diagnostics, file->path, 0,
					  file->lines ? "no row of it can be used"
						      : "the file is empty");
	for (size_t i = 0; i < file->count; i++) {
		struct claim claim = claim_of(&file->records[i], is_overlay);

		tell_of_row(claim.record, is_overlay, diagnostics);
		claim_ports(resolution, &claim);
	}
	for (size_t i = 0; i < file->count && !err; i++) {
		struct claim claim = claim_of(&file->records[i], is_overlay);

		if (claim.record->row == ROW_NAMED)
			err = name_ports(resolution, &claim, diagnostics);
	}
	return err;
}

int resolution_open(struct resolution *resolution, const struct record *(*records)[PORTS_MAX],
		    const struct port_table_input *input, struct diagnostics *diagnostics)
{
	int err;

	*resolution = (struct resolution){ .registry = input->registry, .records = records };
	resolution->aliases = calloc(TRANSPORT_MAX, sizeof(*resolution->aliases));
	err = resolution->aliases ? alias_sets_open(&resolution->sets) : -ENOMEM;
	if (!err)
		err = resolve_file(resolution, input->registry, false, diagnostics);
	for (size_t i = 0; i < input->overlays_count && !err; i++)
		err = resolve_file(resolution, &input->overlays[i], true, diagnostics);
	if (err)
		resolution_close(resolution);
	return err;
}

void resolution_close(struct resolution *resolution)
{
	alias_sets_close(&resolution->sets);
	free(resolution->aliases);
	*resolution = (struct resolution){ 0 };
}
