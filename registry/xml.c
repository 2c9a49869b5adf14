// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * IANA's XML edition, by libexpat. A document type declaration is refused: IANA
 * has none, and entities are how a small file becomes a large one.
 */
#include <ctype.h>
#include <errno.h>
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "reader.h"
#include "text.h"

#define NAMESPACE_SEPARATOR '|'
#define DEPTH_MAX	    32 /* IANA nests five deep; expat keeps memory for each */

/* Where text goes. */
enum field {
	FIELD_SERVICE,
	FIELD_PORT,
	FIELD_TRANSPORT,
	FIELD_DESCRIPTION,
	FIELD_REFERENCE,
	FIELD_SERVICE_CODE,
	FIELD_UNAUTHORIZED_USE,
	FIELD_NOTES,
	FIELD_REGISTERED,
	FIELD_MODIFIED,
	FIELD_UPDATED, /* of the registry */
	FIELD_MAX,
	FIELD_NONE = FIELD_MAX,
};

/* The elements of a record that are fields as they stand. */
static const struct element {
	const char *name;
	enum field field;
} elements[] = {
	/* clang-format off */
	{ "name", FIELD_SERVICE },
	{ "number", FIELD_PORT },
	{ "protocol", FIELD_TRANSPORT },
	{ "description", FIELD_DESCRIPTION },
	{ "sc", FIELD_SERVICE_CODE },
	{ "unauthorized", FIELD_UNAUTHORIZED_USE },
	{ "note", FIELD_NOTES },
	/* clang-format on */
};

/* Text that grows; a NUL stands behind it once there is any. */
struct text {
	char *bytes;
	size_t size;
	size_t capacity;
};

struct xml {
	struct registry *registry;
	struct diagnostics *diagnostics;
	XML_Parser parser;
	int err;		   /* why it was stopped */
	unsigned int depth;	   /* of the element, 1: the root */
	unsigned int record_depth; /* 0: outside of a record */
	unsigned int line;	   /* where the record begins */
	enum field field;	   /* where text goes now */
	size_t reference;	   /* where in it an xref begins that has no text yet */
	struct text fields[FIELD_MAX];
};

#define NO_REFERENCE ((size_t)-1)

static void stop(struct xml *xml, int err)
{
	xml->err = err;
	XML_StopParser(xml->parser, XML_FALSE);
}

static unsigned int line_of(const struct xml *xml)
{
	return (unsigned int)XML_GetCurrentLineNumber(xml->parser);
}

static void append(struct xml *xml, enum field field, const char *bytes, size_t size)
{
	struct text *text = &xml->fields[field];

	if (text->capacity - text->size <= size) {
		size_t capacity = (text->size + size + 1) * 2;
		char *grown = realloc(text->bytes, capacity);

		if (!grown) {
			stop(xml, -ENOMEM);
			return;
		}
		text->bytes = grown;
		text->capacity = capacity;
	}
	memcpy(text->bytes + text->size, bytes, size);
	text->size += size;
	text->bytes[text->size] = '\0';
}

static void append_string(struct xml *xml, enum field field, const char *string)
{
	append(xml, field, string, strlen(string));
}

static const char *attribute(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (!strcmp(attributes[0], name))
			return attributes[1];
	return "";
}

/* The name of an element without its namespace. */
static const char *local_name(const char *name)
{
	const char *separator = strrchr(name, NAMESPACE_SEPARATOR);

	return separator ? separator + 1 : name;
}

static void begin_record(struct xml *xml, const char **attributes)
{
	xml->record_depth = xml->depth;
	xml->line = line_of(xml);
	xml->field = FIELD_NONE;
	xml->reference = NO_REFERENCE;
	for (size_t i = 0; i < FIELD_MAX; i++)
		xml->fields[i].size = 0;
	append_string(xml, FIELD_REGISTERED, attribute(attributes, "date"));
	append_string(xml, FIELD_MODIFIED, attribute(attributes, "updated"));
}

/* The text of a field; what was never filled is an empty cell. */
static const char *cell(const struct xml *xml, enum field field)
{
	return xml->fields[field].size ? xml->fields[field].bytes : NULL;
}

static void end_record(struct xml *xml)
{
	struct cells cells = {
		.line = xml->line,
		.lines = line_of(xml) - xml->line + 1,
		.service = cell(xml, FIELD_SERVICE),
		.port = cell(xml, FIELD_PORT),
		.transport = cell(xml, FIELD_TRANSPORT),
		.description = cell(xml, FIELD_DESCRIPTION),
		.reference = cell(xml, FIELD_REFERENCE),
		.service_code = cell(xml, FIELD_SERVICE_CODE),
		.unauthorized_use = cell(xml, FIELD_UNAUTHORIZED_USE),
		.notes = cell(xml, FIELD_NOTES),
		.registered = cell(xml, FIELD_REGISTERED),
		.modified = cell(xml, FIELD_MODIFIED),
	};
	int err = record_append(xml->registry, &cells, xml->diagnostics);

	xml->record_depth = 0;
	if (err)
		stop(xml, err);
}

/*
 * <xref type="rfc" data="rfc9110"/> is what the CSV edition has as [RFC9110]. An
 * xref's own text, if it has any, replaces the data.
 */
static void begin_reference(struct xml *xml, const char **attributes)
{
	bool is_rfc = !strcmp(attribute(attributes, "type"), "rfc");
	struct text *text = &xml->fields[xml->field];

	append_string(xml, xml->field, "[");
	xml->reference = text->size;
	append_string(xml, xml->field, attribute(attributes, "data"));
	for (size_t i = xml->reference; is_rfc && !xml->err && i < text->size; i++)
		text->bytes[i] = (char)toupper((unsigned char)text->bytes[i]);
}

static void end_reference(struct xml *xml)
{
	append_string(xml, xml->field, "]");
	xml->reference = NO_REFERENCE;
}

/* An element right below a record. */
static void begin_field(struct xml *xml, const char *name, const char **attributes)
{
	for (size_t i = 0; i < sizeof(elements) / sizeof(*elements); i++)
		if (!strcmp(elements[i].name, name))
			xml->field = elements[i].field;
	/* Two notes are one; two names or numbers, which would be one too, are none now. */
	if (xml->field != FIELD_NONE && xml->fields[xml->field].size)
		append_string(xml, xml->field, " ");
	if (strcmp(name, "xref") || !strcmp(attribute(attributes, "type"), "person"))
		return;
	xml->field = FIELD_REFERENCE;
	begin_reference(xml, attributes);
}

static void begin_element(void *context, const char *qualified, const char **attributes)
{
	const char *name = local_name(qualified);
	struct xml *xml = context;

	xml->depth++;
	if (xml->depth > DEPTH_MAX)
		stop(xml, diagnostics_refuse(xml->diagnostics, xml->registry->path, line_of(xml),
					     "elements are nested deeper than %d", DEPTH_MAX));
	else if (xml->depth == 1 && strcmp(name, "registry"))
		stop(xml, diagnostics_refuse(xml->diagnostics, xml->registry->path, line_of(xml),
					     "the root is <%.64s>, not <registry>", name));
	else if (!xml->record_depth && !strcmp(name, "record"))
		begin_record(xml, attributes);
	else if (xml->depth == 2 && !strcmp(name, "updated"))
		xml->field = FIELD_UPDATED;
	else if (xml->record_depth && xml->depth == xml->record_depth + 1)
		begin_field(xml, name, attributes);
	else if (xml->field != FIELD_NONE && !strcmp(name, "xref"))
		begin_reference(xml, attributes);
	else if (xml->field != FIELD_NONE)
		append_string(xml, xml->field, " "); /* <br/>, <paragraph> */
}

static void end_updated(struct xml *xml)
{
	const char *date = cell(xml, FIELD_UPDATED);

	if (date && text_is_date(date)) {
		strcpy(xml->registry->date, date);
		xml->registry->date_is_lower_bound = false;
	}
}

static void end_element(void *context, const char *qualified)
{
	struct xml *xml = context;

	if (xml->field != FIELD_NONE && !strcmp(local_name(qualified), "xref"))
		end_reference(xml);
	if (xml->field == FIELD_UPDATED && xml->depth == 2)
		end_updated(xml);
	if (xml->depth == 2 || xml->depth == xml->record_depth + 1)
		xml->field = FIELD_NONE;
	if (xml->depth == xml->record_depth)
		end_record(xml);
	xml->depth--;
}

static void add_text(void *context, const char *bytes, int size)
{
	struct xml *xml = context;

	if (xml->field == FIELD_NONE)
		return;
	if (xml->reference != NO_REFERENCE)
		xml->fields[xml->field].size = xml->reference;
	xml->reference = NO_REFERENCE;
	append(xml, xml->field, bytes, (size_t)size);
}

static void refuse_doctype(void *context, const char *name, const char *system_id,
			   const char *public_id, int has_internal_subset)
{
	struct xml *xml = context;

	(void)name, (void)system_id, (void)public_id, (void)has_internal_subset;
	stop(xml, diagnostics_refuse(xml->diagnostics, xml->registry->path, line_of(xml),
				     "a document type declaration is not read"));
}

static int parse(struct xml *xml, const struct source *source)
{
	XML_SetUserData(xml->parser, xml);
	XML_SetElementHandler(xml->parser, begin_element, end_element);
	XML_SetCharacterDataHandler(xml->parser, add_text);
	XML_SetStartDoctypeDeclHandler(xml->parser, refuse_doctype);
	if (XML_Parse(xml->parser, source->bytes, (int)source->size, XML_TRUE) == XML_STATUS_OK)
		return 0;
	if (xml->err)
		return xml->err;
	return diagnostics_refuse(xml->diagnostics, xml->registry->path, line_of(xml),
				  "malformed XML: %s",
				  XML_ErrorString(XML_GetErrorCode(xml->parser)));
}

static int xml_read(struct registry *registry, const struct source *source)
{
	struct xml xml = {
		.registry = registry,
		.diagnostics = source->diagnostics,
		.parser = XML_ParserCreateNS(NULL, NAMESPACE_SEPARATOR),
		.field = FIELD_NONE,
		.reference = NO_REFERENCE,
	};
	int err = xml.parser ? parse(&xml, source) : -ENOMEM;

	for (size_t i = 0; i < FIELD_MAX; i++)
		free(xml.fields[i].bytes);
	XML_ParserFree(xml.parser);
	return err;
}

static bool xml_recognise(const struct source *source)
{
	return source->bytes[strspn(source->bytes, " \t\n")] == '<';
}

const struct format format_xml = { "xml", xml_recognise, xml_read };
