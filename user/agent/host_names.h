/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What this machine is called: the names that its requests may be for. Nobody is asked over
 * the network, where an attacker could be the one who answers.
 */
#ifndef PORTCLASS_HOST_NAMES_H
#define PORTCLASS_HOST_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arguments.h"
#include "http/http_host.h"

#define HOST_NAMES_MAX 16

struct host_names {
	const struct words *given;		       /* by the settings */
	char node[HTTP_HOST_NAME_SIZE];		       /* what the others were made of */
	char own[HOST_NAMES_MAX][HTTP_HOST_NAME_SIZE]; /* short and full */
	size_t count;
};

/* Take the machine's name as uname(2) has it, alone and with @domain unless that is empty. */
void host_names_set(struct host_names *names, const char *node, const char *domain);

/* Add what hosts(5) calls that machine: names on its lines that begin with its short one. */
void host_names_read(struct host_names *names, FILE *hosts);

/*
 * Whether a request for @host, as HTTP says it, is for this machine. The machine's name is
 * looked at again when no other fits: it may be set late.
 */
bool host_names_have(struct host_names *names, const char *host);

#endif
