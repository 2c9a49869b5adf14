// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The page, as the build has put it together. What is in it lies in page/.
 */
#include "agent/page.h"
#include "embed.h"
#include "page_policy.h"

EMBED(embedded_page, "build/page.html");

const char *page_bytes(void)
{
	return embedded_page_bytes;
}

size_t page_size(void)
{
	return embedded_page_size;
}

const char *page_policy(void)
{
	return PAGE_POLICY;
}
