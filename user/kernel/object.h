/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The BPF object, embedded compressed: most of it is tables, which shrink to a
 * twentieth.
 */
#ifndef PORTCLASS_OBJECT_H
#define PORTCLASS_OBJECT_H

struct bpf_object;

/*
 * Open the object; nothing of it is in the kernel yet. For bpf_object__close(). NULL: errno
 * says why, not said.
 */
struct bpf_object *object_open(void);

#endif
