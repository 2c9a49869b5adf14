/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Content negotiation: the headers Accept and Accept-Encoding (RFC 9110, sections 12.5.1
 * and 12.5.3).
 */
#ifndef PORTCLASS_HTTP_ACCEPT_H
#define PORTCLASS_HTTP_ACCEPT_H

#include <stdbool.h>

/*
 * Whether OpenMetrics 1.0.0 is wanted at least as much as text/plain. Who sends
 * no such header, an empty one or nonsense gets text.
 */
bool http_accepts_openmetrics(const char *accept);

/* Whether gzip is wanted, at least as much as nothing done to the bytes. */
bool http_accepts_gzip(const char *accept_encoding);

#endif
