/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The BPF object, embedded compressed: most of it is tables, which shrink to a
 * twentieth. The generated skeleton takes it from here; nobody else does.
 */
#ifndef PORTCLASS_OBJECT_H
#define PORTCLASS_OBJECT_H

#include <stddef.h>

struct bpf_object_skeleton;

/* The object as the compiler made it, for free(); NULL and a size of 0 without memory. */
const void *object_bytes(size_t *size);

/* Destroy a skeleton, and the bytes that it has from here. */
void object_close(struct bpf_object_skeleton *skeleton);

#endif
