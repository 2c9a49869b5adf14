/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which capabilities the process lacks, in words.
 */
#ifndef PORTCLASS_CAPABILITY_H
#define PORTCLASS_CAPABILITY_H

/* What loading and attaching takes. 0, or OUTCOME_NOT_PERMITTED naming what is missing. */
int capability_check_attach(const char *what);

/*
 * Say that @what failed with @err; if it was refused for want of privileges,
 * name the capabilities that are missing. Returns @err.
 */
int capability_explain(int err, const char *what);

/*
 * Give up all but what attaching takes, for good, and have even that in effect
 * only between capability_raise() and capability_lower(), which do nothing before.
 * They do not nest. Returns 0 or -errno, said.
 */
int capability_drop(void);
void capability_raise(void);
void capability_lower(void);

#endif
