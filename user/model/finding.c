// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Look ports and names up in a port table. It reads no file and prints nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/outcome.h"
#include "model/finding.h"
#include "text.h"

#define NAME_SIZE 512 /* of a name as it is shown; no longer one is looked up so */

static int append(struct findings *findings, const struct finding *finding)
{
	if (findings->count == findings->capacity) {
		size_t capacity = findings->capacity ? 2 * findings->capacity : 16;
		struct finding *grown = reallocarray(findings->findings, capacity, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		findings->findings = grown;
		findings->capacity = capacity;
	}
	findings->findings[findings->count++] = *finding;
	return 0;
}

static int compare(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;

	if (a->ports.first != b->ports.first)
		return a->ports.first < b->ports.first ? -1 : 1;
	return (int)a->transport - (int)b->transport;
}

static void sort(struct findings *findings, size_t first)
{
	if (findings->count > first)
		qsort(findings->findings + first, findings->count - first,
		      sizeof(*findings->findings), compare);
}

static struct finding finding_of(const struct port_table *table, enum transport transport,
				 uint16_t port)
{
	struct finding finding = { .transport = transport, .ports = { port, port } };

	finding.assignment = port_table_find(table, transport, port);
	finding.record = table->records[transport][port];
	if (finding.assignment->service[0])
		finding.ports =
			(struct port_range){ finding.assignment->first, finding.assignment->last };
	return finding;
}

const char *finding_service(const struct finding *finding)
{
	char fitted[SERVICE_SIZE];

	if (!finding->record || finding->record->row != ROW_NAMED)
		return finding->assignment->service;
	service_name_fit(fitted, finding->record->service);
	return strcmp(fitted, finding->assignment->service) ? finding->assignment->service
							    : finding->record->service;
}

static int append_run(struct findings *findings, const struct port_table *table,
		      const struct port_range *ports, enum transport transport)
{
	struct finding run = finding_of(table, transport, ports->first);
	int err = 0;

	for (unsigned int port = ports->first + 1U; !err && port <= ports->last; port++) {
		struct finding next = finding_of(table, transport, (uint16_t)port);

		if (next.assignment == run.assignment && next.record == run.record) {
			run.ports.last = next.ports.last;
		} else {
			err = append(findings, &run);
			run = next;
		}
	}
	return err ? err : append(findings, &run);
}

int findings_of_ports(struct findings *findings, const struct port_table *table,
		      const struct port_range *ports, enum transport transport)
{
	size_t before = findings->count;
	int err = 0;

	for (enum transport each = 0; !err && each < TRANSPORT_MAX; each++)
		if (transport == TRANSPORT_MAX || transport == each)
			err = append_run(findings, table, ports, each);
	sort(findings, before);
	return err;
}

static bool has_word(const char *words, const char *word)
{
	size_t size = strlen(word);

	for (words += strspn(words, " "); *words; words += strspn(words, " ")) {
		size_t length = strcspn(words, " ");

		if (length == size && strncasecmp(words, word, size) == 0)
			return true;
		words += length;
	}
	return false;
}

int findings_of_name(struct findings *findings, const struct port_table *table, const char *name)
{
	size_t before = findings->count;
	int err = 0;

	for (uint32_t slot = 0; !err && slot < table->count; slot++) {
		const struct assignment *assignment = &table->assignments[slot];
		struct finding finding;

		if (!assignment->service[0])
			continue;
		finding = finding_of(table, assignment->transport, assignment->first);
		if (strcasecmp(assignment->service, name) != 0 &&
		    strcasecmp(finding_service(&finding), name) != 0 &&
		    !has_word(assignment->aliases, name))
			continue;
		err = append(findings, &finding);
	}
	sort(findings, before);
	return err;
}

int findings_of_word(struct findings *findings, const struct port_table *table, const char *word,
		     const char **fault)
{
	size_t before = findings->count, size = strcspn(word, "/");
	enum transport transport = TRANSPORT_MAX;
	struct port_range ports;
	char name[NAME_SIZE];
	int err;

	if (port_range_parse(&ports, word, size)) {
		if (word[size])
			transport = transport_by_name(word + size + 1);
		if (word[size] && transport == TRANSPORT_MAX) {
			*fault = "the transport is none of tcp, udp, sctp and dccp";
			return OUTCOME_USAGE;
		}
		return findings_of_ports(findings, table, &ports, transport);
	}
	err = findings_of_name(findings, table, word);
	if (!err && findings->count == before && text_read(name, sizeof(name), word))
		err = findings_of_name(findings, table, name);
	if (err || findings->count > before)
		return err;
	*fault = port_range_fault(word, size);
	return *fault ? OUTCOME_USAGE : OUTCOME_NOT_FOUND;
}

void findings_close(struct findings *findings)
{
	free(findings->findings);
	*findings = (struct findings){ 0 };
}
