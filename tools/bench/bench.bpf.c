// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What the classifier is measured against, and what drives them all.
 *
 * A driver writes one frame after another into the packet and has the program in
 * `subject` look at each, so that caches and branch predictors meet variety. A
 * tail call out of a function comes back to where the function was called: so any
 * program can be driven as it is, others' too. What a frame costs then is one
 * call and the program; the writing is told by the driver `write_only`.
 */
#include "vmlinux.h"
#include "abi.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#include "parse.h"
#include "bench.h"

struct bench_frame frames[BENCH_FRAMES_MAX] SEC(".data.frames");

/* How many of them are in use, less one: a power of two, less one. */
__u32 mask SEC(".data.mask");

/* Of the next burst: each object is driven by one CPU at a time. */
__u32 first;

/* What runs. All programs that were ever in it agree on xdp.frags, so there are two. */
struct subject {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
};

struct subject subject SEC(".maps");
struct subject subject_frags SEC(".maps");

/* The classifiers of many interfaces, and how many of them have frames. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, BENCH_INTERFACES_MAX);
	__type(key, __u32);
	__type(value, __u32);
} interfaces SEC(".maps");

__u32 interfaces_in_use SEC(".data.interfaces_in_use");

/* Packets and bytes by port, as tutorials count. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct bench_port);
	__type(value, struct counter);
} ports SEC(".maps");

/* What the hash map has no port for, and frames without ports. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, REASON_MAX + 1);
	__type(key, __u32);
	__type(value, struct counter);
} others SEC(".maps");

static __always_inline void write_frame(struct xdp_md *ctx, __u32 number)
{
	const struct bench_frame *frame = &frames[number & mask & (BENCH_FRAMES_MAX - 1)];
	struct bench_frame *packet = (void *)(long)ctx->data;

	if ((void *)(packet + 1) > (void *)(long)ctx->data_end)
		return;
	for (int i = 0; i < BENCH_FRAME_SIZE / 8; i++)
		packet->words[i] = frame->words[i];
}

/* Not static: so the verifier looks at each once, and not once for each frame. */
__noinline int call_subject(struct xdp_md *ctx)
{
	int verdict = (int)BENCH_NOT_RUN;

	barrier_var(verdict); /* or clang takes it for the result of every call */
	bpf_tail_call_static(ctx, &subject, 0);
	return verdict;
}

__noinline int call_subject_frags(struct xdp_md *ctx)
{
	int verdict = (int)BENCH_NOT_RUN;

	barrier_var(verdict);
	bpf_tail_call_static(ctx, &subject_frags, 0);
	return verdict;
}

/* Where frames are sent out: an ifindex. */
__u32 cable SEC(".data.cable");

/* Run on frames that the kernel then really sends (BPF_F_TEST_XDP_LIVE_FRAMES). */
SEC("xdp")
int send_out(struct xdp_md *ctx)
{
	write_frame(ctx, first);
	first++;
	return (int)bpf_redirect(cable, 0);
}

__noinline int call_interface(struct xdp_md *ctx, __u32 number)
{
	int verdict = (int)BENCH_NOT_RUN;

	barrier_var(verdict);
	bpf_tail_call(ctx, &interfaces, number);
	return verdict;
}

/* @call: what looks at each frame that was written. */
static __always_inline int burst(struct xdp_md *ctx, int (*call)(struct xdp_md *ctx))
{
	__u32 start = first;
	int verdict = XDP_PASS;

	for (__u32 i = 0; i < BENCH_BURST; i++) {
		write_frame(ctx, start + i);
		verdict = call(ctx);
	}
	first = start + BENCH_BURST;
	return verdict;
}

static __always_inline int call_nothing(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_PASS;
}

SEC("xdp")
int write_only(struct xdp_md *ctx)
{
	return burst(ctx, call_nothing);
}

SEC("xdp")
int drive(struct xdp_md *ctx)
{
	return burst(ctx, call_subject);
}

SEC("xdp.frags")
int drive_frags(struct xdp_md *ctx)
{
	return burst(ctx, call_subject_frags);
}

/* A burst from one interface, then one from the next. */
SEC("xdp.frags")
int drive_interfaces(struct xdp_md *ctx)
{
	__u32 start = first, count = interfaces_in_use;
	__u32 number = count ? start / BENCH_BURST % count : 0;
	int verdict = XDP_PASS;

	for (__u32 i = 0; i < BENCH_BURST; i++) {
		write_frame(ctx, start + i);
		verdict = call_interface(ctx, number);
	}
	first = start + BENCH_BURST;
	return verdict;
}

/* The least that a program can do. */
SEC("xdp")
int empty(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_PASS;
}

/* What must be done before anything can be counted. */
SEC("xdp")
int parse_only(struct xdp_md *ctx)
{
	struct packet packet = {};
	__u32 reason = packet_parse(&packet, (void *)(long)ctx->data, (void *)(long)ctx->data_end,
				    LINK_LAYER_ETHERNET);

	/* The results are needed, or clang drops the work. */
	barrier_var(reason);
	barrier_var(packet.transport);
	barrier_var(packet.source);
	barrier_var(packet.destination);
	return XDP_PASS;
}

static __always_inline struct counter *counter_of_port(__u16 port, __u16 transport)
{
	struct bench_port key = { port, transport };

	return bpf_map_lookup_elem(&ports, &key);
}

/* One hash map of the known ports: the destination's, or else the source's. */
SEC("xdp")
int tutorial(struct xdp_md *ctx)
{
	const void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct packet packet = {};
	__u32 other = packet_parse(&packet, data, end, LINK_LAYER_ETHERNET);
	struct counter *counter = NULL;

	if (other == REASON_NONE) {
		counter = counter_of_port(packet.destination, packet.transport);
		if (!counter)
			counter = counter_of_port(packet.source, packet.transport);
	}
	if (!counter)
		counter = bpf_map_lookup_elem(&others, &other);
	if (counter) {
		counter->packets++;
		counter->bytes += end - data;
	}
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
