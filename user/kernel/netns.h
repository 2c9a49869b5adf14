/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Network namespaces are told apart by their inodes (namespaces(7)).
 */
#ifndef PORTCLASS_NETNS_H
#define PORTCLASS_NETNS_H

#include <stdint.h>

/* Of this process; 0: not known. */
uint64_t netns_inode(void);

/* Of process 1, which in a container is its own; 0: not everybody may look at it. */
uint64_t netns_inode_first(void);

#endif
