// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Snapshots made by hand.
 */
#include <stdlib.h>
#include <string.h>

#include "snapshots.h"

#define LONG_NAME "namespace-of-some-length/service-of-some-length:port-of-length1"

_Static_assert(sizeof(LONG_NAME) == SERVICE_SIZE, "the longest name that fits");

static const struct sample {
	uint32_t slot;
	struct assignment assignment;
	struct traffic traffic;
} sample[] = {
	{ .slot = 0,
	  .assignment = { .service = "ssh", .first = 22, .last = 22 },
	  .traffic = { { 0, 0 }, { 0, 0 } } },
	{ .slot = 1,
	  .assignment = { .service = "domain",
			  .first = 53,
			  .last = 53,
			  .transport = TRANSPORT_UDP },
	  .traffic = { { 1500, 99000 }, { 1499, 345000 } } },
	{ .slot = 2,
	  .assignment = { .service = "https", .first = 443, .last = 443 },
	  .traffic = { { 1234567, 120000001 }, { 1834567, 3450000002 } } },
	{ .slot = 3,
	  .assignment = { .service = "x11", .first = 6000, .last = 6063, .class = CLASS_USER },
	  .traffic = { { 15, 1200 }, { 0, 0 } } },
	{ .slot = 4,
	  .assignment = { .first = 1024,
			  .last = 32767,
			  .class = CLASS_USER,
			  .status = STATUS_UNASSIGNED },
	  .traffic = { { 15670, 12000000 }, { 100, 10000 } } },
	{ .slot = 5,
	  .assignment = { .first = 49152,
			  .last = 65535,
			  .transport = TRANSPORT_UDP,
			  .class = CLASS_DYNAMIC,
			  .status = STATUS_DYNAMIC },
	  .traffic = { { 156700, 12000000 }, { 1005000, 100450000 } } },
	{ .slot = 6,
	  .assignment = { .service = LONG_NAME,
			  .first = 50000,
			  .last = 50010,
			  .transport = TRANSPORT_SCTP,
			  .class = CLASS_DYNAMIC,
			  .origin = ORIGIN_OVERLAY },
	  .traffic = { { 7, 9000000000 }, { 1, 60 } } },
};

static struct snapshot open_snapshot(const struct sample *samples, size_t count)
{
	struct snapshot snapshot = {
		.interface = "eth0",
		.ifindex = 2,
		.since = SNAPSHOT_SINCE,
		.taken = { SNAPSHOT_SINCE + 11100500000000, 1790011100500000000 },
		.directions = { DIRECTION_RX },
		.directions_count = 1,
		.info = { .registry_name = "iana.csv", .registry_date = "2026-02-13" },
		.services = calloc(count, sizeof(*snapshot.services)),
		.count = count,
		.assignments = calloc(count, sizeof(*snapshot.assignments)),
	};

	for (size_t i = 0; i < count; i++) {
		snapshot.assignments[i] = samples[i].assignment;
		snapshot.services[i] = (struct service){ .slot = samples[i].slot,
							 .assignment = &snapshot.assignments[i],
							 .traffic = samples[i].traffic };
	}
	return snapshot;
}

struct snapshot snapshot_sample(void)
{
	struct snapshot snapshot = open_snapshot(sample, sizeof(sample) / sizeof(sample[0]));

	snapshot.unclassified[DIRECTION_RX][REASON_ARP] = (struct counter){ 120, 7200 };
	snapshot.unclassified[DIRECTION_RX][REASON_ICMP] = (struct counter){ 51, 4998 };
	return snapshot;
}

struct snapshot snapshot_extreme(void)
{
	struct snapshot snapshot = open_snapshot(sample + 3, 4);

	for (size_t i = 0; i < snapshot.count; i++)
		snapshot.services[i].traffic =
			(struct traffic){ { UINT64_MAX, UINT64_MAX }, { UINT64_MAX, UINT64_MAX } };
	for (int reason = 0; reason < REASON_MAX; reason++)
		snapshot.unclassified[DIRECTION_RX][reason].packets = UINT64_MAX;
	memset(snapshot.info.registry_name, 'r', sizeof(snapshot.info.registry_name) - 1);
	memset(snapshot.interface, 'i', sizeof(snapshot.interface) - 1);
	snapshot.info.count_by = COUNT_BY_DESTINATION;
	return snapshot;
}
