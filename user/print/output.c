// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The table of outputs. What each prints lies in a file of its own.
 */
#include "print/output.h"

#include <string.h>

#define OUTPUT_ROW(word) &output_##word,
const struct output *const outputs[] = { OUTPUTS(OUTPUT_ROW) NULL };

const struct output *output_by_name(const char *name)
{
	for (const struct output *const *output = outputs; *output; output++)
		if (strcmp((*output)->name, name) == 0)
			return *output;
	return NULL;
}
