/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * charset.c - tables of single octets and of pairs, made by iconv at the start.
 *
 * Octets below 0x80 are ASCII in every charset here (but inside ISO-2022-JP's shifts): what is
 * markup or a URL to a reader that does not decode is the same to us. As browsers do, ISO-8859-1 is
 * read as windows-1252, GB2312 as GBK, EUC-KR as CP949, Shift_JIS as CP932 (WHATWG Encoding 4.2).
 *
 * The tables are written by charset_init and never again.
 */
#include "rules/core/charset.h"

#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "rules/core/utf8.h"

enum {
	LEAD = 0x81, /* first and last octet of a pair */
	LEADS = 0xfe - LEAD + 1,
	TRAIL = 0x40,
	TRAILS = 0xfe - TRAIL + 1,
	REPLACEMENT = 0xfffd,
};

/* iconv's names; those of pairs first. Two more are read without a table of their own. */
enum { SJIS, EUCJP, GBK, BIG5, EUCKR, PAIRED };
static const char *const sources[] = {
    [SJIS] = "CP932",  [EUCJP] = "EUC-JP-MS",
    [GBK] = "GBK",     [BIG5] = "BIG5-HKSCS",
    [EUCKR] = "CP949", "CP1252",
    "ISO-8859-2",      "ISO-8859-3",
    "ISO-8859-4",      "ISO-8859-5",
    "ISO-8859-6",      "ISO-8859-7",
    "ISO-8859-8",      "ISO-8859-9",
    "ISO-8859-10",     "ISO-8859-11",
    "ISO-8859-13",     "ISO-8859-14",
    "ISO-8859-15",     "ISO-8859-16",
    "CP1250",          "CP1251",
    "CP1253",          "CP1254",
    "CP1255",          "CP1256",
    "CP1257",          "CP1258",
    "KOI8-R",          "KOI8-U",
    "CP437",           "CP850",
    "CP852",           "CP866",
    "MACINTOSH",
};
enum { SOURCES = sizeof sources / sizeof sources[0], ISO_2022_JP = SOURCES };

static uint16_t single[SOURCES][128];        /* of 0x80 to 0xff; 0: none */
static uint16_t pair[PAIRED][LEADS][TRAILS]; /* 0: none */

/* What a mail calls them, where that is not iconv's name. */
static const struct {
	const char *name, *source;
} aliases[] = {
    {"iso-8859-1", "CP1252"},
    {"latin1", "CP1252"},
    {"iso8859-1", "CP1252"},
    {"iso_8859-1", "CP1252"},
    {"windows-1252", "CP1252"},
    {"ansi_x3.110", "CP1252"},
    {"windows-1250", "CP1250"},
    {"windows-1251", "CP1251"},
    {"windows-1253", "CP1253"},
    {"windows-1254", "CP1254"},
    {"windows-1255", "CP1255"},
    {"windows-1256", "CP1256"},
    {"windows-1257", "CP1257"},
    {"windows-1258", "CP1258"},
    {"latin2", "ISO-8859-2"},
    {"iso8859-2", "ISO-8859-2"},
    {"iso_8859-2", "ISO-8859-2"},
    {"latin5", "ISO-8859-9"},
    {"iso8859-9", "ISO-8859-9"},
    {"iso_8859-9", "ISO-8859-9"},
    {"iso8859-15", "ISO-8859-15"},
    {"latin9", "ISO-8859-15"},
    {"latin-9", "ISO-8859-15"},
    {"iso-8859-8-i", "ISO-8859-8"},
    {"tis-620", "ISO-8859-11"},
    {"windows-874", "ISO-8859-11"},
    {"koi8", "KOI8-R"},
    {"ibm437", "CP437"},
    {"ibm850", "CP850"},
    {"ibm852", "CP852"},
    {"ibm866", "CP866"},
    {"macroman", "MACINTOSH"},
    {"x-mac-roman", "MACINTOSH"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"sjis", "CP932"},
    {"x-sjis", "CP932"},
    {"ms_kanji", "CP932"},
    {"windows-31j", "CP932"},
    {"euc-jp", "EUC-JP-MS"},
    {"eucjp", "EUC-JP-MS"},
    {"x-euc-jp", "EUC-JP-MS"},
    {"gb2312", "GBK"},
    {"gb18030", "GBK"},
    {"euc-cn", "GBK"},
    {"x-gbk", "GBK"},
    {"cp936", "GBK"},
    {"big5", "BIG5-HKSCS"},
    {"big-5", "BIG5-HKSCS"},
    {"x-big5", "BIG5-HKSCS"},
    {"cp950", "BIG5-HKSCS"},
    {"euc-kr", "CP949"},
    {"ks_c_5601-1987", "CP949"},
    {"windows-949", "CP949"},
    {"uhc", "CP949"},
};

/* -- making the tables ------------------------------------------------------------------------- */

/* The one character of these octets, if it is one of the first 65,535. */
static uint16_t ask(iconv_t cd, const char *octets, size_t n)
{
	char in[2], out[16];
	char *from = in, *to = out;
	size_t left = n, room = sizeof out;
	uint32_t c = 0;
	memcpy(in, octets, n);
	iconv(cd, NULL, NULL, NULL, NULL);
	if (iconv(cd, &from, &left, &to, &room) == (size_t)-1 || left)
		return 0;
	/* some pairs only become characters when the text is known to end */
	iconv(cd, NULL, NULL, &to, &room);
	struct slice got = {out, sizeof out - room};
	return utf8_next(got, &c) == got.n && c <= 0xffff ? (uint16_t)c : 0;
}

static bool make(size_t source)
{
	iconv_t cd = iconv_open("UTF-8", sources[source]);
	if (cd == (iconv_t)-1)
		return false;
	for (unsigned i = 0; i < 128; i++) {
		char octet = (char)(0x80 + i);
		single[source][i] = ask(cd, &octet, 1);
	}
	for (unsigned lead = 0; lead < LEADS && source < PAIRED; lead++)
		for (unsigned trail = 0; trail < TRAILS; trail++) {
			const char octets[] = {(char)(LEAD + lead), (char)(TRAIL + trail)};
			if (!single[source][LEAD + lead - 0x80])
				pair[source][lead][trail] = ask(cd, octets, 2);
		}
	iconv_close(cd);
	return true;
}

bool charset_init(void)
{
	for (size_t i = 0; i < SOURCES; i++)
		if (!make(i))
			return false;
	return true;
}

/* -- UTF-8 ----------------------------------------------------------------------------------- */

static void put(uint32_t c, struct str *to)
{
	char octets[4];
	str_add(to, octets, utf8_put(c ? c : REPLACEMENT, octets));
}

static void read_utf8(struct slice text, struct str *to)
{
	while (text.n) {
		uint32_t c = 0;
		size_t n = utf8_next(text, &c);
		if (n > 1)
			str_add(to, text.p, n);
		else
			put(n ? c : REPLACEMENT, to);
		text.p += n ? n : 1;
		text.n -= n ? n : 1;
	}
}

static bool is_utf8(struct slice text)
{
	for (size_t n; text.n; text.p += n, text.n -= n) {
		n = utf8_next(text, NULL);
		if (!n)
			return false;
	}
	return true;
}

/* -- octet by octet ---------------------------------------------------------------------------- */

struct out {
	uint32_t *c;
	size_t n;
};

static void emit(struct out *out, uint32_t c)
{
	out->c[out->n++] = c ? c : REPLACEMENT;
}

static bool is_lead(size_t source, unsigned char octet)
{
	return source < PAIRED && octet >= LEAD && octet < LEAD + LEADS;
}

static uint32_t pair_of(size_t source, unsigned char lead, unsigned char trail)
{
	if (trail < TRAIL || trail >= TRAIL + TRAILS)
		return 0;
	return pair[source][lead - LEAD][trail - TRAIL];
}

static bool is_digit(unsigned char octet)
{
	return octet >= '0' && octet <= '9';
}

/* GB18030's four octets: lead, digit, lead, digit. Up to U+FFFF they are what pairs leave out, in
 * an order that only a table has; above, they are counted through. */
static uint32_t four_of(const struct charset_reader *r, unsigned char last)
{
	enum { FIRST_ABOVE = 189000, ABOVE = 0x10000, MOST = 0x10ffff };
	uint32_t n = (uint32_t)(r->lead - LEAD) * 10 + (uint32_t)(r->second - '0');
	n = (n * 126 + (uint32_t)(r->third - LEAD)) * 10 + (uint32_t)(last - '0');
	return n >= FIRST_ABOVE && n - FIRST_ABOVE + ABOVE <= MOST ? n - FIRST_ABOVE + ABOVE : 0;
}

/* Whether the octet belongs to four. What began like four and is none is given out: nothing of it
 * is swallowed. */
static bool take_four(struct charset_reader *r, unsigned char octet, struct out *out)
{
	if (r->source != GBK || !r->lead)
		return false;
	if (!r->second && is_digit(octet)) {
		r->second = octet;
		return true;
	}
	if (r->second && !r->third && is_lead(GBK, octet)) {
		r->third = octet;
		return true;
	}
	if (!r->second)
		return false;
	bool whole = r->third && is_digit(octet);
	emit(out, whole ? four_of(r, octet) : 0);
	if (!whole)
		emit(out, r->second);
	r->lead = whole ? 0 : r->third;
	r->second = r->third = 0;
	return whole;
}

static void take_table(struct charset_reader *r, unsigned char octet, struct out *out)
{
	if (take_four(r, octet, out))
		return;
	if (r->lead) {
		uint32_t c = pair_of(r->source, r->lead, octet);
		r->lead = 0;
		emit(out, c);
		if (c)
			return;
		/* an octet is never swallowed with one that has no meaning */
	}
	uint16_t c = octet < 0x80 ? octet : single[r->source][octet - 0x80];
	if (!c && is_lead(r->source, octet))
		r->lead = octet;
	else
		emit(out, c);
}

/* One that begins no shift. */
static void take_shifted(struct charset_reader *r, unsigned char octet, struct out *out)
{
	bool printable = octet > 0x20 && octet < 0x7f;
	if (r->lead && printable) {
		emit(out, pair_of(EUCJP, r->lead | 0x80, octet | 0x80));
		r->lead = 0;
		return;
	}
	if (r->lead)
		emit(out, r->lead);
	r->lead = 0;
	if (r->shift == CHARSET_PAIRS && printable)
		r->lead = octet;
	else if (r->shift == CHARSET_KANA && printable && octet < 0x60)
		emit(out, 0xff61u + octet - 0x21u);
	else
		emit(out, octet < 0x80 ? octet : REPLACEMENT);
}

/* What began like a shift and is none. */
static void drop_escape(struct charset_reader *r, struct out *out)
{
	unsigned char second = r->second;
	if (!r->escape)
		return;
	r->escape = false;
	r->second = 0;
	take_shifted(r, 0x1b, out);
	if (second)
		take_shifted(r, second, out);
}

/* RFC 1468, and half-width katakana. Other escapes stay as they are, ESC and all: what follows is
 * read as ASCII, as by a reader that does not know them. */
static void take_iso_2022_jp(struct charset_reader *r, unsigned char octet, struct out *out)
{
	bool one = r->second == '(' && octet && strchr("BJI", octet);
	bool two = r->second == '$' && (octet == '@' || octet == 'B');
	if (one || two) {
		if (r->lead)
			emit(out, r->lead);
		r->lead = 0;
		r->shift = two ? CHARSET_PAIRS : octet == 'I' ? CHARSET_KANA : CHARSET_ASCII;
		r->escape = false;
		r->second = 0;
	} else if (r->escape && !r->second && (octet == '(' || octet == '$')) {
		r->second = octet;
	} else {
		drop_escape(r, out);
		r->escape = octet == 0x1b;
		if (!r->escape)
			take_shifted(r, octet, out);
	}
}

size_t charset_take(struct charset_reader *r, unsigned char octet, uint32_t to[static CHARSET_MOST])
{
	struct out out = {to, 0};
	if (r->source == ISO_2022_JP)
		take_iso_2022_jp(r, octet, &out);
	else
		take_table(r, octet, &out);
	return out.n;
}

size_t charset_end(struct charset_reader *r, uint32_t to[static CHARSET_MOST])
{
	struct out out = {to, 0};
	drop_escape(r, &out);
	if (r->lead)
		emit(&out, r->source == ISO_2022_JP ? r->lead : REPLACEMENT);
	if (r->second)
		emit(&out, r->second);
	if (r->third)
		emit(&out, REPLACEMENT);
	r->lead = r->second = r->third = 0;
	return out.n;
}

/* -- by name ----------------------------------------------------------------------------------- */

static bool find(struct slice name, size_t *ret_source)
{
	const char *source = NULL;
	for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
		if (slice_is_nocase(name, aliases[i].name))
			source = aliases[i].source;
	for (size_t i = 0; i < SOURCES; i++)
		if (source ? strcmp(source, sources[i]) == 0 : slice_is_nocase(name, sources[i])) {
			*ret_source = i;
			return true;
		}
	return false;
}

bool charset_open(struct slice name, struct charset_reader *ret_reader)
{
	/* the last three are Microsoft's, with more characters in the same shifts */
	static const char *const shifting[] = {"iso-2022-jp", "csiso2022jp", "iso-2022-jp-ms",
					       "cp50220", "cp50221"};
	size_t source = 0;
	for (size_t i = 0; i < sizeof shifting / sizeof shifting[0]; i++)
		if (slice_is_nocase(name, shifting[i]))
			source = ISO_2022_JP;
	if (source == 0 && !find(name, &source))
		return false;
	*ret_reader = (struct charset_reader){.source = source};
	return true;
}

static void put_all(const uint32_t *c, size_t n, struct str *to)
{
	for (size_t i = 0; i < n; i++)
		put(c[i], to);
}

static void read_all(struct charset_reader *r, struct slice text, struct str *to)
{
	uint32_t c[CHARSET_MOST];
	for (size_t i = 0; i < text.n; i++)
		put_all(c, charset_take(r, (unsigned char)text.p[i], c), to);
	put_all(c, charset_end(r, c), to);
}

bool charset_to_utf8(struct slice name, struct slice text, struct str *to)
{
	struct charset_reader reader;
	name = slice_trim(name);
	if (!name.n || slice_is_nocase(name, "us-ascii") || slice_is_nocase(name, "ascii") ||
	    slice_is_nocase(name, "ansi_x3.4-1968")) {
		name = is_utf8(text) ? slice_of("utf-8") : slice_of("windows-1252");
	}
	if (slice_is_nocase(name, "utf-8") || slice_is_nocase(name, "utf8")) {
		read_utf8(text, to);
		return true;
	}
	if (charset_open(name, &reader)) {
		read_all(&reader, text, to);
		return true;
	}
	for (size_t i = 0; i < text.n; i++)
		put((unsigned char)text.p[i] < 0x80 ? (unsigned char)text.p[i] : REPLACEMENT, to);
	return false;
}
