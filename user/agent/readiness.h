/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What /readyz says.
 */
#ifndef PORTCLASS_READINESS_H
#define PORTCLASS_READINESS_H

#include "agent/node.h"

/* Write it into *@text, to be freed; NULL: no memory. Returns node_is_ready(). */
bool readiness_write(char **text, const struct node *node);

#endif
