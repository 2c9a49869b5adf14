// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What a portclass of ABI_VERSION 1 had in the kernel, as far as others see it: the maps with
 * their names and sizes, and a program that counts. It shares no header with the present one.
 * SINCE and NETNS are the compiler's to say.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct counter {
	__u64 packets;
	__u64 bytes;
};

struct traffic_page {
	struct counter sides[1024][2];
};

struct assignment {
	char service[64];
	char aliases[56];
	__u16 first;
	__u16 last;
	__u8 transport;
	__u8 class;
	__u8 status;
	__u8 origin;
};

struct info {
	__u32 abi_version;
	__u32 slots;
	__u64 since; /* ns since 1970 */
	__u64 netns;
	__u32 count_by;
	__u16 ephemeral_first;
	__u16 ephemeral_last;
	char registry_name[64];
	char registry_date[16];
	__u8 registry_sha256[32];
};

_Static_assert(sizeof(struct info) == 144, "as it was");

struct assignment assignments[16384] SEC(".data.assignments") = { { .service = "first" } };

const volatile struct info info SEC(".rodata.info") = {
	.abi_version = 1,
	.slots = 1,
	.since = SINCE,
	.netns = NETNS,
	.registry_name = "first",
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct traffic_page);
} traffic SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct counter);
} unclassified SEC(".maps");

SEC("xdp")
int classify(struct xdp_md *frame)
{
	__u32 key = info.abi_version - 1;
	struct traffic_page *page = bpf_map_lookup_elem(&traffic, &key);
	struct counter *counter = bpf_map_lookup_elem(&unclassified, &key);

	if (counter && page && assignments[0].service[0]) {
		counter->packets++;
		counter->bytes += frame->data_end - frame->data;
	}
	return XDP_PASS;
}

char terms[] SEC("license") = "GPL";
