/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * An input that is several files: the ephemeral ports, a registry and up to two
 * overlays, with lines "%%" between them.
 */
#ifndef PORTCLASS_PARTS_H
#define PORTCLASS_PARTS_H

#include "compiled.h"

/* Read, not compiled yet; NULL: the registry is refused. An overlay that is, is left out. */
struct compiled *parts_read(const uint8_t *bytes, size_t size);

/* Call @check for each transport and port where a row begins or ends, and beside that. */
void parts_check_borders(const struct compiled *compiled, const void *context,
			 void (*check)(const struct compiled *compiled, const void *context,
				       enum transport transport, uint32_t port));

#endif
