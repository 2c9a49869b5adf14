// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The compiler: which row wins a port, what becomes an assignment, how they rank.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiled.h"

#define ALIAS_OF(name) "\"This entry is an alias to \"\"" name "\"\"\""
#define CONFLICT       "<== NOTE Conflict on this port !"
#define WIDESPREAD     "This entry records an unassigned but widespread use"
#define DUPLICATE      "This is a duplicate of the \"\"http\"\" service"
#define NAME_OF_55     "namespace-of-a-customer/service-with-a-long-name:port-8"
#define NAME_OF_63     "namespace-of-a-customer/service-with-a-rather-long-name:port-80"

/* clang-format off */

/* Rows of files, and what they make of one port. */
static const struct port_case {
	const char *name;
	const char *rows;
	const char *overlays[COMPILED_OVERLAYS_MAX];
	enum transport transport;
	uint16_t port;
	struct assignment want;
	unsigned int line;	/* of a warning */
	const char *said;	/* in it; NULL: nothing may be said */
} port_cases[] = {
#define TCP .transport = TRANSPORT_TCP
#define UDP .transport = TRANSPORT_UDP
#define SCTP .transport = TRANSPORT_SCTP
#define NAMED(service, first, last, class) \
	.want = { service, "", first, last, 0, class, STATUS_ASSIGNED, ORIGIN_REGISTRY }
#define ALSO(service, aliases, first, last, class) \
	.want = { service, aliases, first, last, 0, class, STATUS_ASSIGNED, ORIGIN_REGISTRY }
#define MINE(service, aliases, first, last, class) \
	.want = { service, aliases, first, last, 0, class, STATUS_ASSIGNED, ORIGIN_OVERLAY }
#define NAMELESS(first, last, class, status) \
	.want = { "", "", first, last, 0, class, status, ORIGIN_REGISTRY }

	{ "one service", "https,443,tcp,,,\n", TCP, .port = 443,
	  NAMED("https", 443, 443, CLASS_SYSTEM) },
	{ "its other transport", "https,443,tcp,,,\n", UDP, .port = 443,
	  NAMELESS(0, 1023, CLASS_SYSTEM, STATUS_UNASSIGNED) },
	{ "a port that no row lists", "https,443,tcp,,,\n", TCP, .port = 2000,
	  NAMELESS(1024, 32767, CLASS_USER, STATUS_UNASSIGNED) },
	{ "a dynamic port", "https,443,tcp,,,\n", TCP, .port = 49152,
	  NAMELESS(49152, 65535, CLASS_DYNAMIC, STATUS_DYNAMIC) },

	{ "Unassigned is the lowest, before", ",7748-7776,,Unassigned,,\ninetfs,7775,tcp,,,\n",
	  TCP, .port = 7775, NAMED("inetfs", 7775, 7775, CLASS_USER) },
	{ "Unassigned is the lowest, behind", "pushns,7997,tcp,,,\n,7983-7997,,Unassigned,,\n",
	  TCP, .port = 7997, NAMED("pushns", 7997, 7997, CLASS_USER) },
	{ "Unassigned with a transport is as low", ",47,tcp,Unassigned,,\n,47,,Reserved,,\n",
	  TCP, .port = 47, NAMELESS(0, 1023, CLASS_SYSTEM, STATUS_RESERVED) },
	{ "Unassigned beside a service", ",7748-7776,,Unassigned,,\ninetfs,7775,tcp,,,\n",
	  UDP, .port = 7775, NAMELESS(1024, 32767, CLASS_USER, STATUS_UNASSIGNED) },
	{ "named beats reserved", ",700,tcp,Reserved,,\nepp,700,tcp,,,\n", TCP, .port = 700,
	  NAMED("epp", 700, 700, CLASS_SYSTEM) },
	{ "reserved beats blank named", "any,700,,,,\n,700,udp,Reserved,,\n", UDP, .port = 700,
	  NAMELESS(0, 1023, CLASS_SYSTEM, STATUS_RESERVED) },
	{ "free form beats blank named", "any,700,,,,\n,700,udp,Removed,,\n", UDP, .port = 700,
	  NAMELESS(0, 1023, CLASS_SYSTEM, STATUS_RESERVED) },
	{ "blank named beats blank reserved", ",700,,Reserved,,\nany,700,,,,\n", TCP, .port = 700,
	  NAMED("any", 700, 700, CLASS_SYSTEM) },
	{ "named beats blank named", "any,700,,,,\none,700,tcp,,,\n", TCP, .port = 700,
	  NAMED("one", 700, 700, CLASS_SYSTEM) },
	{ "blank named is udp too", "any,700,,,,\n", UDP, .port = 700,
	  NAMED("any", 700, 700, CLASS_SYSTEM) },
	{ "blank named is not sctp", "any,700,,,,\n", SCTP, .port = 700,
	  NAMELESS(0, 1023, CLASS_SYSTEM, STATUS_UNASSIGNED) },
	{ "blank reserved is every transport", ",49151,,Reserved,[RFC6335],\n", SCTP,
	  .port = 49151, NAMELESS(32768, 49151, CLASS_USER, STATUS_RESERVED) },
	{ "a name beats its description", "stun-behaviors,5349,udp,"
	  "Reserved for a future enhancement,,\n", UDP, .port = 5349,
	  NAMED("stun-behaviors", 5349, 5349, CLASS_USER) },
	{ "free form, given back", ",2825,,(unassigned) Possibly assigned,,\n", TCP, .port = 2825,
	  NAMELESS(1024, 32767, CLASS_USER, STATUS_UNASSIGNED) },
	{ "free form, given back, capital", ",15,tcp,Unassigned [was netstat],,\n", TCP,
	  .port = 15, NAMELESS(0, 1023, CLASS_SYSTEM, STATUS_UNASSIGNED) },
	{ "free form given back beats blank", "any,15,,,,\n,15,tcp,Unassigned [was netstat],,\n",
	  TCP, .port = 15, NAMELESS(0, 1023, CLASS_SYSTEM, STATUS_UNASSIGNED) },
	{ "free form, otherwise", ",24,tcp,any private mail system,,\n", TCP, .port = 24,
	  NAMELESS(0, 1023, CLASS_SYSTEM, STATUS_RESERVED) },
	{ "a service without ports", "mqtt,,tcp,,,\n", TCP, .port = 0,
	  NAMELESS(0, 1023, CLASS_SYSTEM, STATUS_UNASSIGNED) },

	{ "the conflicting one yields", "shilp,2049,tcp,,," CONFLICT "\nnfs,2049,tcp,,,\n", TCP,
	  .port = 2049, ALSO("nfs", "shilp", 2049, 2049, CLASS_USER) },
	{ "widespread use yields", "bhoetty,351,tcp,,," WIDESPREAD "\nmatip,351,tcp,,,\n", TCP,
	  .port = 351, ALSO("matip", "bhoetty", 351, 351, CLASS_SYSTEM) },
	{ "duplicates yield", "www,80,tcp,,[RFC9110],\"" DUPLICATE "\"\nhttp,80,tcp,,,\n"
	  "www-http,80,tcp,,,\"" DUPLICATE "\"\n", TCP, .port = 80,
	  ALSO("http", "www www-http", 80, 80, CLASS_SYSTEM) },
	{ "an alias yields", "b,80,tcp,,[RFC1]," ALIAS_OF("a") "\na,80,tcp,,,\n", TCP, .port = 80,
	  ALSO("a", "b", 80, 80, CLASS_SYSTEM) },
	{ "an alias of none that is there", "b,80,tcp,,," ALIAS_OF("a") "\n", TCP, .port = 80,
	  NAMED("b", 80, 80, CLASS_SYSTEM) },
	{ "two aliases of none that is there", "b,80,tcp,,," ALIAS_OF("a") "\nc,80,tcp,,,"
	  ALIAS_OF("a") "\n", TCP, .port = 80, ALSO("b", "c", 80, 80, CLASS_SYSTEM) },
	{ "an RFC decides", "urd,465,tcp,,,\nsubmissions,465,tcp,,[RFC8314],\n", TCP, .port = 465,
	  ALSO("submissions", "urd", 465, 465, CLASS_SYSTEM) },
	{ "a draft is no RFC", "urd,465,tcp,,,\nnew,465,tcp,,[RFC-ietf-ippm-25],\n", TCP,
	  .port = 465, ALSO("urd", "new", 465, 465, CLASS_SYSTEM),
	  .line = 3, .said = "conflict: line 2 has 465/tcp as urd already" },
	{ "else the first wins, said", "mdqs,666,udp,,,\ndoom,666,udp,,,\n", UDP, .port = 666,
	  ALSO("mdqs", "doom", 666, 666, CLASS_SYSTEM),
	  .line = 3, .said = "conflict: line 2 has 666/udp as mdqs already" },
	{ "the same row twice is no conflict", "mdqs,666,udp,,,\nmdqs,666,udp,,,\n", UDP,
	  .port = 666, NAMED("mdqs", 666, 666, CLASS_SYSTEM) },
	{ "blank is no other name", "any,700,,,,\none,700,tcp,,,\n", UDP, .port = 700,
	  NAMED("any", 700, 700, CLASS_SYSTEM) },

	{ "a range", "x11,6000-6063,tcp,,,\n", TCP, .port = 6010,
	  NAMED("x11", 6000, 6063, CLASS_USER) },
	{ "a reserved row is no hole", "x11,6000-6063,tcp,,,\n,6010,tcp,Reserved,,\n", TCP,
	  .port = 6000, NAMED("x11", 6000, 6063, CLASS_USER) },
	{ "a hole in a blank range, below", "x11,6000-6063,,,,\nmine,6010,tcp,,,\n", TCP,
	  .port = 6000, NAMED("x11", 6000, 6009, CLASS_USER) },
	{ "a hole in a blank range, above", "x11,6000-6063,,,,\nmine,6010,tcp,,,\n", TCP,
	  .port = 6063, NAMED("x11", 6011, 6063, CLASS_USER) },
	{ "a hole in a blank range, beside", "x11,6000-6063,,,,\nmine,6010,tcp,,,\n", UDP,
	  .port = 6063, NAMED("x11", 6000, 6063, CLASS_USER) },
	{ "other aliases within a range", "x11,6000-6063,tcp,,,\nb,6010-6011,tcp,,,"
	  ALIAS_OF("x11") "\n", TCP, .port = 6011, ALSO("x11", "b", 6010, 6011, CLASS_USER) },
	{ "an alias of a part that has one", "x11,6000-6063,tcp,,,\nb,6011,tcp,,,"
	  ALIAS_OF("x11") "\nc,6010-6012,tcp,,," ALIAS_OF("x11") "\n", TCP, .port = 6011,
	  ALSO("x11", "b c", 6011, 6011, CLASS_USER) },
	{ "cut at the user class, below", "wide,1000-2000,tcp,,,\n", TCP, .port = 1023,
	  NAMED("wide", 1000, 1023, CLASS_SYSTEM) },
	{ "cut at the user class, above", "wide,1000-2000,tcp,,,\n", TCP, .port = 1024,
	  NAMED("wide", 1024, 2000, CLASS_USER) },
	{ "cut at the ephemeral range, below", "wide,32000-33000,tcp,,,\n", TCP, .port = 32767,
	  NAMED("wide", 32000, 32767, CLASS_USER) },
	{ "cut at the ephemeral range, inside", "wide,32000-33000,tcp,,,\n", TCP, .port = 32768,
	  NAMED("wide", 32768, 33000, CLASS_USER) },
	{ "a registry ends below dynamic ports", "wide,49000-50000,tcp,,,\n", TCP, .port = 49151,
	  NAMED("wide", 49000, 49151, CLASS_USER), .line = 2, .said = "an overlay can name them" },
	{ "dynamic ports stay so", "wide,49000-50000,tcp,,,\n", TCP, .port = 49152,
	  NAMELESS(49152, 65535, CLASS_DYNAMIC, STATUS_DYNAMIC),
	  .line = 2, .said = "wide: ports from 49152 stay dynamic" },

	{ "a name against RFC 6335", "sql*net,66,tcp,,,\n", TCP, .port = 66,
	  NAMED("sql*net", 66, 66, CLASS_SYSTEM), .line = 2, .said = "breaks the syntax of RFC 6335" },
	{ "an overlay's names are free", "https,443,tcp,,,\n", { "shop/front:http 80/tcp\n" }, TCP,
	  .port = 80, MINE("shop/front:http", "", 80, 80, CLASS_SYSTEM) },
	{ "an overlay beats the registry", "https,443,tcp,,,\n", { "mine 443/tcp\n" }, TCP,
	  .port = 443, MINE("mine", "", 443, 443, CLASS_SYSTEM) },
	{ "without the registry's aliases", "http,80,tcp,,,\nb,80,tcp,,," ALIAS_OF("http") "\n",
	  { "mine 80/tcp\n" }, TCP, .port = 80, MINE("mine", "", 80, 80, CLASS_SYSTEM) },
	{ "on its transport only", "domain,53,tcp,,,\ndomain,53,udp,,,\n", { "mine 53/tcp\n" },
	  UDP, .port = 53, NAMED("domain", 53, 53, CLASS_SYSTEM) },
	{ "the last overlay wins", "https,443,tcp,,,\n", { "one 443/tcp\n", "two 443/tcp\n" }, TCP,
	  .port = 443, MINE("two", "", 443, 443, CLASS_SYSTEM) },
	{ "the earlier one still counts", "https,443,tcp,,,\n",
	  { "one 440-450/tcp\n", "two 443/tcp\n" }, TCP, .port = 444,
	  MINE("one", "", 444, 450, CLASS_SYSTEM) },
	{ "the first of one overlay wins", "https,443,tcp,,,\n", { "one 443/tcp\ntwo 443/tcp\n" },
	  TCP, .port = 443, MINE("one", "two", 443, 443, CLASS_SYSTEM),
	  .line = 2, .said = "conflict: line 1 has 443/tcp as one already" },
	{ "the narrower of one overlay wins, above", "https,443,tcp,,,\n",
	  { "wide 400-500/tcp\none 443/tcp\n" }, TCP, .port = 443,
	  MINE("one", "", 443, 443, CLASS_SYSTEM) },
	{ "the narrower of one overlay wins, below", "https,443,tcp,,,\n",
	  { "one 443/tcp uno\nwide 400-500/tcp all\n" }, TCP, .port = 443,
	  MINE("one", "uno", 443, 443, CLASS_SYSTEM) },
	{ "the wider one has the ports beside it", "https,443,tcp,,,\n",
	  { "one 443/tcp\nwide 400-500/tcp\n" }, TCP, .port = 444,
	  MINE("wide", "", 444, 500, CLASS_SYSTEM) },
	{ "of three the narrowest", "https,443,tcp,,,\n",
	  { "two 440-449/tcp\none 443/tcp\nwide 400-500/tcp\n" }, TCP, .port = 443,
	  MINE("one", "", 443, 443, CLASS_SYSTEM) },
	{ "as narrow, and so the first", "https,443,tcp,,,\n",
	  { "one 440-444/tcp\ntwo 443-447/tcp\n" }, TCP, .port = 443,
	  MINE("one", "two", 443, 444, CLASS_SYSTEM),
	  .line = 2, .said = "conflict: line 1 has 443/tcp as one already" },
	{ "a wide row of a later overlay wins over a narrow one", "https,443,tcp,,,\n",
	  { "one 443/tcp\n", "wide 400-500/tcp\n" }, TCP, .port = 443,
	  MINE("wide", "", 400, 500, CLASS_SYSTEM) },
	{ "a registry goes by its own rules", "wide,400-500,tcp,,,\none,443,tcp,,,\n", TCP,
	  .port = 443, ALSO("wide", "one", 443, 443, CLASS_SYSTEM),
	  .line = 3, .said = "conflict: line 2 has 443/tcp as wide already" },
	{ "an overlay's aliases", "https,443,tcp,,,\n", { "one 443/tcp uno one eins uno\n" }, TCP,
	  .port = 443, MINE("one", "uno eins", 443, 443, CLASS_SYSTEM) },
	{ "several transports", "https,443,tcp,,,\n", { "mine 9000/tcp/udp/sctp\n" }, SCTP,
	  .port = 9000, MINE("mine", "", 9000, 9000, CLASS_USER) },
	{ "an overlay's dynamic ports", "https,443,tcp,,,\n", { "mine 60000-62000/udp\n" }, UDP,
	  .port = 61500, MINE("mine", "", 60000, 62000, CLASS_DYNAMIC) },
	{ "cut at the dynamic class", "https,443,tcp,,,\n", { "mine 49100-49200/udp\n" }, UDP,
	  .port = 49200, MINE("mine", "", 49152, 49200, CLASS_DYNAMIC) },
	{ "the last port", "https,443,tcp,,,\n", { "mine 65535/udp\n" }, UDP, .port = 65535,
	  MINE("mine", "", 65535, 65535, CLASS_DYNAMIC) },
	{ "63 characters", "https,443,tcp,,,\n", { NAME_OF_63 " 80/tcp\n" }, TCP, .port = 80,
	  MINE(NAME_OF_63, "", 80, 80, CLASS_SYSTEM) },
	{ "room for 55 characters", "https,443,tcp,,,\n", { "one 443/tcp " NAME_OF_55 "\n" }, TCP,
	  .port = 443, MINE("one", NAME_OF_55, 443, 443, CLASS_SYSTEM) },
	{ "no room for 56", "https,443,tcp,,,\n", { "one 443/tcp x" NAME_OF_55 "\n" }, TCP,
	  .port = 443, MINE("one", "", 443, 443, CLASS_SYSTEM),
	  .line = 1, .said = "x" NAME_OF_55 " is left out" },
	{ "no room for all aliases", "https,443,tcp,,,\n",
	  { "one 443/tcp " NAME_OF_63 " two three\n" }, TCP, .port = 443,
	  MINE("one", "two three", 443, 443, CLASS_SYSTEM), .line = 1, .said = NAME_OF_63 " is left out" },
};

/* clang-format on */

static void check_port(const struct port_case *c, struct compiled *compiled)
{
	const struct assignment *found;
	struct assignment want = c->want;

	want.transport = (__u8)c->transport;
	assert_int_equal(compiled_compile(compiled), 0);
	compiled_check(compiled, c->name);
	found = port_table_find(&compiled->table, c->transport, c->port);
	if (memcmp(found, &want, sizeof(want)))
		fail_msg("%s: found '%s' (also '%s') %u-%u, status %s, origin %s", c->name,
			 found->service, found->aliases, found->first, found->last,
			 status_name(found->status), origin_name(found->origin));
	if (c->said ? !collect_has(&compiled->collect, SEVERITY_WARNING, c->line, c->said)
		    : compiled->collect.count > 0) {
		collect_print(&compiled->collect);
		fail_msg("%s: these are not the words expected", c->name);
	}
}

static void ports_get_the_row_that_wins(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(port_cases) / sizeof(port_cases[0]); i++) {
		struct compiled *compiled = compiled_new();

		compiled_parse_rows(compiled, port_cases[i].rows);
		for (size_t n = 0; n < COMPILED_OVERLAYS_MAX && port_cases[i].overlays[n]; n++)
			compiled_parse_overlay(compiled, port_cases[i].overlays[n], "services");
		check_port(&port_cases[i], compiled);
		compiled_free(compiled);
	}
}

static void the_same_name_on_two_ports_is_two_assignments(void **state)
{
	struct compiled *compiled = compiled_new();

	(void)state;
	compiled_parse_rows(compiled, "epp,700,tcp,,,\nepp,701,tcp,,,\nepp,3044,tcp,,,\n");
	assert_int_equal(compiled_compile(compiled), 0);
	compiled_check(compiled, "epp");
	assert_int_equal(port_table_find(&compiled->table, TRANSPORT_TCP, 700)->last, 700);
	assert_int_equal(port_table_find(&compiled->table, TRANSPORT_TCP, 701)->first, 701);
	assert_string_equal(port_table_find(&compiled->table, TRANSPORT_TCP, 3044)->service, "epp");
	compiled_free(compiled);
}

/* `lookup` shows which row and file an answer came from. */
static void the_row_that_decided_is_kept(void **state)
{
	struct compiled *compiled = compiled_new();

	(void)state;
	compiled_parse_rows(compiled, "https,443,tcp,,,\n,444,,Reserved,,\n");
	compiled_parse_overlay(compiled, "mine 445/tcp\n", "services");
	assert_int_equal(compiled_compile(compiled), 0);
	assert_ptr_equal(compiled->table.records[TRANSPORT_TCP][443],
			 &compiled->registry.records[0]);
	assert_ptr_equal(compiled->table.records[TRANSPORT_DCCP][444],
			 &compiled->registry.records[1]);
	assert_ptr_equal(compiled->table.records[TRANSPORT_TCP][445],
			 &compiled->overlays[0].records[0]);
	assert_null(compiled->table.records[TRANSPORT_UDP][443]);
	compiled_free(compiled);
}

static void an_overlay_does_not_unname_ports(void **state)
{
	struct compiled *compiled = compiled_new();

	(void)state;
	compiled_parse_rows(compiled, "https,443,tcp,,,\n");
	compiled_parse_overlay(compiled, COMPILED_HEADER ",443,,Reserved,,\nmine,444,,,,\n", "csv");
	assert_int_equal(compiled_compile(compiled), 0);
	compiled_check(compiled, "overlay");
	assert_string_equal(port_table_find(&compiled->table, TRANSPORT_TCP, 443)->service,
			    "https");
	assert_string_equal(port_table_find(&compiled->table, TRANSPORT_UDP, 444)->service, "mine");
	assert_true(collect_has(&compiled->collect, SEVERITY_WARNING, 2, "an overlay names ports"));
	compiled_free(compiled);
}

/* Nameless user ports by the ephemeral range: one assignment for each side. */
static const struct range_case {
	const char *name;
	uint16_t first, last;
	uint16_t ends[4]; /* where the assignments begin, 0 behind the last */
} range_cases[] = {
	{ "as Linux has it", 32768, 60999, { 1024, 32768 } },
	{ "with ports above", 20000, 29999, { 1024, 20000, 30000 } },
	{ "one port", 20000, 20000, { 1024, 20000, 20001 } },
	{ "all user ports", 1024, 49151, { 1024 } },
	{ "all ports", 0, 65535, { 1024 } },
	{ "IANA's dynamic ports", 49152, 65535, { 1024 } },
	{ "from the lowest user port", 1024, 30000, { 1024, 30001 } },
	{ "to the highest user port", 40000, 49151, { 1024, 40000 } },
	{ "system ports only", 100, 1023, { 1024 } },
};

static void the_ephemeral_range_divides_user_ports(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(range_cases) / sizeof(range_cases[0]); i++) {
		const struct range_case *c = &range_cases[i];
		struct compiled *compiled = compiled_new();
		size_t found = 0;

		compiled->input.ephemeral_first = c->first;
		compiled->input.ephemeral_last = c->last;
		compiled_parse_rows(compiled, "any,1-49151,tcp,,,\n");
		assert_int_equal(compiled_compile(compiled), 0);
		compiled_check(compiled, c->name);
		for (uint16_t port = 1024; port < 49152; port++) {
			if (port_table_find(&compiled->table, TRANSPORT_UDP, port)->first != port)
				continue;
			if (found == 4 || port != c->ends[found])
				fail_msg("%s: cut at %u", c->name, port);
			assert_int_equal(
				port_table_find(&compiled->table, TRANSPORT_TCP, port)->first,
				port);
			found++;
		}
		assert_true(found == 4 || c->ends[found] == 0);
		compiled_free(compiled);
	}
}

static void a_range_that_ends_before_it_begins_is_refused(void **state)
{
	struct compiled *compiled = compiled_new();

	(void)state;
	compiled_parse_rows(compiled, "https,443,tcp,,,\n");
	compiled->input.ephemeral_first = 60999;
	compiled->input.ephemeral_last = 32768;
	assert_int_equal(compiled_compile(compiled), -EINVAL);
	assert_int_equal(compiled->collect.count, 0);
	assert_null(compiled->table.assignments);
	compiled_free(compiled);
}

/* Rows for the ports from 1, a service each, on all transports but the last. */
static char *many_rows(uint32_t ports)
{
	char *text, *end;

	end = text = malloc(ports * 32 + 1);
	assert_non_null(text);
	*end = '\0';
	for (uint32_t port = 1; port <= ports; port++)
		end += sprintf(end, "s%u %u/tcp/udp\n", port, port);
	return text;
}

/* Of what is too much the last overlay is one too many; all the files are named. */
static void check_blame(const struct compiled *compiled)
{
	assert_true(
		collect_has(&compiled->collect, SEVERITY_ERROR, 0, "more than 65536 assignments"));
	assert_true(collect_has(&compiled->collect, SEVERITY_ERROR, 0,
				"(overlays: overlay.services; registry: rows.csv)"));
	assert_string_equal(compiled->collect.items[0].file, "overlay.services");
}

/* With @ports of tcp and udp named, 65,536 - 2 * @ports are left for the nameless. */
static int compile_many(uint32_t ports, uint32_t *count)
{
	struct compiled *compiled = compiled_new();
	char *text = many_rows(ports);
	int err;

	compiled_parse_rows(compiled, "https,443,tcp,,,\n");
	compiled_parse_overlay(compiled, text, "services");
	err = compiled_compile(compiled);
	*count = compiled->table.count;
	if (!err)
		compiled_check(compiled, "many");
	else
		check_blame(compiled);
	assert_int_equal(compiled->collect.diagnostics.errors, err ? 1 : 0);
	compiled_free(compiled);
	free(text);
	return err;
}

static void sixteen_bits_of_assignments_are_the_most(void **state)
{
	uint32_t count, nameless;

	(void)state;
	/* Of tcp and udp the last, dynamic one is left; of sctp and dccp 4 each; and
	 * those of port 0 for tcp and udp.
	 */
	assert_int_equal(compile_many(32000, &count), 0);
	nameless = count - 2 * 32000;
	assert_int_equal(compile_many((SLOTS_MAX - nameless) / 2, &count), 0);
	assert_int_equal(count, SLOTS_MAX);
	assert_int_equal(compile_many((SLOTS_MAX - nameless) / 2 + 1, &count), -EBADMSG);
	assert_int_equal(count, 0);
}

/* The same without an overlay: there is nothing but the registry to blame. */
static void a_registry_with_too_many_is_blamed_itself(void **state)
{
	struct compiled *compiled = compiled_new();
	char *text = many_rows(SLOTS_MAX / 2);

	(void)state;
	assert_int_equal(registry_parse(&compiled->registry, "big.services", text, strlen(text),
					"services", &compiled->collect.diagnostics),
			 0);
	for (size_t i = 0; i < compiled->registry.count; i++)
		compiled->registry.records[i].transports |= 1 << TRANSPORT_SCTP;
	assert_int_equal(compiled_compile(compiled), -EBADMSG);
	assert_true(
		collect_has(&compiled->collect, SEVERITY_ERROR, 0, "more than 65536 assignments"));
	assert_false(collect_has(&compiled->collect, SEVERITY_ERROR, 0, "overlay"));
	assert_string_equal(compiled->collect.items[0].file, "big.services");
	compiled_free(compiled);
	free(text);
}

static void an_alias_is_checked_like_a_name(void **state)
{
	static const char text[] = "a 1/tcp b\nc 2/tcp d sql*net\n";
	struct compiled *compiled = compiled_new();

	(void)state;
	assert_int_equal(registry_parse(&compiled->registry, "services", text, strlen(text), NULL,
					&compiled->collect.diagnostics),
			 0);
	compiled_parse_overlay(compiled, "mine 3/tcp any/thing:3\n", "services");
	assert_int_equal(compiled_compile(compiled), 0);
	assert_int_equal(compiled->collect.count, 1);
	assert_true(collect_has(&compiled->collect, SEVERITY_WARNING, 2,
				"the alias 'sql*net' breaks the syntax of RFC 6335"));
	compiled_free(compiled);
}

/* Which of two ports ranks first: that of the lower rank. */
static const struct large_case {
	const char *name;
	const char *overlay;
	uint16_t first, second;
} larges[] = {
	{ "1,024 ports: what the operator says", "range 20000-21023/tcp\n", 21023, 443 },
	{ "1,025 are below system ports", "range 20000-21024/tcp\n", 443, 20000 },
	{ "and below user ports", "range 20000-21024/tcp\n", 3306, 20000 },
	{ "above reserved ones", "range 20000-21024/tcp\n", 20000, 400 },
	{ "above those of clients", "range 30000-40000/tcp\n", 39999, 45000 },
	{ "each part of it", "range 20000-30000/tcp\none 25000/tcp\n", 3306, 25001 },
	{ "what is narrower in it is the operator's word", "range 20000-30000/tcp\none 25000/tcp\n",
	  25000, 443 },
};

static void an_overlay_of_many_ports_ranks_below_assigned_ones(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(larges) / sizeof(larges[0]); i++) {
		const struct large_case *c = &larges[i];
		struct compiled *compiled = compiled_new();
		const uint32_t *entries = compiled->table.entries[TRANSPORT_TCP];

		compiled_parse_rows(compiled, "https,443,tcp,,,\nmysql,3306,tcp,,,\n"
					      "late,45000,tcp,,,\n,400,tcp,Reserved,,\n");
		compiled_parse_overlay(compiled, c->overlay, NULL);
		assert_int_equal(compiled_compile(compiled), 0);
		compiled_check(compiled, c->name);
		if (entries[c->first] >= entries[c->second])
			fail_msg("%s: %u ranks below %u", c->name, c->first, c->second);
		compiled_free(compiled);
	}
}

static void a_registry_has_rows_and_an_overlay_may_have_none(void **state)
{
	struct compiled *compiled = compiled_new();

	(void)state;
	compiled_parse_rows(compiled, "https,443,tcp,,,\n");
	compiled_parse_overlay(compiled, "# later\n", NULL);
	assert_int_equal(compiled_compile(compiled), 0);
	compiled_check(compiled, "an empty overlay");
	assert_int_equal(compiled->collect.count, 0);
	compiled_free(compiled);

	compiled = compiled_new();
	compiled_parse_rows(compiled, "");
	compiled_parse_overlay(compiled, "https 443/tcp\n", NULL);
	assert_int_equal(compiled_compile(compiled), -EBADMSG);
	assert_true(collect_has(&compiled->collect, SEVERITY_ERROR, 0, "no row"));
	assert_string_equal(compiled->collect.items[0].file, "rows.csv");
	compiled_free(compiled);
}

static const struct fit {
	const char *name, *fitted;
} fits[] = {
	{ "", "" },
	{ "short/name:port", "short/name:port" },
	{ "monitoring/some-long-stack-release-prometheus-node-exporter:metrics",
	  "monito/some-long-stack-release-prometheus-node-exporter:metrics" },
	{ "n234567890123456789012345678901234567890123456789012345678901234567890/a:b",
	  "n2345678901234567890123456789012345678901234567890123456789/a:b" },
	{ "/s234567890123456789012345678901234567890123456789012345678901234567890",
	  "/s2345678901234567890123456789012345678901234567890123456789012" },
	{ "a234567890123456789012345678901234567890123456789012345678901234567890",
	  "a23456789012345678901234567890123456789012345678901234567890123" },
};

static void a_name_that_is_too_long_loses_the_end_of_its_namespace(void **state)
{
	char fitted[SERVICE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(fits) / sizeof(fits[0]); i++) {
		service_name_fit(fitted, fits[i].name);
		assert_string_equal(fitted, fits[i].fitted);
	}
}

static void info_says_where_the_table_came_from(void **state)
{
	struct compiled *compiled = compiled_new();
	struct info info;

	(void)state;
	compiled_parse_rows(compiled, "https,443,tcp,,,\n");
	strcpy(compiled->registry.date, "2026-02-13");
	assert_int_equal(compiled_compile(compiled), 0);
	info = port_table_info(&compiled->table, &compiled->input, COUNT_BY_SOURCE);
	assert_int_equal(info.abi_version, ABI_VERSION);
	assert_int_equal(info.slots, compiled->table.count);
	assert_int_equal(info.count_by, COUNT_BY_SOURCE);
	assert_int_equal(info.ephemeral_first, EPHEMERAL_FIRST_DEFAULT);
	assert_int_equal(info.ephemeral_last, EPHEMERAL_LAST_DEFAULT);
	assert_int_equal(info.since, 0);
	assert_string_equal(info.registry_name, "rows.csv");
	assert_string_equal(info.registry_date, "2026-02-13");
	assert_memory_equal(info.registry_sha256, compiled->registry.sha256, HASH_SIZE);
	compiled_free(compiled);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports_get_the_row_that_wins),
		cmocka_unit_test(a_name_that_is_too_long_loses_the_end_of_its_namespace),
		cmocka_unit_test(the_same_name_on_two_ports_is_two_assignments),
		cmocka_unit_test(the_row_that_decided_is_kept),
		cmocka_unit_test(an_overlay_does_not_unname_ports),
		cmocka_unit_test(the_ephemeral_range_divides_user_ports),
		cmocka_unit_test(a_range_that_ends_before_it_begins_is_refused),
		cmocka_unit_test(sixteen_bits_of_assignments_are_the_most),
		cmocka_unit_test(a_registry_with_too_many_is_blamed_itself),
		cmocka_unit_test(an_alias_is_checked_like_a_name),
		cmocka_unit_test(an_overlay_of_many_ports_ranks_below_assigned_ones),
		cmocka_unit_test(a_registry_has_rows_and_an_overlay_may_have_none),
		cmocka_unit_test(info_says_where_the_table_came_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
