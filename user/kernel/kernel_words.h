/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the kernel says through libbpf's log: shown with -v, and its own reason
 * for refusing a netlink request (extended acknowledgement) kept.
 */
#ifndef PORTCLASS_KERNEL_WORDS_H
#define PORTCLASS_KERNEL_WORDS_H

/* From now on libbpf's log comes here. Once for the process; it can't fail. */
void kernel_words_listen(void);

/*
 * The last reason since kernel_words_forget(), one line, at most 255 bytes; empty: none.
 * It stays ours, and good until the kernel gives another.
 */
const char *kernel_words_reason(void);
void kernel_words_forget(void);

#endif
