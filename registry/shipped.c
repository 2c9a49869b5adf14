// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The registry that the project ships, embedded: reading it needs no file.
 */
#include "registry.h"

/*
 * The assembler finds the file from the top directory, where make runs it. Labels that
 * are not global become section and offset, and the linker for arm64 loses the offset.
 */
__asm__(".pushsection .rodata\n"
	".globl shipped_begin, shipped_end\n"
	".hidden shipped_begin, shipped_end\n"
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
