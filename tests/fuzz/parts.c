// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* See parts.h. */
#include "parts.h"

#include <string.h>

#include "base/port_range.h"

#define PARTS_MAX (2 + COMPILED_OVERLAYS_MAX)
#define SEPARATOR "\n%%\n"
#define ROWS_MAX  64 /* of a file, that are looked at: more take too long */

struct part {
	const uint8_t *bytes;
	size_t size;
};

static size_t split(struct part parts[PARTS_MAX], const uint8_t *bytes, size_t size)
{
	size_t count = 0;

	while (count < PARTS_MAX) {
		const uint8_t *end = memmem(bytes, size, SEPARATOR, strlen(SEPARATOR));

		parts[count++] = (struct part){ bytes, end ? (size_t)(end - bytes) + 1 : size };
		if (!end)
			break;
		size -= (size_t)(end - bytes) + strlen(SEPARATOR);
		bytes = end + strlen(SEPARATOR);
	}
	return count;
}

static bool read_part(struct compiled *compiled, struct registry *registry, const struct part *part)
{
	return !registry_parse(registry, "input", part->bytes, part->size, NULL,
			       &compiled->collect.diagnostics);
}

static void read_ephemeral(struct port_table_input *input, const struct part *part)
{
	struct port_range range;

	if (!part->size || !port_range_parse(&range, (const char *)part->bytes, part->size - 1))
		return;
	input->ephemeral_first = range.first;
	input->ephemeral_last = range.last;
}

struct compiled *parts_read(const uint8_t *bytes, size_t size)
{
	struct compiled *compiled = compiled_new();
	struct port_table_input *input = &compiled->input;
	struct part parts[PARTS_MAX];
	size_t count = split(parts, bytes, size);

	if (count < 2 || !read_part(compiled, &compiled->registry, &parts[1])) {
		compiled_free(compiled);
		return NULL;
	}
	read_ephemeral(input, &parts[0]);
	for (size_t i = 2; i < count; i++)
		input->overlays_count +=
			read_part(compiled, &compiled->overlays[input->overlays_count], &parts[i]);
	return compiled;
}

void parts_check_borders(const struct compiled *compiled, const void *context,
			 void (*check)(const struct compiled *compiled, const void *context,
				       enum transport transport, uint32_t port))
{
	for (size_t file = 0; file <= compiled->input.overlays_count; file++) {
		const struct registry *registry =
			file ? &compiled->overlays[file - 1] : &compiled->registry;

		for (size_t i = 0; i < registry->count && i < ROWS_MAX; i++) {
			const struct record *row = &registry->records[i];
			const uint32_t ports[] = { row->first - 1u, row->first, row->last,
						   row->last + 1u };

			for (size_t at = 0; at < sizeof(ports) / sizeof(ports[0]); at++)
				for (enum transport of = 0; of < TRANSPORT_MAX; of++)
					if (ports[at] < PORTS_MAX)
						check(compiled, context, of, ports[at]);
		}
	}
}
