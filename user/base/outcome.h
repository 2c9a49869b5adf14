/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How a command, or a step of it, ends. Functions return an int: 0, an outcome that is
 * portclass's own, or -errno where the system refused and has said all that there is.
 */
#ifndef PORTCLASS_OUTCOME_H
#define PORTCLASS_OUTCOME_H

/* Below every -errno, so that no refusal of the system's is taken for one of these. */
enum outcome {
	OUTCOME_DONE = 0,
	OUTCOME_FIRST = -5000,
	OUTCOME_USAGE = OUTCOME_FIRST, /* the command line, or the settings in any place */
	OUTCOME_REFUSED = -5001,       /* the kernel or the system lacks what it takes */
	OUTCOME_FOREIGN = -5002,       /* pins or a program, not of this version of portclass */
	OUTCOME_NO_ROOM = -5003,       /* in the maps, for more services */
	OUTCOME_NOT_ATTACHED = -5004,
	OUTCOME_NO_INTERFACE = -5005, /* of that name in this network namespace */
	OUTCOME_NOT_FOUND = -5006,    /* no port, service or alias */
	OUTCOME_BUSY = -5007,	      /* the XDP slot is taken */
	OUTCOME_NOT_PERMITTED = -5008,
	OUTCOME_BAD_REGISTRY = -5009, /* or overlay: not there, not readable, not to be used */
	OUTCOME_LAST = OUTCOME_BAD_REGISTRY,
};

/* What a command ends with, see portclass(8). */
enum exit_status {
	EXIT_DONE = 0,
	EXIT_USAGE = 1,
	EXIT_REFUSED = 2,
	EXIT_NOTHING = 3,
	EXIT_BUSY = 4,
	EXIT_PERMISSION = 5,
	EXIT_BAD_REGISTRY = 6,
};

/* Of any -errno EXIT_REFUSED, but EXIT_PERMISSION where that is what it says. */
enum exit_status outcome_status(int err);

/* What it means, for people: of -errno what strerror(3) says. */
const char *outcome_words(int err);

#endif
