/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * letter_mime.c - the parts of a body, charsets, the subject, and the fences around GMime.
 */
#include <seccomp.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "rules/core/utf8.h"
#include "rules/core/charset.h"
#include "rules/letter/html.h"
#include "rules/letter/mime.h"
#include "tests/rules/table.h"

#define ATTACHMENT "attachment "
#define LIMIT      "limit "

/* "flags|text|html|html..." */
static void read_mail(struct slice mail, struct str *to)
{
	struct message message;
	struct mime m;
	struct slice in = tight(mail);
	message_init(&message);
	size_t at = message_parse(&message, in);
	mime_read(&message, (struct slice){in.p + at, in.n - at}, &m);
	str_printf(to, "%s%s%s|", m.attachment ? ATTACHMENT : "", m.limit ? LIMIT : "",
		   m.failed ? "failed " : "");
	str_add(to, str_text(&m.text), m.text.n);
	for (size_t i = 0; i < m.html_count; i++) {
		str_putc(to, '|');
		str_add(to, str_text(&m.html[i]), m.html[i].n);
	}
	mime_free(&m);
	message_free(&message);
	tight_free(in);
}

#define MIXED "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
#define HTML  "Content-Type: text/html; charset=utf-8\n\n<p>x\n"

static const struct {
	struct slice mail;
	const char *want;
} mails[] = {
    /* one part */
    {LIT("Subject: x\n\nhello\n"), "|hello\n"},
    {LIT("Subject: x\n\nhello"), "|hello\n"},
    {LIT("Subject: x\n\n"), "|"},
    {LIT("Subject: x\r\n\r\nhello\r\n"), "|hello\r\n"},
    {LIT(HTML), "||<p>x\n"},
    {LIT("CONTENT-TYPE:\n text/html\n\n<p>x\n"), "||<p>x\n"},
    {LIT("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
	 "base64\n\naMOkCg==\n"),
     "|h\xc3\xa4\n"},
    {LIT("Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=latin1\n\n"
	 "h=E4=\nx=3D\n"),
     "|h\xc3\xa4x=\n"},
    {LIT("Content-Type: text/x-amp-html\n\n<p>x\n"), ATTACHMENT "||<p>x\n"},
    {LIT("Content-Type: text/x-log\n\nx\n"), ATTACHMENT "|x\n"},
    {LIT("Content-Type: text/enriched\n\nx\n"), ATTACHMENT "|x\n"},
    {LIT("Content-Type: text/plain; format=flowed\n\nx\n"), "|x\n"},
    {LIT("Content-Type: text/plain; format=flowed; delsp=yes\n\nx\n"), LIMIT "|x\n"},
    {LIT("Content-Type: nonsense\n\nx\n"), ATTACHMENT LIMIT "|"},
    {LIT("Content-Type: text/plain; charset=\"utf-8\n\nx\n"), LIMIT "|x\n"},
    /* charsets */
    {LIT("Subject: x\n\nh\xc3\xa4\n"), "|h\xc3\xa4\n"},
    {LIT("Subject: x\n\nh\xe4\x80\n"), "|h\xc3\xa4\xe2\x82\xac\n"},
    {LIT("Content-Type: text/plain; charset=utf-8\n\nh\xe4!\n"), "|h\xef\xbf\xbd!\n"},
    {LIT("Content-Type: text/plain; charset=ISO-2022-JP\n\n\x1b$B%I%a%$%s\x1b(B.\n"),
     "|\xe3\x83\x89\xe3\x83\xa1\xe3\x82\xa4\xe3\x83\xb3.\n"},
    {LIT("Content-Type: text/plain; charset=Shift_JIS\n\n\x83h\x83\x81\x83"
	 "C\x83\x93\n"),
     "|\xe3\x83\x89\xe3\x83\xa1\xe3\x82\xa4\xe3\x83\xb3\n"},
    {LIT("Content-Type: text/plain; charset=KOI8-R\n\n\xc4\xcf\xcd\xc5\xce\n"),
     "|\xd0\xb4\xd0\xbe\xd0\xbc\xd0\xb5\xd0\xbd\n"},
    {LIT("Content-Type: text/plain; charset=utf-7\n\n+ADw-a +AD4-h\xe4\n"),
     LIMIT "|+ADw-a +AD4-h\xef\xbf\xbd\n"},
    {LIT("Content-Type: text/plain; charset=no-such\n\nabc\n"), LIMIT "|abc\n"},
    /* multiparts */
    {LIT(MIXED "preamble\n--b\n\none\n--b\n" HTML "--b--\nepilogue\n"), "|one\n|<p>x"},
    {LIT(MIXED "--b\n" HTML "\n--b\n" HTML "\n--b--\n"), "||<p>x\n|<p>x\n"},
    {LIT(MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\none\n--c\n" HTML
	       "\n--c--\n\n--b\n\ntwo\n--b--\n"),
     "|one\ntwo\n|<p>x\n"},
    {LIT(MIXED "no part\n"), LIMIT "|"},
    {LIT("MIME-Version: 1.0\nContent-Type: multipart/mixed\n\nno boundary\n"), LIMIT "|"},
    /* pictures and attachments */
    {LIT(MIXED "--b\n\nx\n--b\nContent-Type: image/png\nContent-Disposition: inline; "
	       "filename=a.PNG\n\nx\n--b--\n"),
     "|x\n"},
    {LIT(MIXED "--b\n\nx\n--b\nContent-Type: image/png\nContent-Disposition: attachment; "
	       "filename=a.png\n\nx\n--b--\n"),
     ATTACHMENT "|x\n"},
    {LIT(MIXED "--b\n\nx\n--b\nContent-Type: image/png; name=a.html\n\nx\n--b--\n"),
     ATTACHMENT "|x\n"},
    {LIT(MIXED "--b\n\nx\n--b\nContent-Type: image/svg+xml\n\n<svg/>\n--b--\n"), ATTACHMENT "|x\n"},
    {LIT(MIXED "--b\n\nx\n--b\nContent-Type: application/pdf\n\nx\n--b--\n"), ATTACHMENT "|x\n"},
    {LIT(MIXED "--b\n\nx\n--b\nContent-Disposition: attachment\n\ny\n--b--\n"),
     ATTACHMENT "|x\ny\n"},
    {LIT(MIXED "--b\n\nx\n--b\nContent-Type: text/plain; name=a.html\n\ny\n--b--\n"),
     ATTACHMENT "|x\ny\n"},
    {LIT(MIXED "--b\n\nx\n--b\nContent-Type: text/plain; name=a.txt\n\ny\n--b--\n"), "|x\ny\n"},
    {LIT(MIXED "--b\n\nx\n--b\nContent-Type: text/html; name=a.html\n\ny\n--b--\n"),
     ATTACHMENT "|x\n|y"},
    {LIT(MIXED "--b\n\nx\n--b\nContent-Type: message/rfc822\n\nFrom: a@b.example\n\ny\n--b--\n"),
     ATTACHMENT "|x\n"},
    {LIT("MIME-Version: 1.0\nContent-Type: multipart/digest; boundary=b\n\n--b\n\nFrom: "
	 "a@b.example\n\ny\n--b--\n"),
     ATTACHMENT "|"},
    {LIT("Content-Disposition: attachment; filename=x.exe\n\nx\n"), ATTACHMENT "|x\n"},
    /* what readers take differently */
    {LIT("Content-Type: text/plain\nContent-Type: text/html\n\n<p>x\n"), LIMIT "|<p>x\n"},
    {LIT("Content-Transfer-Encoding: x-uuencode\n\nx\n"), LIMIT "|"},
    {LIT("Content-Transfer-Encoding: x-unknown\n\nx\n"), LIMIT "|x\n"},
    {LIT("Subject: x\n\na\0b\n"), LIMIT "|a\xef\xbf\xbd"
					"b\n"},
    /* what readers take differently: see ambiguous.h */
    {LIT("Content-Type : text/html\n\n<p>x\n"), LIMIT "|<p>x\n"},
    {LIT("Content-Type: text/html (plain)\n\n<p>x\n"), LIMIT "||<p>x\n"},
    {LIT("Content-Type: text/plain; charset=utf-8; charset=utf-7\n\nx\n"), LIMIT "|x\n"},
    {LIT("Content-Type: text/plain; charset*=us-ascii''utf-8\n\nx\n"), LIMIT "|x\n"},
    {LIT("Content-Type: text/plain; a=\"b\"c; charset=utf-8\n\nx\n"), LIMIT "|x\n"},
    {LIT("Content-Type: text/html;\n\tcharset=\"utf-8\" ; name=\"\";\n\n<p>x\n"), "||<p>x\n"},
    {LIT("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b; boundary=c\n\n--c\n\n"
	 "other\n--c--\n--b\n\nx\n--b--\n"),
     LIMIT "|x\n"},
    {LIT("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b \"\n\n--b\n\nx\n"
	 "--b--\n"),
     LIMIT "|"},
    {LIT("Content-Transfer-Encoding: base64 (x)\n\neA==\n"), LIMIT "|x\n"},
    {LIT("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
	 "Content-Transfer-Encoding: base64\n\n--b\n\nx\n--b--\n"),
     LIMIT "|x\n"},
    {LIT(MIXED "--b\nContent-Type: text/html\nContent-Type: text/plain\n\nx\n--b--\n"),
     LIMIT "|x\n"},
    {LIT(MIXED "--b\nContent-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: base64\n\n"
	       "eA==\n--b--\n"),
     LIMIT "|x\n"},
    {LIT("Content-Transfer-Encoding: base64\n\neA==\neQ==\n"), LIMIT "|x\n"},
    {LIT("Content-Transfer-Encoding: base64\n\ne-A==\n"), LIMIT "|x\n"},
    {LIT("Content-Transfer-Encoding: base64\n\neA=\n=\n\n"), "|x\n"},
    {LIT("Content-Transfer-Encoding: quoted-printable\n\nx= \ny\n"), LIMIT "|x= \ny\n"},
    {LIT("Content-Transfer-Encoding: quoted-printable\n\nx=2gy\n"), LIMIT "|x=2gy\n"},
    {LIT("Content-Transfer-Encoding: quoted-printable\n\nx=3d=\r\ny="), "|x=y\n"},
    {LIT(MIXED "--b\n\nx\n--b--\n--b\n\nother\n--b--\n"), LIMIT "|x\n"},
    {LIT(MIXED "--c\n\nother\n--b\n\nx\n--b--\n"), LIMIT "|x\n"},
    {LIT(MIXED "--b\n\nx\n--b2\n\ny\n--b--\n"), LIMIT "|x\n--b2\n\ny\n"},
    {LIT(MIXED "--b\n\nx\r--b\r\ry\n--b--\n"), LIMIT "|x\r--b\r\ry\n"},
    {LIT(MIXED "--b \r\n\r\nx\r\n--b--\t\r\n"), "|x\n"},
    {LIT(MIXED "--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\nx\n--bb--\n--b--\n"),
     LIMIT "|x\n"},
    {LIT(MIXED "--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n--b--\n"),
     LIMIT "|x\n"},
    {LIT(MIXED "--b\nno header\nContent-Type: image/png\n\nx\n--b--\n"), LIMIT "|"},
    {LIT(MIXED "--b\n Content-Type: image/png\n\nx\n--b--\n"), LIMIT "|x\n"},
    {LIT(MIXED "--b\nX : y\n\nx\n--b--\n"), LIMIT "|x\n"},
    {LIT(MIXED "--b\nX: y\n z\n\nx\n--b--\n"), "|x\n"},
    {LIT("Subject: x\n\nbegin 644 a.html\n"), ATTACHMENT "|begin 644 a.html\n"},
    {LIT("Subject: x\n\nbegin 2026 \nbegin 64 x\n"), "|begin 2026 \nbegin 64 x\n"},
    /* a header inside a header's value is none */
    {LIT("Content-Type: text/plain;\r\n\tx=\"\rContent-Type: text/html\"\n\nx\n"), "|x\n"},
};

static void test_parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(mails); i++) {
		struct str got = {0};
		read_mail(mails[i].mail, &got);
		CHECK(strcmp(str_text(&got), mails[i].want) == 0, "\"%s\": got \"%s\"",
		      mails[i].mail.p, str_text(&got));
		str_free(&got);
	}
}

static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(mails); i++)
		for (size_t n = 0; n <= mails[i].mail.n; n++) {
			struct str got = {0};
			read_mail((struct slice){mails[i].mail.p, n}, &got);
			str_free(&got);
		}
}

/* -- limits: each at it and one past it ---------------------------------------------------------
 */

static void check_limit(const struct str *mail, bool want, const char *what)
{
	struct str got = {0};
	read_mail((struct slice){mail->p, mail->n}, &got);
	bool limit = strncmp(str_text(&got), LIMIT, strlen(LIMIT)) == 0;
	CHECK(limit == want, "%s: got %.60s", what, str_text(&got));
	str_free(&got);
}

static void fill(struct str *to, size_t n, char c)
{
	for (size_t i = 0; i < n; i++)
		str_putc(to, c);
}

static void test_header_limit(void **state)
{
	(void)state;
	for (size_t past = 0; past < 2; past++) {
		struct str mail = {0};
		str_puts(&mail, "Content-Type: text/plain; x=");
		fill(&mail, LIMIT_MIME_HEADER + past - strlen("text/plain; x="), 'y');
		str_puts(&mail, "\n\nx\n");
		check_limit(&mail, past, "header");
		str_free(&mail);
	}
}

static void test_part_limit(void **state)
{
	(void)state;
	for (size_t past = 0; past < 2; past++) {
		struct str mail = {0};
		str_puts(&mail, MIXED);
		/* the multipart counts as one */
		for (size_t i = 1; i < LIMIT_MIME_PARTS + past; i++)
			str_puts(&mail, "--b\n\nx\n");
		str_puts(&mail, "--b--\n");
		check_limit(&mail, past, "parts");
		str_free(&mail);
	}
}

static void test_depth_limit(void **state)
{
	(void)state;
	for (size_t past = 0; past < 2; past++) {
		struct str mail = {0};
		str_puts(&mail, "MIME-Version: 1.0\n");
		for (size_t i = 1; i < LIMIT_MIME_DEPTH + past; i++)
			str_printf(&mail,
				   "Content-Type: multipart/mixed; boundary=b%02zu\n\n--b%02zu\n",
				   i, i);
		str_puts(&mail, "\nx\n");
		check_limit(&mail, past, "depth");
		str_free(&mail);
	}
}

static void test_body_limit(void **state)
{
	(void)state;
	for (size_t past = 0; past < 2; past++) {
		struct str mail = {0};
		str_puts(&mail, "Subject: x\n\n");
		fill(&mail, LIMIT_MIME_BYTES + past, 'y');
		check_limit(&mail, past, "body");
		str_free(&mail);
	}
}

/* Counted as UTF-8: half as many octets of Latin-1 are as long. */
static void test_text_limit(void **state)
{
	(void)state;
	for (size_t past = 0; past < 2; past++) {
		struct str mail = {0};
		str_puts(&mail, "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
				"--b\nContent-Type: text/html; charset=latin1\n\n");
		fill(&mail, LIMIT_TEXT_BYTES / 2 - 1, '\xe4');
		str_puts(&mail, "\n--b\n\nx");
		fill(&mail, 1 + past, 'x');
		str_puts(&mail, "\n--b--\n");
		check_limit(&mail, past, "text");
		str_free(&mail);
	}
}

/* Nested groups, or very many addresses or parameters, in a header inside the body: GMime must not
 * see them. */
static void test_monsters(void **state)
{
	(void)state;
	static const struct {
		const char *begin, *unit, *fold;
	} rows[] = {
	    {"To: ", "a:", "\n a:"},
	    {"tO  : ", "a:", "\n a:"},
	    {"Resent-To: ", "a,", "\n\ta,"},
	    {"From:\n ", "a:", "\n a:"},
	    {"Cc: a\n\t", "a;", "\r\n a;"},
	    {"Content-Type: text/plain", ";a=b", "\n ;a=b"},
	    {"content-disposition: x", ";", "\n ;"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (size_t past = 0; past < 2; past++) {
			struct str mail = {0}, got = {0};
			str_puts(&mail, MIXED "--b\nContent-Type: message/rfc822\n\n");
			str_puts(&mail, rows[i].begin);
			for (size_t n = 0; n < LIMIT_MIME_MARKS + past; n++)
				str_puts(&mail, n % 50 == 49 ? rows[i].fold : rows[i].unit);
			str_puts(&mail, "\n\nx\n--b--\n");
			read_mail((struct slice){mail.p, mail.n}, &got);
			const char *want = past ? LIMIT "|" : ATTACHMENT "|";
			CHECK(strcmp(str_text(&got), want) == 0, "%s: got %s", rows[i].begin,
			      str_text(&got));
			str_free(&got);
			str_free(&mail);
		}
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str deep = {0}, got = {0};
		str_puts(&deep, MIXED "--b\nContent-Type: message/rfc822\n\n");
		str_puts(&deep, rows[i].begin);
		for (size_t n = 0; n < 50000; n++)
			str_puts(&deep, rows[i].unit);
		str_puts(&deep, "\n\nx\n--b--\n");
		read_mail((struct slice){deep.p, deep.n}, &got);
		CHECK(strcmp(str_text(&got), LIMIT "|") == 0, "deep: got %.60s", str_text(&got));
		str_free(&got);
		str_free(&deep);
	}
}

/* -- charsets and subjects ----------------------------------------------------------------------
 */

#define DOMEIN "\xe3\x83\x89\xe3\x83\xa1\xe3\x82\xa4\xe3\x83\xb3" /* "domain" in katakana */

static const struct {
	const char *charset;
	struct slice text;
	const char *want;
} charsets[] = {
    {"windows-1252", LIT("\x80\xfc\x81"), "\xe2\x82\xac\xc3\xbc\xef\xbf\xbd"},
    {"iso-8859-15", LIT("\xa4"), "\xe2\x82\xac"},
    {"iso-8859-2", LIT("\xb1"), "\xc4\x85"},
    {"windows-1251", LIT("\xe4"), "\xd0\xb4"},
    {"euc-jp", LIT("\xa5\xc9\xa5\xe1\xa5\xa4\xa5\xf3"), DOMEIN},
    {"shift_jis",
     LIT("\x83h\x83\x81\x83"
	 "C\x83\x93\xb1"),
     DOMEIN "\xef\xbd\xb1"},
    {"iso-2022-jp", LIT("\x1b$@%I%a%$%s\x1b(J<\x1b(I1"), DOMEIN "<\xef\xbd\xb1"},
    {"iso-2022-jp", LIT("\x1b$B%I%"), "\xe3\x83\x89%"},
    {"iso-2022-jp", LIT("\x1b.A<"), "\x1b.A<"},
    {"gb2312", LIT("\xd3\xf2\xc3\xfb"), "\xe5\x9f\x9f\xe5\x90\x8d"},
    {"GB18030", LIT("\xd3\xf2"), "\xe5\x9f\x9f"},
    /* four octets: the first and the last above U+FFFF, one past it; one below */
    {"gb18030", LIT("\x90\x30\x81\x30\xd3\xf2"), "\xf0\x90\x80\x80\xe5\x9f\x9f"},
    {"gb18030", LIT("\x94\x39\xda\x33"), "\xf0\x9f\x92\xa9"},
    {"gb18030", LIT("\xe3\x32\x9a\x35"), "\xf4\x8f\xbf\xbf"},
    {"gb18030", LIT("\xe3\x32\x9a\x36"), "\xef\xbf\xbd"},
    {"gb18030", LIT("15\x81\x30\x8b\x38\xd3\xf2"), "15\xef\xbf\xbd\xe5\x9f\x9f"},
    /* what only begins like them swallows nothing */
    {"gb18030", LIT("\x81\x30<"), "\xef\xbf\xbd\x30<"},
    {"gb18030", LIT("\x81\x30\xd3\xf2"), "\xef\xbf\xbd\x30\xe5\x9f\x9f"},
    {"gb18030", LIT("\x81\x30\x81<"), "\xef\xbf\xbd\x30\xef\xbf\xbd<"},
    {"gb18030", LIT("\x81\x30\x81"), "\xef\xbf\xbd\x30\xef\xbf\xbd"},
    {"gb18030", LIT("\x81\x30"), "\xef\xbf\xbd\x30"},
    {"shift_jis", LIT("\x81\x30\x81\x30"), "\xef\xbf\xbd\x30\xef\xbf\xbd\x30"},
    {"big5", LIT("\xba\xf4\xb0\xec"), "\xe7\xb6\xb2\xe5\x9f\x9f"},
    {"euc-kr", LIT("\xb5\xb5\xb8\xde\xc0\xce"), "\xeb\x8f\x84\xeb\xa9\x94\xec\x9d\xb8"},
    {"utf8", LIT("\xc3\xbc\xed\xa0\x80\xff"),
     "\xc3\xbc\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    /* a lead octet never swallows markup */
    {"gbk", LIT("\x81<\xd3>"), "\xef\xbf\xbd<\xef\xbf\xbd>"},
    {"shift_jis", LIT("\x81"), "\xef\xbf\xbd"},
};

static void test_charsets(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(charsets); i++) {
		struct str got = {0};
		struct slice in = tight(charsets[i].text);
		CHECK(charset_to_utf8(slice_of(charsets[i].charset), in, &got), "%s",
		      charsets[i].charset);
		CHECK(strcmp(str_text(&got), charsets[i].want) == 0, "%s: got %s",
		      charsets[i].charset, str_text(&got));
		tight_free(in);
		str_free(&got);
	}
	static const char *const unknown[] = {"utf-7", "utf-16", "hz-gb-2312",
					      "x",     "utf-8x", "cp037"};
	for (size_t i = 0; i < COUNT_OF(unknown); i++) {
		struct str got = {0};
		CHECK(!charset_to_utf8(slice_of(unknown[i]), slice_of("a\xff"), &got), "%s",
		      unknown[i]);
		CHECK(strcmp(str_text(&got), "a\xef\xbf\xbd") == 0, "%s", unknown[i]);
		str_free(&got);
	}
}

/* Every octet and pair gives valid UTF-8, and ASCII stays itself. */
static void test_all_pairs(void **state)
{
	(void)state;
	static const char *const names[] = {"shift_jis",  "euc-jp", "gbk",         "big5", "euc-kr",
					    "iso-8859-1", "koi8-r", "iso-2022-jp", "utf-8"};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		for (unsigned pair = 0; pair < 0x10000; pair++) {
			const char in[] = {(char)(pair >> 8), (char)(pair & 0xff)};
			struct str got = {0};
			charset_to_utf8(slice_of(names[i]), (struct slice){in, 2}, &got);
			struct slice rest = {got.p, got.n};
			for (size_t n; rest.n; rest.p += n, rest.n -= n) {
				n = utf8_next(rest, NULL);
				CHECK(n, "%s %04x", names[i], pair);
			}
			str_free(&got);
		}
	for (size_t i = 0; i < COUNT_OF(names); i++)
		for (char c = 1; c < 0x7f; c++) {
			struct str got = {0};
			charset_to_utf8(slice_of(names[i]), (struct slice){&c, 1}, &got);
			CHECK(got.n == 1 && got.p[0] == c, "%s %02x", names[i], (unsigned)c);
			str_free(&got);
		}
}

static const struct {
	const char *value, *want;
} subjects[] = {
    {" Request for\n email  address validation ", "Request for email address validation"},
    {"=?utf-8?Q?f=C3=BCr_die?= Domain", "f\xc3\xbcr die Domain"},
    {"=?UTF-8?b?ZsO8?=\n =?utf-8?B?cg==?=", "f\xc3\xbcr"},
    {"=?utf-8?B?ZsM=?= =?utf-8?B?vHI=?=", "f\xc3\xbcr"},
    {"=?iso-8859-1?q?f=FCr?= =?utf-8?q?_die?=", "f\xc3\xbcr die"},
    {"=?utf-8*de?q?f=C3=BCr?=", "f\xc3\xbcr"},
    {"=?ISO-2022-JP?B?GyRCJUklYSUkJXMbKEI=?= x", DOMEIN " x"},
    {"=?x-unknown?q?a?= b", "=?x-unknown?q?a?= b"},
    {"=?utf-8?x?a?=", "=?utf-8?x?a?="}, /* neither B nor Q */
    {"=?utf-8?q?open", "=?utf-8?q?open"},
    {"a=?utf-8?q?b?=c", "abc"},
    {"=?utf-8?q?=0Ax=00y=E2=80=AEz?=", "x\xef\xbf\xbdyz"},
    {"raw \xc3\xbc and \xff", "raw \xc3\xbc and \xef\xbf\xbd"},
    {"", ""},
};

static void test_subjects(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(subjects); i++) {
		struct str got = {0};
		struct slice in = tight(slice_of(subjects[i].value));
		mime_subject(in, &got);
		CHECK(strcmp(str_text(&got), subjects[i].want) == 0, "\"%s\": got \"%s\"",
		      subjects[i].value, str_text(&got));
		tight_free(in);
		str_free(&got);
		for (size_t n = 0; n < strlen(subjects[i].value); n++) {
			in = tight((struct slice){subjects[i].value, n});
			mime_subject(in, &got);
			CHECK(utf8_is_printable((struct slice){str_text(&got), got.n}), "row %zu",
			      i);
			tight_free(in);
			str_free(&got);
		}
	}
	struct str value = {0}, got = {0};
	fill(&value, 2 * LIMIT_SUBJECT, 'x');
	mime_subject((struct slice){value.p, value.n}, &got);
	CHECK(got.n == LIMIT_SUBJECT, "long: %zu", got.n);
	str_free(&value);
	str_free(&got);
}

/* -- the seal ------------------------------------------------------------------------------------
 */

static bool seal(void)
{
	static const int denied[] = {SCMP_SYS(open),     SCMP_SYS(openat), SCMP_SYS(openat2),
				     SCMP_SYS(readlink), SCMP_SYS(socket), SCMP_SYS(execve)};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int rc = filter ? 0 : -1;
	for (size_t i = 0; !rc && i < COUNT_OF(denied); i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, denied[i], 0);
	const struct scmp_arg_cmp exec = SCMP_CMP64(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC);
	if (!rc)
		rc =
		    seccomp_rule_add_array(filter, SCMP_ACT_KILL_PROCESS, SCMP_SYS(mmap), 1, &exec);
	if (!rc)
		rc = seccomp_load(filter);
	return rc == 0;
}

static void read_everything(void)
{
	struct str got = {0};
	for (size_t i = 0; i < COUNT_OF(mails); i++)
		read_mail(mails[i].mail, &got);
	for (size_t i = 0; i < COUNT_OF(charsets); i++)
		charset_to_utf8(slice_of(charsets[i].charset), charsets[i].text, &got);
	for (size_t i = 0; i < COUNT_OF(subjects); i++)
		mime_subject(slice_of(subjects[i].value), &got);
	struct links links = {0}, passive = {.repeats = true};
	html_read(slice_of("<meta charset=koi8-r><p>&uuml;<a href='//example.com/'>\xff"), &got,
		  &links, &passive);
}

/* Nothing is opened, loaded or asked for once the process is sealed. */
static void test_sealed(void **state)
{
	(void)state;
	pid_t pid = fork();
	if (!pid) {
		if (!seal())
			_exit(77);
		read_everything();
		_exit(0);
	}
	int status = 0;
	CHECK(waitpid(pid, &status, 0) == pid, "wait");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		SKIP_TEST("no seccomp here");
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "got status %x", (unsigned)status);
}

static int setup(void **state)
{
	(void)state;
	return mime_init() && html_init() ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parts),        cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_header_limit), cmocka_unit_test(test_part_limit),
	    cmocka_unit_test(test_depth_limit),  cmocka_unit_test(test_body_limit),
	    cmocka_unit_test(test_text_limit),   cmocka_unit_test(test_monsters),
	    cmocka_unit_test(test_charsets),     cmocka_unit_test(test_all_pairs),
	    cmocka_unit_test(test_subjects),     cmocka_unit_test(test_sealed),
	};
	return cmocka_run_group_tests_name("letter_mime", tests, setup, NULL);
}
