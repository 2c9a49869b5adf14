// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Bytes that are counted by who holds them. zlib does the packing.
 */
#include "http/http_body.h"

#include <event2/buffer.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/*
 * gzip's header and trailer instead of zlib's (deflateInit2, inflateInit2), and a window of
 * 4 KB, which every client that is sent a body unpacked has one of.
 */
#define GZIP_WINDOW (12 + 16)
#define MEMORY	    8 /* zlib's default */

#define ROOM_FIRST ((size_t)16 * 1024)
#define PIECE	   ((size_t)16 * 1024)

/* Longer ones are unpacked for each client: that takes time, but bounded memory. */
#define PLAIN_MOST ((size_t)256 * 1024)

struct http_body {
	unsigned int holders;
	size_t size;
	size_t packed;
	unsigned char *bytes; /* of these `packed` are in use */
	char *plain;	      /* all of it as it is; NULL: it is too long */
};

struct packing {
	struct http_body *body;
	size_t room;
	z_stream stream;
};

static bool grow(struct packing *packing)
{
	size_t room = packing->room ? packing->room * 2 : ROOM_FIRST;
	unsigned char *more = realloc(packing->body->bytes, room);

	if (!more)
		return false;
	packing->body->bytes = more;
	packing->stream.next_out = more + packing->room;
	packing->stream.avail_out = (uInt)(room - packing->room);
	packing->room = room;
	return true;
}

/* @flush as deflate() takes it: none, or to the end. */
static bool pack(struct packing *packing, int flush)
{
	int result;

	do {
		if (!packing->stream.avail_out && !grow(packing))
			return false;
		result = deflate(&packing->stream, flush);
	} while (result == Z_OK && (packing->stream.avail_in || flush == Z_FINISH));
	return result == Z_OK || result == Z_STREAM_END;
}

/* What can't be kept as it is can be unpacked. */
static void keep_plain(struct http_body *body, const char *bytes, size_t size)
{
	if (!body->plain)
		return;
	if (body->size + size <= PLAIN_MOST) {
		memcpy(body->plain + body->size, bytes, size);
		return;
	}
	free(body->plain);
	body->plain = NULL;
}

static void shrink_plain(struct http_body *body)
{
	char *less = body->plain ? realloc(body->plain, body->size + 1) : NULL;

	if (less)
		body->plain = less;
}

static ssize_t take(void *cookie, const char *bytes, size_t size)
{
	struct packing *packing = cookie;

	packing->stream.next_in = (unsigned char *)(uintptr_t)bytes;
	packing->stream.avail_in = (uInt)size;
	keep_plain(packing->body, bytes, size);
	packing->body->size += size;
	return pack(packing, Z_NO_FLUSH) ? (ssize_t)size : 0;
}

static bool write_all(struct packing *packing, http_body_write *write, const void *context)
{
	FILE *to = fopencookie(packing, "w", (cookie_io_functions_t){ .write = take });
	int err;

	if (!to)
		return false;
	err = write(to, context);
	err |= ferror(to);
	err |= fclose(to);
	return !err && pack(packing, Z_FINISH);
}

struct http_body *http_body_make(http_body_write *write, const void *context)
{
	struct packing packing = { .body = calloc(1, sizeof(*packing.body)) };
	bool done = false;

	if (!packing.body)
		return NULL;
	packing.body->holders = 1;
	packing.body->plain = malloc(PLAIN_MOST);
	if (deflateInit2(&packing.stream, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, MEMORY,
			 Z_DEFAULT_STRATEGY) == Z_OK) {
		done = write_all(&packing, write, context);
		packing.body->packed = packing.room - packing.stream.avail_out;
		deflateEnd(&packing.stream);
	}
	shrink_plain(packing.body);
	if (done)
		return packing.body;
	http_body_drop(packing.body);
	return NULL;
}

struct http_body *http_body_keep(struct http_body *body)
{
	__atomic_add_fetch(&body->holders, 1, __ATOMIC_RELAXED);
	return body;
}

void http_body_drop(struct http_body *body)
{
	if (!body || __atomic_sub_fetch(&body->holders, 1, __ATOMIC_ACQ_REL))
		return;
	free(body->bytes);
	free(body->plain);
	free(body);
}

size_t http_body_size(const struct http_body *body)
{
	return body->size;
}

size_t http_body_packed_size(const struct http_body *body)
{
	return body->packed;
}

size_t http_body_share(const struct http_body *body)
{
	size_t kept = body->packed + (body->plain ? body->size : 0);

	return kept / __atomic_load_n(&body->holders, __ATOMIC_RELAXED);
}

static void drop_reference(const void *bytes, size_t size, void *context)
{
	(void)bytes;
	(void)size;
	http_body_drop(context);
}

int http_body_add_packed(struct http_body *body, struct evbuffer *to)
{
	int err;

	http_body_keep(body);
	err = evbuffer_add_reference(to, body->bytes, body->packed, drop_reference, body);
	if (err)
		http_body_drop(body);
	return err;
}

bool http_body_has_plain(const struct http_body *body)
{
	return body->plain != NULL;
}

int http_body_add_plain(struct http_body *body, struct evbuffer *to)
{
	int err;

	http_body_keep(body);
	err = evbuffer_add_reference(to, body->plain, body->size, drop_reference, body);
	if (err)
		http_body_drop(body);
	return err;
}

struct http_unpacker {
	struct http_body *body;
	z_stream stream;
};

struct http_unpacker *http_unpacker_new(struct http_body *body)
{
	struct http_unpacker *unpacker = calloc(1, sizeof(*unpacker));

	if (!unpacker)
		return NULL;
	unpacker->stream.next_in = body->bytes;
	unpacker->stream.avail_in = (uInt)body->packed;
	if (inflateInit2(&unpacker->stream, GZIP_WINDOW) != Z_OK) {
		free(unpacker);
		return NULL;
	}
	unpacker->body = http_body_keep(body);
	return unpacker;
}

void http_unpacker_free(struct http_unpacker *unpacker)
{
	if (!unpacker)
		return;
	inflateEnd(&unpacker->stream);
	http_body_drop(unpacker->body);
	free(unpacker);
}

int http_unpacker_add(struct http_unpacker *unpacker, struct evbuffer *to)
{
	unsigned char piece[PIECE];
	int result;
	size_t size;

	unpacker->stream.next_out = piece;
	unpacker->stream.avail_out = sizeof(piece);
	result = inflate(&unpacker->stream, Z_SYNC_FLUSH);
	if (result != Z_OK && result != Z_STREAM_END)
		return -1;
	size = sizeof(piece) - unpacker->stream.avail_out;
	if (!size)
		return 0;
	return evbuffer_add(to, piece, size) ? -1 : 1;
}
