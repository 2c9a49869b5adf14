/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of interfaces and their indices, where an interface that is not there is one
 * thing, and not being able to ask another.
 */
#ifndef PORTCLASS_IFINDEX_H
#define PORTCLASS_IFINDEX_H

#include <net/if.h>

/* Of any name, an alternative one too, with its NUL: ALTIFNAMSIZ of linux/if.h. */
#define IFINDEX_NAME_SIZE 128

/* The index of an interface of this network namespace; 0: none; -errno, said. */
int ifindex_of(const char *interface);

/*
 * The name that the kernel gives first to the interface that @given names: that name itself,
 * an alternative one (up to 127 characters, ip-link(8)), or either as text_show() shows it.
 * Returns @name, or @given if there is none such or it can't be asked: whoever looks it up
 * says that.
 */
const char *ifindex_real_name(char name[IF_NAMESIZE], const char *given);

/* @name stays if there is no such interface. 0 or -errno, said. */
int ifindex_name(char name[IF_NAMESIZE], unsigned int index);

/* The type of its hardware, ARPHRD_* of linux/if_arp.h; -ENODEV, not said: none; -errno, said. */
int ifindex_hardware(const char *interface);

/* Say that there is no such interface. Returns OUTCOME_NO_INTERFACE. */
int ifindex_say_none(const char *interface);

#endif
