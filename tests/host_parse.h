/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * bpf/parse.h, compiled for the host, on a copy of the frame that ends where its
 * heap block ends: so that ASan sees a byte read behind it.
 */
#ifndef PORTCLASS_HOST_PARSE_H
#define PORTCLASS_HOST_PARSE_H

#include "frames.h"

/* The ports are zero if there is a reason. It aborts if the frame was changed. */
struct verdict host_parse(const uint8_t *bytes, size_t size);

/* The same of a frame that begins with @layer. */
struct verdict host_parse_from(const uint8_t *bytes, size_t size, enum link_layer layer);

#endif
