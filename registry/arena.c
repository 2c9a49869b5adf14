// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Memory for strings that live and die together: blocks, filled one by one.
 */
#include "arena.h"

#include <stdlib.h>

#define BLOCK_SIZE (64 * 1024)

struct arena {
	struct arena *next;
	size_t used;
	size_t size;
	char bytes[];
};

static struct arena *add_block(struct arena **arena, size_t size)
{
	struct arena *block = malloc(sizeof(*block) + size);

	if (!block)
		return NULL;
	*block = (struct arena){ .next = *arena, .size = size };
	*arena = block;
	return block;
}

char *arena_take(struct arena **arena, size_t size)
{
	struct arena *block = *arena;
	char *taken;

	if (!block || block->size - block->used < size)
		block = add_block(arena, size > BLOCK_SIZE ? size : BLOCK_SIZE);
	if (!block)
		return NULL;
	taken = block->bytes + block->used;
	block->used += size;
	return taken;
}

void arena_close(struct arena **arena)
{
	while (*arena) {
		struct arena *next = (*arena)->next;

		free(*arena);
		*arena = next;
	}
}
