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

/* Besides: FOLDED with seven bits of the packets that were seen last, see digest_of(). */
enum judgement {
	UNJUDGED,
	SHOWN,
	FOLDED_UNSEEN, /* judged by a version that kept no digest */
	FOLDED = 0x80,
};

struct series {
	unsigned int max;
	bool mapped;		    /* else the state is allocated */
	struct series_state *state; /* its judgements are enum judgement */
};

size_t series_state_size(unsigned int max)
{
	return sizeof(struct series_state) +
	       SERIES_DIRECTIONS * ((size_t)max + SERIES_MORE) * sizeof(struct series_place);
}

struct series *series_new(unsigned int max)
{
	struct series *series = calloc(1, sizeof(*series));

	if (!series)
		return NULL;
	series->max = max;
	series->state = calloc(1, series_state_size(max));
	if (series->state) {
		series->state->version = SERIES_VERSION;
		return series;
	}
	free(series);
	return NULL;
}

static void begin_converted(struct series_state *state, uint64_t since, uint64_t max)
{
	state->version = SERIES_VERSION;
	state->since = since;
	state->max = max;
}

void series_state_convert(struct series_state *state, const struct series_state_first *first)
{
	begin_converted(state, first->since, first->max);
	memcpy(state->judgements[DIRECTION_RX], first->judgements, sizeof(first->judgements));
}

void series_state_convert_second(struct series_state *state,
				 const struct series_state_second *second)
{
	begin_converted(state, second->since, second->max);
	memcpy(state->judgements, second->judgements, sizeof(second->judgements));
}

static void release_state(struct series *series)
{
	if (series->mapped)
		munmap(series->state, series_state_size(series->max));
	else
		free(series->state);
}

unsigned int series_max(const struct series *series)
{
	return series->max;
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

static uint8_t *judgement_of(const struct series *series, const struct service *service)
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

static size_t places_count(const struct series *series)
{
	return (size_t)series->max + SERIES_MORE;
}

/* What one look at a snapshot needs. */
struct look {
	struct series *series;
	const struct snapshot *snapshot;
	uint64_t now;
	uint32_t *place_of[DIRECTION_MAX]; /* by slot: its place's number and one, or 0 */
	size_t taken[DIRECTION_MAX];	   /* places of those that the bound is for */
	const struct service **candidates; /* for places */
	size_t candidates_count;
};

static struct series_place *places_of(const struct series *series, enum direction direction)
{
	return series->state->places + direction * places_count(series);
}

static struct series_place *place_of(const struct look *look, const struct service *service)
{
	uint32_t number = look->place_of[service->direction][service->slot];

	return number ? places_of(look->series, service->direction) + number - 1 : NULL;
}

/* Seven bits of what it counted: that it counts again is seen by them, if not at once. */
static uint8_t digest_of(const struct service *service)
{
	return (uint8_t)(FOLDED | (service_sum(service).packets & 0x7f));
}

/* Has a series whatever the bound is: the operator named it, or nobody did. */
static bool is_always_shown(const struct service *service)
{
	const struct assignment *assignment = service->assignment;

	if (!assignment->service[0])
		return true;
	return assignment->origin == ORIGIN_OVERLAY && assignment->status != STATUS_RETIRED;
}

/*
 * The order of writes is for a kill between any two: a place without the judgement is
 * free, see index_places().
 */
static void judge(const struct look *look, const struct service *service, uint8_t judgement)
{
	__atomic_store_n(judgement_of(look->series, service), judgement, __ATOMIC_SEQ_CST);
}

/* A free place; NULL: there is none. */
static struct series_place *find_free(const struct look *look, enum direction direction)
{
	struct series_place *places = places_of(look->series, direction);

	for (size_t i = 0; i < places_count(look->series); i++)
		if (!places[i].taken)
			return &places[i];
	return NULL;
}

/* Show a service; what it has counted till @base stays among the others. Whether it could. */
static bool take_place(struct look *look, const struct service *service, const struct traffic *base)
{
	struct series_place *place = find_free(look, service->direction);

	if (!place)
		return false;
	*place = (struct series_place){ .slot = service->slot,
					.packets = service_sum(service).packets,
					.changed = look->now,
					.base = *base };
	__atomic_store_n(&place->taken, 1, __ATOMIC_SEQ_CST);
	judge(look, service, SHOWN);
	look->place_of[service->direction][service->slot] =
		(uint32_t)(place - places_of(look->series, service->direction)) + 1;
	look->taken[service->direction] += !is_always_shown(service);
	return true;
}

static void give_back(struct look *look, const struct service *service)
{
	struct series_place *place = place_of(look, service);

	judge(look, service, digest_of(service));
	if (!place)
		return;
	__atomic_store_n(&place->taken, 0, __ATOMIC_SEQ_CST);
	look->place_of[service->direction][service->slot] = 0;
	look->taken[service->direction] -= !is_always_shown(service);
}

/* Whether another series has the same labels: they are one to who reads them. */
static bool has_twin(const struct look *look, const struct service *service)
{
	const struct series_line line = { service->direction, service->assignment,
					  service->traffic };

	for (size_t i = 0; i < look->snapshot->count; i++) {
		const struct service *other = &look->snapshot->services[i];
		const struct series_line of_other = { other->direction, other->assignment,
						      other->traffic };

		if (other != service && *judgement_of(look->series, other) == SHOWN &&
		    compare_lines(&line, &of_other) == 0)
			return true;
	}
	return false;
}

static void look_at_shown(struct look *look, const struct service *service)
{
	static const struct traffic none;
	struct series_place *place = place_of(look, service);
	uint64_t packets = service_sum(service).packets;

	if (is_always_shown(service))
		return;
	if (!place) { /* it was shown by an older version, or always, till now */
		if (look->taken[service->direction] >= look->series->max ||
		    !take_place(look, service, &none))
			give_back(look, service);
		return;
	}
	if (place->packets != packets) {
		place->packets = packets;
		place->changed = look->now;
	} else if (look->now > place->changed + SERIES_SILENCE && !has_twin(look, service)) {
		give_back(look, service);
	}
}

static void look_at_folded(struct look *look, const struct service *service)
{
	uint8_t judgement = *judgement_of(look->series, service);

	if (is_always_shown(service) && take_place(look, service, &service->traffic))
		return;
	if (judgement != FOLDED_UNSEEN && judgement != digest_of(service))
		look->candidates[look->candidates_count++] = service;
	judge(look, service, digest_of(service));
}

static void look_at(struct look *look, const struct service *service)
{
	uint8_t judgement = *judgement_of(look->series, service);

	if (judgement == SHOWN)
		look_at_shown(look, service);
	else if (judgement != UNJUDGED)
		look_at_folded(look, service);
	else if (has_counted(service) && is_always_shown(service))
		judge(look, service, SHOWN);
	else if (has_counted(service))
		look->candidates[look->candidates_count++] = service;
}

/* The best of the candidates get what places there are; whoever is new begins with all it has. */
static void give_places(struct look *look)
{
	static const struct traffic none;

	qsort(look->candidates, look->candidates_count, sizeof(*look->candidates), compare_merit);
	for (size_t i = 0; i < look->candidates_count; i++) {
		const struct service *service = look->candidates[i];
		bool is_new = *judgement_of(look->series, service) == UNJUDGED;

		if (look->taken[service->direction] >= look->series->max ||
		    !take_place(look, service, is_new ? &none : &service->traffic))
			judge(look, service, digest_of(service));
	}
}

/* A place is the service's whose slot it has, if that is shown; else it was left by a kill. */
static void index_places(struct look *look, enum direction direction)
{
	struct series_place *places = places_of(look->series, direction);
	const uint8_t *judgements = look->series->state->judgements[direction];

	for (size_t i = 0; i < places_count(look->series); i++) {
		if (!places[i].taken)
			continue;
		if (places[i].slot < SLOTS_MAX && judgements[places[i].slot] == SHOWN)
			look->place_of[direction][places[i].slot] = (uint32_t)i + 1;
		else
			places[i].taken = 0;
	}
}

static void count_taken(struct look *look)
{
	for (size_t i = 0; i < look->snapshot->count; i++) {
		const struct service *service = &look->snapshot->services[i];

		look->taken[service->direction] +=
			place_of(look, service) && !is_always_shown(service);
	}
}

static void close_look(struct look *look)
{
	for (size_t i = 0; i < DIRECTION_MAX; i++)
		free(look->place_of[i]);
	free(look->candidates);
}

static int open_look(struct look *look, struct series *series, const struct snapshot *snapshot,
		     uint64_t now)
{
	bool complete;

	*look = (struct look){ .series = series, .snapshot = snapshot, .now = now };
	look->candidates = calloc(snapshot->count + 1, sizeof(*look->candidates));
	complete = look->candidates;
	for (size_t i = 0; i < DIRECTION_MAX; i++) {
		look->place_of[i] = calloc(SLOTS_MAX, sizeof(*look->place_of[i]));
		complete &= look->place_of[i] != NULL;
	}
	if (complete)
		return 0;
	close_look(look);
	return -ENOMEM;
}

static void judge_all(struct look *look)
{
	for (enum direction direction = 0; direction < DIRECTION_MAX; direction++)
		index_places(look, direction);
	count_taken(look);
	for (size_t i = 0; i < look->snapshot->count; i++)
		look_at(look, &look->snapshot->services[i]);
	give_places(look);
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

/* What is left of @traffic without what was counted till @base. */
static struct traffic after_base(const struct traffic *traffic, const struct traffic *base)
{
	struct traffic rest = *traffic;

	rest.to.packets -= base->to.packets;
	rest.to.bytes -= base->to.bytes;
	rest.from.packets -= base->from.packets;
	rest.from.bytes -= base->from.bytes;
	return rest;
}

static void fold_service(struct series_fold *fold, const struct look *look,
			 const struct service *service)
{
	struct traffic *other = &fold->other[service->direction][service->assignment->transport];
	const struct series_place *place = place_of(look, service);
	struct traffic shown = service->traffic;

	if (*judgement_of(look->series, service) == SHOWN) {
		if (place) {
			shown = after_base(&service->traffic, &place->base);
			add_traffic(other, &place->base);
		}
		fold->lines[fold->count++] =
			(struct series_line){ service->direction, service->assignment, shown };
	} else if (has_counted(service)) {
		add_traffic(other, &service->traffic);
		fold->folded[service->direction]++;
	}
}

static void fold_services(struct series_fold *fold, const struct look *look)
{
	for (size_t i = 0; i < look->snapshot->count; i++)
		fold_service(fold, look, &look->snapshot->services[i]);
	qsort(fold->lines, fold->count, sizeof(*fold->lines), compare_lines);
	merge_lines(fold);
}

/* Attached anew, its slots mean other services now; another bound is the user's wish. */
static void forget_other_life(struct series *series, const struct snapshot *snapshot)
{
	struct series_state *state = series->state;

	if (state->since == snapshot->since && state->max == series->max)
		return;
	state->since = 0; /* killed amid this, it begins anew again */
	memset(state->judgements, UNJUDGED, sizeof(state->judgements));
	memset(state->places, 0, series_state_size(series->max) - sizeof(*state));
	state->max = series->max;
	__atomic_store_n(&state->since, snapshot->since, __ATOMIC_SEQ_CST);
}

int series_fold_open(struct series_fold *fold, struct series *series,
		     const struct snapshot *snapshot, uint64_t now)
{
	struct look look;
	int err = open_look(&look, series, snapshot, now);

	*fold = (struct series_fold){ 0 };
	if (err)
		return err;
	fold->lines = calloc(snapshot->count + 1, sizeof(*fold->lines));
	if (fold->lines) {
		forget_other_life(series, snapshot);
		judge_all(&look);
		fold_services(fold, &look);
	}
	close_look(&look);
	return fold->lines ? 0 : -ENOMEM;
}

bool series_shows(const struct series *series, const struct service *service)
{
	return *judgement_of(series, service) == SHOWN;
}

void series_fold_close(struct series_fold *fold)
{
	free(fold->lines);
	*fold = (struct series_fold){ 0 };
}
