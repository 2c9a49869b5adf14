// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Compile a registry and print it as the initialisers that bpf/maps.h takes.
 *
 * usage: shipped_header REGISTRY
 */
#include <stdio.h>
#include <stdlib.h>

#include "port_table.h"

/* Warnings are for who makes the registry again, not for who builds. */
static void report(void *context, const struct diagnostic *diagnostic)
{
	(void)context;
	if (diagnostic->severity == SEVERITY_ERROR)
		fprintf(stderr, "%s:%u: error: %s\n", diagnostic->file, diagnostic->line,
			diagnostic->message);
}

/* As the inside of a C string. */
static void print_text(const char *text)
{
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte < ' ' || byte > '~' || byte == '"' || byte == '\\' || byte == '?')
			printf("\\%03o", byte);
		else
			putchar(byte);
	}
}

static void print_entries(const uint32_t *entries)
{
	uint32_t last;

	for (uint32_t port = 0; port < PORTS_MAX; port = last + 1) {
		for (last = port; last + 1 < PORTS_MAX && entries[last + 1] == entries[port];)
			last++;
		if (last > port)
			printf("[%u ... %u] = ", port, last);
		printf("%u, \\\n", entries[port]);
	}
}

static void print_assignment(const struct assignment *assignment)
{
	printf("{ \"");
	print_text(assignment->service);
	printf("\", \"");
	print_text(assignment->aliases);
	printf("\", %u, %u, %u, %u, %u, %u }, \\\n", assignment->first, assignment->last,
	       assignment->transport, assignment->class, assignment->status, assignment->origin);
}

static void print_info(const struct info *info)
{
	printf("{ .abi_version = %u, .slots = %u, .count_by = %u, \\\n"
	       ".ephemeral_first = %u, .ephemeral_last = %u, \\\n.registry_name = \"",
	       info->abi_version, info->slots, info->count_by, info->ephemeral_first,
	       info->ephemeral_last);
	print_text(info->registry_name);
	printf("\", .registry_date = \"");
	print_text(info->registry_date);
	printf("\", \\\n.registry_sha256 = {");
	for (int i = 0; i < HASH_SIZE; i++)
		printf(" %u,", info->registry_sha256[i]);
	printf(" } }\n");
}

static void print_header(const struct port_table *table, const struct info *info)
{
	puts("/* Generated from registry/iana.csv by shipped_header. */\n"
	     "#define SHIPPED_ENTRIES { \\");
	for (int transport = 0; transport < TRANSPORT_MAX; transport++) {
		puts("{ \\");
		print_entries(table->entries[transport]);
		puts("}, \\");
	}
	puts("}\n#define SHIPPED_ASSIGNMENTS { \\");
	for (uint32_t slot = 0; slot < table->count; slot++)
		print_assignment(&table->assignments[slot]);
	printf("}\n#define SHIPPED_INFO ");
	print_info(info);
}

static int compile(struct port_table *table, const char *path)
{
	struct diagnostics diagnostics = { .report = report };
	struct registry registry = { 0 };
	struct port_table_input input = {
		.registry = &registry,
		.ephemeral_first = EPHEMERAL_FIRST_DEFAULT,
		.ephemeral_last = EPHEMERAL_LAST_DEFAULT,
	};
	struct info info;
	int err = registry_read(&registry, path, NULL, &diagnostics);

	if (!err)
		err = port_table_compile(table, &input, &diagnostics);
	if (!err && table->count > SHIPPED_SLOTS)
		err = diagnostics_refuse(&diagnostics, path, 0,
					 "it makes %u assignments, the object has room for %u: "
					 "raise SHIPPED_SLOTS",
					 table->count, SHIPPED_SLOTS);
	if (!err) {
		info = port_table_info(table, &input, COUNT_BY_SERVICE);
		print_header(table, &info);
	}
	registry_close(&registry);
	return err;
}

int main(int argc, char **argv)
{
	struct port_table *table;
	int err;

	if (argc != 2) {
		fputs("usage: shipped_header REGISTRY\n", stderr);
		return 1;
	}
	table = calloc(1, sizeof(*table));
	if (!table) {
		perror("shipped_header");
		return 2;
	}
	err = compile(table, argv[1]);
	port_table_close(table);
	free(table);
	return err || fflush(stdout) || ferror(stdout) ? 2 : 0;
}
