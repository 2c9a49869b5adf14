// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * From a file to a registry: read it, tell its format, have it parsed.
 */
#include "registry.h"

#include <errno.h>
#include <fcntl.h>
#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "reader.h"
#include "text.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define NOT_REGULAR	1	    /* beside -errno */
#define READ_SIZE_FIRST (64 * 1024) /* of what has no size, as a pipe */

/* In the order in which they are recognised: the plainest comes last. */
static const struct format *const formats[] = {
	/* clang-format off */
	&format_html,
	&format_xml,
	&format_csv,
	&format_pipe_table,
	&format_plain_text,
	&format_services,
	/* clang-format on */
};

#define FORMATS (sizeof(formats) / sizeof(*formats))

const char *const *registry_formats(void)
{
	static const char *names[FORMATS + 1];

	for (size_t i = 0; i < FORMATS; i++)
		names[i] = formats[i]->name;
	return names;
}

static const struct format *find_format(const char *name, const struct source *source)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (name ? !strcmp(formats[i]->name, name) : formats[i]->recognise(source))
			return formats[i];
	return NULL;
}

static unsigned int count_lines(const char *bytes, size_t size)
{
	const char *end = bytes + size;
	unsigned int lines = 0;

	while (bytes < end) {
		const char *line_feed = memchr(bytes, '\n', (size_t)(end - bytes));

		lines++;
		bytes = line_feed ? line_feed + 1 : end;
	}
	return lines;
}

/* CR LF and CR alone end a line as LF does: from here on there is only LF. Returns the size. */
static size_t unify_line_ends(char *bytes, size_t size)
{
	size_t length = 0;

	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '\r' && bytes[i + 1] == '\n')
			continue;
		bytes[length++] = bytes[i] == '\r' ? '\n' : bytes[i];
	}
	bytes[length] = '\0';
	return length;
}

/* What no format allows. */
static int check_bytes(const struct registry *registry, const struct source *source)
{
	const char *zero = source->size ? memchr(source->bytes, '\0', source->size) : NULL;

	if (zero)
		return diagnostics_refuse(
			source->diagnostics, registry->path,
			count_lines(source->bytes, (size_t)(zero - source->bytes) + 1),
			"a NUL byte: this is no text (if it is UTF-16, convert it to UTF-8)");
	return 0;
}

static int parse_source(struct registry *registry, const struct source *source,
			const char *format_name)
{
	const struct format *format;
	size_t errors;
	int err = check_bytes(registry, source);

	if (err)
		return err;
	format = find_format(format_name, source);
	if (!format && format_name)
		return diagnostics_refuse(source->diagnostics, registry->path, 0,
					  "'%s' is no format that is read here", format_name);
	if (!format)
		return diagnostics_refuse(
			source->diagnostics, registry->path, 0,
			"its content is neither IANA's CSV, XML, HTML, text or table nor "
			"lines as services(5) has them: NAME PORT/TRANSPORT");
	registry->format = format->name;
	errors = source->diagnostics->errors;
	err = format->read(registry, source);
	if (!err && !registry->count && source->diagnostics->errors > errors)
		err = -EBADMSG; /* each row of it is lost, and was told of */
	return err;
}

static int set_path(struct registry *registry, const char *path)
{
	snprintf(registry->name, sizeof(registry->name), "%s", basename(path));
	text_tidy(registry->name, registry->name);
	registry->path = strdup(path);
	return registry->path ? 0 : -ENOMEM;
}

static void hash_bytes(uint8_t hash[HASH_SIZE], const char *bytes, size_t size)
{
	SHA2_CTX context;

	SHA256Init(&context);
	SHA256Update(&context, (const uint8_t *)bytes, size);
	SHA256Final(hash, &context);
}

/* The readers may write over @bytes; a NUL stands behind @size of them. */
static int parse_buffer(struct registry *registry, const char *path, char *bytes, size_t size,
			const char *format, struct diagnostics *diagnostics)
{
	size_t mark = strlen(BYTE_ORDER_MARK);
	struct source source;
	int err;

	*registry = (struct registry){ 0 };
	hash_bytes(registry->sha256, bytes, size);
	if (size < mark || memcmp(bytes, BYTE_ORDER_MARK, mark))
		mark = 0;
	size = unify_line_ends(bytes + mark, size - mark);
	source = (struct source){ bytes + mark, size, diagnostics };
	registry->lines = count_lines(source.bytes, source.size);
	err = set_path(registry, path);
	if (!err)
		err = parse_source(registry, &source, format);
	if (err)
		registry_close(registry);
	return err;
}

int registry_parse(struct registry *registry, const char *path, const void *bytes, size_t size,
		   const char *format, struct diagnostics *diagnostics)
{
	char *copy;
	int err;

	*registry = (struct registry){ 0 };
	if (size > REGISTRY_FILE_MAX)
		return diagnostics_refuse(diagnostics, path, 0, "it is larger than %d MiB",
					  REGISTRY_FILE_MAX >> 20);
	copy = malloc(size + 1);
	if (!copy)
		return -ENOMEM;
	if (size)
		memcpy(copy, bytes, size);
	copy[size] = '\0';
	err = parse_buffer(registry, path, copy, size, format, diagnostics);
	free(copy);
	return err;
}

/* A file on its way into memory; one byte stays free for the NUL. */
struct contents {
	char *bytes;
	size_t size;
	size_t capacity;
};

static int grow(struct contents *contents)
{
	size_t capacity = contents->capacity * 2;
	char *bytes = realloc(contents->bytes, capacity);

	if (!bytes)
		return -ENOMEM;
	contents->bytes = bytes;
	contents->capacity = capacity;
	return 0;
}

/* Read on until the end. A size told beforehand may be wrong, and a pipe has none. */
static int read_to_end(struct contents *contents, int file)
{
	for (;;) {
		ssize_t got = read(file, contents->bytes + contents->size,
				   contents->capacity - contents->size - 1);

		if (got < 0 && errno != EINTR)
			return -errno;
		if (!got)
			break;
		contents->size += got > 0 ? (size_t)got : 0;
		if (contents->size > REGISTRY_FILE_MAX)
			return -EFBIG;
		if (contents->size == contents->capacity - 1 && grow(contents))
			return -ENOMEM;
	}
	contents->bytes[contents->size] = '\0';
	return 0;
}

/* Returns 0, -errno or NOT_REGULAR. */
static int read_contents(struct contents *contents, int file, bool regular)
{
	struct stat status;

	if (fstat(file, &status))
		return -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (regular && !S_ISREG(status.st_mode))
		return NOT_REGULAR;
	if (status.st_size > REGISTRY_FILE_MAX)
		return -EFBIG;
	contents->capacity = READ_SIZE_FIRST;
	if (S_ISREG(status.st_mode))
		contents->capacity += (size_t)status.st_size;
	contents->bytes = malloc(contents->capacity);
	return contents->bytes ? read_to_end(contents, file) : -ENOMEM;
}

static int read_file(struct contents *contents, const char *path, bool regular)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | (regular ? O_NONBLOCK | O_NOCTTY : 0));
	int err;

	if (file < 0)
		return -errno;
	err = read_contents(contents, file, regular);
	close(file);
	return err;
}

/* Say why there is nothing to parse. */
static int refuse_contents(const char *path, int err, struct diagnostics *diagnostics)
{
	if (err == NOT_REGULAR)
		return diagnostics_refuse(diagnostics, path, 0,
					  "it is no regular file, and could be waited for in vain: "
					  "put a file in its place");
	if (err == -EFBIG)
		return diagnostics_refuse(diagnostics, path, 0, "it is larger than %d MiB",
					  REGISTRY_FILE_MAX >> 20);
	return diagnostics_refuse(diagnostics, path, 0, "it can't be read: %s", strerror(-err));
}

static int read_registry(struct registry *registry, const char *path, const char *format,
			 bool regular, struct diagnostics *diagnostics)
{
	struct contents contents = { 0 };
	int err = read_file(&contents, path, regular);

	*registry = (struct registry){ 0 };
	if (!err && contents.bytes)
		err = parse_buffer(registry, path, contents.bytes, contents.size, format,
				   diagnostics);
	else if (err != -ENOMEM)
		err = refuse_contents(path, err, diagnostics);
	free(contents.bytes);
	return err;
}

int registry_read(struct registry *registry, const char *path, const char *format,
		  struct diagnostics *diagnostics)
{
	return read_registry(registry, path, format, false, diagnostics);
}

int registry_read_regular(struct registry *registry, const char *path, const char *format,
			  struct diagnostics *diagnostics)
{
	return read_registry(registry, path, format, true, diagnostics);
}

void registry_close(struct registry *registry)
{
	free(registry->path);
	free(registry->records);
	arena_close(&registry->arena);
	*registry = (struct registry){ 0 };
}
