/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a reply says, made once and taken by any number of clients. It is kept compressed
 * (gzip, RFC 1952), a short one as it is, too; who does not take gzip is sent what a long one
 * unpacks to, a piece at a time.
 * One thread may make it and another serve it.
 */
#ifndef PORTCLASS_HTTP_BODY_H
#define PORTCLASS_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct evbuffer;
struct http_body;
struct http_unpacker;

/* Writes it; 0 or an error, of any kind. */
typedef int http_body_write(FILE *to, const void *context);

/* The caller is its first holder; NULL: no memory, or @write failed. */
struct http_body *http_body_make(http_body_write *write, const void *context);

/* One holder more, one less; the last one frees it. NULL is fine to drop. */
struct http_body *http_body_keep(struct http_body *body);
void http_body_drop(struct http_body *body);

/* Bytes that it unpacks to, and that it takes as it is kept. */
size_t http_body_size(const struct http_body *body);
size_t http_body_packed_size(const struct http_body *body);

/* What each holder has of the memory: of all holders it adds up to the whole. */
size_t http_body_share(const struct http_body *body);

/* Add it as it is kept, not copied. 0 or -1. */
int http_body_add_packed(struct http_body *body, struct evbuffer *to);

/* The same unpacked, of one that is short enough to be kept so. */
bool http_body_has_plain(const struct http_body *body);
int http_body_add_plain(struct http_body *body, struct evbuffer *to);

/* Unpacks one body for one client, and holds it. NULL: no memory. */
struct http_unpacker *http_unpacker_new(struct http_body *body);
void http_unpacker_free(struct http_unpacker *unpacker);

/* Add the next piece, of some KB. 1, 0: there was none left, or -1: no memory. */
int http_unpacker_add(struct http_unpacker *unpacker, struct evbuffer *to);

#endif
