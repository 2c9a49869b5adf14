/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Another table under an attached program.
 */
#ifndef PORTCLASS_SWAP_H
#define PORTCLASS_SWAP_H

#include "kernel/attach_options.h"

/* What datapath_swap() does, once it has the lock. */
int swap_program(const struct attach_options *options, struct attachment *attached);

#endif
