// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Judge services, once each, and fold snapshots by that. Where the judgements are kept
 * is not known here.
 */
#include "model/series.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "registry.h"
#include "slots.h"

enum judgement { UNJUDGED, SHOWN, FOLDED };

struct series {
	unsigned int max;
	bool mapped;		    /* else the state is allocated */
	struct series_state *state; /* its judgements are enum judgement */
};

struct series *series_new(unsigned int max)
{
	struct series *series = calloc(1, sizeof(*series));

	if (!series)
		return NULL;
	series->max = max;
	series->state = calloc(1, sizeof(*series->state));
	if (series->state) {
		series->state->version = SERIES_VERSION;
		return series;
	}
	free(series);
	return NULL;
}

void series_state_convert(struct series_state *state, const struct series_state_first *first)
{
	*state = (struct series_state){ .version = SERIES_VERSION,
					.since = first->since,
					.max = first->max };
	memcpy(state->judgements[DIRECTION_RX], first->judgements, sizeof(first->judgements));
}

static void release_state(struct series *series)
{
	if (series->mapped)
		munmap(series->state, sizeof(*series->state));
	else
		free(series->state);
}

void series_free(struct series *series)
{
	if (!series)
		return;
	release_state(series);
	free(series);
}

void series_resume(struct series *series, struct series_state *state)
{
	release_state(series);
	series->state = state;
	series->mapped = true;
}

const char *series_service(const struct assignment *assignment)
{
	return assignment->service[0] ? assignment->service
				      : status_name(slots_former_status(assignment));
}

static uint8_t *judgement_of(struct series *series, const struct service *service)
{
	return &series->state->judgements[service->direction][service->slot];
}

static bool has_counted(const struct service *service)
{
	return service->traffic.to.packets || service->traffic.from.packets;
}

/* Best first: what the operator named himself, then by packets, then by slot. */
static int compare_merit(const void *left, const void *right)
{
	const struct service *a = *(const struct service *const *)left;
	const struct service *b = *(const struct service *const *)right;
	uint64_t packets_a = service_sum(a).packets, packets_b = service_sum(b).packets;

	if (a->assignment->origin != b->assignment->origin)
		return a->assignment->origin == ORIGIN_OVERLAY ? -1 : 1;
	if (packets_a != packets_b)
		return packets_a > packets_b ? -1 : 1;
	return a->slot < b->slot ? -1 : a->slot > b->slot;
}

/* How many services are shown already, by direction. */
struct shown {
	size_t count[DIRECTION_MAX];
};

static void judge(struct series *series, struct shown *shown,
		  const struct service *const *candidates, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct service *service = candidates[i];
		bool has_room = shown->count[service->direction] < series->max;

		shown->count[service->direction] += has_room;
		*judgement_of(series, service) = has_room ? SHOWN : FOLDED;
	}
}

/* @candidates has room for every service of the snapshot. */
static void judge_new(struct series *series, const struct snapshot *snapshot,
		      const struct service **candidates)
{
	struct shown shown = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < snapshot->count; i++) {
		const struct service *service = &snapshot->services[i];
		enum judgement judgement = *judgement_of(series, service);

		shown.count[service->direction] += judgement == SHOWN;
		if (judgement == UNJUDGED && has_counted(service))
			candidates[count++] = service;
	}
	qsort(candidates, count, sizeof(*candidates), compare_merit);
	judge(series, &shown, candidates, count);
}

static void add_traffic(struct traffic *sum, const struct traffic *traffic)
{
	counter_add(&sum->to, &traffic->to);
	counter_add(&sum->from, &traffic->from);
}

static int compare_lines(const void *left, const void *right)
{
	const struct series_line *a = left, *b = right;
	const struct assignment *of_a = a->assignment, *of_b = b->assignment;

	if (a->direction != b->direction)
		return (int)a->direction - (int)b->direction;
	if (of_a->transport != of_b->transport)
		return of_a->transport - of_b->transport;
	if (of_a->first != of_b->first)
		return of_a->first - of_b->first;
	if (of_a->last != of_b->last)
		return of_a->last - of_b->last;
	return strcmp(series_service(of_a), series_service(of_b));
}

/* A retired service and its successor may differ in nothing that a label says. */
static void merge_lines(struct series_fold *fold)
{
	size_t kept = 0;

	for (size_t i = 1; i < fold->count; i++) {
		if (compare_lines(&fold->lines[kept], &fold->lines[i]) == 0)
			add_traffic(&fold->lines[kept].traffic, &fold->lines[i].traffic);
		else
			fold->lines[++kept] = fold->lines[i];
	}
	fold->count = fold->count ? kept + 1 : 0;
}

static void fold_service(struct series_fold *fold, const struct service *service,
			 enum judgement judgement)
{
	if (judgement == SHOWN) {
		fold->lines[fold->count++] =
			(struct series_line){ service->direction, service->assignment,
					      service->traffic };
	} else if (has_counted(service)) {
		add_traffic(&fold->other[service->direction][service->assignment->transport],
			    &service->traffic);
		fold->folded[service->direction]++;
	}
}

static void fold_services(struct series_fold *fold, struct series *series,
			  const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->count; i++) {
		const struct service *service = &snapshot->services[i];

		fold_service(fold, service, *judgement_of(series, service));
	}
	qsort(fold->lines, fold->count, sizeof(*fold->lines), compare_lines);
	merge_lines(fold);
}

/* Attached anew, its slots mean other services now; another bound is the user's wish. */
static void forget_other_life(struct series *series, const struct snapshot *snapshot)
{
	struct series_state *state = series->state;

	if (state->since == snapshot->since && state->max == series->max)
		return;
	memset(state->judgements, UNJUDGED, sizeof(state->judgements));
	state->since = snapshot->since;
	state->max = series->max;
}

int series_fold_open(struct series_fold *fold, struct series *series,
		     const struct snapshot *snapshot)
{
	const struct service **candidates = calloc(snapshot->count + 1, sizeof(*candidates));

	*fold = (struct series_fold){ .lines = calloc(snapshot->count + 1, sizeof(*fold->lines)) };
	if (!candidates || !fold->lines) {
		free(candidates);
		series_fold_close(fold);
		return -ENOMEM;
	}
	forget_other_life(series, snapshot);
	judge_new(series, snapshot, candidates);
	free(candidates);
	fold_services(fold, series, snapshot);
	return 0;
}

bool series_shows(const struct series *series, const struct service *service)
{
	return series->state->judgements[service->direction][service->slot] == SHOWN;
}

void series_fold_close(struct series_fold *fold)
{
	free(fold->lines);
	*fold = (struct series_fold){ 0 };
}
