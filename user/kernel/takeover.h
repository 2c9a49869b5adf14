/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The program of this version of portclass in the place of another version's.
 */
#ifndef PORTCLASS_TAKEOVER_H
#define PORTCLASS_TAKEOVER_H

#include "kernel/attach_options.h"
#include "kernel/program.h"

/*
 * Put @program, which has maps of its own, behind the link of @attachment, which is of another
 * version and runs here, and its pins in the place of those. The mode stays. No frame passes
 * unseen; what was counted is forgotten. Returns 0 or -errno, said, or OUTCOME_BUSY: a program
 * that is nobody's of portclass runs there. On failure all is as it was, or is ended by the next
 * takeover_finish().
 */
int takeover_program(const struct program *program, const struct attach_options *options,
		     struct attachment *attachment);

/*
 * End or undo what a take-over that was killed has left of the pins of @interface; @attachment
 * is what attachment_find() tells then. 0 or -errno, said.
 */
int takeover_finish(struct attachment *attachment, const char *interface);

#endif
