// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Print the Content-Security-Policy of a page as a C header: what is inline in
 * the page runs, by its hash, and nothing else does.
 *
 * usage: page_policy PAGE
 */
#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_MAX (1 << 20)

#define HASH_TEXT_SIZE (4 * ((SHA256_DIGEST_LENGTH + 2) / 3) + 1)

static const struct block {
	const char *directive, *begin, *end;
} blocks[] = {
	{ "style-src", "<style>", "</style>" },
	{ "script-src", "<script>", "</script>" },
};

/* As browsers write hashes: base64, padded. */
static void base64(char *text, const uint8_t *bytes, size_t size)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (; size; bytes += 3) {
		size_t taken = size < 3 ? size : 3;
		uint32_t group = (uint32_t)bytes[0] << 16;

		group |= taken > 1 ? (uint32_t)bytes[1] << 8 : 0;
		group |= taken > 2 ? bytes[2] : 0;
		for (size_t i = 0; i < 4; i++)
			*text++ = i <= taken ? digits[group >> (18 - 6 * i) & 63] : '=';
		size -= taken;
	}
	*text = '\0';
}

/* A page has one block of each kind, or the policy would forbid the other. */
static int print_directive(const struct block *block, const char *page)
{
	const char *begin = strstr(page, block->begin);
	const char *end = begin ? strstr(begin, block->end) : NULL;
	uint8_t hash[SHA256_DIGEST_LENGTH];
	char text[HASH_TEXT_SIZE];
	SHA256_CTX context;

	if (!end || strstr(end, block->begin)) {
		fprintf(stderr, "page_policy: the page must have one %s\n", block->begin);
		return -1;
	}
	begin += strlen(block->begin);
	SHA256Init(&context);
	SHA256Update(&context, (const uint8_t *)begin, (size_t)(end - begin));
	SHA256Final(hash, &context);
	base64(text, hash, sizeof(hash));
	printf("\t\"%s 'sha256-%s'; \" \\\n", block->directive, text);
	return 0;
}

static int print_header(const char *page)
{
	puts("/* Generated from the page by page_policy. */\n"
	     "#define PAGE_POLICY \\\n"
	     "\t\"default-src 'none'; connect-src 'self'; img-src data:; \" \\");
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (print_directive(&blocks[i], page))
			return -1;
	puts("\t\"base-uri 'none'; form-action 'none'; frame-ancestors 'none'\"");
	return 0;
}

int main(int argc, char **argv)
{
	char *page = calloc(1, PAGE_MAX + 1);
	FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
	int err = -1;

	if (argc != 2)
		fputs("usage: page_policy PAGE\n", stderr);
	else if (!file || !page)
		perror(argv[1]);
	else if (fread(page, 1, PAGE_MAX + 1, file) > PAGE_MAX || ferror(file))
		fprintf(stderr, "%s: can't be read whole\n", argv[1]);
	else
		err = print_header(page);
	if (file)
		fclose(file);
	free(page);
	return err || fflush(stdout) || ferror(stdout) ? 2 : 0;
}
