// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The parser of frames on the host, against the reference, which reads nothing
 * but what lies in the frame. The frame ends where its heap block ends.
 */
#include <stdlib.h>
#include <string.h>

#include "host_parse.h"
#include "reference.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct verdict want = reference(bytes, size), got = host_parse(bytes, size);

	fuzz_check(got.reason == want.reason);
	fuzz_check(got.transport == want.transport);
	fuzz_check(got.source == want.source);
	fuzz_check(got.destination == want.destination);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t capacity, unsigned int seed)
{
	return fuzz_frame(bytes, size, capacity, seed);
}
