/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Texts of any charset, encoded words, folding. Input: a charset's name on a line, the text. What
 * is decoded is valid UTF-8, the same octet by octet as at once; an encoded word becomes what may
 * be shown, in no more octets than were asked for, and what is plain then stays as it is; what is
 * folded once is folded.
 */
#include "tests/fuzz/fuzz.h"

#include "rules/core/charset.h"
#include "rules/core/fold.h"
#include "rules/core/rfc2047.h"
#include "rules/core/utf8.h"

static struct slice slice_of_str(const struct str *s)
{
	return (struct slice){str_text(s), s->n};
}

static void check_valid(struct slice s)
{
	while (s.n) {
		uint32_t c;
		size_t n = utf8_next(s, &c);
		FUZZ_CHECK(n > 0 && c != 0, "no UTF-8, %zu octets before the end", s.n);
		s = (struct slice){s.p + n, s.n - n};
	}
}

static void put_all(const uint32_t *c, size_t n, struct str *to)
{
	char octets[4];
	FUZZ_CHECK(n <= CHARSET_MOST, "%zu characters", n);
	for (size_t i = 0; i < n; i++)
		str_add(to, octets, utf8_put(c[i], octets));
}

static void check_charset(struct slice name, struct slice text)
{
	struct str whole = {0}, single = {0};
	struct charset_reader r;
	uint32_t c[CHARSET_MOST];
	charset_to_utf8(name, text, &whole);
	check_valid(slice_of_str(&whole));
	if (charset_open(name, &r)) {
		for (size_t i = 0; i < text.n; i++)
			put_all(c, charset_take(&r, (unsigned char)text.p[i], c), &single);
		put_all(c, charset_end(&r, c), &single);
		FUZZ_CHECK(fuzz_same(slice_of_str(&whole), slice_of_str(&single)),
			   "not the same:\n%s\n%s", str_text(&whole), str_text(&single));
	}
	str_free(&whole);
	str_free(&single);
}

static void check_words(struct slice value, size_t most)
{
	struct str once = {0}, again = {0};
	rfc2047_decode(value, most, &once);
	struct slice text = slice_of_str(&once);
	FUZZ_CHECK(once.n <= most, "%zu octets", once.n);
	FUZZ_CHECK(utf8_is_printable(text), "%s", text.p);
	if (!memmem(text.p, text.n, "=?", 2)) {
		rfc2047_decode(text, once.n + 1, &again);
		FUZZ_CHECK(fuzz_same(text, slice_of_str(&again)), "%s becomes %s", text.p,
			   str_text(&again));
	}
	str_free(&once);
	str_free(&again);
}

static void check_fold(struct slice text, void (*fold)(struct slice text, struct str *to))
{
	struct str once = {0}, again = {0};
	fold(text, &once);
	check_valid(slice_of_str(&once));
	fold(slice_of_str(&once), &again);
	FUZZ_CHECK(fuzz_same(slice_of_str(&once), slice_of_str(&again)), "%s becomes %s",
		   str_text(&once), str_text(&again));
	if (fold == fold_text && !fold_needed(text))
		FUZZ_CHECK(fuzz_same(text, slice_of_str(&once)), "it was needed");
	str_free(&once);
	str_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static bool ready;
	struct slice text = {(const char *)p, n}, name;
	struct str valid = {0};
	if (!ready)
		FUZZ_CHECK(charset_init(), "charset_init");
	ready = true;
	check_words(text, 3 * n + 16);
	check_words(text, n / 2);
	check_words(text, 5);
	name = fuzz_line(&text);
	check_charset(name, text);
	charset_to_utf8(slice_of("utf-8"), text, &valid);
	check_fold(slice_of_str(&valid), fold_text);
	check_fold(slice_of_str(&valid), fold_lines);
	str_free(&valid);
	return 0;
}
