/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fold.c - one character at a time, with a look back at the one before.
 *
 * Why base letters and not a normal form (NFC): registrars write Polish, Czech, Turkish and
 * Vietnamese without accents as often as with them, windows-1258 carries the tone marks of
 * Vietnamese by themselves, and PCRE2 without regard to case does not know that "İ" belongs to
 * "i". With base letters one pattern covers all of it, holds the plain ASCII that the sieve asks
 * for (literal.h), and no table of compositions is needed. The price is that a pattern cannot tell
 * "schon" from "schön": no wording so far turns on that.
 *
 * Why here and not with ICU or GLib: the listener folds subjects, and has neither.
 *
 * Tables: the Unicode Character Database's canonical decompositions, cut to their first character.
 */
#include "rules/core/fold.h"

#include "rules/core/utf8.h"

/* -- base letters --------------------------------------------------------------------------- */

/* From U+00C0 and from U+1E00 on; a space where the letter stays. */
static const char latin[] = "AAAAAA CEEEEIIII NOOOOO OUUUUY  aaaaaa ceeeeiiii nooooo ouuuuy y"
			    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi  JjKk LlLlLl "
			    " LlNnNnNn   OoOoOo  RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZz "
			    "b                 f             Oo             Uu               "
			    "             AaIiOoUuUuUuUuUu AaAa    GgKkOoOo  j   Gg  NnAa    "
			    "AaAaEeEeIiIiOoOoRrRrUuUuSsTt  Hh      AaEeOoOoOoOoYy            "
			    "       e        ";
static const char latin_more[] = "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMm"
				 "MmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVv"
				 "WwWwWwWwWwXxXxYyZzZzZzhtwy      AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEe"
				 "EeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy      ";

static const struct {
	uint16_t letter, base;
} others[] = {
    {0x386, 0x391}, {0x388, 0x395}, {0x389, 0x397}, {0x38a, 0x399}, {0x38c, 0x39f}, {0x38e, 0x3a5},
    {0x38f, 0x3a9}, {0x390, 0x3b9}, {0x3aa, 0x399}, {0x3ab, 0x3a5}, {0x3ac, 0x3b1}, {0x3ad, 0x3b5},
    {0x3ae, 0x3b7}, {0x3af, 0x3b9}, {0x3b0, 0x3c5}, {0x3ca, 0x3b9}, {0x3cb, 0x3c5}, {0x3cc, 0x3bf},
    {0x3cd, 0x3c5}, {0x3ce, 0x3c9}, {0x400, 0x415}, {0x401, 0x415}, {0x403, 0x413}, {0x407, 0x406},
    {0x40c, 0x41a}, {0x40d, 0x418}, {0x40e, 0x423}, {0x419, 0x418}, {0x439, 0x438}, {0x450, 0x435},
    {0x451, 0x435}, {0x453, 0x433}, {0x457, 0x456}, {0x45c, 0x43a}, {0x45d, 0x438}, {0x45e, 0x443},
};

static uint32_t base_of(uint32_t c)
{
	char base = ' ';
	if (c >= 0xc0 && c - 0xc0 < sizeof latin - 1)
		base = latin[c - 0xc0];
	else if (c >= 0x1e00 && c - 0x1e00 < sizeof latin_more - 1)
		base = latin_more[c - 0x1e00];
	else if (c >= 0x386 && c <= 0x45e)
		for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
			if (others[i].letter == c)
				return others[i].base;
	return base == ' ' ? c : (unsigned char)base;
}

static bool is_combining(uint32_t c)
{
	return c >= 0x300 && c <= 0x36f;
}

/* -- width ---------------------------------------------------------------------------------- */

static uint32_t full_width(uint32_t c)
{
	/* from U+FF61 on */
	static const uint16_t kana[] = {
	    0x3002, 0x300c, 0x300d, 0x3001, 0x30fb, 0x30f2, 0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9,
	    0x30e3, 0x30e5, 0x30e7, 0x30c3, 0x30fc, 0x30a2, 0x30a4, 0x30a6, 0x30a8, 0x30aa, 0x30ab,
	    0x30ad, 0x30af, 0x30b1, 0x30b3, 0x30b5, 0x30b7, 0x30b9, 0x30bb, 0x30bd, 0x30bf, 0x30c1,
	    0x30c4, 0x30c6, 0x30c8, 0x30ca, 0x30cb, 0x30cc, 0x30cd, 0x30ce, 0x30cf, 0x30d2, 0x30d5,
	    0x30d8, 0x30db, 0x30de, 0x30df, 0x30e0, 0x30e1, 0x30e2, 0x30e4, 0x30e6, 0x30e8, 0x30e9,
	    0x30ea, 0x30eb, 0x30ec, 0x30ed, 0x30ef, 0x30f3, 0x3099, 0x309a,
	};
	if (c >= 0xff01 && c <= 0xff5e)
		return c - 0xff01 + '!';
	return c >= 0xff61 && c <= 0xff9f ? kana[c - 0xff61] : c;
}

/* -- two characters that are one ------------------------------------------------------------ */

enum {
	VOICED = 0x3099,
	SEMI_VOICED = 0x309a,
	KATAKANA = 0x60, /* from hiragana to katakana */
	LEADS = 0x1100,  /* hangul jamo: Unicode 3.12 */
	VOWELS = 0x1161,
	TAILS = 0x11a7,
	SYLLABLES = 0xac00,
	VOWEL_COUNT = 21,
	TAIL_COUNT = 28,
};

/* A kana with its mark; 0 if they do not go together. */
static uint32_t with_mark(uint32_t kana, uint32_t mark)
{
	uint32_t k = kana >= 0x3041 && kana <= 0x3096 ? kana + KATAKANA : kana;
	if (k >= 0x30cf && k <= 0x30db && (k - 0x30cf) % 3 == 0) /* ha, hi, fu, he, ho */
		return kana + (mark == VOICED ? 1 : 2);
	if (mark == SEMI_VOICED)
		return 0;
	if (k == 0x30a6) /* u, vu */
		return kana + 0x4e;
	bool odd = k >= 0x30ab && k <= 0x30c1 && k % 2 == 1; /* ka to chi */
	return odd || k == 0x30c4 || k == 0x30c6 || k == 0x30c8 /* tsu, te, to */ ? kana + 1 : 0;
}

/* What stands before with what follows, as one; 0 if they are two. */
static uint32_t joined(uint32_t before, uint32_t c)
{
	if (c == VOICED || c == SEMI_VOICED)
		return with_mark(before, c);
	if (c >= VOWELS && c < VOWELS + VOWEL_COUNT && before >= LEADS && before < LEADS + 19)
		return SYLLABLES + ((before - LEADS) * VOWEL_COUNT + c - VOWELS) * TAIL_COUNT;
	if (c > TAILS && c < TAILS + TAIL_COUNT && before >= SYLLABLES && before <= 0xd7a3 &&
	    (before - SYLLABLES) % TAIL_COUNT == 0)
		return before + c - TAILS;
	return 0;
}

/* -- together ------------------------------------------------------------------------------- */

static bool is_space(uint32_t c)
{
	return c <= ' ' || c == 0x7f || c == 0x85 || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x3000;
}

/* Of a script that is written without spaces. */
static bool is_unspaced(uint32_t c)
{
	return (c >= 0x3001 && c <= 0x30ff) || (c >= 0x31f0 && c <= 0x31ff) ||
	       (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fff) ||
	       (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff);
}

struct fold {
	struct str *to;
	uint32_t before; /* the last character; 0: none */
	size_t before_n; /* its octets */
	bool space;      /* owed before the next one */
};

static void write_char(struct fold *f, uint32_t c)
{
	char octets[4];
	bool apart = f->space && f->before && !(is_unspaced(f->before) && is_unspaced(c));
	uint32_t whole = apart ? 0 : joined(f->before, c);
	if (whole && f->to->n >= f->before_n) {
		f->to->n -= f->before_n;
		c = whole;
	}
	if (apart)
		str_putc(f->to, ' ');
	f->space = false;
	f->before = c;
	f->before_n = utf8_put(c, octets);
	str_add(f->to, octets, f->before_n);
}

/* Octets of plain ASCII without white space: most of most texts, written at once. */
static size_t plain_length(struct slice s)
{
	size_t n = 0;
	while (n < s.n && s.p[n] > ' ' && s.p[n] < 0x7f)
		n++;
	return n;
}

static void write_plain(struct fold *f, struct slice s)
{
	write_char(f, (unsigned char)s.p[0]);
	if (s.n == 1)
		return;
	str_add(f->to, s.p + 1, s.n - 1);
	f->before = (unsigned char)s.p[s.n - 1];
	f->before_n = 1;
}

enum form {
	FORM_TEXT,
	FORM_LINES,
	FORM_PATTERN,
};

/* A line's end, with the white space at the start of the next, that only wraps: its octets, or 0.
 */
static size_t wrap_length(const struct fold *f, struct slice s)
{
	uint32_t c = 0;
	size_t n = s.n > 0 && s.p[0] == '\n' && is_unspaced(f->before) ? 1 : 0;
	while (n > 0 && n < s.n && s.p[n] == ' ')
		n++;
	return n > 0 && utf8_next((struct slice){s.p + n, s.n - n}, &c) && is_unspaced(c) ? n : 0;
}

static void fold_char(struct fold *f, uint32_t c, enum form form)
{
	if (form != FORM_PATTERN)
		c = full_width(c);
	if (form == FORM_TEXT && is_space(c))
		f->space = true;
	else if (form == FORM_LINES && is_space(c))
		write_char(f, c == '\n' || c == '\t' ? c : ' ');
	else if (!is_combining(c))
		write_char(f, base_of(c));
}

static void fold(struct slice s, enum form form, struct str *to)
{
	struct fold f = {.to = to};
	while (s.n > 0) {
		uint32_t c = 0xfffd;
		size_t n = plain_length(s);
		if (n > 0) {
			write_plain(&f, (struct slice){s.p, n});
		} else {
			n = form == FORM_LINES ? wrap_length(&f, s) : 0;
			if (n == 0) {
				n = utf8_next(s, &c);
				n = n ? n : 1;
				fold_char(&f, c, form);
			}
		}
		s.p += n;
		s.n -= n;
	}
}

void fold_text(struct slice text, struct str *to)
{
	fold(text, FORM_TEXT, to);
}

void fold_lines(struct slice text, struct str *to)
{
	fold(text, FORM_LINES, to);
}

void fold_pattern(struct slice pattern, struct str *to)
{
	fold(pattern, FORM_PATTERN, to);
}

bool fold_needed(struct slice text)
{
	char before = ' ';
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if ((c <= ' ' && (c != ' ' || before == ' ')) || (unsigned char)c >= 0x7f)
			return true;
		before = c;
	}
	return text.n > 0 && before == ' ';
}
