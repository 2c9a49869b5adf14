// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * By the type of hardware that the kernel gives a device, linux/if_arp.h.
 */
#include "kernel/ifindex.h"
#include "kernel/link_layer.h"

#include <errno.h>
#include <linux/if_arp.h>
#include <stddef.h>

#include "base/log.h"

#define LINK_LAYER_NONE LINK_LAYER_MAX

/* What is not here is not known to begin with anything that is read. */
static const struct kind {
	unsigned short type;
	enum link_layer layer; /* LINK_LAYER_NONE: it can't be */
	const char *name;
} kinds[] = {
	{ ARPHRD_ETHER, LINK_LAYER_ETHERNET, "Ethernet" },
	{ ARPHRD_LOOPBACK, LINK_LAYER_ETHERNET, "loopback" },
	{ ARPHRD_NONE, LINK_LAYER_IP, "tun or WireGuard" },
	{ ARPHRD_RAWIP, LINK_LAYER_IP, "raw IP" },
	{ ARPHRD_PPP, LINK_LAYER_IP, "PPP" },
	{ ARPHRD_TUNNEL, LINK_LAYER_IP, "IP in IP" },
	{ ARPHRD_TUNNEL6, LINK_LAYER_IP, "IP in IPv6" },
	{ ARPHRD_SIT, LINK_LAYER_IP, "IPv6 in IP" },
	{ ARPHRD_IPGRE, LINK_LAYER_IP, "GRE" },
	{ ARPHRD_IP6GRE, LINK_LAYER_IP, "GRE in IPv6" },
	{ ARPHRD_INFINIBAND, LINK_LAYER_NONE, "InfiniBand" },
	{ ARPHRD_IEEE80211, LINK_LAYER_NONE, "802.11" },
	{ ARPHRD_IEEE80211_PRISM, LINK_LAYER_NONE, "802.11 with a Prism header" },
	{ ARPHRD_IEEE80211_RADIOTAP, LINK_LAYER_NONE, "802.11 with a radiotap header" },
	{ ARPHRD_IEEE802154, LINK_LAYER_NONE, "802.15.4" },
	{ ARPHRD_IEEE802154_MONITOR, LINK_LAYER_NONE, "802.15.4" },
	{ ARPHRD_6LOWPAN, LINK_LAYER_NONE, "6LoWPAN" },
	{ ARPHRD_NETLINK, LINK_LAYER_NONE, "netlink" },
	{ ARPHRD_VSOCKMON, LINK_LAYER_NONE, "vsock" },
	{ ARPHRD_CAN, LINK_LAYER_NONE, "CAN" },
};

static const struct kind *find(int type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}

int link_layer_of(enum link_layer *layer, const char *interface)
{
	int type = ifindex_hardware(interface);
	const struct kind *kind;

	if (type < 0)
		return type == -ENODEV ? ifindex_say_none(interface) : type;
	kind = find(type);
	if (kind && kind->layer != LINK_LAYER_NONE) {
		*layer = kind->layer;
		return 0;
	}
	return log_say_of(OUTCOME_REFUSED, interface,
			  "its link layer is %s (type %d), and frames are read that begin with"
			  " Ethernet or IP",
			  kind ? kind->name : "not known", type);
}
