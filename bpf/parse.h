/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * From the bytes of a frame to its transport and ports, or the reason why not.
 *
 * Pure: no helper, no map, so that the tests run the same code on the host.
 * Include vmlinux.h, abi.h, bpf_helpers.h and bpf_endian.h before it.
 */
#ifndef PORTCLASS_PARSE_H
#define PORTCLASS_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#define VLAN_TAGS_MAX	      4
#define EXTENSION_HEADERS_MAX 8

/* IEEE 802 numbers, https://www.iana.org/assignments/ieee-802-numbers */
#define ETHERTYPE_IPV4	       0x0800
#define ETHERTYPE_ARP	       0x0806
#define ETHERTYPE_CUSTOMER_TAG 0x8100 /* IEEE 802.1Q */
#define ETHERTYPE_IPV6	       0x86dd
#define ETHERTYPE_SERVICE_TAG  0x88a8 /* IEEE 802.1ad */

#define FRAGMENT_OFFSET_IPV4 0x1fff /* of frag_off, RFC 791, section 3.1 */
#define FRAGMENT_OFFSET_IPV6 0xfff8 /* of frag_off, RFC 8200, section 4.5 */

/* What an IP protocol number leads to. */
enum follow {
	FOLLOW_NOTHING,
	FOLLOW_PORTS, /* FOLLOW_PORTS + enum transport */
	FOLLOW_OPTIONS = FOLLOW_PORTS + TRANSPORT_MAX,
	FOLLOW_AUTHENTICATION,
	FOLLOW_FRAGMENT,
	FOLLOW_ICMP,
	FOLLOW_ICMPV6,
};

/* https://www.iana.org/assignments/protocol-numbers */
static const __u8 follow_of[256] = {
	[0] = FOLLOW_OPTIONS, /* IPv6 hop-by-hop options */
	[1] = FOLLOW_ICMP,
	[6] = FOLLOW_PORTS + TRANSPORT_TCP,
	[17] = FOLLOW_PORTS + TRANSPORT_UDP,
	[33] = FOLLOW_PORTS + TRANSPORT_DCCP,
	[43] = FOLLOW_OPTIONS, /* IPv6 routing */
	[44] = FOLLOW_FRAGMENT,
	[51] = FOLLOW_AUTHENTICATION,
	[58] = FOLLOW_ICMPV6,
	[60] = FOLLOW_OPTIONS, /* IPv6 destination options */
	[132] = FOLLOW_PORTS + TRANSPORT_SCTP,
	[136] = FOLLOW_PORTS + TRANSPORT_UDP, /* UDP-Lite */
};

struct packet {
	__u32 transport;   /* enum transport */
	__u16 source;	   /* host byte order */
	__u16 destination; /* host byte order */
};

/* Every protocol that has ports begins with them. */
struct port_pair {
	__be16 source;
	__be16 destination;
};

struct cursor {
	const void *position;
	const void *end;
};

static __always_inline __u16 host_order(__be16 value)
{
	return (__u16)bpf_ntohs(value);
}

/* Whether the frame goes on for another @size bytes. */
static __always_inline bool cursor_has(const struct cursor *cursor, __u32 size)
{
	return cursor->position + size <= cursor->end;
}

static __always_inline bool is_vlan_tag(__u16 ethertype)
{
	return ethertype == ETHERTYPE_CUSTOMER_TAG || ethertype == ETHERTYPE_SERVICE_TAG;
}

/*
 * The ports at the cursor. @header and @length: bytes of IP before the ports and
 * in all, both from the start of the IP payload or header alike; 0 in all is no
 * limit (BIG TCP, RFC 2675).
 */
static __always_inline enum reason parse_ports(struct packet *packet, const struct cursor *cursor,
					       __u32 header, __u32 length)
{
	const struct port_pair *ports = cursor->position;

	if (!cursor_has(cursor, sizeof(*ports)) || (length && length < header + sizeof(*ports)))
		return REASON_TRUNCATED;
	packet->source = host_order(ports->source);
	packet->destination = host_order(ports->destination);
	return REASON_NONE;
}

static __always_inline enum reason parse_ipv4(struct packet *packet, struct cursor *cursor)
{
	const struct iphdr *ip = cursor->position;
	__u32 header, length;
	__u8 follow;

	if (!cursor_has(cursor, sizeof(*ip)))
		return REASON_TRUNCATED;
	header = ip->ihl * 4;
	length = host_order(ip->tot_len);
	if (ip->version != 4 || header < sizeof(*ip) || (length && length < header))
		return REASON_MALFORMED;
	if (ip->frag_off & bpf_htons(FRAGMENT_OFFSET_IPV4))
		return REASON_FRAGMENT;
	follow = follow_of[ip->protocol];
	packet->transport = (__u32)follow - FOLLOW_PORTS;
	if (packet->transport >= TRANSPORT_MAX)
		return follow == FOLLOW_ICMP ? REASON_ICMP : REASON_OTHER_L4;
	cursor->position += header;
	return parse_ports(packet, cursor, header, length);
}

static __always_inline bool is_extension(__u8 follow)
{
	return follow >= FOLLOW_OPTIONS && follow <= FOLLOW_FRAGMENT;
}

/*
 * An extension header takes 8 bytes and hdrlen of these units. A table, so that the
 * verifier sees one way through a header, not one for each kind of it.
 */
static const __u8 unit_of[256] = {
	[FOLLOW_OPTIONS] = 8,	     /* RFC 8200, section 4.3 */
	[FOLLOW_AUTHENTICATION] = 4, /* RFC 4302, section 2.2 */
	[FOLLOW_FRAGMENT] = 0,	     /* it has no hdrlen */
};

/* Takes no bit of 255 * 8, but tells the verifier that a chain ends within 64 KB. */
#define EXTENSION_MASK 0x7ff

/*
 * Step over the extension header at the cursor; @follow becomes what is behind
 * it and @walked grows by its length. REASON_NONE: go on.
 */
static __always_inline enum reason walk_extension(struct cursor *cursor, __u8 *follow,
						  __u32 *walked)
{
	const struct ipv6_opt_hdr *option = cursor->position;
	const struct frag_hdr *fragment = cursor->position;
	__u32 length;

	if (!cursor_has(cursor, sizeof(*option)))
		return REASON_TRUNCATED;
	length = 8 + (option->hdrlen * unit_of[*follow] & EXTENSION_MASK);
	barrier_var(length); /* or clang makes a way of its own for fragments again */
	if (*follow == FOLLOW_FRAGMENT) {
		if (!cursor_has(cursor, sizeof(*fragment)))
			return REASON_TRUNCATED;
		if (fragment->frag_off & bpf_htons(FRAGMENT_OFFSET_IPV6))
			return REASON_FRAGMENT;
	}
	*follow = follow_of[option->nexthdr];
	*walked += length;
	cursor->position += length;
	return REASON_NONE;
}

static __always_inline enum reason parse_ipv6(struct packet *packet, struct cursor *cursor)
{
	const struct ipv6hdr *ip = cursor->position;
	__u32 length, walked = 0;
	enum reason reason;
	__u8 follow;

	if (!cursor_has(cursor, sizeof(*ip)))
		return REASON_TRUNCATED;
	cursor->position += sizeof(*ip);
	if (ip->version != 6)
		return REASON_MALFORMED;
	length = host_order(ip->payload_len);
	follow = follow_of[ip->nexthdr];
	for (int i = 0; i < EXTENSION_HEADERS_MAX && is_extension(follow); i++) {
		reason = walk_extension(cursor, &follow, &walked);
		if (reason != REASON_NONE)
			return reason;
	}
	if (is_extension(follow))
		return REASON_TOO_DEEP;
	packet->transport = (__u32)follow - FOLLOW_PORTS;
	if (packet->transport >= TRANSPORT_MAX)
		return follow == FOLLOW_ICMPV6 ? REASON_ICMP : REASON_OTHER_L4;
	return parse_ports(packet, cursor, walked, length);
}

/* Step over the VLAN tags; @ethertype becomes what is behind them. */
static __always_inline enum reason walk_vlan_tags(struct cursor *cursor, __u16 *ethertype)
{
	for (int i = 0; i < VLAN_TAGS_MAX && is_vlan_tag(*ethertype); i++) {
		const struct vlan_hdr *tag = cursor->position;

		if (!cursor_has(cursor, sizeof(*tag)))
			return REASON_TRUNCATED;
		cursor->position += sizeof(*tag);
		*ethertype = host_order(tag->h_vlan_encapsulated_proto);
	}
	return is_vlan_tag(*ethertype) ? REASON_TOO_DEEP : REASON_NONE;
}

static __always_inline enum reason parse_ethernet(struct cursor *cursor, __u16 *ethertype)
{
	const struct ethhdr *ethernet = cursor->position;

	if (!cursor_has(cursor, sizeof(*ethernet)))
		return REASON_TRUNCATED;
	cursor->position += sizeof(*ethernet);
	*ethertype = host_order(ethernet->h_proto);
	return walk_vlan_tags(cursor, ethertype);
}

/* What an Ethernet header would say of it: the version of IP does. */
static __always_inline enum reason look_at_version(const struct cursor *cursor, __u16 *ethertype)
{
	const __u8 *first = cursor->position;

	if (!cursor_has(cursor, sizeof(*first)))
		return REASON_TRUNCATED;
	*ethertype = *first >> 4 == 4 ? ETHERTYPE_IPV4 : *first >> 4 == 6 ? ETHERTYPE_IPV6 : 0;
	return REASON_NONE;
}

/*
 * Fill @packet from the frame between @data and @end, which begins with @layer (enum
 * link_layer). Returns REASON_NONE, or why the frame has no ports to count by; @packet is
 * then undefined. Of each header on the way its fixed part has to be there whole.
 */
static __always_inline enum reason packet_parse(struct packet *packet, const void *data,
						const void *end, __u32 layer)
{
	struct cursor cursor = { data, end };
	enum reason reason;
	__u16 ethertype = 0;

	if (layer == LINK_LAYER_IP)
		reason = look_at_version(&cursor, &ethertype);
	else
		reason = parse_ethernet(&cursor, &ethertype);
	if (reason != REASON_NONE)
		return reason;
	if (ethertype == ETHERTYPE_IPV4)
		return parse_ipv4(packet, &cursor);
	if (ethertype == ETHERTYPE_IPV6)
		return parse_ipv6(packet, &cursor);
	return ethertype == ETHERTYPE_ARP ? REASON_ARP : REASON_NON_IP;
}

#endif
