/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * candidate.c - the fast path.
 *
 * All mail of a site runs through here, and a registrar's is one in many thousand. So what counts
 * is what "no" costs, and that it costs the same whatever the mail holds and however long the list
 * is:
 *
 *   - Nothing is searched for: message.c has noted where From, Subject and DKIM-Signature stand.
 *   - A domain costs one hash and one look into a table, for 30 senders as for 300,000. There are
 *     about three: of the envelope, of From, of each signature's d=.
 *   - A From that is one plain address with one "@" (nearly all are) is read once, by the strict
 *     reader. Only what is left over pays for the lenient one.
 *   - Wording is the one question that a table cannot answer: dozens of patterns, each of which may
 *     match anywhere. With PCRE2 asked about every subject they cost more than all the rest of
 *     keepname together (measured: 15 % on top of libmilter). But what registrars write about is
 *     rare in other mail, and each pattern names a few plain texts that it cannot match without
 *     (literal.c). So a sieve looks for these first, four octets at a time (sieve.c), and PCRE2 is
 *     called only for the patterns all of whose needs are met. What that costs hardly grows with
 *     the number of languages. A test says when an installed pattern has no such text.
 *   - Encoded words are decoded first, by small code of our own, into a buffer that stays; what is
 *     not plain ASCII then is folded into another (fold.c).
 *   - Nothing is allocated, and no text of the mail is kept: the answer holds copies.
 *
 * The answer to an attack on this page is not a finer reading but a bound: the enum in candidate.h
 * says how much of each kind is looked at. Whoever exceeds it only loses the chance to be judged,
 * and mail that is not judged is never boosted.
 */
#include "rules/core/candidate.h"

#include <string.h>

#include "rules/core/domain.h"
#include "rules/core/fold.h"
#include "rules/core/rfc2047.h"

bool candidate_scratch_init(struct candidate_scratch *s)
{
	*s = (struct candidate_scratch){.pattern = pattern_scratch_new()};
	return s->pattern != NULL;
}

void candidate_scratch_free(struct candidate_scratch *s)
{
	if (!s)
		return;
	pattern_scratch_free(s->pattern);
	str_free(&s->text);
	str_free(&s->folded);
	*s = (struct candidate_scratch){0};
}

struct test {
	const struct list *list;
	const struct classes *classes;
	const struct message *message;
	struct candidate_scratch *scratch;
	struct candidate *candidate;
	size_t claims; /* left to look at */
};

static void note_domain(struct test *t, struct slice domain)
{
	const struct sender *s = list_find_domain(t->list, domain);
	if (s && s->enabled)
		t->candidate->lane = CANDIDATE_LISTED;
}

/* -- From ----------------------------------------------------------------------------------- */

static bool note_claim(const struct address *a, void *context)
{
	struct test *t = context;
	struct candidate *c = t->candidate;
	t->claims--;
	const struct sender *s = list_find(t->list, a);
	if (s && (!c->claimed || (s->enabled && !c->claimed->enabled)))
		c->claimed = s;
	note_domain(t, slice_of(a->domain));
	return t->claims == 0;
}

static bool has_encoded_word(struct slice s)
{
	const char *end = s.p + s.n;
	const char *p = memchr(s.p, '=', s.n);
	while (p && p + 1 < end && p[1] != '?')
		p = memchr(p + 1, '=', (size_t)(end - p - 1));
	return p && p + 1 < end;
}

static bool has_one_at(struct slice s)
{
	const char *at = memchr(s.p, '@', s.n);
	return at && !memchr(at + 1, '@', (size_t)(s.p + s.n - at - 1));
}

static struct slice decoded(struct test *t, struct slice value)
{
	str_reset(&t->scratch->text);
	rfc2047_decode(value, LIMIT_SUBJECT, &t->scratch->text);
	return (struct slice){str_text(&t->scratch->text), t->scratch->text.n};
}

static void test_claims(struct test *t, struct slice value)
{
	if (t->claims > 0)
		address_each_claim(value, note_claim, t);
	if (t->claims > 0 && has_encoded_word(value))
		address_each_claim(decoded(t, value), note_claim, t);
}

static void test_from(struct test *t)
{
	struct candidate *c = t->candidate;
	size_t at = 0, i;
	if (t->message->mark_count[MARK_FROM] == 1 &&
	    message_next(t->message, MARK_FROM, &at, &i)) {
		struct slice value = message_value(t->message, i);
		c->from_plain = address_parse(value, &c->from);
		if (c->from_plain) {
			c->claimed = c->entry = list_find(t->list, &c->from);
			note_domain(t, slice_of(c->from.domain));
			if (has_one_at(value) && !has_encoded_word(value))
				return;
		}
	}
	at = 0;
	for (size_t n = 0; n < CANDIDATE_FROMS && message_next(t->message, MARK_FROM, &at, &i); n++)
		test_claims(t, message_value(t->message, i));
	if (c->entry)
		c->claimed = c->entry;
}

/* -- envelope and signatures ---------------------------------------------------------------- */

static bool note_sender(const struct address *a, void *context)
{
	struct test *t = context;
	note_domain(t, slice_of(a->domain));
	return t->candidate->lane == CANDIDATE_LISTED;
}

static const char *over_space(const char *p, const char *end)
{
	while (p < end && str_is_space(*p))
		p++;
	return p;
}

/* The value of a tag from its "=" on: up to ";", without space (RFC 6376 3.2 allows folds). */
static void note_identity(struct test *t, const char *p, const char *end)
{
	char raw[LIMIT_DOMAIN + 2], name[LIMIT_DOMAIN + 1];
	size_t n = 0;
	for (; p < end && *p != ';'; p++) {
		if (str_is_space(*p))
			continue;
		if (n == sizeof raw)
			return;
		raw[n++] = *p;
	}
	if (domain_normalise((struct slice){raw, n}, false, name))
		note_domain(t, slice_of(name));
}

/* Every d= in the tag list, in whatever case. */
static void test_signature(struct test *t, struct slice value)
{
	const char *p = value.p;
	const char *end = p + (value.n < LIMIT_SIGNATURE_BYTES ? value.n : LIMIT_SIGNATURE_BYTES);
	while (p) {
		p = over_space(p, end);
		if (p < end && str_lower_char(*p) == 'd') {
			const char *equals = over_space(p + 1, end);
			if (equals < end && *equals == '=')
				note_identity(t, equals + 1, end);
		}
		p = memchr(p, ';', (size_t)(end - p));
		if (p)
			p++;
	}
}

static void test_signatures(struct test *t)
{
	size_t at = 0, i;
	for (size_t n = 0; n < CANDIDATE_SIGNATURES; n++) {
		if (t->candidate->lane == CANDIDATE_LISTED ||
		    !message_next(t->message, MARK_DKIM, &at, &i))
			return;
		test_signature(t, message_value(t->message, i));
	}
}

/* -- wording -------------------------------------------------------------------------------- */

/* As patterns see it; plain ASCII, which most is, is that already. */
static struct slice folded(struct test *t, struct slice value)
{
	struct slice text = decoded(t, value);
	if (!fold_needed(text))
		return text;
	str_reset(&t->scratch->folded);
	fold_text(text, &t->scratch->folded);
	return (struct slice){str_text(&t->scratch->folded), t->scratch->folded.n};
}

static uint32_t wording(struct test *t, const struct pattern_set *set, struct slice value)
{
	bool limit = false;
	uint32_t classes = classes_in(set, t->scratch->pattern, folded(t, value), &limit);
	if ((classes || limit) && t->candidate->lane == CANDIDATE_NO)
		t->candidate->lane = CANDIDATE_WORDING;
	return classes;
}

static void test_wording(struct test *t)
{
	const struct message *m = t->message;
	uint32_t classes = 0;
	size_t at = 0, i;
	for (size_t n = 0; n < CANDIDATE_SUBJECTS && message_next(m, MARK_SUBJECT, &at, &i); n++)
		classes |= wording(t, t->classes->subject, message_value(m, i));
	t->candidate->wording = classes_first(classes);

	at = 0;
	if (!t->candidate->from_plain || !message_next(m, MARK_FROM, &at, &i))
		return;
	struct slice display = address_display(message_value(m, i));
	if (display.n > 0)
		wording(t, t->classes->display, display);
}

void candidate_test(const struct list *list, const struct classes *classes,
		    const struct message *message, struct candidate_scratch *scratch,
		    struct candidate *ret_candidate)
{
	struct candidate c = {.lane = CANDIDATE_NO};
	struct test t = {list, classes, message, scratch, &c, CANDIDATE_CLAIMS};
	test_from(&t);
	address_each_claim(message_sender(message), note_sender, &t);
	test_signatures(&t);
	test_wording(&t);
	*ret_candidate = c;
}
