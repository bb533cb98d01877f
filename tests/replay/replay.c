/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replay: plays the cases of tests/replay/cases through the pure library; one line of TAP each.
 *
 *     replay [NAME…]        all cases, or those
 *     replay --show NAME…   prints what comes out, as a case file would say it
 *     replay --mail NAME…   prints the mail as it is judged, changed and signed
 *
 * srcdir and builddir are taken from the environment. Each case is played four times: the body at
 * once, with CRLF at once, in pieces of one octet (CRLF) and of seven; the finding must be the
 * same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/replay/views.h"

enum {
	CASES_BYTES = 1024 * 1024,
};

enum wish {
	WISH_TEST,
	WISH_SHOW,
	WISH_MAIL,
};

static void to_crlf(struct slice from, struct str *to)
{
	for (size_t i = 0; i < from.n; i++) {
		if (from.p[i] == '\n' && (i == 0 || from.p[i - 1] != '\r'))
			str_putc(to, '\r');
		str_putc(to, from.p[i]);
	}
}

static bool same_finding(const struct finding *a, const struct finding *b)
{
	struct str one = {0}, other = {0};
	finding_pack(a, &one);
	finding_pack(b, &other);
	bool same = one.n == other.n && one.n && memcmp(one.p, other.p, one.n) == 0;
	str_free(&one);
	str_free(&other);
	return same;
}

static bool same_in_pieces(struct stage *s, const struct casefile *c, struct slice mail,
			   const struct outcome *o, struct str *why)
{
	struct str crlf = {0};
	to_crlf(mail, &crlf);
	const struct {
		struct slice mail;
		size_t piece;
		const char *what;
	} ways[] = {
	    {{crlf.p, crlf.n}, 0, "with CRLF"},
	    {{crlf.p, crlf.n}, 1, "with CRLF, octet by octet"},
	    {mail, 7, "in pieces of 7"},
	};
	bool good = true;
	/* With a cut body the line ends decide where the cut is. */
	size_t first = casefile_get(c, "Body-Cut").p ? 2 : 0;
	for (size_t i = first; i < sizeof ways / sizeof ways[0] && good; i++) {
		struct outcome again;
		good = stage_play(s, c, ways[i].mail, ways[i].piece, &again, why);
		if (!good)
			break;
		good = same_finding(&o->finding, &again.finding);
		if (!good) {
			str_printf(why, "another finding %s\n", ways[i].what);
			views_print(&again, why);
		}
		outcome_free(&again);
	}
	str_free(&crlf);
	return good;
}

/* What the cases brought about, as bits. */
struct seen {
	uint32_t verdicts, classes, reasons;
};

static void note_seen(struct seen *seen, const struct decision *d)
{
	seen->verdicts |= 1u << d->verdict;
	seen->classes |= 1u << d->class;
	seen->reasons |= d->reasons;
}

static bool play(struct stage *s, const struct casefile *c, enum wish wish, struct seen *seen,
		 struct str *to)
{
	struct str mail = {0}, why = {0};
	struct outcome o = {0};
	bool good = stage_mail(s, c, &mail, &why);
	struct slice text = {mail.p, mail.n};
	if (good && wish == WISH_MAIL) {
		str_add(to, mail.p, mail.n);
	} else if (good) {
		good = stage_play(s, c, text, 0, &o, &why);
		note_seen(seen, &o.decision);
		if (good && wish == WISH_SHOW)
			views_print(&o, to);
		else if (good)
			good = views_compare(c, &o, to) && same_in_pieces(s, c, text, &o, &why);
		outcome_free(&o);
	}
	if (why.n)
		str_printf(to, "# %s\n", str_text(&why));
	str_free(&why);
	str_free(&mail);
	return good;
}

static bool is_named(const char *name, char **names, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return count == 0;
}

static bool report(bool good, unsigned number, const char *name, const struct str *text,
		   enum wish wish)
{
	if (wish == WISH_TEST)
		printf("%s %u - %s\n", good ? "ok" : "not ok", number, name);
	else if (wish == WISH_SHOW)
		printf("# %s\n", name);
	fputs(str_text(text), stdout);
	return good;
}

static void put_missing(uint32_t bits, unsigned count, const char *name(unsigned), struct str *to)
{
	for (unsigned i = 0; i < count; i++)
		if (!(bits & 1u << i))
			str_printf(to, "# no case comes out with %s\n", name(i));
}

static const char *verdict_word(unsigned v)
{
	return verdict_name((enum verdict)v);
}

static const char *class_word(unsigned c)
{
	return class_name((enum class_id)c);
}

static const char *reason_word(unsigned r)
{
	return reason_name((enum reason)r);
}

/* Every word of the vocabulary comes out of some case; but only a scan of old mail says "authserv".
 */
static bool all_seen(const struct seen *seen, struct str *to)
{
	put_missing(seen->verdicts, VERDICT_COUNT, verdict_word, to);
	put_missing(seen->classes, CLASS_COUNT, class_word, to);
	put_missing(seen->reasons | 1u << REASON_AUTHSERV, REASON_COUNT, reason_word, to);
	return to->n == 0;
}

/* How many cases failed. */
static unsigned play_all(struct stage *s, const struct folder *cases, enum wish wish, char **names,
			 int name_count)
{
	unsigned number = 0, failed = 0;
	struct seen seen = {0};
	for (size_t i = 0; i < cases->count; i++) {
		struct casefile c;
		struct diags diags = {0};
		struct str text = {0};
		bool read = casefile_read(&cases->file[i], &c, &diags);
		if (!read || is_named(c.name, names, name_count)) {
			bool good = read && play(s, &c, wish, &seen, &text);
			failed += !report(good, ++number, read ? c.name : cases->file[i].path,
					  &text, wish);
		}
		diag_print(&diags, stdout);
		diag_free(&diags);
		str_free(&text);
		if (read)
			casefile_free(&c);
	}
	if (name_count == 0 && wish == WISH_TEST) {
		struct str text = {0};
		failed +=
		    !report(all_seen(&seen, &text), ++number, "every word is seen", &text, wish);
		str_free(&text);
	}
	if (wish == WISH_TEST)
		printf("1..%u\n", number);
	return number ? failed : 1;
}

int main(int argc, char **argv)
{
	const char *srcdir = getenv("srcdir");
	enum wish wish = WISH_TEST;
	struct str path = {0};
	struct folder cases;
	struct diags diags = {0};
	if (argc > 1 && strcmp(argv[1], "--show") == 0)
		wish = WISH_SHOW;
	else if (argc > 1 && strcmp(argv[1], "--mail") == 0)
		wish = WISH_MAIL;
	int skip = wish == WISH_TEST ? 1 : 2;
	str_printf(&path, "%s/tests/replay/cases", srcdir ? srcdir : ".");
	struct stage *s = stage_open(srcdir ? srcdir : ".");
	bool read = s && folder_read(str_text(&path), ".case", CASES_BYTES, &cases, &diags);
	unsigned failed = 1;
	if (read) {
		failed = play_all(s, &cases, wish, argv + skip, argc - skip);
		folder_free(&cases);
	} else {
		printf("Bail out! the stage or the cases cannot be opened\n");
	}
	diag_print(&diags, stderr);
	diag_free(&diags);
	str_free(&path);
	stage_close(s);
	return failed ? 1 : 0;
}
