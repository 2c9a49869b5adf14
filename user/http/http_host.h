/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Whom a request is for: the header Host (RFC 9110, section 7.2), or the authority in a
 * proxy's target. A page whose name was made to mean this machine (DNS rebinding) still
 * says its own name there. Pure: no name is looked up.
 */
#ifndef PORTCLASS_HTTP_HOST_H
#define PORTCLASS_HTTP_HOST_H

#include <stdbool.h>
#include <stddef.h>

/* A name as DNS may have it, without the dot at its end, and the NUL. */
#define HTTP_HOST_NAME_SIZE 254

/* Whether it is HOST or HOST:PORT, of characters that a host may have. Nobody's name is fine. */
bool http_host_is_valid(const char *host);

/*
 * Whether an address, localhost or a name below that. Nobody can make those mean another
 * machine than they say. The port may be any.
 */
bool http_host_is_fixed(const char *host);

/* Whether that is the name @name, whatever the port, in any case, with a dot at the end or not. */
bool http_host_is_called(const char *host, const char *name);

/* Whether a server can be called so: letters, digits, hyphens, underscores, dots between. */
bool http_host_is_name(const char *name);

/*
 * Copy the name without port and dot at the end, in small letters, to @name of
 * HTTP_HOST_NAME_SIZE. false: no server can be called so.
 */
bool http_host_name(char *name, const char *host);

#endif
