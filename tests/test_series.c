// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Folding services into series: what holds whatever the traffic is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "model/series.h"

#define SERVICES 200

/* Pseudo-random, the same in every run. */
static uint32_t random_below(uint32_t limit)
{
	static uint64_t state = 6335;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % limit;
}

#define HOUR (3600 * 1000000000ull)

/* By the clock of those who look. */
static uint64_t now = HOUR;

/* What the services are. */
static struct assignment assignments[SERVICES];

static struct snapshot snapshot_of(struct service *services, size_t count)
{
	return (struct snapshot){ .since = 1, .services = services, .count = count };
}

static void name_services(struct service *services, size_t count)
{
	memset(services, 0, count * sizeof(*services));
	memset(assignments, 0, sizeof(assignments));
	for (size_t i = 0; i < count; i++) {
		struct assignment *assignment = &assignments[i];

		services[i].slot = (uint32_t)i;
		services[i].assignment = assignment;
		assignment->transport = (uint8_t)(i % TRANSPORT_MAX);
		assignment->first = assignment->last = (uint16_t)(i + 1);
		snprintf(assignment->service, sizeof(assignment->service), "service-%zu", i);
	}
}

static void count(struct service *service, uint32_t packets)
{
	struct counter *counter = random_below(2) ? &service->traffic.to : &service->traffic.from;

	counter->packets += packets;
	counter->bytes += packets * 60;
}

static void fold(struct series_fold *fold, struct series *series, struct service *services,
		 size_t services_count)
{
	struct snapshot snapshot = snapshot_of(services, services_count);

	assert_int_equal(series_fold_open(fold, series, &snapshot, now), 0);
}

static void add(struct counter *sum, const struct traffic *traffic)
{
	counter_add(sum, &traffic->to);
	counter_add(sum, &traffic->from);
}

static struct counter sum_of_transport(const struct series_fold *fold, enum transport transport)
{
	struct counter sum = { 0 };

	for (size_t i = 0; i < fold->count; i++)
		if (fold->lines[i].assignment->transport == transport)
			add(&sum, &fold->lines[i].traffic);
	add(&sum, &fold->other[DIRECTION_RX][transport]);
	return sum;
}

static struct counter counted_of_transport(const struct service *services, size_t services_count,
					   enum transport transport)
{
	struct counter sum = { 0 };

	for (size_t i = 0; i < services_count; i++)
		if (services[i].assignment->transport == transport)
			add(&sum, &services[i].traffic);
	return sum;
}

static void check_sums(const struct series_fold *folded, const struct service *services,
		       size_t services_count)
{
	for (enum transport transport = 0; transport < TRANSPORT_MAX; transport++) {
		struct counter sum = sum_of_transport(folded, transport);
		struct counter expected = counted_of_transport(services, services_count, transport);

		assert_int_equal(sum.packets, expected.packets);
		assert_int_equal(sum.bytes, expected.bytes);
	}
}

static void check_forward(const struct traffic *before, const struct traffic *after)
{
	assert_true(after->to.packets >= before->to.packets);
	assert_true(after->to.bytes >= before->to.bytes);
	assert_true(after->from.packets >= before->from.packets);
	assert_true(after->from.bytes >= before->from.bytes);
}

static const struct series_line *find(const struct series_fold *folded, uint16_t port)
{
	for (size_t i = 0; i < folded->count; i++)
		if (folded->lines[i].assignment->first == port)
			return &folded->lines[i];
	return NULL;
}

/* Every series that was is there, and has gone on. */
static void check_sticky(const struct series_fold *before, const struct series_fold *after)
{
	for (size_t i = 0; i < before->count; i++) {
		const struct series_line *line = find(after, before->lines[i].assignment->first);

		assert_non_null(line);
		check_forward(&before->lines[i].traffic, &line->traffic);
	}
	for (enum transport transport = 0; transport < TRANSPORT_MAX; transport++)
		check_forward(&before->other[DIRECTION_RX][transport],
			      &after->other[DIRECTION_RX][transport]);
	assert_true(after->folded[DIRECTION_RX] >= before->folded[DIRECTION_RX]);
}

/* A state as a pinned map holds it: @memory is a file of it. */
static struct series *resume(int memory, unsigned int max)
{
	struct series *series = series_new(max);
	void *state =
		mmap(NULL, series_state_size(max), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);

	assert_non_null(series);
	assert_ptr_not_equal(state, MAP_FAILED);
	series_resume(series, state);
	return series;
}

static int open_memory(unsigned int max)
{
	int memory = memfd_create("series", MFD_CLOEXEC);

	assert_true(memory >= 0);
	assert_int_equal(ftruncate(memory, (off_t)series_state_size(max)), 0);
	return memory;
}

/* Now and then the agent ends, and the next one begins. */
static void check_history(unsigned int max)
{
	int memory = open_memory(max);
	struct series *series = resume(memory, max);
	struct service services[SERVICES];
	struct series_fold before = { 0 }, after;

	name_services(services, SERVICES);
	for (int step = 0; step < 60; step++) {
		for (uint32_t burst = random_below(12); burst; burst--)
			count(&services[random_below(SERVICES)], 1 + random_below(1000));
		fold(&after, series, services, SERVICES);
		assert_true(after.count <= max);
		check_sums(&after, services, SERVICES);
		check_sticky(&before, &after);
		series_fold_close(&before);
		before = after;
		if (random_below(8) == 0) {
			series_free(series);
			series = resume(memory, max);
		}
	}
	series_fold_close(&before);
	series_free(series);
	close(memory);
}

static void sums_are_exact_and_nothing_goes_backwards(void **state)
{
	static const unsigned int most[] = { 0, 1, 7, 50, SERVICES, 10 * SERVICES };

	(void)state;
	for (size_t i = 0; i < sizeof(most) / sizeof(most[0]); i++)
		for (int history = 0; history < 20; history++)
			check_history(most[i]);
}

/* What of @before is not there any more was silent for a day. */
static void check_gone(const struct series_fold *before, const struct series_fold *after,
		       const uint64_t *counted)
{
	for (size_t i = 0; i < before->count; i++) {
		uint16_t port = before->lines[i].assignment->first;
		const struct series_line *line = find(after, port);

		if (line)
			check_forward(&before->lines[i].traffic, &line->traffic);
		else
			assert_true(now > counted[port - 1] + SERIES_SILENCE);
	}
	for (enum transport transport = 0; transport < TRANSPORT_MAX; transport++)
		check_forward(&before->other[DIRECTION_RX][transport],
			      &after->other[DIRECTION_RX][transport]);
}

/* Days go by, agents end and begin; most services are silent for long. */
static void check_days(unsigned int max)
{
	int memory = open_memory(max);
	struct series *series = resume(memory, max);
	struct service services[SERVICES];
	struct series_fold before = { 0 }, after;
	uint64_t counted[SERVICES] = { 0 };

	name_services(services, SERVICES);
	for (int step = 0; step < 200; step++) {
		uint32_t first = random_below(SERVICES - 10);

		now += HOUR * random_below(8);
		for (uint32_t i = first; i < first + 10; i++) {
			count(&services[i], 1 + random_below(9));
			counted[i] = now;
		}
		fold(&after, series, services, SERVICES);
		assert_true(after.count <= max);
		check_sums(&after, services, SERVICES);
		check_gone(&before, &after, counted);
		series_fold_close(&before);
		before = after;
		if (random_below(8) == 0) {
			series_free(series);
			series = resume(memory, max);
		}
	}
	series_fold_close(&before);
	series_free(series);
	close(memory);
}

static void silence_gives_a_place_back_and_no_counter_goes_back(void **state)
{
	static const unsigned int most[] = { 1, 7, 50, SERVICES };

	(void)state;
	for (size_t i = 0; i < sizeof(most) / sizeof(most[0]); i++)
		for (int history = 0; history < 5; history++)
			check_days(most[i]);
}

/* The one place goes to who counts, comes back, and begins at zero. */
static void who_returns_begins_at_zero(void **state)
{
	struct series *series = series_new(1);
	struct service services[2];
	struct series_fold folded;

	(void)state;
	name_services(services, 2);
	assignments[1].transport = assignments[0].transport;
	services[0].traffic.to.packets = 5;
	fold(&folded, series, services, 2);
	assert_int_equal(find(&folded, assignments[0].first)->traffic.to.packets, 5);
	series_fold_close(&folded);
	now += SERIES_SILENCE + 1;
	services[1].traffic.to.packets = 3;
	fold(&folded, series, services, 2); /* the first goes, the second comes at once */
	assert_int_equal(folded.count, 1);
	assert_int_equal(find(&folded, assignments[1].first)->traffic.to.packets, 3);
	assert_int_equal(folded.other[DIRECTION_RX][TRANSPORT_TCP].to.packets, 5);
	series_fold_close(&folded);
	now += SERIES_SILENCE + 1;
	services[0].traffic.to.packets = 7;
	fold(&folded, series, services, 2);
	assert_int_equal(find(&folded, assignments[0].first)->traffic.to.packets, 0);
	assert_int_equal(folded.other[DIRECTION_RX][TRANSPORT_TCP].to.packets, 7 + 3);
	series_fold_close(&folded);
	services[0].traffic.to.packets = 9;
	fold(&folded, series, services, 2);
	assert_int_equal(find(&folded, assignments[0].first)->traffic.to.packets, 2);
	series_fold_close(&folded);
	series_free(series);
}

/* A scan of everything, before anything else: still they have series of their own. */
static void overlays_and_statuses_need_no_place(void **state)
{
	struct series *series = series_new(3);
	struct service services[SERVICES];
	struct series_fold folded;

	(void)state;
	name_services(services, SERVICES);
	for (size_t i = 0; i < SERVICES - 20; i++)
		count(&services[i], 1000);
	fold(&folded, series, services, SERVICES);
	assert_int_equal(folded.count, 3);
	series_fold_close(&folded);
	for (size_t i = SERVICES - 20; i < SERVICES; i++) {
		count(&services[i], 1);
		if (i % 2)
			assignments[i].origin = ORIGIN_OVERLAY;
		else
			assignments[i].service[0] = '\0';
	}
	fold(&folded, series, services, SERVICES);
	assert_int_equal(folded.count, 3 + 20);
	check_sums(&folded, services, SERVICES);
	series_fold_close(&folded);
	/* One that was folded, and is the operator's now, begins at zero. */
	assignments[7].origin = ORIGIN_OVERLAY;
	fold(&folded, series, services, SERVICES);
	assert_non_null(find(&folded, assignments[7].first));
	check_sums(&folded, services, SERVICES);
	series_fold_close(&folded);
	series_free(series);
}

static void the_busiest_come_first_and_overlays_before_them(void **state)
{
	struct series *series = series_new(2);
	struct service services[4];
	struct series_fold folded;

	(void)state;
	name_services(services, 4);
	for (uint32_t i = 0; i < 4; i++)
		count(&services[i], 10 * (i + 1));
	assignments[0].origin = ORIGIN_OVERLAY;
	fold(&folded, series, services, 4);
	assert_int_equal(folded.count, 3); /* that of the overlay needs no place */
	assert_non_null(find(&folded, assignments[0].first));
	assert_non_null(find(&folded, assignments[2].first));
	assert_non_null(find(&folded, assignments[3].first));
	assert_int_equal(folded.folded[DIRECTION_RX], 1);
	series_fold_close(&folded);
	series_free(series);
}

static void what_counts_nothing_takes_no_room(void **state)
{
	struct series *series = series_new(1);
	struct service services[3];
	struct series_fold folded;

	(void)state;
	name_services(services, 3);
	fold(&folded, series, services, 3);
	assert_int_equal(folded.count, 0);
	assert_int_equal(folded.folded[DIRECTION_RX], 0);
	series_fold_close(&folded);
	count(&services[2], 1);
	fold(&folded, series, services, 3);
	assert_int_equal(folded.count, 1);
	assert_non_null(find(&folded, assignments[2].first));
	series_fold_close(&folded);
	series_free(series);
}

/* A service that is retired and one that took its place, the same to every label. */
static void equal_labels_are_one_series(void **state)
{
	struct series *series = series_new(10);
	struct service services[3];
	struct series_fold folded;

	(void)state;
	name_services(services, 3);
	assignments[2] = assignments[0];
	strcpy(assignments[2].aliases, "another");
	for (int i = 0; i < 3; i++)
		services[i].traffic.to = (struct counter){ 5, 500 };
	fold(&folded, series, services, 3);
	assert_int_equal(folded.count, 2);
	assert_int_equal(find(&folded, assignments[0].first)->traffic.to.packets, 10);
	check_sums(&folded, services, 3);
	series_fold_close(&folded);
	series_free(series);
}

static void an_interface_attached_anew_begins_anew(void **state)
{
	struct series *series = series_new(1);
	struct service services[2];
	struct snapshot snapshot = snapshot_of(services, 2);
	struct series_fold folded;

	(void)state;
	name_services(services, 2);
	count(&services[0], 1);
	fold(&folded, series, services, 2);
	assert_non_null(find(&folded, assignments[0].first));
	series_fold_close(&folded);
	name_services(services, 2);
	count(&services[1], 1);
	snapshot.since = 2;
	assert_int_equal(series_fold_open(&folded, series, &snapshot, now), 0);
	assert_int_equal(folded.count, 1);
	assert_non_null(find(&folded, assignments[1].first));
	series_fold_close(&folded);
	series_free(series);
}

static void another_bound_is_kept_to_at_once(void **state)
{
	int memory = open_memory(3);
	struct series *series = resume(memory, 3);
	struct service services[4];
	struct series_fold folded;

	(void)state;
	name_services(services, 4);
	for (uint32_t i = 0; i < 4; i++)
		count(&services[i], 10 * (i + 1));
	fold(&folded, series, services, 4);
	assert_int_equal(folded.count, 3);
	series_fold_close(&folded);
	series_free(series);
	series = resume(memory, 2);
	fold(&folded, series, services, 4);
	assert_int_equal(folded.count, 2);
	check_sums(&folded, services, 4);
	series_fold_close(&folded);
	series_free(series);
	close(memory);
}

/* What the version before judged holds on: what was shown stays, what was folded too. */
static void the_first_layout_is_gone_on_with(void **state)
{
	static struct series_state_first first;
	struct series_state *converted = mmap(NULL, series_state_size(1), PROT_READ | PROT_WRITE,
					      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct series *series = series_new(1), *before;
	struct service services[2];
	struct series_fold folded;

	(void)state;
	assert_true(converted != MAP_FAILED);
	name_services(services, 2);
	count(&services[1], 7);
	before = series_new(1);
	fold(&folded, before, services, 2); /* the second one has the only place */
	first = (struct series_state_first){ .since = snapshot_of(services, 2).since, .max = 1 };
	first.judgements[0] = 2;
	first.judgements[1] = 1;
	series_fold_close(&folded);
	series_state_convert(converted, &first);
	assert_int_equal(converted->version, SERIES_VERSION);
	series_resume(series, converted);
	count(&services[0], 100);
	fold(&folded, series, services, 2);
	assert_int_equal(folded.count, 1);
	assert_non_null(find(&folded, assignments[1].first));
	check_sums(&folded, services, 2);
	series_fold_close(&folded);
	series_free(series);
	series_free(before);
}

static void ports_without_a_service_are_called_by_their_status(void **state)
{
	const struct assignment nameless = { .status = STATUS_UNASSIGNED };
	const struct assignment named = { .service = "https" };

	(void)state;
	assert_string_equal(series_service(&nameless), "unassigned");
	assert_string_equal(series_service(&named), "https");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_exact_and_nothing_goes_backwards),
		cmocka_unit_test(silence_gives_a_place_back_and_no_counter_goes_back),
		cmocka_unit_test(who_returns_begins_at_zero),
		cmocka_unit_test(overlays_and_statuses_need_no_place),
		cmocka_unit_test(the_busiest_come_first_and_overlays_before_them),
		cmocka_unit_test(what_counts_nothing_takes_no_room),
		cmocka_unit_test(equal_labels_are_one_series),
		cmocka_unit_test(an_interface_attached_anew_begins_anew),
		cmocka_unit_test(another_bound_is_kept_to_at_once),
		cmocka_unit_test(the_first_layout_is_gone_on_with),
		cmocka_unit_test(ports_without_a_service_are_called_by_their_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
