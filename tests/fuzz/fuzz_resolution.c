// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Which row wins each port, and what else it is called, against the oracle; the part
 * of compiling that foreign words decide, without the long rest of it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "oracle.h"
#include "parts.h"
#include "resolution.h"

#include "fuzz.h"

#define NAMINGS_MAX 10000 /* wide ranges are for fuzz_port_table.c: they take long */

/* Zero but during a check: memory that is always the same is there already. */
static const struct record *records[TRANSPORT_MAX][PORTS_MAX];

static void check_port(const struct compiled *compiled, const void *context,
		       enum transport transport, uint32_t port)
{
	const struct record *winner = oracle_winner(&compiled->input, transport, port);
	const struct resolution *resolution = context;
	uint32_t set = resolution->aliases[transport][port];
	char aliases[ALIASES_SIZE] = "";

	fuzz_check(resolution->records[transport][port] == winner);
	if (winner && winner->row == ROW_NAMED)
		oracle_aliases(aliases, &compiled->input, winner, transport, port);
	fuzz_check(!memcmp(resolution->sets.texts[set], aliases, sizeof(aliases)));
}

/* Sets are counted by the ports that have them, and those that none has are free. */
static void check_sets(const struct resolution *resolution)
{
	const struct alias_sets *sets = &resolution->sets;
	uint32_t *ports = calloc(sets->count, sizeof(*ports)), used = 0, free_sets = 0;

	fuzz_check(ports);
	for (int transport = 0; transport < TRANSPORT_MAX; transport++)
		for (uint32_t port = 0; port < PORTS_MAX; port++)
			ports[resolution->aliases[transport][port]]++;
	for (uint32_t set = 1; set < sets->count; set++) {
		fuzz_check(!ports[set] || ports[set] == sets->ports[set]);
		used += ports[set] > 0;
	}
	for (uint32_t set = sets->free; set && free_sets <= sets->count; set = sets->ports[set]) {
		fuzz_check(set < sets->count && !ports[set]);
		free_sets++;
	}
	fuzz_check(1 + used + free_sets == sets->count);
	free(ports);
}

static bool is_short(const struct compiled *compiled)
{
	uint64_t namings = compiled->registry.namings;

	for (size_t i = 0; i < compiled->input.overlays_count; i++)
		namings += compiled->overlays[i].namings;
	return namings <= NAMINGS_MAX;
}

static void check(struct compiled *compiled, bool thoroughly)
{
	struct resolution resolution;
	int err = resolution_open(&resolution, records, &compiled->input,
				  &compiled->collect.diagnostics);

	fuzz_check(!err || err == -EBADMSG);
	if (!err)
		parts_check_borders(compiled, &resolution, check_port);
	if (!err && thoroughly)
		check_sets(&resolution);
	resolution_close(&resolution);
	memset(records, 0, sizeof(records));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct compiled *compiled = parts_read(bytes, size);

	if (!compiled)
		return 0;
	if (is_short(compiled))
		check(compiled, size % 8 == 0);
	compiled_free(compiled);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t capacity, unsigned int seed)
{
	return fuzz_rows(bytes, size, capacity, seed);
}
