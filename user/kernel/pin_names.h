/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What is pinned below the directory of an interface, by what name: users and other
 * versions of portclass read these, too.
 */
#ifndef PORTCLASS_PIN_NAMES_H
#define PORTCLASS_PIN_NAMES_H

#define PIN_MAPS     "maps" /* as `bpftool prog loadall ... pinmaps` names what is in it */
#define PIN_PROGRAM  "prog/classify"
#define PIN_LINK     "link"	   /* pinned last: without a live one the rest is a leftover */
#define PIN_NEXT     "next"	   /* amid a swap only, see swap.c */
#define PIN_TAKEOVER "takeover"	   /* amid a take-over only, see takeover.c */
#define PIN_SERIES   "series"	   /* an agent's, see series_pin.h */
#define PIN_RENEWED  "series_next" /* until it takes that one's place */

/* Directories, and the names in them. */
#define PIN_PROGRAMS	 "prog"
#define PIN_CLASSIFY	 "classify"
#define PIN_TRAFFIC	 "traffic"
#define PIN_UNCLASSIFIED "unclassified"
#define PIN_ASSIGNMENTS	 "_data_assignments"
#define PIN_INFO	 "_rodata_info"

#endif
