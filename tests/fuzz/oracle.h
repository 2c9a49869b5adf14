/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which row wins a port and what else it is called, told once more: row by row,
 * for one port at a time, as the rules for registries are written.
 */
#ifndef PORTCLASS_ORACLE_H
#define PORTCLASS_ORACLE_H

#include "port_table.h"

/* NULL: no row does. */
const struct record *oracle_winner(const struct port_table_input *input, enum transport transport,
				   uint32_t port);

/* The other names of a port that @winner, which has a name, has won. */
void oracle_aliases(char aliases[ALIASES_SIZE], const struct port_table_input *input,
		    const struct record *winner, enum transport transport, uint32_t port);

#endif
