// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Classify every frame that enters an interface: parse, choose the port that
 * names it, count. It never drops, changes or redirects a frame.
 *
 * The choice costs no branch and the path no call: on the hosts this was
 * measured on, a mispredicted branch takes longer than the rest together.
 */
#include "vmlinux.h"
#include "abi.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#include "parse.h"
#include "maps.h"

/* Since 6.2 and 6.18; NULL in kernels that lack them. */
extern void *bpf_cast_to_kern_ctx(void *ctx) __ksym __weak;
extern int bpf_xdp_pull_data(struct xdp_md *ctx, __u32 length) __ksym __weak;

/* Headers are looked for in so many bytes, if they reach behind the first buffer. */
#define PULLED_MAX 512

static __always_inline void count(struct counter *counter, __u64 bytes)
{
	counter->packets++;
	counter->bytes += bytes;
}

static __always_inline __u64 entry_of(__u32 transport, __u16 port)
{
	__u32 index = port;

	/* Kernels up to 6.12 forget that a byte-swapped port fits 16 bits, and
	 * clang drops a mask that it thinks changes nothing.
	 */
	barrier_var(index);
	return registry[transport][index & 0xffff];
}

/*
 * All ones if the source port names the packet, else 0; @difference: its entry
 * less that of the destination.
 */
static __always_inline __u64 source_mask(__u64 difference)
{
	__u32 count_by = info.count_by;
	__u64 mask;

	/* Either barrier keeps clang from making a branch of the shift. */
	barrier_var(difference);
	mask = (__s64)difference >> 63;
	barrier_var(mask);

	/* And these keep apart what only one setting runs: the verifier drops it. */
	if (count_by == COUNT_BY_DESTINATION) {
		mask = 0;
		barrier_var(mask);
	}
	if (count_by == COUNT_BY_SOURCE) {
		mask = -1ULL;
		barrier_var(mask);
	}
	return mask;
}

static __always_inline void count_assignment(const struct packet *packet, __u64 bytes)
{
	__u64 to = entry_of(packet->transport, packet->destination);
	__u64 difference = entry_of(packet->transport, packet->source) - to;
	__u64 mask = source_mask(difference);
	__u32 slot = ENTRY_SLOT(to + (difference & mask));
	__u32 number = slot / PAGE_SLOTS;
	struct traffic_page *page = bpf_map_lookup_elem(&traffic, &number);
	struct traffic *traffic_of_slot;

	if (!page)
		return;
	traffic_of_slot = &page->slots[slot % PAGE_SLOTS];
	count((struct counter *)traffic_of_slot + (mask & 1), bytes); /* to, or from */
}

static __always_inline void count_unclassified(__u32 reason, __u64 bytes)
{
	struct counter *counter = bpf_map_lookup_elem(&unclassified, &reason);

	if (counter)
		count(counter, bytes);
}

static __always_inline void count_frame(const struct packet *packet, enum reason reason,
					__u64 bytes)
{
	if (reason == REASON_NONE)
		count_assignment(packet, bytes);
	else
		count_unclassified(reason, bytes);
}

/* Bytes of the frame, those in the buffers behind the first one included. */
static __always_inline __u64 frame_length(struct xdp_md *ctx)
{
	__u64 linear = (void *)(long)ctx->data_end - (void *)(long)ctx->data;

	if (bpf_cast_to_kern_ctx) { /* and then it is no call */
		const struct xdp_buff *buff = bpf_cast_to_kern_ctx(ctx);
		__u32 flags = __builtin_preserve_access_index(({ buff->flags; }));

		if (!(flags & XDP_FLAGS_HAS_FRAGS))
			return linear;
	}
	return bpf_xdp_get_buff_len(ctx);
}

/*
 * The headers reach behind the first buffer, which some drivers keep short or
 * empty. Move them into it, where packet_parse() can look; the frame's bytes stay
 * the same. Not inlined: it is rare, and the common path stays short.
 */
static __noinline int classify_split(struct xdp_md *ctx, __u64 bytes)
{
	enum reason reason = REASON_TRUNCATED;
	struct packet packet;

	if (!bpf_xdp_pull_data(ctx, bytes < PULLED_MAX ? bytes : PULLED_MAX))
		reason = packet_parse(&packet, (void *)(long)ctx->data, (void *)(long)ctx->data_end,
				      info.link_layer);
	count_frame(&packet, reason, bytes);
	return XDP_PASS;
}

SEC("xdp.frags")
int classify(struct xdp_md *ctx)
{
	const void *data = (void *)(long)ctx->data;
	const void *end = (void *)(long)ctx->data_end;
	__u64 bytes = frame_length(ctx);
	struct packet packet;
	enum reason reason = packet_parse(&packet, data, end, info.link_layer);

	if (reason == REASON_TRUNCATED && bytes > (__u64)(end - data) && bpf_xdp_pull_data)
		return classify_split(ctx, bytes);
	count_frame(&packet, reason, bytes);
	return XDP_PASS;
}

/*
 * For kernels before 5.18: they refuse the entry above, and show XDP no frame of many
 * buffers. Who loads chooses. Not `?xdp`, or bpftool would load the object and then
 * fail to pin what is not loaded.
 */
SEC("xdp")
int classify_linear(struct xdp_md *ctx)
{
	const void *data = (void *)(long)ctx->data;
	const void *end = (void *)(long)ctx->data_end;
	__u64 bytes = end - data;
	struct packet packet;
	enum reason reason = packet_parse(&packet, data, end, info.link_layer);

	count_frame(&packet, reason, bytes);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
