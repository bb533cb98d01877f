/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pattern.c - sets of patterns on PCRE2.
 *
 * Each pattern is compiled by itself and asked by itself, and only where the sieve has seen one of
 * the texts that it cannot match without. Joining all into one alternation looks cheaper and is
 * not: PCRE2 knows of one pattern which octets it can begin with and must hold, and skips to them;
 * of an alternation of many it knows nothing and tries every branch at every place. Measured with
 * the 77 subject patterns on ordinary subjects: 11 to 35 us joined, 3 to 5 us one by one, 0.04 us
 * behind the sieve; with two classes' body patterns on 2 to 3 KB: 140 to 540 us joined, 3 to 6 us
 * behind the sieve.
 *
 * Constructs that reach out of a pattern, or that literal.c would have to know, are refused by
 * name, so that the message says which.
 *
 * A match that hits a limit is "unknown", never "no".
 */
#include "rules/core/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "rules/core/sieve.h"

enum {
	OPTIONS = PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF |
		  PCRE2_MULTILINE | PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_BACKSLASH_C,
	JIT_STACK_FIRST = 32 * 1024,
	JIT_STACK_MOST = 512 * 1024,
};

struct part {
	pcre2_code *code;
	uint32_t tag;
	char *file; /* the same copy as that of the part before, if it is the same file */
	unsigned line, column;
};

struct pattern_set {
	struct part *part; /* in the order of their sources */
	size_t count;
	struct sieve *sieve;
};

struct pattern_scratch {
	pcre2_match_context *context;
	pcre2_match_data *data;
	pcre2_jit_stack *stack; /* made for the first match: most connections never need it */
	bool stack_tried;
};

/* -- what a pattern may not hold ------------------------------------------------------------ */

/* The group that begins at p[0] = '('; NULL if it is allowed. */
static const char *bad_group(const char *p, size_t n)
{
	if (n < 2)
		return NULL;
	if (p[1] == '*')
		return "verbs, (*...), are not allowed";
	if (p[1] != '?')
		return NULL;
	char kind = n > 2 ? p[2] : '\0';
	if (kind == '=')
		return "(?=...) is not allowed: PCRE2 before 10.45 overlooks matches of it";
	if (kind && strchr(":!>|", kind))
		return NULL;
	if (kind == '<' && n > 3 && (p[3] == '=' || p[3] == '!'))
		return NULL;
	size_t i = 2;
	while (i < n && p[i] && strchr("ims-", p[i]))
		i++;
	if (i > 2 && i < n && (p[i] == ':' || p[i] == ')'))
		return NULL;
	return "of (?...) only (?:, (?!, (?<=, (?<!, (?>, (?| and the options i, m, s are "
	       "allowed";
}

/* What is wrong, and where; NULL if nothing is. */
static const char *bad_construct(struct slice s, size_t *ret_at)
{
	for (size_t i = 0; i < s.n; i++) {
		const char *why = NULL;
		*ret_at = i;
		if (s.p[i] == '(') {
			why = bad_group(s.p + i, s.n - i);
		} else if (s.p[i] == '\\' && i + 1 < s.n) {
			i++;
			if (s.p[i] && strchr("QEKCGgk", s.p[i]))
				why = "\\Q, \\E, \\K, \\C, \\G, \\g and \\k are not allowed";
			else if (s.p[i] >= '1' && s.p[i] <= '9')
				why = "back references are not allowed";
		}
		if (why)
			return why;
	}
	return NULL;
}

/* -- compiling ------------------------------------------------------------------------------ */

static void report(const struct pattern_source *s, size_t at, const char *why, struct diags *diags)
{
	char quoted[128];
	diag_quote(s->text.p, s->text.n, quoted);
	diag_add(diags, DIAG_ERROR, s->file, s->line, s->column + (unsigned)at, "pattern %s: %s",
		 quoted, why);
}

static void report_code(const struct pattern_source *s, size_t at, int error, struct diags *diags)
{
	PCRE2_UCHAR why[160];
	if (pcre2_get_error_message(error, why, sizeof why) < 0)
		memcpy(why, "not a pattern", sizeof "not a pattern");
	report(s, at, (const char *)why, diags);
}

/* NULL: reported, or no memory. */
static pcre2_code *read_source(const struct pattern_source *s, pcre2_compile_context *context,
			       struct diags *diags)
{
	size_t at = 0;
	int error;
	uint32_t empty = 1;
	if (s->text.n > LIMIT_PATTERN_BYTES) {
		diag_add(diags, DIAG_ERROR, s->file, s->line, s->column,
			 "pattern of %zu octets, expected %d at most", s->text.n,
			 LIMIT_PATTERN_BYTES);
		return NULL;
	}
	const char *why = bad_construct(s->text, &at);
	if (why) {
		report(s, at, why, diags);
		return NULL;
	}
	pcre2_code *code =
	    pcre2_compile((PCRE2_SPTR)s->text.p, s->text.n, OPTIONS, &error, &at, context);
	if (!code) {
		report_code(s, at, error, diags);
		return NULL;
	}
	pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &empty);
	if (empty) {
		report(s, 0, "matches the empty text", diags);
		pcre2_code_free(code);
		return NULL;
	}
	/* Without JIT (no executable memory) pcre2_match interprets. */
	pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	return code;
}

/* False when memory is short. */
static bool note_place(struct pattern_set *set, const struct pattern_source *s)
{
	struct part *part = &set->part[set->count];
	char *before = set->count > 0 ? part[-1].file : NULL;
	const char *file = s->file ? s->file : "";
	part->file = before && strcmp(before, file) == 0 ? before : strdup(file);
	part->line = s->line;
	part->column = s->column;
	return part->file != NULL;
}

/* All of them, so that each that is faulty is reported. */
static bool read_sources(struct pattern_set *set, const struct pattern_source *source, size_t count,
			 struct diags *diags)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	bool good = context != NULL;
	if (!context)
		return false;
	pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
	for (size_t i = 0; i < count; i++) {
		struct literal_needs needs;
		struct part *part = &set->part[set->count];
		part->code = read_source(&source[i], context, diags);
		part->tag = source[i].tag;
		if (part->code) {
			literals_needed(source[i].text, &needs);
			good = sieve_add(set->sieve, set->count, &needs) == 0 && good;
			good = note_place(set, &source[i]) && good;
			set->count++;
		} else {
			good = false;
		}
	}
	pcre2_compile_context_free(context);
	return good;
}

struct pattern_set *pattern_compile(const struct pattern_source *source, size_t count,
				    struct diags *diags)
{
	if (count > LIMIT_PATTERNS) {
		diag_add(diags, DIAG_ERROR, source[LIMIT_PATTERNS].file,
			 source[LIMIT_PATTERNS].line, 0, "%zu patterns, expected %d at most", count,
			 LIMIT_PATTERNS);
		return NULL;
	}
	struct pattern_set *set = calloc(1, sizeof *set);
	if (!set)
		return NULL;
	set->part = calloc(count ? count : 1, sizeof *set->part);
	set->sieve = sieve_new(count);
	if (set->part && set->sieve && read_sources(set, source, count, diags))
		return set;
	pattern_free(set);
	return NULL;
}

void pattern_free(struct pattern_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->count; i++) {
		pcre2_code_free(set->part[i].code);
		if (i == 0 || set->part[i].file != set->part[i - 1].file)
			free(set->part[i].file);
	}
	free(set->part);
	sieve_free(set->sieve);
	free(set);
}

/* -- matching ------------------------------------------------------------------------------- */

struct pattern_scratch *pattern_scratch_new(void)
{
	struct pattern_scratch *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->context = pcre2_match_context_create(NULL);
	s->data = pcre2_match_data_create(1, NULL);
	if (!s->context || !s->data) {
		pattern_scratch_free(s);
		return NULL;
	}
	pcre2_set_match_limit(s->context, LIMIT_MATCH);
	pcre2_set_depth_limit(s->context, LIMIT_MATCH_DEPTH);
	pcre2_set_heap_limit(s->context, LIMIT_MATCH_HEAP);
	return s;
}

void pattern_scratch_free(struct pattern_scratch *scratch)
{
	if (!scratch)
		return;
	pcre2_match_data_free(scratch->data);
	pcre2_match_context_free(scratch->context);
	pcre2_jit_stack_free(scratch->stack);
	free(scratch);
}

/* Without one the match runs on 32 KB of the thread's own. */
static void make_stack(struct pattern_scratch *s)
{
	s->stack_tried = true;
	s->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MOST, NULL);
	if (s->stack)
		pcre2_jit_stack_assign(s->context, NULL, s->stack);
}

static enum proof match(const struct part *part, struct pattern_scratch *scratch,
			struct slice subject, size_t at)
{
	if (!scratch->stack_tried)
		make_stack(scratch);
	int rc = pcre2_match(part->code, (PCRE2_SPTR)(subject.n ? subject.p : ""), subject.n, at, 0,
			     scratch->data, scratch->context);
	if (rc == PCRE2_ERROR_NOMATCH)
		return PROOF_NO;
	return rc < 0 ? PROOF_UNKNOWN : PROOF_YES;
}

enum proof pattern_next(const struct pattern_set *set, struct pattern_scratch *scratch,
			struct slice subject, size_t *at, uint32_t *ret_tag,
			struct slice *ret_match)
{
	struct sieve_hits hits;
	size_t start = SIZE_MAX, end = 0, next = 0, i;
	bool limit = false;
	if (*at > subject.n || !sieve_ask(set->sieve, subject, &hits))
		return PROOF_NO;
	while (sieve_next(set->sieve, &hits, &next, &i)) {
		enum proof p = match(&set->part[i], scratch, subject, *at);
		const size_t *pair = pcre2_get_ovector_pointer(scratch->data);
		limit = limit || p == PROOF_UNKNOWN;
		if (p == PROOF_YES && pair[0] < start) {
			start = pair[0];
			end = pair[1];
			*ret_tag = set->part[i].tag;
		}
	}
	if (start == SIZE_MAX)
		return limit ? PROOF_UNKNOWN : PROOF_NO;
	*at = end > *at ? end : *at + 1;
	if (ret_match)
		*ret_match = (struct slice){subject.p + start, end - start};
	return PROOF_YES;
}

uint32_t pattern_tags(const struct pattern_set *set, struct pattern_scratch *scratch,
		      struct slice subject, uint32_t wanted, bool *ret_limit)
{
	struct sieve_hits hits;
	uint32_t tags = 0;
	size_t next = 0, i;
	if (!sieve_ask(set->sieve, subject, &hits))
		return 0;
	while (sieve_next(set->sieve, &hits, &next, &i)) {
		const struct part *part = &set->part[i];
		if (part->tag >= 32 || !(wanted & ~tags & 1u << part->tag))
			continue;
		enum proof p = match(part, scratch, subject, 0);
		if (p == PROOF_YES)
			tags |= 1u << part->tag;
		else if (p == PROOF_UNKNOWN)
			*ret_limit = true;
	}
	return tags;
}

static bool is_reported(const struct part *part, const struct diags *diags)
{
	for (size_t i = 0; i < diags->count; i++) {
		const struct diag *d = &diags->list[i];
		if (d->line == part->line && d->column == part->column && d->file &&
		    strcmp(d->file, part->file) == 0)
			return true;
	}
	return false;
}

void pattern_strain(const struct pattern_set *set, struct pattern_scratch *scratch,
		    struct slice text, struct diags *diags)
{
	struct sieve_hits hits;
	size_t next = 0, i;
	if (!sieve_ask(set->sieve, text, &hits))
		return;
	while (sieve_next(set->sieve, &hits, &next, &i)) {
		const struct part *part = &set->part[i];
		char quoted[128];
		if (match(part, scratch, text, 0) != PROOF_UNKNOWN || is_reported(part, diags))
			continue;
		diag_quote(text.p, text.n, quoted);
		diag_add(diags, DIAG_ERROR, part->file, part->line, part->column,
			 "the pattern runs into a match limit on %zu octets: %s", text.n, quoted);
	}
}

size_t pattern_unsieved(const struct pattern_set *set)
{
	struct sieve_hits hits;
	size_t count = 0, next = 0, i;
	sieve_ask(set->sieve, (struct slice){"", 0}, &hits);
	while (sieve_next(set->sieve, &hits, &next, &i))
		count++;
	return count;
}
