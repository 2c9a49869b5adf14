// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The registry that the project ships, embedded: reading it needs no file.
 */
#include "registry.h"

/* The assembler finds the file from the top directory, where make runs it. */
__asm__(".pushsection .rodata\n"
	"shipped_begin:\n"
	"	.incbin \"registry/iana.csv\"\n"
	"shipped_end:\n"
	"	.popsection\n");

extern const char shipped_begin[], shipped_end[];

int registry_read_shipped(struct registry *registry, struct diagnostics *diagnostics)
{
	return registry_parse(registry, "iana.csv", shipped_begin,
			      (size_t)(shipped_end - shipped_begin), "csv", diagnostics);
}
