// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* See classifier.h. The choice of the port is written here once more. */
#include "classifier.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <cmocka.h>
#include <linux/bpf.h>

/* For frames of many buffers, and for those of one. */
#define ENTRY_MANY   "classify"
#define ENTRY_LINEAR "classify_linear"

static const char *object_path = "build/portclass.bpf.o";
static const char *entry = ENTRY_MANY;
unsigned int classifier_stride = 1;

static void require(bool fulfilled, const char *reason)
{
	if (fulfilled)
		return;
	print_message("%s\n", reason);
	skip();
}

static void require_kernel(bool linear)
{
	require(libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_XDP, NULL) == 1,
		"XDP programs can't be loaded here; run as root");
	require(linear || libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_get_buff_len,
						  NULL) == 1,
		"this kernel knows no frames of many buffers");
}

static struct bpf_map *find_map(const struct classifier *classifier, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(classifier->object, name);

	if (!map)
		fail_msg("the object has no map %s", name);
	return map;
}

static void set_registry(struct classifier *classifier, const struct classifier_options *options)
{
	struct bpf_map *map = find_map(classifier, ".data.registry");
	size_t size = TRANSPORT_MAX * sizeof(*classifier->entries);

	if (options->entries)
		assert_int_equal(bpf_map__set_initial_value(map, options->entries, size), 0);
	classifier->entries = malloc(size);
	assert_non_null(classifier->entries);
	memcpy(classifier->entries, bpf_map__initial_value(map, &size), size);
}

static void set_count_by(struct classifier *classifier, enum count_by count_by)
{
	struct bpf_map *map = find_map(classifier, ".rodata.info");
	struct info info;
	size_t size;

	memcpy(&info, bpf_map__initial_value(map, &size), sizeof(info));
	info.count_by = count_by;
	assert_int_equal(bpf_map__set_initial_value(map, &info, sizeof(info)), 0);
	classifier->count_by = count_by;
}

/* Counters of its own, or those of another. */
static void set_counters(struct classifier *classifier, const struct classifier_options *options)
{
	struct bpf_map *traffic = find_map(classifier, "traffic");
	struct bpf_map *unclassified = find_map(classifier, "unclassified");

	if (options->after) {
		assert_int_equal(bpf_map__reuse_fd(traffic, options->after->traffic), 0);
		assert_int_equal(bpf_map__reuse_fd(unclassified, options->after->unclassified), 0);
	} else if (options->entries) {
		uint32_t pages = options->pages ? options->pages : SLOTS_MAX / PAGE_SLOTS;

		assert_int_equal(bpf_map__set_max_entries(traffic, pages), 0);
	}
	classifier->expected = calloc(1, sizeof(*classifier->expected));
	classifier->counted = calloc(1, sizeof(*classifier->counted));
	assert_non_null(classifier->expected);
	assert_non_null(classifier->counted);
	if (options->after)
		*classifier->expected = *options->after->expected;
}

/* The one program to load of those that the object has. */
static struct bpf_program *choose_entry(const struct classifier *classifier)
{
	struct bpf_program *program, *chosen = NULL;

	bpf_object__for_each_program(program, classifier->object)
	{
		bool is_it = !strcmp(bpf_program__name(program), entry);

		assert_int_equal(bpf_program__set_autoload(program, is_it), 0);
		if (is_it)
			chosen = program;
	}
	if (!chosen)
		fail_msg("%s has no program %s", object_path, entry);
	return chosen;
}

void classifier_open(struct classifier *classifier, const struct classifier_options *options)
{
	bool linear = !strcmp(entry, ENTRY_LINEAR);
	struct bpf_program *program;
	struct bpf_map *traffic;

	require_kernel(linear);
	*classifier = (struct classifier){ .object = bpf_object__open_file(object_path, NULL),
					   .linear = linear };
	if (!classifier->object)
		fail_msg("open %s: %s", object_path, strerror(errno));
	program = choose_entry(classifier);
	set_registry(classifier, options);
	set_count_by(classifier, options->count_by);
	set_counters(classifier, options);
	assert_int_equal(bpf_object__load(classifier->object), 0);
	classifier->program = bpf_program__fd(program);
	traffic = find_map(classifier, "traffic");
	classifier->traffic = bpf_map__fd(traffic);
	classifier->pages = bpf_map__max_entries(traffic);
	classifier->unclassified = bpf_map__fd(find_map(classifier, "unclassified"));
}

void classifier_close(struct classifier *classifier)
{
	bpf_object__close(classifier->object);
	free(classifier->entries);
	free(classifier->expected);
	free(classifier->counted);
	*classifier = (struct classifier){ 0 };
}

static void add(struct counter *counter, uint64_t bytes)
{
	counter->packets++;
	counter->bytes += bytes;
}

static bool source_names(const struct classifier *classifier, const struct verdict *verdict)
{
	const uint32_t *entries = classifier->entries[verdict->transport];

	switch (classifier->count_by) {
	case COUNT_BY_DESTINATION:
		return false;
	case COUNT_BY_SOURCE:
		return true;
	default:
		return entries[verdict->source] < entries[verdict->destination];
	}
}

void classifier_expect(struct classifier *classifier, const struct verdict *verdict, uint64_t bytes)
{
	const uint32_t *entries = classifier->entries[verdict->transport];
	struct traffic *slots = classifier->expected->slots;

	if (verdict->reason != REASON_NONE)
		add(&classifier->expected->reasons[verdict->reason], bytes);
	else if (source_names(classifier, verdict))
		add(&slots[entries[verdict->source] % 65536].from, bytes);
	else
		add(&slots[entries[verdict->destination] % 65536].to, bytes);
}

int classifier_run(const struct classifier *classifier, const uint8_t *bytes, size_t size,
		   size_t linear)
{
	static uint8_t out[2 * FRAME_SIZE_MAX];
	struct xdp_md context = { .data_end = (uint32_t)linear };
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = bytes, .data_size_in = (uint32_t)size,
		    .data_out = out, .data_size_out = sizeof(out), .repeat = 1,
		    .ctx_in = linear ? &context : NULL,
		    .ctx_size_in = linear ? sizeof(context) : 0);
	int err = bpf_prog_test_run_opts(classifier->program, &run);

	if (err)
		return err;
	assert_int_equal(run.retval, XDP_PASS);
	assert_int_equal(run.data_size_out, size);
	assert_memory_equal(out, bytes, size);
	return 0;
}

bool classifier_kernel_moves_headers(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	bool can = btf && btf__find_by_name_kind(btf, "bpf_xdp_pull_data", BTF_KIND_FUNC) > 0;

	btf__free(btf);
	return can;
}

/* The sum over the CPUs of one value of a per-CPU map: @size bytes of __u64. */
static void read_value(int map, uint32_t key, uint64_t *sum, size_t size)
{
	int cpus = libbpf_num_possible_cpus();
	size_t words = size / sizeof(*sum);
	uint64_t *values = malloc((size_t)cpus * size);

	assert_non_null(values);
	assert_int_equal(bpf_map_lookup_elem(map, &key, values), 0);
	memset(sum, 0, size);
	for (const uint64_t *value = values; value < values + (size_t)cpus * words; value += words)
		for (size_t i = 0; i < words; i++)
			sum[i] += value[i];
	free(values);
}

static void read_counters(const struct classifier *classifier, struct counters *counters)
{
	for (uint32_t page = 0; page < classifier->pages; page++)
		read_value(classifier->traffic, page,
			   (uint64_t *)&counters->slots[page * PAGE_SLOTS],
			   sizeof(struct traffic_page));
	for (uint32_t reason = 0; reason < REASON_MAX; reason++)
		read_value(classifier->unclassified, reason, (uint64_t *)&counters->reasons[reason],
			   sizeof(struct counter));
}

static void compare(const char *name, const char *what, size_t number, const struct counter *got,
		    const struct counter *want)
{
	if (got->packets != want->packets || got->bytes != want->bytes)
		fail_msg("%s: %s %zu counted %llu packets, %llu bytes instead of %llu, %llu", name,
			 what, number, got->packets, got->bytes, want->packets, want->bytes);
}

/* Counters that all equal their expectation also sum up to every frame run. */
void classifier_check(struct classifier *classifier, const char *name)
{
	const struct counters *want = classifier->expected, *got = classifier->counted;
	size_t slots = classifier->pages * PAGE_SLOTS;

	read_counters(classifier, classifier->counted);
	if (!memcmp(got->slots, want->slots, slots * sizeof(*got->slots)) &&
	    !memcmp(got->reasons, want->reasons, sizeof(got->reasons)))
		return;
	for (size_t slot = 0; slot < slots; slot++) {
		compare(name, "to slot", slot, &got->slots[slot].to, &want->slots[slot].to);
		compare(name, "from slot", slot, &got->slots[slot].from, &want->slots[slot].from);
	}
	for (size_t reason = 0; reason < REASON_MAX; reason++)
		compare(name, "reason", reason, &got->reasons[reason], &want->reasons[reason]);
}

int classifier_main(int argc, char **argv, int (*run)(void))
{
	static const char *const entries[] = { ENTRY_MANY, ENTRY_LINEAR };
	int failed = 0;

	if (argc > 1)
		object_path = argv[1];
	if (argc > 3)
		classifier_stride = (unsigned int)atoi(argv[3]);
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		entry = entries[i];
		if (argc < 3 || !strcmp(argv[2], entry))
			failed += run();
	}
	return failed;
}
