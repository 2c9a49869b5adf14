// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The page, as the build has put it together. What is in it lies in page/.
 */
#include "agent/page.h"
#include "page_policy.h"

/*
 * The assembler finds the file from the top directory, where make runs it. Labels that
 * are not global become section and offset, and the linker for arm64 loses the offset.
 */
__asm__(".pushsection .rodata\n"
	".globl page_begin, page_end\n"
	".hidden page_begin, page_end\n"
	"page_begin:\n"
	"	.incbin \"build/page.html\"\n"
	"page_end:\n"
	"	.popsection\n");

extern const char page_begin[], page_end[];

const char *page_bytes(void)
{
	return page_begin;
}

size_t page_size(void)
{
	return (size_t)(page_end - page_begin);
}

const char *page_policy(void)
{
	return PAGE_POLICY;
}
