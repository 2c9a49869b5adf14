/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Keeps the classifier on the interfaces that the settings want, and the node true:
 * adopts what is attached already, attaches what is not, tries again what failed.
 */
#ifndef PORTCLASS_KEEPER_H
#define PORTCLASS_KEEPER_H

#include "agent/interfaces.h"
#include "agent/node.h"
#include "agent/settings.h"

/* Its own; a zeroed one is closed. */
struct keeper {
	const struct settings *settings;
	struct node *node;
	struct interfaces interfaces; /* as listed last */
	bool stale;		      /* they have changed since */
	bool unfinished;	      /* some that are not wanted any more are there yet */
	bool littered;		      /* pins that nobody needs may be there, see clear_gone() */
	bool changed;		      /* something was done, or tried */
	uint64_t looked;	      /* ns of CLOCK_MONOTONIC: at what is attached; 0: now */
	uint64_t glanced;	      /* the same: at whether links are live */
	uint64_t locked_out;	      /* since when another has the lock of the pins; 0: none has */
	bool lock_said;		      /* to the log */
	bool renewed;		      /* an interface was deleted since the last look */
	bool idle;		      /* there was nothing to keep */
};

/* @node has its table already; both stay the caller's, and outlive the keeper. */
void keeper_open(struct keeper *keeper, const struct settings *settings, struct node *node);
void keeper_close(struct keeper *keeper);

/*
 * Interfaces have changed: they are listed anew; and where one was @deleted, what is attached
 * is looked at, too. Whether that is news since they were listed last.
 */
bool keeper_note_change(struct keeper *keeper, bool deleted);

/* Whether default routes matter to the settings. */
bool keeper_wants_routes(const struct keeper *keeper);

/*
 * Bring node and kernel a step closer, saying what has changed. Waits for nobody. Returns in
 * how many ns to call it again, if nothing happens before; 0: there is more to do. @changed:
 * whether the node may be another than before.
 */
uint64_t keeper_update(struct keeper *keeper, bool *changed);

/*
 * Have the node's table put under every interface, and try at once what waits for
 * another try, in the next calls of keeper_update().
 */
void keeper_refresh(struct keeper *keeper);

/* Take the classifier off every interface; of others who are at the pins, wait seconds at most. */
void keeper_detach(struct keeper *keeper);

#endif
