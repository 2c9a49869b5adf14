// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A report grows by one interface at a time. It knows nothing of where they come from.
 */
#include "model/report.h"

#include <stdio.h>
#include <stdlib.h>

struct report_interface *report_append(struct report *report, const char *name)
{
	struct report_interface *more =
		reallocarray(report->interfaces, report->count + 1, sizeof(*more));

	if (!more)
		return NULL;
	report->interfaces = more;
	more += report->count++;
	*more = (struct report_interface){ .hook = "", .mode = "" };
	snprintf(more->name, sizeof(more->name), "%s", name);
	return more;
}

void report_interface_close(struct report_interface *interface)
{
	series_fold_close(&interface->fold);
	snapshot_close(&interface->snapshot);
}

void report_close(struct report *report)
{
	for (size_t i = 0; i < report->count; i++)
		report_interface_close(&report->interfaces[i]);
	free(report->interfaces);
	*report = (struct report){ 0 };
}
