// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * libbpf has no call that returns the kernel's reason: it only logs it.
 */
#include "kernel/kernel_words.h"

#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

static const char prefix[] = "libbpf: Kernel error message: ";
static char reason[256];

static int listen(enum libbpf_print_level level, const char *format, va_list arguments)
{
	char line[sizeof(prefix) - 1 + sizeof(reason)];

	(void)level;
	vsnprintf(line, sizeof(line), format, arguments);
	line[strcspn(line, "\n")] = '\0';
	log_debug("%s", line);
	if (!strncmp(line, prefix, strlen(prefix)))
		snprintf(reason, sizeof(reason), "%s", line + strlen(prefix));
	return 0;
}

void kernel_words_listen(void)
{
	libbpf_set_print(listen);
}

const char *kernel_words_reason(void)
{
	return reason;
}

void kernel_words_forget(void)
{
	reason[0] = '\0';
}
