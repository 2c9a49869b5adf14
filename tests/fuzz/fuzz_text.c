// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The reader of one format. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	fuzz_reader("text", bytes, size);
	return 0;
}
