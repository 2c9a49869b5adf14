// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The BPF object, inflated when it is wanted. What is done with it, program.c knows.
 */
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>
#include <zlib.h>

#include "embed.h"
#include "kernel/object.h"

/* What zlib adds to the logarithm of the window to ask for gzip's format. */
#define GZIP 16

EMBED(object, "build/portclass.bpf.o.gz");

/* The trailer of gzip's format says it. */
static uint32_t inflated_size(void)
{
	uint32_t size;

	memcpy(&size, object_bytes + object_size - sizeof(size), sizeof(size));
	return le32toh(size);
}

static int inflate_into(void *bytes, uint32_t size)
{
	z_stream stream = {
		.next_in = (unsigned char *)(uintptr_t)object_bytes,
		.avail_in = (unsigned int)object_size,
		.next_out = bytes,
		.avail_out = size,
	};
	int result = inflateInit2(&stream, GZIP + MAX_WBITS);

	if (result == Z_OK)
		result = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	return result == Z_STREAM_END ? 0 : -1;
}

/* libbpf copies what it needs of the bytes while it opens them. */
struct bpf_object *object_open(void)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "portclass");
	uint32_t size = inflated_size();
	struct bpf_object *object = NULL;
	void *bytes = malloc(size);
	int error = ENOMEM;

	if (bytes && !inflate_into(bytes, size)) {
		object = bpf_object__open_mem(bytes, size, &options);
		error = errno;
	}
	free(bytes);
	errno = error;
	return object;
}
