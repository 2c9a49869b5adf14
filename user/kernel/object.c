// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The BPF object, inflated when it is wanted.
 */
#include <endian.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>
#include <zlib.h>

#include "kernel/object.h"

/* What zlib adds to the logarithm of the window to ask for gzip's format. */
#define GZIP 16

/*
 * The assembler finds the file from the top directory, where make runs it. Labels that
 * are not global become section and offset, and the linker for arm64 loses the offset.
 */
__asm__(".pushsection .rodata\n"
	".globl object_begin, object_end, object_trailer\n"
	".hidden object_begin, object_end, object_trailer\n"
	"object_begin:\n"
	"	.incbin \"build/portclass.bpf.o.gz\"\n"
	"object_end:\n"
	".set object_trailer, object_end - 4\n"
	"	.popsection\n");

extern const unsigned char object_begin[], object_end[], object_trailer[];

/* The trailer of gzip's format says it. */
static uint32_t inflated_size(void)
{
	uint32_t size;

	memcpy(&size, object_trailer, sizeof(size));
	return le32toh(size);
}

static int inflate_into(void *bytes, uint32_t size)
{
	z_stream stream = {
		.next_in = (unsigned char *)object_begin,
		.avail_in = (unsigned int)(object_end - object_begin),
		.next_out = bytes,
		.avail_out = size,
	};
	int result = inflateInit2(&stream, GZIP + MAX_WBITS);

	if (result == Z_OK)
		result = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	return result == Z_STREAM_END ? 0 : -1;
}

const void *object_bytes(size_t *size)
{
	uint32_t inflated = inflated_size();
	void *bytes = malloc(inflated);

	*size = inflated;
	if (!bytes || inflate_into(bytes, inflated)) {
		free(bytes);
		bytes = NULL;
		*size = 0;
	}
	return bytes;
}

void object_close(struct bpf_object_skeleton *skeleton)
{
	void *bytes = (void *)skeleton->data;

	bpf_object__destroy_skeleton(skeleton);
	free(bytes);
}
