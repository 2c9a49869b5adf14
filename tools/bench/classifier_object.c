// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * See classifier_object.h.
 */
#include "classifier_object.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>

#include "base/log.h"

int classifier_object_open(struct classifier_object *classifier, const char *path)
{
	struct bpf_map *assignments;
	size_t size;
	int err;

	*classifier = (struct classifier_object){ .object = bpf_object__open_file(path, NULL) };
	err = classifier->object ? bpf_object__load(classifier->object) : -errno;
	if (err) {
		classifier_object_close(classifier);
		return log_fail(err, "load %s", path);
	}
	assignments = bpf_object__find_map_by_name(classifier->object, ".data.assignments");
	classifier->assignments = bpf_map__initial_value(assignments, &size);
	classifier->count = size / sizeof(*classifier->assignments);
	classifier->program =
		bpf_program__fd(bpf_object__find_program_by_name(classifier->object, "classify"));
	return 0;
}

void classifier_object_close(struct classifier_object *classifier)
{
	bpf_object__close(classifier->object);
	*classifier = (struct classifier_object){ 0 };
}

/* The packets of all counters in a map; all that it holds are counters. */
static int64_t total_of_map(const struct bpf_map *map)
{
	size_t cpus = (size_t)libbpf_num_possible_cpus();
	size_t counters = cpus * bpf_map__value_size(map) / sizeof(struct counter);
	struct counter *values = malloc(counters * sizeof(*values));
	int err = values ? 0 : -ENOMEM;
	int64_t total = 0;

	for (__u32 key = 0; !err && key < bpf_map__max_entries(map); key++) {
		err = bpf_map_lookup_elem(bpf_map__fd(map), &key, values);
		for (size_t i = 0; !err && i < counters; i++)
			total += (int64_t)values[i].packets;
	}
	free(values);
	return err ? log_fail(err, "read the map %s", bpf_map__name(map)) : total;
}

int64_t classifier_object_total(const struct classifier_object *classifier)
{
	static const char *const maps[] = { "traffic", "unclassified" };
	int64_t total = 0;

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
		int64_t part =
			total_of_map(bpf_object__find_map_by_name(classifier->object, maps[i]));

		if (part < 0)
			return part;
		total += part;
	}
	return total;
}
