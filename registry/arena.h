/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Memory for strings that live and die together. NULL is an empty arena.
 */
#ifndef PORTCLASS_ARENA_H
#define PORTCLASS_ARENA_H

#include <stddef.h>

struct arena;

/* @size bytes, not aligned, until arena_close(); NULL: out of memory. */
char *arena_take(struct arena **arena, size_t size);

void arena_close(struct arena **arena);

#endif
