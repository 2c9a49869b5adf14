// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Reading files: the formats told apart, the limits, the names; and readers fed
 * with whatever chance makes of good files.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "collect.h"

#define NOBODY 65534

#define CSV_HEADER "Service Name,Port Number,Transport Protocol,Description,Assignment Notes"
#define TABLE_HEADER \
	"Service Name | Port Number | Transport Protocol | a | b | c | d | e | f | g | h | i |\n"

/* Every format, every kind of row, quotes, bars, line feeds, marks. */
static const struct sample {
	const char *name;
	const char *text;
	const char *format; /* as recognised; NULL: refused */
} samples[] = {
	{ "csv",
	  CSV_HEADER "\nknock,80-81,tcp/udp,\"W\"\"ho\nis\",is a duplicate of\n,82,,Reserved,\n",
	  "csv" },
	{ "csv behind comments", "# a\n\r\n# b\n" CSV_HEADER "\r\nknock,80,,,\r\n", "csv" },
	{ "csv that lacks columns", "Port Number,Service\nknock,80\n", NULL },
	{ "xml",
	  "<?xml version='1.0'?><registry><updated>2020-02-03</updated><record date='2001'>"
	  "<name>knock</name><protocol>tcp</protocol><number>80-81</number>"
	  "<description>a<br/>b &amp; c</description><xref type='rfc' data='rfc1'/>"
	  "<note>This entry is an alias to \"nock\"<xref type='person' data='A'/></note>"
	  "</record></registry>",
	  "xml" },
	{ "xml behind blanks", "\n <registry><record><name>a</name></record></registry>", "xml" },
	{ "table in a page",
	  "- Last Updated\n- 2020-02-03\n80/tcp Service Name\n" TABLE_HEADER "---|---|---|\n"
	  "knock | 80 | tcp | Who\n| [A] | [RFC1] |||||||\n82-83 | Unassigned |||||||||||\n"
	  "cut | 84 | udp | x |",
	  "table" },
	{ "services", "# c\nknock 80/tcp nock # Who\nrange 6000-6063/tcp/udp a b\nrtmp 1/ddp\n",
	  "services" },
	{ "services whose first line is wrong", "oops\nknock 80/tcp\n", "services" },
	{ "services without a transport", "knock 80\n", NULL },
	{ "services, all of them comments", "# knock 80/tcp\n\n  # nock", "services" },
	{ "a letter", "Dear port,\nyou are 80 years old.\n", NULL },
	{ "csv of other columns", "# a\nname,port\nknock,80\n", NULL },
	{ "csv of other columns, without a row", "name,port\n", NULL },
	{ "services whose first line has a comma", "Hello, world\nknock 80/tcp\n", "services" },
	{ "services, a comma in each line", "knock 80/tcp a,b\nnock 81/tcp c,d\n", "services" },
	{ "services that CR ends", "# c\rknock 80/tcp\rnock 81/tcp\r", "services" },
	{ "nothing", "", "services" },
	{ "line feeds", "\n\n\n", "services" },
	{ "a byte order mark", "\xef\xbb\xbf", "services" },
};

#define SAMPLES (sizeof(samples) / sizeof(*samples))

static void formats_are_told_by_content(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		struct collect collect;
		struct registry registry;
		int err = collect_parse(&collect, &registry, NULL, samples[i].text);

		if (err != (samples[i].format ? 0 : -EBADMSG) ||
		    (!err && strcmp(registry.format, samples[i].format)))
			fail_msg("%s: %d, read as %s", samples[i].name, err, registry.format);
		assert_true(!err || collect.diagnostics.errors == 1);
		registry_close(&registry);
	}
}

/* Each with its fault in line 2. */
static const struct unfinished {
	const char *name;
	const char *text;
} unfinished[] = {
	{ "no transport", "# shop\nknock 80\n" },
	{ "no transport, the file ends there", "# shop\nknock 80" },
	{ "no transport, a range", "# shop\nknock 80-90\n" },
	{ "no transport, an alias", "# shop\nknock 80 nock\n" },
	{ "no transport, a comment", "# shop\nknock\t80# Who\n" },
	{ "a transport of its own word", "# shop\nknock 80 tcp\r\n" },
};

/* Told of the line, not of a format that the file has not. */
static void a_line_without_its_transport_is_refused_with_the_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(unfinished) / sizeof(*unfinished); i++) {
		struct registry registry;
		struct collect collect;

		if (collect_parse(&collect, &registry, NULL, unfinished[i].text) != -EBADMSG ||
		    !collect_has(&collect, SEVERITY_ERROR, 2, "PORT/TRANSPORT"))
			fail_msg("%s: not refused with line and reason", unfinished[i].name);
	}
}

static void a_format_can_be_given(void **state)
{
	struct registry registry;
	struct collect collect;

	(void)state;
	for (const char *const *format = registry_formats(); *format; format++)
		assert_int_equal(collect_parse(&collect, &registry, *format, "Dear port,"),
				 -EBADMSG);
	assert_int_equal(collect_parse(&collect, &registry, "csv", "a,b\n1,2\n"), -EBADMSG);
	assert_true(collect_has(&collect, SEVERITY_ERROR, 1, "a CSV whose header has no"));
	assert_int_equal(collect_parse(&collect, &registry, "yaml", "knock 80/tcp\n"), -EBADMSG);
	assert_true(collect_has(&collect, SEVERITY_ERROR, 0, "'yaml' is no format"));
	assert_string_equal(collect.items[0].file, "test");
}

static void a_registry_knows_its_file(void **state)
{
	/* how SHA-256 begins, as sha256sum(1) says */
	static const uint8_t hash[] = { 0x42, 0x86, 0xb4, 0x3e, 0x07 };
	static const char text[] = "knock 80/tcp\n";
	struct diagnostics diagnostics = { 0 };
	struct registry registry;
	int err = registry_parse(&registry, "/etc/dir/knock.services", text, strlen(text), NULL,
				 &diagnostics);

	(void)state;
	assert_int_equal(err, 0);
	assert_string_equal(registry.name, "knock.services");
	assert_string_equal(registry.path, "/etc/dir/knock.services");
	assert_int_equal(registry.lines, 1);
	assert_memory_equal(registry.sha256, hash, sizeof(hash));
	assert_ptr_equal(registry.records[0].registry, &registry);
	registry_close(&registry);
	assert_null(registry.records);
	registry_close(&registry);
}

static void a_nul_byte_is_refused_with_its_line(void **state)
{
	static const char text[] = "knock 80/tcp\nnock\0 81/tcp\n";
	struct registry registry;
	struct collect collect;
	int err;

	(void)state;
	collect_start(&collect);
	err = registry_parse(&registry, "test", text, sizeof(text) - 1, NULL, &collect.diagnostics);
	assert_int_equal(err, -EBADMSG);
	assert_true(collect_has(&collect, SEVERITY_ERROR, 2, "NUL byte"));
}

/* What would take minutes, or all memory, were it not refused: @line @times over. */
static const struct hostile {
	const char *name, *head, *line;
	size_t times;
	const char *words; /* NULL: it is read */
} hostiles[] = {
	{ "a few ranges of all ports", "", "a 0-65535/tcp/udp/sctp/dccp\n", REGISTRY_NAMES_MAX,
	  NULL },
	{ "ranges over each other", "", "a 0-65535/tcp/udp/sctp/dccp\n", REGISTRY_NAMES_MAX + 1,
	  "each port more than 64 times" },
	{ "aliases of a range", "a 0-65535/tcp", " b", 4 * REGISTRY_NAMES_MAX,
	  "each port more than 64 times" },
	{ "aliases of one port", "a 1/tcp", " b", 1000000, NULL },
	{ "the most rows there may be", "", "a 1/tcp\n", REGISTRY_RECORDS_MAX, NULL },
	{ "rows without end", "", "a 1/tcp\n", REGISTRY_RECORDS_MAX + 1, "more than 524288 rows" },
};

static void check_hostile(const struct hostile *row)
{
	size_t head = strlen(row->head), line = strlen(row->line), size = head + line * row->times;
	struct diagnostics diagnostics;
	struct registry registry;
	struct collect collect;
	char *text = malloc(size);
	int err;

	assert_non_null(text);
	memcpy(text, row->head, head);
	for (size_t i = 0; i < row->times; i++)
		memcpy(text + head + i * line, row->line, line);
	collect_start(&collect);
	diagnostics = collect.diagnostics;
	err = registry_parse(&registry, "test", text, size, "services", &diagnostics);
	if (err != (row->words ? -EBADMSG : 0) || collect.count != (row->words != NULL))
		fail_msg("%s: %d, %zu diagnostics", row->name, err, collect.count);
	if (row->words && !strstr(collect.items[0].message, row->words))
		fail_msg("%s: %s", row->name, collect.items[0].message);
	registry_close(&registry);
	free(text);
}

static void a_file_has_its_limits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hostiles) / sizeof(hostiles[0]); i++)
		check_hostile(&hostiles[i]);
}

static void a_name_of_a_file_is_safe_to_print(void **state)
{
	static const char text[] = "knock 80/tcp\n";
	struct diagnostics diagnostics = { 0 };
	struct registry registry;
	char path[REGISTRY_NAME_SIZE + 8];

	(void)state;
	memset(path, 'a', sizeof(path));
	memcpy(path, "/b/\033[", 5);
	/* two bytes, of which there is room for one */
	strcpy(path + 3 + REGISTRY_NAME_SIZE - 2, "\xc3\xa9");
	assert_int_equal(registry_parse(&registry, path, text, strlen(text), NULL, &diagnostics),
			 0);
	assert_memory_equal(registry.name, "[aaa", 4);
	assert_string_equal(registry.name + REGISTRY_NAME_SIZE - 4, "a?");
	registry_close(&registry);
}

/* A file that begins with @text, made longer to @size, if that is told, by a hole. */
static void make_file(char *path, const char *text, off_t size)
{
	int file;

	strcpy(path, "/tmp/portclass-test-XXXXXX");
	file = mkstemp(path);
	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
	if (size)
		assert_int_equal(ftruncate(file, size), 0);
	close(file);
}

static void check_refusal(const char *path, const char *words)
{
	struct registry registry;
	struct collect collect;

	collect_start(&collect);
	if (registry_read(&registry, path, NULL, &collect.diagnostics) != -EBADMSG ||
	    !collect_has(&collect, SEVERITY_ERROR, 0, words))
		fail_msg("%s is not refused with: %s", path, words);
	assert_int_equal(collect.count, 1);
	assert_string_equal(collect.items[0].file, path);
	assert_null(registry.path);
}

static void what_cant_be_read_is_refused_with_the_reason(void **state)
{
	char path[64];

	(void)state;
	check_refusal("/nonexistent/registry.csv", "No such file or directory");
	check_refusal("/", "Is a directory");
	make_file(path, "a 1/tcp\n", REGISTRY_FILE_MAX + 1);
	check_refusal(path, "larger than 64 MiB");
	unlink(path);
	check_refusal("/dev/zero", "larger than 64 MiB"); /* which has no size before it is read */
}

static void a_file_without_permission_is_refused(void **state)
{
	char path[64];

	(void)state;
	make_file(path, "a 1/tcp\n", 0);
	assert_int_equal(chmod(path, 0), 0);
	if (!getuid()) /* who may read every file */
		assert_int_equal(seteuid(NOBODY), 0);
	check_refusal(path, "Permission denied");
	assert_int_equal(seteuid(getuid()), 0);
	unlink(path);
}

static void a_file_is_read(void **state)
{
	struct diagnostics diagnostics = { 0 };
	struct registry registry;
	char path[64];

	(void)state;
	make_file(path, "knock 80/tcp\n", 0);
	assert_int_equal(registry_read(&registry, path, NULL, &diagnostics), 0);
	assert_int_equal(registry.count, 1);
	registry_close(&registry);
	unlink(path);
}

struct stream {
	int file;
	size_t lines;
};

static void *write_lines(void *context)
{
	static const char line[] = "knock 80/tcp # a comment that makes the line longer\n";
	struct stream *stream = context;

	for (size_t i = 0; i < stream->lines; i++)
		if (write(stream->file, line, strlen(line)) < 0)
			break;
	close(stream->file);
	return NULL;
}

/* Read @lines lines through a pipe, in small parts, as from /dev/stdin. */
static int read_stream(struct registry *registry, size_t lines, struct diagnostics *diagnostics)
{
	struct stream stream = { .lines = lines };
	char path[64];
	pthread_t writer;
	int ends[2], err;

	assert_int_equal(pipe(ends), 0);
	stream.file = ends[1];
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	assert_int_equal(pthread_create(&writer, NULL, write_lines, &stream), 0);
	err = registry_read(registry, path, NULL, diagnostics);
	close(ends[0]);
	pthread_join(writer, NULL);
	return err;
}

static void a_pipe_is_read_to_its_end(void **state)
{
	struct diagnostics diagnostics = { 0 };
	struct registry registry;

	(void)state;
	assert_int_equal(read_stream(&registry, 5000, &diagnostics), 0);
	assert_int_equal(registry.count, 5000);
	registry_close(&registry);
}

static const struct syntax_case {
	const char *name;
	bool is_valid;
} names[] = {
	/* clang-format off */
	{ "http", true },	{ "6a44", true },	       { "a-1-b", true },
	{ "A", true },		{ "fifteen-is-most", true },   { "sixteen-too-many", false },
	{ "", false },		{ "-a", false },	       { "a-", false },
	{ "a--b", false },	{ "80", false },	       { "8-0", false },
	{ "a_b", false },	{ "a.b", false },	       { "a/b", false },
	{ "a b", false },	{ "\xc3\xa4", false },
	/* clang-format on */
};

static void names_keep_rfc_6335_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (service_name_is_valid(names[i].name) != names[i].is_valid)
			fail_msg("'%s' is not judged right", names[i].name);
}

static void classes_are_by_number_alone(void **state)
{
	(void)state;
	assert_int_equal(class_of(0), CLASS_SYSTEM);
	assert_int_equal(class_of(1023), CLASS_SYSTEM);
	assert_int_equal(class_of(1024), CLASS_USER);
	assert_int_equal(class_of(49151), CLASS_USER);
	assert_int_equal(class_of(49152), CLASS_DYNAMIC);
	assert_int_equal(class_of(65535), CLASS_DYNAMIC);
}

static void everything_has_a_name_and_is_found_by_it(void **state)
{
	(void)state;
	for (enum transport i = 0; i < TRANSPORT_MAX; i++)
		assert_int_equal(transport_by_name(transport_name(i)), i);
	for (enum count_by i = 0; i < COUNT_BY_MAX; i++)
		assert_int_equal(count_by_by_name(count_by_name(i)), i);
	assert_int_equal(transport_by_name("SCTP"), TRANSPORT_SCTP);
	assert_int_equal(transport_by_name("ddp"), TRANSPORT_MAX);
	assert_int_equal(transport_by_name(""), TRANSPORT_MAX);
	assert_int_equal(count_by_by_name("port"), COUNT_BY_MAX);
	for (enum class i = 0; i < CLASS_MAX; i++)
		assert_non_null(class_name(i));
	for (enum status i = 0; i < STATUS_MAX; i++)
		assert_non_null(status_name(i));
	for (enum origin i = 0; i < ORIGIN_MAX; i++)
		assert_non_null(origin_name(i));
	for (enum reason i = 0; i < REASON_MAX; i++)
		assert_non_null(reason_name(i));
}

static void the_shipped_registry_is_read(void **state)
{
	struct registry registry;
	struct collect collect;

	(void)state;
	collect_start(&collect);
	assert_int_equal(registry_read_shipped(&registry, &collect.diagnostics), 0);
	collect_print(&collect);
	assert_int_equal(collect.count, 0);
	assert_string_equal(registry.path, "iana.csv");
	assert_string_not_equal(registry.date, "");
	assert_false(registry.date_is_lower_bound);
	assert_in_range(registry.count, 10000, 20000);
	registry_close(&registry);
}

/* xorshift: the same bytes in every run */
static uint32_t next_random(uint32_t *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 17;
	*random ^= *random << 5;
	return *random;
}

/* Change some bytes of @text to such as mean something to a reader, or cut it. */
static size_t mutate(char *text, size_t size, uint32_t *random)
{
	static const char bytes[] = "\"\"||,,\n\n\r#<>&/-- \t0987\0\xff\xc3tcpudp=';";

	for (uint32_t changes = next_random(random) % 8 + 1; changes && size; changes--) {
		size_t at = next_random(random) % size;

		switch (next_random(random) % 4) {
		case 0:
			memmove(text + at, text + at + 1, size - at - 1);
			size--;
			break;
		case 1:
			size = next_random(random) % 8 ? size : at;
			break;
		default:
			text[at] = bytes[next_random(random) % (sizeof(bytes) - 1)];
		}
	}
	return size;
}

static void check_record(const struct record *record)
{
	assert_true(record->first <= record->last);
	assert_true(record->line >= 1 && record->lines >= 1);
	assert_true(record->transports < 1 << TRANSPORT_MAX);
	assert_int_equal(record->row == ROW_NAMED, *record->service != '\0');
	assert_true(record->row == ROW_NAMED || record->has_port);
	for (const char *at = record->service; *at; at++)
		assert_true(*at > ' ' && *at < 0x7f);
	for (const char *at = record->description; *at; at++)
		assert_true((unsigned char)*at >= ' ' && *at != 0x7f);
	assert_non_null(record->aliases);
	assert_non_null(record->alias_of);
	assert_non_null(record->reference);
	assert_non_null(record->service_code);
	assert_non_null(record->unauthorized_use);
	assert_non_null(record->notes);
	assert_non_null(record->modified);
}

/* Whatever the bytes: refused with an error, or rows that are as promised. */
static void check_parse(const char *bytes, size_t size, const char *format)
{
	struct diagnostics diagnostics = { 0 };
	struct registry registry;
	int err = registry_parse(&registry, "fuzz", bytes, size, format, &diagnostics);

	assert_true(err == 0 || err == -EBADMSG);
	assert_true(!err || diagnostics.errors);
	assert_true(!err || !registry.records);
	for (size_t i = 0; i < registry.count; i++) {
		check_record(&registry.records[i]);
		/* To XML, a lone CR ends a line too. */
		if (strcmp(registry.format, "xml"))
			assert_true(registry.records[i].line <= registry.lines);
	}
	registry_close(&registry);
}

static void readers_survive_chance(void **state)
{
	uint32_t random = 6335;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		for (size_t i = 0; i < SAMPLES; i++) {
			size_t size = strlen(samples[i].text);
			char *text = malloc(size + 1);

			memcpy(text, samples[i].text, size + 1);
			size = mutate(text, size, &random);
			check_parse(text, size, NULL);
			check_parse(text, size, samples[i].format);
			free(text);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_are_told_by_content),
		cmocka_unit_test(a_line_without_its_transport_is_refused_with_the_reason),
		cmocka_unit_test(a_format_can_be_given),
		cmocka_unit_test(a_registry_knows_its_file),
		cmocka_unit_test(a_nul_byte_is_refused_with_its_line),
		cmocka_unit_test(a_file_has_its_limits),
		cmocka_unit_test(a_name_of_a_file_is_safe_to_print),
		cmocka_unit_test(what_cant_be_read_is_refused_with_the_reason),
		cmocka_unit_test(a_file_without_permission_is_refused),
		cmocka_unit_test(a_file_is_read),
		cmocka_unit_test(a_pipe_is_read_to_its_end),
		cmocka_unit_test(names_keep_rfc_6335_or_not),
		cmocka_unit_test(classes_are_by_number_alone),
		cmocka_unit_test(everything_has_a_name_and_is_found_by_it),
		cmocka_unit_test(the_shipped_registry_is_read),
		cmocka_unit_test(readers_survive_chance),
	};

	return cmocka_run_group_tests_name("registry", tests, NULL, NULL);
}
