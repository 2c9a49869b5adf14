// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* See oracle.h. */
#include "oracle.h"

#include <stdio.h>
#include <string.h>

/* Whether the row speaks of this port: without a transport, a service is of tcp and udp. */
static bool covers(const struct record *record, enum transport transport, uint32_t port)
{
	if (!record->has_port || port < record->first || port > record->last)
		return false;
	if (record->transports)
		return record->transports >> transport & 1;
	return record->row != ROW_NAMED || transport == TRANSPORT_TCP || transport == TRANSPORT_UDP;
}

/* 1 the best: the specific beats the blanket. */
static int kind_of(const struct record *record)
{
	bool blank = !record->transports;

	if (record->row == ROW_UNASSIGNED)
		return 5;
	if (record->row == ROW_NAMED)
		return blank ? 3 : 1;
	return blank ? 4 : 2;
}

static bool has_rfc(const struct record *record)
{
	for (const char *at = record->reference; (at = strstr(at, "RFC")); at += 3)
		if (at[3] >= '0' && at[3] <= '9')
			return true;
	return false;
}

static int ports_of(const struct record *record)
{
	return record->last - record->first + 1;
}

/* Whether @record, which stands behind @winner in its file, takes the port nevertheless. */
static bool wins(const struct record *record, const struct record *winner, bool overlay)
{
	bool yields = record->yields || *record->alias_of;
	bool winner_yields = winner->yields || *winner->alias_of;

	if (overlay && ports_of(record) != ports_of(winner))
		return ports_of(record) < ports_of(winner);
	if (kind_of(record) != kind_of(winner))
		return kind_of(record) < kind_of(winner);
	if (record->row != ROW_NAMED)
		return false;
	if (yields != winner_yields)
		return winner_yields;
	return has_rfc(record) && !has_rfc(winner);
}

static const struct record *winner_of_file(const struct registry *file, bool overlay,
					   enum transport transport, uint32_t port)
{
	const struct record *winner = NULL;

	for (size_t i = 0; i < file->count; i++) {
		const struct record *record = &file->records[i];

		if (!covers(record, transport, port) || (overlay && record->row != ROW_NAMED))
			continue;
		if (!winner || wins(record, winner, overlay))
			winner = record;
	}
	return winner;
}

const struct record *oracle_winner(const struct port_table_input *input, enum transport transport,
				   uint32_t port)
{
	const struct record *winner = NULL;

	for (size_t i = input->overlays_count; i && !winner; i--)
		winner = winner_of_file(&input->overlays[i - 1], true, transport, port);
	if (winner || port >= CLASS_DYNAMIC_FIRST)
		return winner;
	return winner_of_file(input->registry, false, transport, port);
}

static bool has_name(const char *names, const char *name, size_t size)
{
	for (; *names; names += *names == ' ') {
		size_t length = strcspn(names, " ");

		if (length == size && !memcmp(names, name, size))
			return true;
		names += length;
	}
	return false;
}

/* Add the words of @names that are new and for which there is room. */
static void add(char aliases[ALIASES_SIZE], const struct record *winner, const char *names)
{
	for (; *names; names += *names == ' ') {
		size_t size = strcspn(names, " "), used = strlen(aliases);

		if (!has_name(winner->service, names, size) && !has_name(aliases, names, size) &&
		    used + (used ? 1 : 0) + size + 1 <= ALIASES_SIZE)
			sprintf(aliases + used, "%s%.*s", used ? " " : "", (int)size, names);
		names += size;
	}
}

void oracle_aliases(char aliases[ALIASES_SIZE], const struct port_table_input *input,
		    const struct record *winner, enum transport transport, uint32_t port)
{
	bool overlay = winner->registry != input->registry;
	const struct registry *file = winner->registry;

	memset(aliases, 0, ALIASES_SIZE);
	for (size_t i = 0; i < file->count; i++) {
		const struct record *record = &file->records[i];

		if (record->row != ROW_NAMED || !covers(record, transport, port) ||
		    !record->transports != !winner->transports ||
		    (overlay && ports_of(record) != ports_of(winner)))
			continue;
		if (record != winner)
			add(aliases, winner, record->service);
		add(aliases, winner, record->aliases);
	}
}
