/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of interfaces and their indices, where an interface that is not there is one
 * thing, and not being able to ask another.
 */
#ifndef PORTCLASS_IFINDEX_H
#define PORTCLASS_IFINDEX_H

#include <net/if.h>

/* The index of an interface of this network namespace; 0: none; -errno, said. */
int ifindex_of(const char *interface);

/* @name stays if there is no such interface. 0 or -errno, said. */
int ifindex_name(char name[IF_NAMESIZE], unsigned int index);

/* Say that there is no such interface. Returns OUTCOME_NO_INTERFACE. */
int ifindex_say_none(const char *interface);

#endif
