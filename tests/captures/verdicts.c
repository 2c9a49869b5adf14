// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * What the BPF program in this kernel says of each frame of a capture, a line for
 * each: its transport and both ports, or the reason why not.
 *
 * The program only counts. So it is loaded four times, counting by source or by
 * destination, with a table of entries whose slots spell the transport and one byte
 * of the port; which counter moved tells the verdict. Exactly one must move, by one
 * packet and the bytes of the frame.
 *
 * usage: verdicts OBJECT < CAPTURE
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "abi.h"

#define CAPTURE_MAGIC	  0xa1b2c3d4 /* microseconds, this machine's byte order */
#define CAPTURE_ETHERNET  1
#define FRAME_SIZE_MAX	  262144
#define WORDS_PER_COUNTER (sizeof(struct counter) / sizeof(uint64_t))

struct capture_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, accuracy, snap_length, link;
};

struct frame_header {
	uint32_t seconds, microseconds, captured, length;
};

/* The values of a map for all its keys and all CPUs. */
struct values {
	int map;
	uint32_t keys;
	size_t size;	       /* of what one key has, in bytes, all CPUs */
	uint64_t *seen, *read; /* owned */
};

struct view {
	enum count_by count_by;
	unsigned int shift; /* of the port's byte */
	struct bpf_object *object;
	int program;
	struct values traffic, unclassified;
};

static struct view views[] = {
	{ .count_by = COUNT_BY_SOURCE, .shift = 8 },
	{ .count_by = COUNT_BY_SOURCE, .shift = 0 },
	{ .count_by = COUNT_BY_DESTINATION, .shift = 8 },
	{ .count_by = COUNT_BY_DESTINATION, .shift = 0 },
};

#define VIEWS (sizeof(views) / sizeof(views[0]))

static const char *const transport_names[] = { "tcp", "udp", "sctp", "dccp" };
static const char *const reason_names[] = { "truncated", "malformed", "too_deep", "fragment",
					    "arp",	 "non_ip",    "icmp",	  "other_l4" };

_Static_assert(sizeof(transport_names) / sizeof(transport_names[0]) == TRANSPORT_MAX,
	       "a name each");
_Static_assert(sizeof(reason_names) / sizeof(reason_names[0]) == REASON_MAX, "a name each");

__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("verdicts: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(EXIT_FAILURE);
}

static struct bpf_map *find_map(const struct view *view, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(view->object, name);

	if (!map)
		fail("the object has no map %s", name);
	return map;
}

static void values_open(struct values *values, const struct bpf_map *map)
{
	values->map = bpf_map__fd(map);
	values->keys = bpf_map__max_entries(map);
	values->size = bpf_map__value_size(map) * (size_t)libbpf_num_possible_cpus();
	values->seen = calloc(values->keys, values->size);
	values->read = calloc(values->keys, values->size);
	if (!values->seen || !values->read)
		fail("no memory for %s", bpf_map__name(map));
}

static void set_entries(const struct view *view)
{
	static uint32_t entries[TRANSPORT_MAX][PORTS_MAX];

	for (uint32_t transport = 0; transport < TRANSPORT_MAX; transport++)
		for (uint32_t port = 0; port < PORTS_MAX; port++)
			entries[transport][port] =
				ENTRY(0, transport << 8 | (port >> view->shift & 0xff));
	if (bpf_map__set_initial_value(find_map(view, ".data.registry"), entries, sizeof(entries)))
		fail("the object's registry has another size");
}

static void set_count_by(const struct view *view)
{
	struct bpf_map *map = find_map(view, ".rodata.info");
	struct info info;
	size_t size;

	memcpy(&info, bpf_map__initial_value(map, &size), sizeof(info));
	info.count_by = view->count_by;
	if (bpf_map__set_initial_value(map, &info, sizeof(info)))
		fail("the object's info has another size");
}

/* The slots of all transports fit one page, and one page is read the fastest. */
static void view_open(struct view *view, const char *path)
{
	int err;

	view->object = bpf_object__open_file(path, NULL);
	if (!view->object)
		fail("open %s: %s", path, strerror(errno));
	set_entries(view);
	set_count_by(view);
	_Static_assert(TRANSPORT_MAX << 8 <= PAGE_SLOTS, "one page is enough");
	bpf_map__set_max_entries(find_map(view, "traffic"), 1);
	err = bpf_object__load(view->object);
	if (err)
		fail("load %s: %s (try: as root)", path, strerror(-err));
	view->program = bpf_program__fd(bpf_object__find_program_by_name(view->object, "classify"));
	values_open(&view->traffic, find_map(view, "traffic"));
	values_open(&view->unclassified, find_map(view, "unclassified"));
}

/*
 * Read all values. Returns the number of the counter that has moved, of those of
 * one CPU; -1 if none has. It fails if more has moved than one frame moves.
 */
static int values_moved(struct values *values, size_t counters, uint64_t bytes)
{
	size_t size = values->keys * values->size, word = 0;

	for (uint32_t key = 0; key < values->keys; key++)
		if (bpf_map_lookup_elem(values->map, &key,
					(char *)values->read + key * values->size))
			fail("read a map: %s", strerror(errno));
	if (!memcmp(values->read, values->seen, size))
		return -1;
	while (values->read[word] == values->seen[word])
		word++;
	word -= word % WORDS_PER_COUNTER;
	values->seen[word]++;
	values->seen[word + 1] += bytes;
	if (memcmp(values->read, values->seen, size))
		fail("a frame of %ju bytes moved more than one counter", (uintmax_t)bytes);
	return (int)(word / WORDS_PER_COUNTER % counters);
}

/* Of a counter's number in `unclassified`, whose keys have a counter for each CPU. */
static int reason_moved(struct view *view, uint64_t bytes)
{
	size_t counters =
		view->unclassified.keys * view->unclassified.size / sizeof(struct counter);
	int moved = values_moved(&view->unclassified, counters, bytes);

	return moved < 0 ? moved : moved / libbpf_num_possible_cpus();
}

/* Returns 0 if the kernel takes no such frame. */
static bool run(const struct view *view, const void *bytes, uint32_t size)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = bytes, .data_size_in = size,
		    .repeat = 1);
	int err = bpf_prog_test_run_opts(view->program, &options);

	if (err == -EINVAL)
		return false;
	if (err)
		fail("run a frame of %u bytes: %s", size, strerror(-err));
	if (options.retval != XDP_PASS)
		fail("a frame of %u bytes got verdict %u, not XDP_PASS", size, options.retval);
	return true;
}

/* Side and slot of the counter that moved; -1: it was a reason. */
static int slot_moved(struct view *view, uint32_t size)
{
	const int counters = sizeof(struct traffic_page) / sizeof(struct counter);
	int moved = values_moved(&view->traffic, counters, size);

	if (moved >= 0 && (moved & 1) != (view->count_by == COUNT_BY_SOURCE))
		fail("counted on the wrong side");
	return moved < 0 ? moved : moved >> 1;
}

static void say_verdict(const void *bytes, uint32_t size)
{
	uint32_t ports[VIEWS], transports[VIEWS];

	for (size_t i = 0; i < VIEWS; i++) {
		int slot;

		if (!run(&views[i], bytes, size)) {
			puts("refused");
			return;
		}
		slot = slot_moved(&views[i], size);
		if (slot < 0) {
			puts(reason_names[reason_moved(&views[i], size)]);
			return;
		}
		ports[i] = (uint32_t)slot & 0xff;
		transports[i] = (uint32_t)slot >> 8;
		if (transports[i] != transports[0])
			fail("two transports of one frame");
	}
	printf("%s %u %u\n", transport_names[transports[0]], ports[0] << 8 | ports[1],
	       ports[2] << 8 | ports[3]);
}

static void read_capture(FILE *from)
{
	static uint8_t bytes[FRAME_SIZE_MAX];
	struct capture_header capture;
	struct frame_header frame;

	if (fread(&capture, sizeof(capture), 1, from) != 1 || capture.magic != CAPTURE_MAGIC ||
	    capture.link != CAPTURE_ETHERNET)
		fail("standard input is no Ethernet capture (see tests/captures/pcap.py)");
	while (fread(&frame, sizeof(frame), 1, from) == 1) {
		if (frame.captured > sizeof(bytes) ||
		    fread(bytes, 1, frame.captured, from) != frame.captured)
			fail("the capture ends in a frame");
		say_verdict(bytes, frame.captured);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2)
		fail("usage: verdicts OBJECT < CAPTURE");
	for (size_t i = 0; i < VIEWS; i++)
		view_open(&views[i], argv[1]);
	read_capture(stdin);
	return ferror(stdin) || fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
