// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Another table under the same counters, in this kernel: what was counted stays
 * where it was, what stays goes on in its slot, and every frame is in one of them.
 *
 * usage: kernel_swap [OBJECT [ENTRY [STRIDE]]]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "classifier.h"
#include "compiled.h"
#include "slots.h"

#define FRAMES 500
#define SWAPS  6

/* What changes from one to the next: names, ranges, ranks, and who wins. */
static const char *const editions[] = {
	"http,80,tcp,,,\ngopher,70,tcp,,,\nwide,6000-6063,tcp,,,\ndns,53,udp,,,\n",
	"http,80,tcp,,,\nwide,6000-6031,tcp,,,\ndns,53,udp,,,\nfirst,1,tcp,,,\n",
	"all,0-1023,tcp,,,\nwide,6000-6063,tcp,,,\nnames,53,udp,,,\n,7,udp,Reserved,,\n",
};

static uint32_t entries[TRANSPORT_MAX][PORTS_MAX];

/* The rows that pins would hold. */
struct pinned {
	struct assignment rows[SHIPPED_SLOTS];
	uint32_t count;
};

static struct compiled *compile(const char *rows)
{
	struct compiled *compiled = compiled_new();

	compiled_parse_rows(compiled, rows);
	assert_int_equal(compiled_compile(compiled), 0);
	return compiled;
}

/* Place a table and leave its entries in `entries`. */
static void place(struct pinned *pinned, const char *rows)
{
	struct compiled *compiled = compile(rows);
	struct slots slots;

	assert_int_equal(slots_open(&slots, &compiled->table,
				    &(struct slots_held){ pinned->rows, NULL, pinned->count },
				    SHIPPED_SLOTS),
			 0);
	slots_write_entries(&slots, &compiled->table, entries);
	memcpy(pinned->rows, slots.assignments, slots.count * sizeof(*pinned->rows));
	pinned->count = slots.count;
	slots_close(&slots);
	compiled_free(compiled);
}

/* A frame of a length of its own, so that two mistakes can't cancel. */
static void run_frame(struct classifier *classifier, enum transport transport, uint16_t source,
		      uint16_t destination, size_t size)
{
	static uint8_t bytes[FRAMES + 64];
	const uint8_t next = transport == TRANSPORT_TCP ? NEXT_TCP : NEXT_UDP;
	const uint8_t head[] = { ETHERNET(TYPE_IPV4), IPV4(next, 24), PORTS(source, destination) };
	const struct verdict verdict = { REASON_NONE, transport, source, destination };

	memcpy(bytes, head, sizeof(head));
	assert_int_equal(classifier_run(classifier, bytes, size, 0), 0);
	classifier_expect(classifier, &verdict, size);
}

static void run_frames(struct classifier *classifier)
{
	static const uint16_t ports[] = { 1, 7, 53, 70, 80, 443, 6000, 6040, 40000, 51000 };
	static const uint8_t arp[] = { ETHERNET(TYPE_ARP) };
	const size_t count = sizeof(ports) / sizeof(ports[0]);
	static uint8_t frame[60];

	for (size_t i = 0; i < FRAMES; i += classifier_stride)
		run_frame(classifier, i % 2 ? TRANSPORT_TCP : TRANSPORT_UDP, ports[i % count],
			  ports[i / count % count], 60 + i);
	memcpy(frame, arp, sizeof(arp));
	assert_int_equal(classifier_run(classifier, frame, sizeof(frame), 0), 0);
	classifier_expect(classifier, &(struct verdict){ .reason = REASON_ARP }, sizeof(frame));
}

/* classifier_check() compares every counter of every slot, retired ones included. */
static void counters_go_on_under_the_next_table(void **state)
{
	static struct pinned pinned;
	struct classifier current, next;

	(void)state;
	place(&pinned, editions[0]);
	classifier_open(&current, &(struct classifier_options){ .entries = entries });
	run_frames(&current);
	classifier_check(&current, "the first table");
	for (unsigned int swap = 1; swap <= SWAPS; swap++) {
		place(&pinned, editions[swap % 3]);
		classifier_open(&next,
				&(struct classifier_options){ .entries = entries,
							      .count_by = swap % COUNT_BY_MAX,
							      .after = &current });
		classifier_check(&next, "after the swap");
		run_frames(&next);
		classifier_check(&next, "under the next table");
		classifier_close(&current);
		current = next;
	}
	classifier_close(&current);
}

/* While the link is updated, both programs run: on one CPU the old, on another the new. */
static void both_programs_count_at_once(void **state)
{
	static struct pinned pinned;
	struct classifier old, new;

	(void)state;
	place(&pinned, editions[0]);
	classifier_open(&old, &(struct classifier_options){ .entries = entries });
	place(&pinned, editions[1]);
	classifier_open(&new, &(struct classifier_options){ .entries = entries, .after = &old });
	for (int turn = 0; turn < 3; turn++) {
		run_frames(&old);
		*new.expected = *old.expected;
		classifier_check(&new, "by the old");
		run_frames(&new);
		*old.expected = *new.expected;
		classifier_check(&old, "by the new");
	}
	classifier_close(&old);
	classifier_close(&new);
}

static int run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters_go_on_under_the_next_table),
		cmocka_unit_test(both_programs_count_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return classifier_main(argc, argv, run);
}
