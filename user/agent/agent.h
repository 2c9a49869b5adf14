/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The agent: one loop of events that keeps the classifier on the interfaces of a
 * node, the table as its files are, and answers who asks for the counts.
 */
#ifndef PORTCLASS_AGENT_H
#define PORTCLASS_AGENT_H

#include "agent/settings.h"

/*
 * Run until SIGTERM or SIGINT. Returns 0 or -errno, said. Gives up privileges that
 * are not got back.
 */
int agent_run(const struct settings *settings);

#endif
