/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs the RFC 7208 suite, as printed by spf_suite.py on stdin, against spf_check, and speaks TAP.
 *
 * A case fails when we say "pass" and the suite does not allow it: that would be proof out of
 * nothing. Every other difference is a diagnostic, and counted: it costs a sender its proof by SPF.
 * Exit 2 for input that cannot be read.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proof/spf.h"
#include "tests/proof/zone.h"

enum {
	FIELDS = 6,
};

struct tally {
	unsigned cases, agreed, false_passes, lost_passes, broad;
};

static _Noreturn void bad(unsigned number, const char *what)
{
	fprintf(stderr, "spf_suite: line %u: %s\n", number, what);
	exit(2);
}

static size_t split(char *line, char *field[static FIELDS])
{
	size_t n = 0;
	for (char *next = line; next && n < FIELDS; n++)
		field[n] = strsep(&next, "\t");
	return n;
}

/* In place; false when it is no hexadecimal. */
static bool unhex(char *text, size_t *ret_n)
{
	size_t n = 0;
	for (; text[2 * n] && text[2 * n + 1]; n++) {
		unsigned v;
		if (sscanf(text + 2 * n, "%2x", &v) != 1)
			return false;
		text[n] = (char)v;
	}
	bool even = !text[2 * n] || n == 0;
	text[n] = '\0';
	*ret_n = n;
	return even;
}

static bool add_record(struct zone *z, const char *name, const char *type, char *data)
{
	static const struct {
		const char *name;
		enum question_type type;
	} types[] = {
	    {"A", QUESTION_A},     {"AAAA", QUESTION_AAAA}, {"MX", QUESTION_MX},
	    {"PTR", QUESTION_PTR}, {"TXT", QUESTION_TXT},
	};
	size_t n;
	if (!unhex(data, &n))
		return false;
	if (strcmp(type, "CNAME") == 0) {
		if (n && data[n - 1] == '.')
			data[n - 1] = '\0';
		return zone_add_cname(z, name, data);
	}
	bool trouble = strcmp(type, "TROUBLE") == 0;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (strcmp(trouble ? data : type, types[i].name) != 0)
			continue;
		if (trouble)
			return zone_add_trouble(z, name, types[i].type);
		if (types[i].type == QUESTION_TXT)
			return zone_add_raw(z, name, QUESTION_TXT, data, n);
		return zone_add(z, name, types[i].type, data);
	}
	return false;
}

static bool allowed(const char *wanted, const char *result)
{
	size_t n = strlen(result);
	for (const char *p = wanted; p; p = strchr(p, ',')) {
		p += *p == ',';
		if (strncmp(p, result, n) == 0 && (p[n] == ',' || !p[n]))
			return true;
	}
	return false;
}

/* The null sender stands for postmaster at the HELO name (RFC 7208 2.4). */
static enum auth_result check(struct zone *z, char *const field[static FIELDS], unsigned number,
			      bool *ret_broad)
{
	struct resolver resolver = zone_resolver(z);
	struct spf_question q = {.helo = field[3]};
	struct str from = {0};
	if (inet_pton(AF_INET, field[2], q.ip) == 1)
		q.family = AF_INET;
	else if (inet_pton(AF_INET6, field[2], q.ip) == 1)
		q.family = AF_INET6;
	else
		bad(number, "no address");
	const char *at = strrchr(field[4], '@');
	if (!field[4][0])
		str_printf(&from, "postmaster@%s", field[3]);
	else if (!at || at == field[4])
		str_printf(&from, "postmaster@%s", at ? at + 1 : field[4]);
	else
		str_puts(&from, field[4]);
	q.mail_from = str_text(&from);
	enum auth_result result = spf_check(&q, &resolver, ret_broad);
	str_free(&from);
	return result;
}

static void run_case(struct zone *z, const char *scenario, char *const field[static FIELDS],
		     unsigned number, struct tally *t)
{
	bool broad = false;
	enum auth_result result = check(z, field, number, &broad);
	const char *got = auth_result_name(result);
	bool agrees = allowed(field[5], got);
	bool false_pass = result == AUTH_PASS && !agrees;
	t->cases++;
	t->agreed += agrees;
	t->false_passes += false_pass;
	t->lost_passes += !agrees && allowed(field[5], "pass");
	t->broad += broad;
	if (!agrees)
		printf("# %s: %s: got %s, the suite wants %s\n", scenario, field[1], got, field[5]);
	printf("%s %u - %s: %s\n", false_pass ? "not ok" : "ok", t->cases, scenario, field[1]);
	if (zone_counts(z).odd)
		bad(number, "a name was asked about that may not be");
	zone_counts_reset(z);
}

int main(void)
{
	struct tally t = {0};
	struct zone *z = NULL;
	char *line = NULL, *scenario = NULL, *field[FIELDS];
	size_t room = 0;
	ssize_t n;
	if (!spf_init())
		bad(0, "spf_init");
	for (unsigned number = 1; (n = getline(&line, &room, stdin)) > 0; number++) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		size_t count = split(line, field);
		if (count == 2 && strcmp(field[0], "S") == 0) {
			zone_free(z);
			free(scenario);
			z = zone_new();
			scenario = strdup(field[1]);
			if (!z || !scenario)
				bad(number, "out of memory");
		} else if (count == 4 && strcmp(field[0], "R") == 0 && z) {
			if (!add_record(z, field[1], field[2], field[3]))
				bad(number, "not a record");
		} else if (count == 6 && strcmp(field[0], "T") == 0 && z) {
			run_case(z, scenario, field, number, &t);
		} else {
			bad(number, "neither S, R nor T");
		}
	}
	printf(
	    "1..%u\n# %u of %u cases as the suite wants; %u false passes, %u passes not given, %u "
	    "broad\n",
	    t.cases, t.agreed, t.cases, t.false_passes, t.lost_passes, t.broad);
	zone_free(z);
	free(scenario);
	free(line);
	return t.cases == 0 ? 2 : t.false_passes ? 1 : 0;
}
