// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* See host_parse.h. */
#include <stdlib.h>
#include <string.h>

#include "../vmlinux/vmlinux.h"
#include "abi.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#include "host_parse.h"
#include "parse.h"

/* Drivers place frames so that the IP header is aligned, behind 14 bytes or none. */
#define ALIGN_MOST 4

struct verdict host_parse_from(const uint8_t *bytes, size_t size, enum link_layer layer)
{
	size_t before = layer == LINK_LAYER_IP ? ALIGN_MOST : ALIGN_MOST - 2;
	uint8_t *block = malloc(before + size), *frame = block + before;
	struct packet packet;
	struct verdict verdict = { 0 };

	if (!block)
		abort();
	memcpy(frame, bytes, size);
	verdict.reason = packet_parse(&packet, frame, frame + size, layer);
	if (verdict.reason == REASON_NONE) {
		verdict.transport = packet.transport;
		verdict.source = packet.source;
		verdict.destination = packet.destination;
	}
	if (memcmp(frame, bytes, size))
		abort();
	free(block);
	return verdict;
}

struct verdict host_parse(const uint8_t *bytes, size_t size)
{
	return host_parse_from(bytes, size, LINK_LAYER_ETHERNET);
}
