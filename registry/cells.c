// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Cells whose column is not known: what they are is told by their shape.
 */
#include <string.h>

#include "reader.h"
#include "text.h"

void cells_set_by_shape(struct cells *cells, const char *cell)
{
	if (!*cell || text_is_date(cell))
		return;
	if (*cell == '[') {
		if (strstr(cell, "[RFC"))
			cells->reference = cell;
	} else if (text_is_number(cell)) {
		cells->service_code = cell;
	} else if (!cells->description) {
		cells->description = cell;
	} else {
		cells->notes = cell;
	}
}
