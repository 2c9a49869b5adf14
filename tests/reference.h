/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A second parser of frames, for tests: it reads the contract byte by byte, and
 * shares nothing with bpf/parse.h but the numbers of the protocols.
 */
#ifndef PORTCLASS_REFERENCE_H
#define PORTCLASS_REFERENCE_H

#include "frames.h"

/* What a frame of @size bytes is to be counted as. */
struct verdict reference(const uint8_t *bytes, size_t size);

#endif
