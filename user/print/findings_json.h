/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Findings as a JSON document: what lookup and /api/v1/lookup answer.
 */
#ifndef PORTCLASS_FINDINGS_JSON_H
#define PORTCLASS_FINDINGS_JSON_H

#include <stdbool.h>
#include <stdio.h>

#include "model/finding.h"

/* An array, an element for each. Only @to can fail. */
void findings_json(FILE *to, const struct findings *findings, bool pretty);

#endif
