// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Select and sort the services of a snapshot, which stays as it is.
 */
#include <errno.h>
#include <stdlib.h>

#include "model/ranking.h"

const char *ranking_by_name(enum ranking_by by)
{
	static const char *const names[RANKING_BY_MAX] = {
		[RANKING_BY_PACKETS] = "packets",
		[RANKING_BY_BYTES] = "bytes",
		[RANKING_BY_PORT] = "port",
	};

	return names[by];
}

static int compare(uint64_t left, uint64_t right)
{
	return (left > right) - (left < right);
}

static int by_port(const void *left, const void *right)
{
	const struct service *a = *(const struct service *const *)left;
	const struct service *b = *(const struct service *const *)right;
	int order = compare(a->assignment->first, b->assignment->first);

	if (!order)
		order = compare(a->assignment->transport, b->assignment->transport);
	return order ? order : compare(a->slot, b->slot);
}

static int by_packets(const void *left, const void *right)
{
	int order = compare(service_sum(*(const struct service *const *)right).packets,
			    service_sum(*(const struct service *const *)left).packets);

	return order ? order : by_port(left, right);
}

static int by_bytes(const void *left, const void *right)
{
	int order = compare(service_sum(*(const struct service *const *)right).bytes,
			    service_sum(*(const struct service *const *)left).bytes);

	return order ? order : by_packets(left, right);
}

static int (*const orders[RANKING_BY_MAX])(const void *left, const void *right) = {
	[RANKING_BY_PACKETS] = by_packets,
	[RANKING_BY_BYTES] = by_bytes,
	[RANKING_BY_PORT] = by_port,
};

static void omit(struct ranking *ranking, const struct service *service)
{
	counter_add(&ranking->omitted_traffic.to, &service->traffic.to);
	counter_add(&ranking->omitted_traffic.from, &service->traffic.from);
	ranking->omitted++;
}

int ranking_open(struct ranking *ranking, const struct snapshot *snapshot, enum direction direction,
		 const struct ranking_options *options)
{
	*ranking = (struct ranking){ 0 };
	ranking->services = calloc(snapshot->count + 1, sizeof(*ranking->services));
	if (!ranking->services)
		return -ENOMEM;
	for (size_t i = 0; i < snapshot->count; i++) {
		const struct service *service = &snapshot->services[i];

		if (service->direction == direction &&
		    (options->all || service->traffic.to.packets || service->traffic.from.packets))
			ranking->services[ranking->count++] = service;
	}
	qsort(ranking->services, ranking->count, sizeof(*ranking->services), orders[options->by]);
	while (options->limit && ranking->count > options->limit)
		omit(ranking, ranking->services[--ranking->count]);
	return 0;
}

void ranking_close(struct ranking *ranking)
{
	free(ranking->services);
	*ranking = (struct ranking){ 0 };
}
