/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The directory of the BPF file system below which everything of portclass is pinned.
 */
#ifndef PORTCLASS_PIN_ROOT_H
#define PORTCLASS_PIN_ROOT_H

#define BPF_ROOT "/sys/fs/bpf"
#define PIN_ROOT BPF_ROOT "/portclass"

/* Whether the BPF file system is there. 0 or OUTCOME_REFUSED, said. */
int pin_root_check_mount(void);

/*
 * Mount it if it is not there, for root alone, where it stays when this process is gone: in
 * the mount namespace of process 1. It takes CAP_SYS_ADMIN. Said if done; what came of it,
 * pin_root_check_mount() says.
 */
void pin_root_mount(void);

/*
 * Open PIN_ROOT itself. A descriptor, or -errno, said but for -ENOENT, or OUTCOME_FOREIGN:
 * another has made it, or may write to it.
 */
int pin_root_open(void);

/* Remove a directory and what is pinned below it, if it is there. 0 or -errno, said. */
int pin_root_remove(const char *directory);

#endif
