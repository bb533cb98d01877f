/* SPDX-License-Identifier: BSD-2-Clause */
/* holds.c - see holds.h. */
#include "tests/fuzz/holds.h"

#include "db/record.h"
#include "tests/fuzz/fuzz.h"

void holds_finding(const struct finding *f)
{
	struct str once = {0}, again = {0};
	static struct finding back;
	finding_pack(f, &once);
	FUZZ_HOLDS(!once.failed && once.n <= LIMIT_BABBLE);
	FUZZ_HOLDS(finding_unpack((struct slice){once.p, once.n}, &back));
	finding_pack(&back, &again);
	FUZZ_HOLDS(fuzz_same((struct slice){once.p, once.n}, (struct slice){again.p, again.n}));
	str_free(&once);
	str_free(&again);
}

/* Said here anew, not by calling what is tested. */
static bool ends_alike(const char *name, const char *domain)
{
	size_t n = strlen(name), m = strlen(domain);
	size_t i = 0;
	while (i < n && i < m && name[n - 1 - i] == domain[m - 1 - i])
		i++;
	return i == n || i == m || memchr(name + n - i, '.', i) != NULL;
}

static void holds_proof(const struct outcome *o)
{
	const struct finding *f = &o->finding;
	const char *from = o->candidate.from.domain;
	bool proved = f->spf == AUTH_PASS && !f->spf_broad && ends_alike(f->spf_domain, from);
	for (uint32_t i = 0; i < f->dkim_count; i++)
		proved |= f->dkim[i].result == AUTH_PASS && f->dkim[i].flaws == 0 &&
			  ends_alike(f->dkim[i].d, from);
	FUZZ_HOLDS(proved);
	FUZZ_HOLDS(o->decision.proof[0]);
}

static void holds_genuine(const struct outcome *o)
{
	const struct decision *d = &o->decision;
	const struct finding *f = &o->finding;
	const struct sender *e = o->candidate.entry;
	FUZZ_HOLDS(e && e->enabled && d->entry == e);
	FUZZ_HOLDS(o->candidate.lane == CANDIDATE_LISTED && o->candidate.from_plain);
	FUZZ_HOLDS(o->message.mark_count[MARK_FROM] == 1 && !o->message.overflow);
	FUZZ_HOLDS(strcmp(o->candidate.from.domain, e->domain) == 0);
	FUZZ_HOLDS(!e->from || str_same_nocase(e->from, o->candidate.from.text));
	FUZZ_HOLDS(f->class != CLASS_NONE && e->classes & 1u << f->class);
	FUZZ_HOLDS(f->links == PROOF_YES && d->reasons == 0);
	for (uint32_t i = 0; i < f->link_kept; i++)
		FUZZ_HOLDS(f->link[i].expected);
	for (unsigned i = 0; i < CONDITION_COUNT; i++)
		FUZZ_HOLDS(d->condition[i] == PROOF_YES);
	holds_proof(o);
}

static void holds_edit(const struct edit *e, const struct decision *d)
{
	bool ours = str_same_nocase(e->name, MESSAGE_OUR_HEADER);
	bool urgent = str_same_nocase(e->name, "X-Priority") ||
		      str_same_nocase(e->name, "Importance") ||
		      str_same_nocase(e->name, "Priority");
	FUZZ_HOLDS(e->action == EDIT_DELETE || ours || urgent);
	FUZZ_HOLDS(!urgent || d->verdict == VERDICT_GENUINE);
	FUZZ_HOLDS((e->action == EDIT_DELETE) == (e->value == NULL));
	size_t column = 0;
	for (const char *p = e->value; p && *p; p++) {
		FUZZ_HOLDS((unsigned char)*p < 0x7f && (*p >= ' ' || *p == '\t' || *p == '\n'));
		FUZZ_HOLDS(*p != '\n' || p[1] == '\t');
		column = *p == '\n' ? 0 : column + 1;
		FUZZ_HOLDS(column < 998);
	}
}

static const char *our_value(const struct edits *edits)
{
	const char *value = NULL;
	for (size_t i = 0; i < edits->count; i++)
		if (edits->list[i].action != EDIT_DELETE &&
		    str_same_nocase(edits->list[i].name, MESSAGE_OUR_HEADER)) {
			FUZZ_HOLDS(!value);
			value = edits->list[i].value;
		}
	return value;
}

/* "VERDICT; …", and the word of no other verdict. */
static void holds_value(const char *value, enum verdict v)
{
	const char *word = verdict_name(v);
	size_t n = strlen(word);
	FUZZ_HOLDS((value != NULL) == (v != VERDICT_NONE));
	FUZZ_HOLDS(!value || (strncmp(value, word, n) == 0 && value[n] == ';'));
}

/* The row for the database: packed and unpacked the same, one line of log. */
static void holds_row(const struct outcome *o)
{
	struct str packed = {0}, again = {0}, line = {0};
	struct record *r = record_new(&o->message, &o->candidate, &o->decision, &o->finding,
				      INT64_C(1795348800), "Q");
	FUZZ_HOLDS(r);
	record_pack(r, &packed);
	FUZZ_HOLDS(packed.n <= LIMIT_RECORD_BYTES);
	struct record *back = record_unpack((struct slice){packed.p, packed.n});
	FUZZ_HOLDS(back);
	record_pack(back, &again);
	FUZZ_HOLDS(fuzz_same((struct slice){packed.p, packed.n}, (struct slice){again.p, again.n}));
	record_print(back, &line);
	FUZZ_HOLDS(!memchr(str_text(&line), '\n', line.n));
	record_free(back);
	record_free(r);
	str_free(&packed);
	str_free(&again);
	str_free(&line);
}

void holds_outcome(const struct outcome *o)
{
	const struct decision *d = &o->decision;
	if (d->verdict == VERDICT_GENUINE)
		holds_genuine(o);
	if (d->verdict == VERDICT_KNOWN || d->verdict == VERDICT_FORGED)
		FUZZ_HOLDS(o->candidate.entry && o->candidate.entry->enabled);
	FUZZ_HOLDS(!o->edits.failed && o->edits.count <= LIMIT_OUR_HEADERS + 3000);
	for (size_t i = 0; i < o->edits.count; i++)
		holds_edit(&o->edits.list[i], d);
	holds_value(our_value(&o->edits), d->verdict);
	if (d->verdict != VERDICT_NONE)
		holds_row(o);
}
