/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the frames of an interface begin with, by its kind of device.
 */
#ifndef PORTCLASS_LINK_LAYER_H
#define PORTCLASS_LINK_LAYER_H

#include "abi.h"

/*
 * Ask the kernel. 0 or -errno, said: OUTCOME_REFUSED, frames of a kind that is not read here,
 * OUTCOME_NO_INTERFACE.
 */
int link_layer_of(enum link_layer *layer, const char *interface);

#endif
