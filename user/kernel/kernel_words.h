/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the kernel says through libbpf's log: shown with -v, and its own reason
 * for refusing a netlink request (extended acknowledgement) kept.
 */
#ifndef PORTCLASS_KERNEL_WORDS_H
#define PORTCLASS_KERNEL_WORDS_H

void kernel_words_listen(void);

/* The last reason since kernel_words_forget(); empty: none. It stays ours. */
const char *kernel_words_reason(void);
void kernel_words_forget(void);

#endif
