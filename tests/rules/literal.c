/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * literal.c - the texts that no match of a pattern can do without. A table of what is read off
 * tricky patterns; then the oracle: PCRE2 itself, over made-up patterns and texts. A match without
 * one of the texts would be a mail that nobody sees.
 */
#include "rules/core/literal.h"
#include "rules/core/pattern.h"
#include "rules/core/utf8.h"
#include "tests/rules/table.h"

static struct pattern_set *compile(const char *text)
{
	struct pattern_source source = {slice_of(text), 1, "f.class", 1, 1};
	struct diags diags = {0};
	struct pattern_set *set = pattern_compile(&source, 1, &diags);
	diag_free(&diags);
	return set;
}

static void print(const struct literals *l, struct str *to)
{
	for (size_t i = 0; i < l->count; i++)
		str_printf(to, "%s<%.*s>", i ? " " : "", (int)l->text[i].n, l->text[i].p);
}

static void test_table(void **state)
{
	(void)state;
	static const struct {
		const char *pattern;
		const char *want; /* "" : nothing is known */
	} rows[] = {
	    /* runs */
	    {"domain", "<domain>"},
	    {"Verify Your Domain", "<Verify Your Domain>"},
	    {"abc", ""},
	    {"abcd", "<abcd>"},
	    {"a    ", "<a    >"},
	    {"     ", ""},
	    {"short or longest", "<short or longest>"},
	    {"short.longest", "<longest>"},
	    {"longest.short", "<longest>"},
	    {"\\blong\\b.{0,3}\\blonger\\b", "<longer>"},
	    {"^domain$", "<domain>"},
	    {"domain#1 x-y_z@", "<domain#1 x-y_z@>"},
	    {"a]b}c", "<a]b}c>"},
	    /* quantifiers */
	    {"domains?", "<domain>"},
	    {"domains*", "<domain>"},
	    {"domains+", "<domains>"},
	    {"domains+are", "<domains>"},
	    {"doma?ins", ""},
	    {"doma+ins", "<doma>"},
	    {"abcd?", ""},
	    {"abcd+", "<abcd>"},
	    {"abcde{0}", "<abcd>"},
	    {"abcde{0,3}", "<abcd>"},
	    {"abcde{00,3}", "<abcd>"},
	    {"abcde{1}", "<abcde>"},
	    {"abcde{10}", "<abcde>"},
	    {"abcde{01,}", "<abcde>"},
	    {"abcde{2,3}fghijk", "<fghijk>"},
	    {"abcd??efgh", "<efgh>"},
	    {"abcd*?efgh", "<efgh>"},
	    {"abcd*+efgh", "<efgh>"},
	    {"abcd+?efghi", "<efghi>"},
	    {"abcd++efghi", "<efghi>"},
	    {"abcde{0}?", "<abcd>"},
	    {"abcde{1}{0}", ""},
	    {"abcdef{,3}", ""},
	    {"abcdef{x}", ""},
	    {"abcdef{1", ""},
	    {"abcdef{1,2,3}", ""},
	    {"(?:abcd)?efgh", "<efgh>"},
	    {"(?:abcdef)*efgh", "<efgh>"},
	    {"(?:abcdef){0,2}efgh", "<efgh>"},
	    {"(?:abcdef)+efgh", "<abcdef>"},
	    {"(?:abcdef){2}efgh", "<abcdef>"},
	    {"(?:a(?:bcde)?)+x", ""},
	    {"[ab]?cdef", "<cdef>"},
	    {"\\d?cdef", "<cdef>"},
	    {"\\p{L}?cdef", "<cdef>"},
	    {".*cdef", "<cdef>"},
	    /* groups and alternatives */
	    {"(verify|confirm)", "<verify> <confirm>"},
	    {"(?:verify|confirm)", "<verify> <confirm>"},
	    {"(?>verify|confirm)", "<verify> <confirm>"},
	    {"(?|verify|confirm)", "<verify> <confirm>"},
	    {"(?:verify|it)", ""},
	    {"(?:verify|it) now", "< now>"},
	    {"(?:verify|)now it is", "<now it is>"},
	    {"verify|confirm", "<verify> <confirm>"},
	    {"verify|it", ""},
	    {"verify|^confirm.*$", "<verify> <confirm>"},
	    {"(?:a(?:bcde|fghi)|jklm)", "<bcde> <fghi> <jklm>"},
	    {"(?:a(?:bcde|fgh)|jklm)", ""},
	    {"(?:for|of) (?:your|the) (?:domain|name)", "<domain> <name>"},
	    {"(?:alpha|beta)(?:gamma)", "<gamma>"},
	    {"(?:alpha|gamma) domain", "< domain>"},
	    {"do(?:main)s", "<main>"},
	    {"((((deep))))", "<deep>"},
	    {"(?:x)(y)(?>z)", ""},
	    {"()domain", "<domain>"},
	    {"(?:abcd|efgh(?:ijkl|mnop))", "<abcd> <efgh>"},
	    /* lookarounds say nothing: what they see may lie outside of the match, or not be there
	     */
	    {"(?=domain)\\w+", ""},
	    {"(?!domain)\\w{4}", ""},
	    {"\\w+(?<=domain)", ""},
	    {"\\w+(?<!domain)", ""},
	    {"(?!domain)name", "<name>"},
	    {"name(?!domain)tags", "<name>"},
	    {"name(?<!domain|tags)", "<name>"},
	    {"(?:(?=domain)|name)", ""},
	    /* options */
	    {"(?i)domain", "<domain>"},
	    {"(?-i)domain", "<domain>"},
	    {"do(?i)main", "<main>"},
	    {"(?i:domain)", "<domain>"},
	    {"(?s-im:domain)", "<domain>"},
	    {"(?i:domain)?name", "<name>"},
	    {"verify(?i)|confirm", "<verify> <confirm>"},
	    /* escapes */
	    {"doma\\.ins\\(\\)", "<doma>"},
	    {"\\bdomain\\b", "<domain>"},
	    {"domain\\.", "<domain>"},
	    {"a\\bcdef", "<cdef>"},
	    {"a\\tbcde\\nf", "<bcde>"},
	    {"\\pLdomain\\PLs", "<domain>"},
	    {"\\p{Lu}domain\\P{^Lu}", "<domain>"},
	    {"\\R\\X\\N\\h\\V\\Adomain\\z", "<domain>"},
	    {"\\\\domain", "<domain>"},
	    {"\\|domain", "<domain>"},
	    {"\\[domain]", "<domain]>"},
	    {"\\(domain|name", "<domain> <name>"},
	    {"domain\\)?s", "<domain>"},
	    {"\\+domain\\*", "<domain>"},
	    {"\\{domain\\}", "<domain>"},
	    {"domain\\x41", ""},
	    {"domain\\x{41}", ""},
	    {"domain\\o{101}", ""},
	    {"domain\\0", ""},
	    {"domain\\c[", ""},
	    {"domain\\N{U+41}", ""},
	    {"\\\xc3\xbc?domain", "<domain>"},
	    /* classes */
	    {"[domain]", ""},
	    {"[abcd]domain", "<domain>"},
	    {"[]abcd]domain", "<domain>"},
	    {"[^]abcd]domain", "<domain>"},
	    {"[^abcd]domain", "<domain>"},
	    {"[\\]abcd]domain", "<domain>"},
	    {"[\\\\]domain", "<domain>"},
	    {"[|(?:)]domain", "<domain>"},
	    {"[|)]domain", "<domain>"},
	    {"[a[b]domain", "<domain>"},
	    {"[[:alpha:]]domain", ""},
	    {"[a\\c]b]domain", ""},
	    {"[abcd]+?domain[efgh]", "<domain>"},
	    {"ab[c]de", ""},
	    {"[abcd|efgh]|name", ""},
	    /* above ASCII */
	    {"\xc3\x9c"
	     "bung \xc3\xbc"
	     "ber",
	     "<bung >"},
	    {"Best\xc3\xa4tigung", "<tigung>"},
	    {"abcd\xc3\xa4?efghi", "<efghi>"},
	    {"abcde\xc3\xa4?fghi", "<abcde>"},
	    {"l\xc3\xa4uft", ""},
	    /* no case */
	    {"ドメイン", "<ドメイン>"},
	    {"認", ""},
	    {"認証", "<認証>"},
	    {"認証?", ""},
	    {"認証+です", "<認証>"},
	    {"認[証]です", "<です>"},
	    {"도메인 이전", "<도메인 이전>"},
	    {"(?:域名|名域)過期的通知", "<過期的通知>"},
	    {"【重要】", "<【重要】>"},
	    {"ｄｏｍａｉｎ", ""},
	    {"домен", ""},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice in = tight(slice_of(rows[i].pattern));
		struct literals l;
		struct str got = {0};
		literals_of(in, &l);
		print(&l, &got);
		CHECK(!strcmp(str_text(&got), rows[i].want), "%s: got %s, want %s", rows[i].pattern,
		      str_text(&got), rows[i].want);
		str_free(&got);
		tight_free(in);
	}
}

/* All that the outermost sequence needs, the longest first. */
static void test_needs(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *want;
	} rows[] = {
	    {"domain", "<domain>"},
	    {"abc", ""},
	    {"verify (?:your|the) .{0,9}domains?", "<verify > & <domain>"},
	    {"\\b(?:verif|validat)\\w*\\b.{0,60}\\bdomain", "<domain> & <verif> <validat>"},
	    {"(?:your|the) domain", "< domain>"},
	    {"(?:your )?domain .* name", "<domain > & < name>"},
	    {"(?!owner)domain(?<=owner)", "<domain>"},
	    {"longest.longer.short.longestofall", "<longestofall> & <longest> & <longer>"},
	    {"domain.*owner|verify.*confirm", "<domain> <confirm>"},
	    {"domain.*owner|it", ""},
	    {"(?:domain.*owner|verify.*confirm) today", "<domain> <confirm> & < today>"},
	    {"(?:domain.*owner)", "<domain>"},
	    {"domain\\x41.owner", ""},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice in = tight(slice_of(rows[i].pattern));
		struct literal_needs needs;
		struct str got = {0};
		literals_needed(in, &needs);
		for (size_t k = 0; k < needs.count; k++) {
			str_puts(&got, k ? " & " : "");
			print(&needs.need[k], &got);
		}
		CHECK(!strcmp(str_text(&got), rows[i].want), "%s: got %s, want %s", rows[i].pattern,
		      str_text(&got), rows[i].want);
		str_free(&got);
		tight_free(in);
	}
}

/* A group for each letter, one in the other. */
static void nest(size_t depth, struct str *to)
{
	for (size_t i = 0; i < depth; i++)
		str_puts(to, "(?:");
	str_puts(to, "domain");
	for (size_t i = 0; i < depth; i++)
		str_putc(to, ')');
}

static void test_limits(void **state)
{
	(void)state;
	for (size_t past = 0; past < 2; past++) {
		struct str many = {0}, deep = {0};
		struct literals l;
		for (size_t i = 0; i < LITERALS_MOST + past; i++)
			str_printf(&many, "%stext%zu", i ? "|" : "", i);
		literals_of((struct slice){many.p, many.n}, &l);
		assert_int_equal(l.count, past ? 0 : LITERALS_MOST);
		nest(20 + past, &deep);
		literals_of((struct slice){deep.p, deep.n}, &l);
		assert_int_equal(l.count, past ? 0 : 1);
		str_free(&many);
		str_free(&deep);
	}
}

/* All characters above ASCII. */
static void put_all(struct str *to)
{
	for (uint32_t c = 0x80; c <= 0x10ffff; c++) {
		char octets[4];
		if (c < 0xd800 || c > 0xdfff)
			str_add(to, octets, utf8_put(c, octets));
	}
	assert_false(to->failed);
}

/* Of the characters that are taken for caseless none has a case, nor is another one's other case.
 */
static void test_caseless(void **state)
{
	(void)state;
	static const char *const patterns[] = {
	    "[\\x{3000}-\\x{9fff}\\x{ac00}-\\x{d7a3}](?<=\\p{Lu}|\\p{Ll}|\\p{Lt})",
	    "[\\x{3000}-\\x{9fff}\\x{ac00}-\\x{d7a3}]"
	    "(?<![\\x{3000}-\\x{9fff}]|[\\x{ac00}-\\x{d7a3}])",
	};
	struct pattern_scratch *scratch = pattern_scratch_new();
	struct str all = {0};
	put_all(&all);
	for (size_t i = 0; i < COUNT_OF(patterns); i++) {
		struct pattern_set *set = compile(patterns[i]);
		size_t at = 0;
		uint32_t tag;
		assert_true(set && scratch);
		assert_int_equal(
		    pattern_next(set, scratch, (struct slice){all.p, all.n}, &at, &tag, NULL),
		    PROOF_NO);
		pattern_free(set);
	}
	str_free(&all);
	pattern_scratch_free(scratch);
}

/* Two characters above ASCII, and no others, are the same as an ASCII one without regard to case:
 * sieve.c relies on it. */
static void test_folding(void **state)
{
	(void)state;
	struct pattern_set *set = compile("[\\x{20}-\\x{7e}]");
	struct pattern_scratch *scratch = pattern_scratch_new();
	struct str all = {0}, got = {0};
	assert_true(set && scratch);
	put_all(&all);
	size_t at = 0;
	uint32_t tag;
	struct slice m;
	while (pattern_next(set, scratch, (struct slice){all.p, all.n}, &at, &tag, &m) == PROOF_YES)
		str_printf(&got, "<%.*s>", (int)m.n, m.p);
	assert_string_equal(str_text(&got), "<\xc5\xbf><\xe2\x84\xaa>");
	str_free(&all);
	str_free(&got);
	pattern_scratch_free(scratch);
	pattern_free(set);
}

/* -- the oracle ----------------------------------------------------------------------------- */

/* What is made up keeps clear of PCRE2's own errors in 10.42 ("{0}" behind a group with "^" in it;
 * ".*" in invalid UTF): of each, one of two equal patterns does not match. */

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 16) % sides;
}

static void make_pattern(struct str *to, unsigned depth)
{
	static const char *const pieces[] = {
	    "ab",    "abk",   "sab ",   "b",      "ks a", "A",        "[ab]", "[^a]", "[]k]",
	    "\\bab", "\\w",   ".",      "\\p{L}", "\\.?", "\xc3\xa4", "(?i)", "認証", "証",
	    "(?-i)", "(?!b)", "(?<=a)", "^",      "$",    " \\x20?",  "\\(?",
	};
	static const char *const opens[] = {"(", "(?:", "(?>", "(?|", "(?i:", "(?!", "(?<!"};
	static const char *const times[] = {"?",     "*",  "+",  "{0,1}", "{2}", "{1,3}",
					    "{0,2}", "??", "+?", "*+",    "{1}", "{2,}?"};
	for (uint32_t n = 1 + dice(4); n > 0; n--) {
		if (depth > 0 && dice(3) == 0) {
			str_puts(to, opens[dice(COUNT_OF(opens))]);
			make_pattern(to, depth - 1);
			str_putc(to, ')');
		} else {
			str_puts(to, pieces[dice(COUNT_OF(pieces))]);
		}
		if (dice(4) == 0)
			str_puts(to, times[dice(COUNT_OF(times))]);
		if (dice(8) == 0)
			str_putc(to, '|');
	}
}

static void make_subject(struct str *to)
{
	static const char *const pieces[] = {
	    "a",        "b",    "k", "s",  " ",    "ab",       "abk",
	    "sab ",     "ks a", "A", "K",  "S",    "\xc5\xbf", "\xe2\x84\xaa",
	    "\xc3\xa4", ".",    "(", "\n", "認証", "証",       "認"};
	for (uint32_t n = dice(24); n > 0; n--)
		str_puts(to, pieces[dice(COUNT_OF(pieces))]);
}

/* Whether PCRE2 finds the pattern; asked beside an alternative that no text here has, and of which
 * nothing is known, so that the sieve lets it through. */
static enum proof oracle(const struct pattern_set *open, struct pattern_scratch *scratch,
			 struct slice subject)
{
	size_t at = 0;
	uint32_t tag;
	return pattern_next(open, scratch, subject, &at, &tag, NULL);
}

static size_t agree_on(const char *pattern, struct pattern_scratch *scratch)
{
	struct str open_text = {0};
	str_printf(&open_text, "%s|\\x{2}", pattern);
	struct pattern_set *set = compile(pattern), *open = compile(str_text(&open_text));
	size_t matches = 0;
	bool sieved = set && open && pattern_unsieved(set) == 0;
	for (size_t i = 0; sieved && i < 100; i++) {
		struct str subject = {0};
		make_subject(&subject);
		struct slice in = {str_text(&subject), subject.n};
		enum proof want = oracle(open, scratch, in), got = oracle(set, scratch, in);
		CHECK(got == want || (want == PROOF_UNKNOWN && got == PROOF_NO),
		      "%s in \"%s\": got %d, want %d", pattern, str_text(&subject), got, want);
		matches += want == PROOF_YES;
		str_free(&subject);
	}
	if (open)
		assert_int_equal(pattern_unsieved(open), 1);
	pattern_free(set);
	pattern_free(open);
	str_free(&open_text);
	return matches;
}

static void test_agrees_with_pcre2(void **state)
{
	(void)state;
	struct pattern_scratch *scratch = pattern_scratch_new();
	size_t matches = 0;
	assert_non_null(scratch);
	for (size_t i = 0; i < 20000; i++) {
		struct str pattern = {0};
		make_pattern(&pattern, 2);
		matches += agree_on(str_text(&pattern), scratch);
		str_free(&pattern);
	}
	CHECK(matches > 2000, "%zu", matches);
	pattern_scratch_free(scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),   cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_needs),   cmocka_unit_test(test_caseless),
	    cmocka_unit_test(test_folding), cmocka_unit_test(test_agrees_with_pcre2),
	};
	return cmocka_run_group_tests_name("literal", tests, NULL, NULL);
}
