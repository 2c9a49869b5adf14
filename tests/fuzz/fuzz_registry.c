// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Any reader: the one that the content asks for. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	fuzz_reader(NULL, bytes, size);
	return 0;
}
