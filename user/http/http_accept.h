/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Content negotiation: the header Accept (RFC 9110, section 12.5.1).
 */
#ifndef PORTCLASS_HTTP_ACCEPT_H
#define PORTCLASS_HTTP_ACCEPT_H

#include <stdbool.h>

/*
 * Whether OpenMetrics 1.0.0 is wanted at least as much as text/plain. Who sends
 * no such header, an empty one or nonsense gets text.
 */
bool http_accepts_openmetrics(const char *accept);

#endif
