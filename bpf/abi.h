/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the BPF program and user space agree on: the contents of the maps.
 *
 * Every number is in host byte order. A change of anything here that an older
 * reader would misread takes a new ABI_VERSION.
 */
#ifndef PORTCLASS_ABI_H
#define PORTCLASS_ABI_H

#include <linux/types.h>

#define ABI_VERSION 2

#define PORTS_MAX	   65536 /* 16 bits of port, RFC 9293, RFC 768 */
#define SLOTS_MAX	   65536 /* 16 bits of slot */
#define SHIPPED_SLOTS	   16384 /* room in the object file, see maps.h */
#define SERVICE_SIZE	   64	 /* a name of 63 characters and its NUL */
#define ALIASES_SIZE	   56
#define REGISTRY_NAME_SIZE 64
#define DATE_SIZE	   16 /* 2026-02-13 */
#define HASH_SIZE	   32 /* SHA-256 */

/* The protocols that have ports. UDP-Lite is counted as udp (RFC 3828). */
enum transport {
	TRANSPORT_TCP,
	TRANSPORT_UDP,
	TRANSPORT_SCTP,
	TRANSPORT_DCCP,
	TRANSPORT_MAX,
};

/* RFC 6335, section 6: by number alone. */
enum class {
	CLASS_SYSTEM,  /*     0 - 1023 */
	CLASS_USER,    /*  1024 - 49151 */
	CLASS_DYNAMIC, /* 49152 - 65535 */
	CLASS_MAX,
};

#define CLASS_USER_FIRST    1024
#define CLASS_DYNAMIC_FIRST 49152

/* What the registry has decided about a (port, transport). */
enum status {
	STATUS_ASSIGNED,
	STATUS_RESERVED,
	STATUS_UNASSIGNED,
	STATUS_DYNAMIC, /* nobody can assign it */
	STATUS_RETIRED, /* the table in use has it no more; what it counted stays */
	STATUS_MAX,
};

/* Whose word an assignment is. */
enum origin {
	ORIGIN_REGISTRY,
	ORIGIN_OVERLAY,
	ORIGIN_MAX,
};

/* Which port of a packet names its service. */
enum count_by {
	COUNT_BY_SERVICE, /* the one whose assignment ranks first */
	COUNT_BY_DESTINATION,
	COUNT_BY_SOURCE,
	COUNT_BY_MAX,
};

/* What a frame begins with: the device decides, see user/kernel/link_layer.c. */
enum link_layer {
	LINK_LAYER_ETHERNET,
	LINK_LAYER_IP, /* no header of its own: tunnels, PPP, tun */
	LINK_LAYER_MAX,
};

/* Why a frame is in no assignment's counters. */
enum reason {
	REASON_TRUNCATED, /* the frame ends before what has to be read */
	REASON_MALFORMED, /* version and lengths of the IP header contradict */
	REASON_TOO_DEEP,  /* more tags or extension headers than are followed */
	REASON_FRAGMENT,  /* a later fragment: it carries no ports */
	REASON_ARP,
	REASON_NON_IP,
	REASON_ICMP,
	REASON_OTHER_L4, /* a protocol without ports, or one not followed */
	REASON_MAX,
	REASON_NONE = REASON_MAX, /* it has ports */
};

/* bytes: the frame as the hook sees it, Ethernet header in, FCS out. */
struct counter {
	__u64 packets;
	__u64 bytes;
};

/* What one slot counts. `to` the service port: requests; `from` it: replies. */
struct traffic {
	struct counter to;
	struct counter from;
};

/*
 * Value of the map `traffic`. 32 KB is the most that a per-CPU map takes, and
 * reading whole pages is far cheaper than reading one slot at a time.
 */
#define PAGE_SLOTS 1024

struct traffic_page {
	struct traffic slots[PAGE_SLOTS];
};

/* Value of `registry[transport][port]`: the smaller of two names the packet. */
#define ENTRY(rank, slot) ((__u32)(rank) << 16 | (slot))
#define ENTRY_SLOT(entry) ((entry)&0xffff)

/*
 * Value of `assignments[slot]`, up to the last slot whose value is not all zero.
 * Ports first to last, both included; an assignment without a service covers
 * those of them that no assignment with one does. A retired one without a service
 * has the name of the status that it had in `aliases`.
 */
struct assignment {
	char service[SERVICE_SIZE]; /* empty: no name */
	char aliases[ALIASES_SIZE]; /* separated by blanks; whole names only */
	__u16 first;
	__u16 last;
	__u8 transport; /* enum transport */
	__u8 class;	/* enum class */
	__u8 status;	/* enum status */
	__u8 origin;	/* enum origin */
};

/* Where a table came from and how it counts: the only value of `info`. */
struct info {
	__u32 abi_version;     /* ABI_VERSION; the first of every version */
	__u32 slots;	       /* of `assignments` in use when this was loaded */
	__u64 since;	       /* ns of the kernel's CLOCK_BOOTTIME, 0: not told */
	__u64 netns;	       /* inode of the network namespace, 0: not told */
	__u32 count_by;	       /* enum count_by */
	__u16 ephemeral_first; /* ports that clients take for themselves */
	__u16 ephemeral_last;
	char registry_name[REGISTRY_NAME_SIZE];
	char registry_date[DATE_SIZE];	 /* YYYY-MM-DD, empty: not known */
	__u8 registry_sha256[HASH_SIZE]; /* of the registry file */
	__u32 link_layer;		 /* enum link_layer */
	__u32 reserved;			 /* 0 */
};

_Static_assert(sizeof(struct traffic_page) == 32768, "the map layout is ABI");
_Static_assert(sizeof(struct assignment) == 128, "the map layout is ABI");
_Static_assert(sizeof(struct info) == 152, "the map layout is ABI");

#endif
