/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wordings.h - the installed class files beside the mails that their patterns were written for.
 *
 * tests/wording/LANGUAGE.mails is deb822 stanzas of three kinds:
 *
 *   Mail: CLASS                must be recognised as exactly that class
 *   Near: CLASS                must not, nor as another one, unless "Is: CLASS" says so
 *   Ordinary:                  subjects of everyday mail, one a line; no Subject or Display-Name
 *                              pattern of any language may match
 *
 * with the fields of a class file, each of which stands for itself unless a subject and Body are both
 * there; then each subject makes a mail with each body:
 *
 *   Subject:                   one a line
 *   Listed-Subject:            the same; no Subject pattern of any language may match it
 *   Body:                      one text; a line of "." begins the next one
 *   Display-Name:              one a line
 *   Domain-Wording:            one sentence a line
 *
 * mixed.mails holds mails in several languages and belongs to no class file.
 */
#ifndef TESTS_RULES_WORDINGS_H
#define TESTS_RULES_WORDINGS_H

#include "base/folder.h"
#include "rules/core/classes.h"
#include "rules/core/pattern.h"

enum wording_field {
	WORDING_SUBJECT,
	WORDING_LISTED,
	WORDING_DISPLAY,
	WORDING_BODY,
	WORDING_DOMAIN,
	WORDING_FIELDS,
};

enum mail_kind {
	MAIL_IS,
	MAIL_NEAR,
	MAIL_ORDINARY, /* its subjects are WORDING_SUBJECT */
};

struct mail_text {
	struct str text; /* folded */
	unsigned line;
};

struct mail {
	enum mail_kind kind;
	enum class_id class;
	enum class_id is; /* what comes out */
	const char *file;
	unsigned line;
	struct slice language; /* of the file's name */
	struct mail_text *text[WORDING_FIELDS];
	size_t count[WORDING_FIELDS];
};

struct wording {
	struct pattern_source source; /* tag: the class; its text: folded */
	char *folded;
	enum wording_field field;
	struct slice language;
	struct pattern_set *alone; /* of this one pattern */
};

/* Everything points into files; errors of reading fail the test. */
struct wordings {
	struct folder class_files, mail_files;
	struct wording *pattern;
	size_t pattern_count;
	struct mail *mail;
	size_t mail_count;
};

extern const char *const wording_field_names[WORDING_FIELDS];

/* From $srcdir. */
void wordings_read(struct wordings *ret_wordings);
void wordings_free(struct wordings *w);
/* PATH of the source tree. */
void wordings_path(const char *name, struct str *to);
/* All files of a folder of the source tree. */
void wordings_read_folder(const char *name, const char *ending, struct folder *ret_folder);
/* "de" of "rules/lists/de.class". */
struct slice wordings_language(const char *path);
bool wordings_same(struct slice a, struct slice b);
bool wordings_matches(const struct pattern_set *set, struct pattern_scratch *scratch,
		      const struct mail_text *text);

#endif
