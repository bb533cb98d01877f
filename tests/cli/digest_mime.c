/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UTF-8 as mail has it: headers and bodies, at and past the length of a line. What a mail server
 * and a parser that is not ours make of it: tests/wire/digest.sh.
 */
#include "cli/digest/digest_mime.h"

#include <stdio.h>
#include <string.h>

#include "tests/rules/table.h"

static void headers(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"", "Subject: \n"},
	    {"plain", "Subject: plain\n"},
	    {"Frist läuft ab", "Subject: =?utf-8?Q?Frist_l=C3=A4uft_ab?=\n"},
	    {"=?utf-8?Q?x?=", "Subject: =?utf-8?Q?=3D=3Futf-8=3FQ=3Fx=3F=3D?=\n"},
	    {"a\r\nBcc: b", "Subject: =?utf-8?Q?a=3F=3FBcc=3A_b?=\n"},
	    {"\xff", "Subject: =?utf-8?Q?=3F?=\n"},
	    {"1234567890123456789012345678901234567890123456789012345678901234567",
	     "Subject: 1234567890123456789012345678901234567890123456789012345678901234567\n"},
	    {"12345678901234567890123456789012345678901234567890123456789012345678",
	     "Subject: =?utf-8?Q?1234567890123456789012345678901234567890123456789012345?=\n"
	     " =?utf-8?Q?6789012345678?=\n"},
	    {"1234567890123456789012345678901234567890 12345678901234567890123456",
	     "Subject: 1234567890123456789012345678901234567890 12345678901234567890123456\n"},
	    {"1234567890123456789012345678901234567890 123456789012345678901234567",
	     "Subject: 1234567890123456789012345678901234567890\n 123456789012345678901234567\n"},
	    {"two  spaces", "Subject: =?utf-8?Q?two__spaces?=\n"},
	    {"end ", "Subject: =?utf-8?Q?end_?=\n"},
	    /* 55 have room: the umlaut's six go to the next word, whole. */
	    {"12345678901234567890123456789012345678901234567890ä",
	     "Subject: =?utf-8?Q?12345678901234567890123456789012345678901234567890?=\n"
	     " =?utf-8?Q?=C3=A4?=\n"},
	    {"1234567890123456789012345678901234567890123456789ä",
	     "Subject: =?utf-8?Q?1234567890123456789012345678901234567890123456789=C3=A4?=\n"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str got = {0};

		digest_mime_header("Subject", rows[i].text, &got);
		CHECK(strcmp(str_text(&got), rows[i].want) == 0, "%s: got %s", rows[i].text,
		      str_text(&got));
		str_free(&got);
	}
}

#define QP  "Content-Transfer-Encoding: quoted-printable\n\n"
#define B64 "Content-Transfer-Encoding: base64\n\n"
#define S70 "0123456789012345678901234567890123456789012345678901234567890123456789"

static void bodies(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"", QP},
	    {"a = b\n", QP "a =3D b\n"},
	    {"end \n\t\n", QP "end=20\n=09\n"},
	    {"end ", QP "end=20"},
	    {".\n..\n", QP "=2E\n=2E.\n"},
	    {"From here\nFrom\nxFrom there\n", QP "=46rom here\nFrom\nxFrom there\n"},
	    {"Grüße aus dem Süden und Norden\n",
	     QP "Gr=C3=BC=C3=9Fe aus dem S=C3=BCden und Norden\n"},
	    {S70 "123456\n", QP S70 "123456\n"},
	    {S70 "1234567\n", QP S70 "12345=\n67\n"},
	    {S70 "123=\n", QP S70 "123=3D\n"},
	    {S70 "1234=\n", QP S70 "1234=\n=3D\n"},
	    {S70 "12=x\n", QP S70 "12=3Dx\n"},
	    {S70 "12=xx\n", QP S70 "12=3D=\nxx\n"},
	    {S70 "123=x\n", QP S70 "123=\n=3Dx\n"},
	    /* A soft break makes a line's beginning. */
	    {S70 "12345.x\n", QP S70 "12345=\n=2Ex\n"},
	    {"日本語日本語\n", B64 "5pel5pys6Kqe5pel5pys6KqeDQo="},
	    {"日本語日本語", B64 "5pel5pys6Kqe5pel5pys6Kqe"},
	    {"日本語日本語x", B64 "5pel5pys6Kqe5pel5pys6KqeeA=="},
	    {"日本語日本語日本語日本語日本語日本語日\n", B64
	     "5pel5pys6Kqe5pel5pys6Kqe5pel5pys6Kqe5pel5pys6Kqe5pel5pys6Kqe5pel5pys6Kqe5pel\nDQo="},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str text = {0}, got = {0};

		str_puts(&text, rows[i].text);
		digest_mime_body(&text, &got);
		CHECK(strcmp(str_text(&got), rows[i].want) == 0, "%s: got %s", rows[i].text,
		      str_text(&got));
		str_free(&text);
		str_free(&got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(headers),
	    cmocka_unit_test(bodies),
	};
	return cmocka_run_group_tests_name("digest_mime", tests, NULL, NULL);
}
