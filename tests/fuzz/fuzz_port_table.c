// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A registry and up to two overlays, compiled: what is true of every table, who
 * won each port where rows begin and end, and what is done with tables: look-ups,
 * the difference that the overlays make, the slots before and after them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "difference.h"
#include "model/finding.h"
#include "oracle.h"
#include "parts.h"
#include "slots.h"

#include "fuzz.h"

static void check_port(const struct compiled *compiled, const void *context,
		       enum transport transport, uint32_t port)
{
	const struct record *winner = oracle_winner(&compiled->input, transport, port);
	const struct assignment *found =
		port_table_find(&compiled->table, transport, (uint16_t)port);
	char service[SERVICE_SIZE], aliases[ALIASES_SIZE];

	(void)context;
	fuzz_check(compiled->table.records[transport][port] == winner);
	if (!winner || winner->row != ROW_NAMED) {
		fuzz_check(!found->service[0] && !found->aliases[0]);
		return;
	}
	oracle_aliases(aliases, &compiled->input, winner, transport, port);
	service_name_fit(service, winner->service);
	fuzz_check(!strcmp(found->service, service));
	fuzz_check(!strcmp(found->aliases, aliases));
	fuzz_check((found->origin == ORIGIN_OVERLAY) == (winner->registry != &compiled->registry));
}

static void look_up(const struct compiled *compiled, const char *word)
{
	struct findings findings = { 0 };
	const char *fault = NULL;
	int err = findings_of_word(&findings, &compiled->table, word, &fault);

	fuzz_check(!err || err == OUTCOME_USAGE || err == OUTCOME_NOT_FOUND);
	fuzz_check((err == OUTCOME_USAGE) == (fault != NULL));
	fuzz_check(!findings.count == !!err);
	for (size_t i = 0; i < findings.count; i++) {
		const struct finding *finding = &findings.findings[i];

		fuzz_check(finding->ports.first <= finding->ports.last);
		fuzz_check(finding->assignment == port_table_find(&compiled->table,
								  finding->transport,
								  finding->ports.first));
	}
	findings_close(&findings);
}

/* Any name that is in the table is found; a name of digits is asked for as ports. */
static void check_findings(const struct compiled *compiled)
{
	for (uint32_t slot = 0; slot < compiled->table.count && slot < 32; slot++)
		if (compiled->table.assignments[slot].service[0])
			look_up(compiled, compiled->table.assignments[slot].service);
	look_up(compiled, "0-1024");
	look_up(compiled, "49151-49200/tcp");
}

/* Each slot that was held keeps its ports or is retired; each rank has a slot of its own. */
static void check_slots(const struct port_table *before, const struct port_table *after)
{
	struct slots slots;
	bool *taken;

	if (slots_open(&slots, after,
		       &(struct slots_held){ before->assignments, NULL, before->count }, SLOTS_MAX))
		return;
	taken = calloc(slots.count, sizeof(*taken));
	fuzz_check(taken && slots.count <= before->count + after->count);
	for (uint32_t rank = 0; rank < after->count; rank++) {
		uint16_t slot = slots.of_rank[rank];

		fuzz_check(slot < slots.count && !taken[slot]);
		fuzz_check(!memcmp(&slots.assignments[slot], &after->assignments[rank],
				   sizeof(struct assignment)));
		taken[slot] = true;
	}
	for (uint32_t slot = 0; slot < slots.count; slot++)
		fuzz_check(taken[slot] || slots.assignments[slot].status == STATUS_RETIRED);
	free(taken);
	slots_close(&slots);
}

static void check_difference(const struct port_table *before, const struct port_table *after)
{
	struct difference difference;

	fuzz_check(!difference_open(&difference, before, after));
	for (size_t i = 0; i < difference.count; i++) {
		const struct change *change = &difference.changes[i];

		fuzz_check(change->first <= change->last);
		fuzz_check(change->before ==
			   port_table_find(before, change->transport, change->first));
		fuzz_check(change->after ==
			   port_table_find(after, change->transport, change->first));
	}
	difference_close(&difference);
}

/* Without the overlays, and then with them. */
static void check_overlays(const struct compiled *compiled)
{
	struct port_table_input input = compiled->input;
	struct port_table *plain = calloc(1, sizeof(*plain));
	struct diagnostics silent = { 0 };

	fuzz_check(plain);
	input.overlays_count = 0;
	if (!port_table_compile(plain, &input, &silent)) {
		check_difference(plain, &compiled->table);
		check_slots(plain, &compiled->table);
		check_slots(&compiled->table, plain);
		port_table_close(plain);
	}
	free(plain);
}

static void check_table(const struct compiled *compiled)
{
	compiled_check(compiled, "the table");
	parts_check_borders(compiled, NULL, check_port);
	check_findings(compiled);
	if (compiled->input.overlays_count)
		check_overlays(compiled);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct compiled *compiled = parts_read(bytes, size);
	int err;

	if (!compiled)
		return 0;
	err = compiled_compile(compiled);
	fuzz_check(!err || err == -EBADMSG);
	if (!err)
		check_table(compiled);
	if (size % 4 == 0) /* it takes as long as the rest */
		fuzz_statistics(&compiled->registry);
	compiled_free(compiled);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t capacity, unsigned int seed)
{
	return fuzz_rows(bytes, size, capacity, seed);
}
