/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What every fuzz target is made of. A target is a file fuzz_NAME.c; libFuzzer
 * drives it with bytes it makes up, replay.c with bytes from files.
 */
#ifndef PORTCLASS_FUZZ_H
#define PORTCLASS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The target: whatever @bytes are, it returns 0, or something is wrong with what it tests. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Optional: once, before the first input. Not 0: it can't run here, and said why. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Optional: change @bytes in place; returns their new size. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t capacity, unsigned int seed);

/* libFuzzer's own, for the above. */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t capacity);

/* What a target that can't run here ends with under libFuzzer, whose own are 70 and 77. */
#define FUZZ_CANNOT_RUN 69

/* End the process, as a sanitizer would, unless @condition holds. */
#define fuzz_check(condition) ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))

_Noreturn void fuzz_fail(const char *file, int line, const char *what);

/* The bytes as a string in a heap block that ends behind its NUL. */
char *fuzz_string(const uint8_t *bytes, size_t size);

/* Whether a terminal can be trusted with @text: UTF-8 on one line, no control characters. */
bool fuzz_is_printable(const char *text);

/* Read the bytes as a registry file, and check all that is true of what was read. */
void fuzz_reader(const char *format, const uint8_t *bytes, size_t size);

/* Make a registry and overlays whose rows contend for ports. */
size_t fuzz_rows(uint8_t *bytes, size_t size, size_t capacity, unsigned int seed);

struct registry;

/* Check that the figures of a registry fit together. */
void fuzz_statistics(const struct registry *registry);

/* Make a frame of headers that mean something, and mistakes in them. */
size_t fuzz_frame(uint8_t *bytes, size_t size, size_t capacity, unsigned int seed);

#endif
