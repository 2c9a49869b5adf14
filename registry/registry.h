/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A port registry file as its rows say it: no rule of precedence is applied
 * here, see port_table.h. Pure: no privileges, no BPF.
 */
#ifndef PORTCLASS_REGISTRY_H
#define PORTCLASS_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "diagnostics.h"

/* What is refused if there is more of it, lest a file takes minutes or all memory. */
#define REGISTRY_FILE_MAX    (64 * 1024 * 1024) /* bytes */
#define REGISTRY_RECORDS_MAX (2 * TRANSPORT_MAX * PORTS_MAX)
#define REGISTRY_NAMES_MAX   64 /* of a port, on average: twice what it has room for */
#define REGISTRY_NAMINGS_MAX ((uint64_t)REGISTRY_NAMES_MAX * TRANSPORT_MAX * PORTS_MAX)

/* What a row says of its ports. */
enum row {
	ROW_NAMED,	/* a service */
	ROW_RESERVED,	/* the word Reserved */
	ROW_FREE_FORM,	/* no service, and words of its own */
	ROW_UNASSIGNED, /* the word Unassigned */
};

/* One row. Strings are never NULL: what the file does not say is empty. */
struct record {
	const struct registry *registry; /* the file it stands in */
	unsigned int line;		 /* where it begins, from 1 */
	unsigned int lines;		 /* physical lines it takes */
	enum row row;
	bool has_port;	/* else a service name without ports */
	bool is_range;	/* written as one, if only of one port */
	uint16_t first; /* ports, both included */
	uint16_t last;
	uint8_t transports; /* 1 << enum transport; 0: not told */
	const char *service;
	const char *aliases;  /* separated by one blank */
	const char *alias_of; /* the primary name, if it is an alias */
	bool yields;	      /* noted as conflict, duplicate or unassigned use */
	const char *description;
	const char *reference;
	const char *service_code;     /* DCCP, RFC 4340, section 8.1.2 */
	const char *unauthorized_use; /* as reported to IANA */
	const char *notes;
	const char *modified; /* YYYY-MM-DD, or less of it */
};

struct registry {
	char name[REGISTRY_NAME_SIZE]; /* last part of the path */
	char *path;		       /* as given */
	const char *format;	       /* name of its format */
	char date[DATE_SIZE];	       /* of the edition; empty: not known */
	bool date_is_lower_bound;      /* the newest row's date: CSV has no other */
	uint8_t sha256[HASH_SIZE];     /* of the file's bytes */
	unsigned int lines;	       /* physical lines of the file */
	unsigned int columns;	       /* of a file that has columns */
	struct record *records;	       /* in the order of the file */
	size_t count;
	size_t capacity;
	uint64_t namings;    /* ports times transports times names, of all records */
	struct arena *arena; /* owns every string above */
};

/*
 * Read a file. @format: a name of registry_formats(), NULL to recognise it from
 * the content. Returns 0, -EBADMSG (refused, said through @diagnostics) or
 * -ENOMEM. On failure @registry is closed. A file that can't be opened is
 * reported and refused too.
 */
int registry_read(struct registry *registry, const char *path, const char *format,
		  struct diagnostics *diagnostics);

/*
 * The same for who must not wait: a path at which there is no regular file, such as a pipe
 * that nobody writes to, is refused.
 */
int registry_read_regular(struct registry *registry, const char *path, const char *format,
			  struct diagnostics *diagnostics);

/* As registry_read(), from memory; @path is only a name. @bytes stay the caller's. */
int registry_parse(struct registry *registry, const char *path, const void *bytes, size_t size,
		   const char *format, struct diagnostics *diagnostics);

/* The registry that the project ships (registry/iana.csv), in this program. */
int registry_read_shipped(struct registry *registry, struct diagnostics *diagnostics);

/* Free what it owns; a registry of all zero is a closed one. */
void registry_close(struct registry *registry);

/* The names of the formats, NULL at the end. */
const char *const *registry_formats(void);

/* "tcp", "system", "assigned", "registry": the one spelling of each, everywhere. */
const char *transport_name(enum transport transport);
const char *class_name(enum class class);
const char *status_name(enum status status);
const char *origin_name(enum origin origin);
const char *reason_name(enum reason reason);
const char *count_by_name(enum count_by count_by);

/* By name, in any case; TRANSPORT_MAX (COUNT_BY_MAX) if there is none such. */
enum transport transport_by_name(const char *name);
enum count_by count_by_by_name(const char *name);

/* RFC 6335, section 6. */
enum class class_of(uint16_t port);

/*
 * A name in the room of a row: what is too long loses the end of its namespace, that before
 * the first /, or else its own.
 */
void service_name_fit(char fitted[SERVICE_SIZE], const char *name);

/* Whether @name keeps the syntax of RFC 6335, section 5.1. */
bool service_name_is_valid(const char *name);

#endif
