/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A file as bytes of the program. The assembler finds it from the top directory, where
 * make runs it; make has to be told that the object depends on it.
 */
#ifndef PORTCLASS_EMBED_H
#define PORTCLASS_EMBED_H

#include <stdint.h>

/*
 * Define name_bytes, the bytes of @file, and name_size, how many those are. Labels that are
 * not global would become section and offset, and the linker for arm64 loses the offset.
 */
#define EMBED(name, file) \
	__asm__(".pushsection .rodata\n" \
		".globl " #name "_bytes, " #name "_size\n" \
		".hidden " #name "_bytes, " #name "_size\n" \
		".balign 8\n" #name "_size: .quad 1f - " #name "_bytes\n" #name "_bytes:\n" \
		"	.incbin \"" file "\"\n" \
		"1:\n" \
		"	.popsection\n"); \
	extern const char name##_bytes[]; \
	extern const uint64_t name##_size

#endif
