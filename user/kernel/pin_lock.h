/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * One change of the pins at a time, of all interfaces and processes.
 */
#ifndef PORTCLASS_PIN_LOCK_H
#define PORTCLASS_PIN_LOCK_H

/*
 * Make PIN_ROOT if it is not there, and lock it. What to release, or -errno, said: -EAGAIN
 * where it would have to wait, and shall not.
 */
int pin_lock_take(void);

/* From now on, of this process: who has it may be stopped, or worse. */
void pin_lock_never_wait(void);

/* PIN_ROOT goes with the last interface. */
void pin_lock_release(int lock);

#endif
