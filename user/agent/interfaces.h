/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The interfaces of this network namespace, as the kernel lists them over
 * rtnetlink(7), and word of their changes. Any change is answered by listing
 * anew: nothing can be missed that way, and what order changes come in is all one.
 */
#ifndef PORTCLASS_INTERFACES_H
#define PORTCLASS_INTERFACES_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

struct interface {
	unsigned int index;
	char name[IF_NAMESIZE];
	char *alternatives; /* further names, each with its NUL, an empty one last; owned. NULL:
			       none */
	bool loopback;
	bool default_route; /* IPv4 or IPv6, of the main table */
};

/* A zeroed one is closed. */
struct interfaces {
	struct interface *interfaces; /* owned */
	size_t count;
};

/* List them; without @routes nobody's default_route is set. 0 or -errno, said. */
int interfaces_read(struct interfaces *interfaces, bool routes);
void interfaces_close(struct interfaces *interfaces);

/* NULL: there is none such. */
const struct interface *interfaces_find(const struct interfaces *interfaces, unsigned int index);

/*
 * Add what the messages say: links, and routes of links that are there already.
 * Returns 1 at the end of a dump, 0 if there is more to come, or -errno: -EINTR the
 * dump contradicts itself, because something changed meanwhile.
 */
int interfaces_take(struct interfaces *interfaces, const void *messages, size_t size);

/* A descriptor that gets readable upon changes, not blocking; or -errno, said. */
int interfaces_listen(bool routes);

/* What the messages were about. */
struct interfaces_news {
	bool changed; /* something: list anew */
	bool deleted; /* an interface: what has its name and index now may be another */
};

/* Read all that is there to read. What can't be told is both. */
struct interfaces_news interfaces_news(int descriptor);

#endif
