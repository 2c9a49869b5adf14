// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The BPF object in this kernel against the reference and the parser on the host:
 * after each frame every counter is read, and one of them has moved, as it should.
 * All slots lie in one page, which makes that cheap. The bytes of a frame also tell
 * how much of it lies in the first buffer, so that a frame is all there is to keep.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>
#include <cmocka.h>

#include "classifier.h"
#include "host_parse.h"
#include "reference.h"

#include "fuzz.h"

#define LINEAR_MAX 2048 /* what any kernel keeps in one buffer, if it is asked to */
#define HEADER	   14	/* no kernel takes less in the first buffer */
#define PULLED	   512	/* what the program looks at of what lies behind it */

static struct classifier classifier;
static bool moves_headers;

/* Neighbours differ in their slots, and ranks follow neither ports nor slots. */
static void open_classifier(void)
{
	static uint32_t entries[TRANSPORT_MAX][PORTS_MAX];

	for (uint32_t transport = 0; transport < TRANSPORT_MAX; transport++)
		for (uint32_t port = 0; port < PORTS_MAX; port++)
			entries[transport][port] =
				ENTRY((port * 40503 + transport * 77) & 0xffff,
				      (port * 25173 + transport * 256) % PAGE_SLOTS);
	classifier_open(&classifier,
			&(struct classifier_options){ .entries = entries, .pages = 1 });
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	if (libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_XDP, NULL) != 1) {
		fprintf(stderr, "XDP programs can't be loaded here; run as root\n");
		return 1;
	}
	open_classifier();
	moves_headers = classifier_kernel_moves_headers();
	return 0;
}

/* 0: all of it, in half of the cases. */
static size_t linear_of(const uint8_t *bytes, size_t size)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 16777619u;
	if (hash >> 31 || size <= HEADER)
		return 0;
	return HEADER + (hash >> 8) % (size - HEADER);
}

/* Headers that reach behind the first buffer are followed as far as it is made to reach. */
static struct verdict verdict_of(const uint8_t *bytes, size_t size, size_t linear)
{
	struct verdict verdict = reference(bytes, linear);

	if (verdict.reason != REASON_TRUNCATED || linear == size || !moves_headers)
		return verdict;
	if (linear < PULLED)
		linear = size < PULLED ? size : PULLED;
	return reference(bytes, linear);
}

static void check_host(const uint8_t *bytes, size_t size)
{
	struct verdict want = reference(bytes, size), got = host_parse(bytes, size);

	fuzz_check(!memcmp(&got, &want, sizeof(want)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	size_t linear = linear_of(bytes, size);
	struct verdict verdict;
	int err;

	if (!classifier.object)
		_exit(FUZZ_CANNOT_RUN);
	check_host(bytes, size);
	if (size > LINEAR_MAX)
		return 0;
	err = classifier_run(&classifier, bytes, size, linear);
	fuzz_check(size < HEADER ? err == -EINVAL : !err);
	verdict = verdict_of(bytes, size, linear ? linear : size);
	if (!err)
		classifier_expect(&classifier, &verdict, size);
	classifier_check(&classifier, "a frame");
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t capacity, unsigned int seed)
{
	return fuzz_frame(bytes, size, capacity, seed);
}
