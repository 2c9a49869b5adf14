// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The registry that the project ships, embedded: reading it needs no file.
 */
#include "embed.h"
#include "registry.h"

EMBED(shipped, "registry/iana.csv");

int registry_read_shipped(struct registry *registry, struct diagnostics *diagnostics)
{
	return registry_parse(registry, "iana.csv", shipped_bytes, shipped_size, "csv",
			      diagnostics);
}
