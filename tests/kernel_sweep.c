// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Every port of every transport through the BPF object in this kernel, on
 * either side: with a slot for each port, and with the table that the object
 * carries. A frame's length tells its port, so that two mistakes can't cancel.
 *
 * usage: kernel_sweep [OBJECT [ENTRY [STRIDE]]]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cmocka.h>

#include "classifier.h"
#include "port_table.h"

#define HEADERS (14 + 20 + 4)
#define LENGTHS 1021 /* a prime: neighbours and powers of two apart differ */

static const uint8_t next_of[TRANSPORT_MAX] = {
	[TRANSPORT_TCP] = NEXT_TCP,
	[TRANSPORT_UDP] = NEXT_UDP,
	[TRANSPORT_SCTP] = NEXT_SCTP,
	[TRANSPORT_DCCP] = NEXT_DCCP,
};

/* Where everything is told apart: slot and rank are the port. */
static uint32_t identity[TRANSPORT_MAX][PORTS_MAX];

static void run_ports(struct classifier *classifier, enum transport transport, uint16_t source,
		      uint16_t destination)
{
	const uint8_t bytes[HEADERS + LENGTHS] = { ETHERNET(TYPE_IPV4),
						   IPV4(next_of[transport], 24),
						   PORTS(source, destination) };
	const struct verdict verdict = { REASON_NONE, transport, source, destination };
	size_t size = HEADERS + (source * 31u + destination) % LENGTHS;

	assert_int_equal(classifier_run(classifier, bytes, size, 0), 0);
	classifier_expect(classifier, &verdict, size);
}

/* The port that loses against every other; the highest of equals. */
static uint16_t last_port(const struct classifier *classifier, enum transport transport)
{
	const uint32_t *entries = classifier->entries[transport];
	uint32_t last = 0;

	for (uint32_t port = 0; port < PORTS_MAX; port++)
		if (entries[port] >= entries[last])
			last = port;
	return (uint16_t)last;
}

static void sweep(const uint32_t (*entries)[PORTS_MAX], enum transport transport)
{
	struct classifier classifier;
	uint16_t last;

	classifier_open(&classifier, &(struct classifier_options){ .entries = entries });
	last = last_port(&classifier, transport);
	for (uint32_t port = 0; port < PORTS_MAX; port += classifier_stride)
		run_ports(&classifier, transport, last, (uint16_t)port);
	classifier_check(&classifier, "to each port");
	for (uint32_t port = 0; port < PORTS_MAX; port += classifier_stride)
		run_ports(&classifier, transport, (uint16_t)port, last);
	classifier_check(&classifier, "from each port");
	classifier_close(&classifier);
}

static void each_port_has_its_own_slot(void **state)
{
	(void)state;
	for (uint32_t transport = 0; transport < TRANSPORT_MAX; transport++)
		for (uint32_t port = 0; port < PORTS_MAX; port++)
			identity[transport][port] = ENTRY(port, port ^ transport);
	for (enum transport transport = 0; transport < TRANSPORT_MAX; transport++)
		sweep(identity, transport);
}

static void each_port_by_the_table_of_the_object(void **state)
{
	(void)state;
	for (enum transport transport = 0; transport < TRANSPORT_MAX; transport++)
		sweep(NULL, transport);
}

static void read_map(const struct classifier *classifier, const char *name, void *value,
		     size_t size)
{
	struct bpf_map *map = bpf_object__find_map_by_name(classifier->object, name);
	uint32_t key = 0;

	assert_non_null(map);
	assert_int_equal(bpf_map__value_size(map), size);
	assert_int_equal(bpf_map_lookup_elem(bpf_map__fd(map), &key, value), 0);
}

static void the_object_carries_the_shipped_registry(void **state)
{
	static uint32_t loaded_entries[TRANSPORT_MAX][PORTS_MAX];
	static struct assignment loaded_assignments[SHIPPED_SLOTS];
	static struct port_table table;
	struct diagnostics diagnostics = { 0 };
	struct classifier classifier;
	struct registry registry;
	struct info loaded_info, info;
	struct port_table_input input = { .registry = &registry,
					  .ephemeral_first = EPHEMERAL_FIRST_DEFAULT,
					  .ephemeral_last = EPHEMERAL_LAST_DEFAULT };

	(void)state;
	classifier_open(&classifier, &(struct classifier_options){ 0 });
	read_map(&classifier, ".data.registry", loaded_entries, sizeof(loaded_entries));
	read_map(&classifier, ".data.assignments", loaded_assignments, sizeof(loaded_assignments));
	read_map(&classifier, ".rodata.info", &loaded_info, sizeof(loaded_info));
	assert_int_equal(registry_read_shipped(&registry, &diagnostics), 0);
	assert_int_equal(port_table_compile(&table, &input, &diagnostics), 0);
	info = port_table_info(&table, &input, COUNT_BY_SERVICE);
	assert_memory_equal(&loaded_info, &info, sizeof(info));
	assert_memory_equal(loaded_entries, table.entries, sizeof(loaded_entries));
	assert_in_range(table.count, 1, SHIPPED_SLOTS);
	assert_memory_equal(loaded_assignments, table.assignments,
			    table.count * sizeof(*table.assignments));
	port_table_close(&table);
	registry_close(&registry);
	classifier_close(&classifier);
}

static int run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_port_has_its_own_slot),
		cmocka_unit_test(each_port_by_the_table_of_the_object),
		cmocka_unit_test(the_object_carries_the_shipped_registry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return classifier_main(argc, argv, run);
}
