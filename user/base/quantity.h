/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Numbers as people read them: three digits and k, M, G, T, P or E (decimal).
 */
#ifndef PORTCLASS_QUANTITY_H
#define PORTCLASS_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

#define QUANTITY_SIZE 32 /* 2^64 - 1 has 20 digits; its rate over 10 ms 22.1 */

/* Both write into @text of QUANTITY_SIZE and return it. */
char *quantity_write(char *text, uint64_t number, bool exact);

/* A rate: what is below 100 keeps decimals. */
char *quantity_write_rate(char *text, double rate, bool exact);

#endif
