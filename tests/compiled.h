/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Registry files and the table they compile to, for tests.
 */
#ifndef PORTCLASS_COMPILED_H
#define PORTCLASS_COMPILED_H

#include "collect.h"
#include "port_table.h"

#define COMPILED_OVERLAYS_MAX 2

/* What compiled_parse_rows() puts above the rows. */
#define COMPILED_HEADER \
	"Service Name,Port Number,Transport Protocol,Description,Reference,Assignment Notes\n"

struct compiled {
	struct registry registry;
	struct registry overlays[COMPILED_OVERLAYS_MAX];
	struct port_table_input input;
	struct port_table table;
	struct collect collect;
};

struct compiled *compiled_new(void);
void compiled_free(struct compiled *compiled);

/* @rows: of CSV, the first in line 2. */
void compiled_parse_rows(struct compiled *compiled, const char *rows);
void compiled_parse_overlay(struct compiled *compiled, const char *text, const char *format);

/* As port_table_compile(). */
int compiled_compile(struct compiled *compiled);

/*
 * Fail unless all is true that is true of every table: each (transport, port) in
 * one assignment that fits it, the assignments in the order of precedence.
 */
void compiled_check(const struct compiled *compiled, const char *name);

/* What a registry is known to say of a port. */
struct known_port {
	enum transport transport;
	uint16_t port;
	const char *service;
	const char *aliases;
	enum status status;
};

void compiled_check_known(const struct compiled *compiled, const struct known_port *known,
			  size_t count);

#endif
