/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which XDP programs an interface of this network namespace runs. libbpf 1.1 asks
 * for all interfaces to tell of one, and each command asks once for every attachment.
 */
#ifndef PORTCLASS_XDP_QUERY_H
#define PORTCLASS_XDP_QUERY_H

#include <stddef.h>
#include <stdint.h>

/* Ids of programs; 0: none there. */
struct xdp_query {
	uint32_t native;
	uint32_t generic;
	uint32_t offload;
};

/* The one that runs, where no more than one does. */
uint32_t xdp_query_any(const struct xdp_query *query);

/* 0; -ENODEV, not said: there is no such interface; or -errno, said. */
int xdp_query(struct xdp_query *query, unsigned int ifindex);

/* Take what rtnetlink answered, @size bytes of it. 0 or -errno, -EBADMSG: it is no answer. */
int xdp_query_take(struct xdp_query *query, const void *answer, size_t size);

#endif
