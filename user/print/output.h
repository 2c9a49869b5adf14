/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The ways to print a report: a word of the list below, and a file that defines
 * output_<word>. Text may change; the others may only grow, portclass(8) documents them.
 */
#ifndef PORTCLASS_OUTPUT_H
#define PORTCLASS_OUTPUT_H

#include <stdio.h>

#include "model/report.h"
#include "print/format.h"

#define OUTPUTS(output) output(text) output(json) output(metrics) output(openmetrics)

struct output {
	const char *name;
	const char *type; /* media type, for the header Content-Type */
	/*
	 * 0 or -ENOMEM, not said. What was written by then is nothing, or whole all the same
	 * and says so: but of text, of which it is a part.
	 */
	int (*write)(FILE *to, const struct report *report, const struct format_options *options);
};

#define OUTPUT_DECLARE(word) extern const struct output output_##word;
OUTPUTS(OUTPUT_DECLARE)

/* All of them, NULL at the end. */
extern const struct output *const outputs[];

/* NULL: none has that name. */
const struct output *output_by_name(const char *name);

#endif
