// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* What rtnetlink says, aligned as a socket's buffer is. */
#include <stdlib.h>
#include <string.h>

#include "interfaces.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct interfaces interfaces = { 0 };
	void *messages = malloc(size ? size : 1);
	int err;

	fuzz_check(messages);
	memcpy(messages, bytes, size);
	err = interfaces_take(&interfaces, messages, size);
	fuzz_check(err <= 1);
	for (size_t i = 0; i < interfaces.count; i++) {
		const struct interface *interface = &interfaces.interfaces[i];

		fuzz_check(memchr(interface->name, '\0', sizeof(interface->name)));
		fuzz_check(interfaces_find(&interfaces, interface->index));
	}
	interfaces_close(&interfaces);
	free(messages);
	return 0;
}
