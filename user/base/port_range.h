/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Ports as people write them: 80 or 6000-6063.
 */
#ifndef PORTCLASS_PORT_RANGE_H
#define PORTCLASS_PORT_RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Both included. */
struct port_range {
	uint16_t first;
	uint16_t last;
};

/* Parse the first @size bytes of @text; false: they are no ports. */
bool port_range_parse(struct port_range *range, const char *text, size_t size);

/* Why numbers written so are no ports; NULL: they are, or it is no attempt at them. */
const char *port_range_fault(const char *text, size_t size);

#define PORT_RANGE_SIZE sizeof("65535-65535")

/* Write "80" or "6000-6063" into @text of PORT_RANGE_SIZE; returns @text. */
char *port_range_write(char *text, uint16_t first, uint16_t last);

#endif
