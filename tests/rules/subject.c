/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What of a subject is stored: codes, links and words drawn by lot are left out, names and dates
 * not.
 */
#include "rules/core/subject.h"

#include "tests/rules/table.h"

static const struct {
	const char *subject, *want;
} row[] = {
    {"", ""},
    {"Request for email address validation", "Request for email address validation"},
    {"Your verification code is 918273", "Your verification code is \xe2\x80\xa6"},
    {"918273 is your code", "\xe2\x80\xa6 is your code"},
    {"Code: 123 456.", "Code: \xe2\x80\xa6."},
    {"Code (918-273)!", "Code (\xe2\x80\xa6)!"},
    {"code=9182", "\xe2\x80\xa6"},
    {"Your code: A7F-39K-2Q1-88", "Your code: \xe2\x80\xa6"},
    {"token s3cr3tT0ken0123456789abcdef here", "token \xe2\x80\xa6 here"},
    {"token SeKret5S5e5K here", "token \xe2\x80\xa6 here"},
    {"token aBcDeFgHiJ here", "token \xe2\x80\xa6 here"},
    {"see https://example.com/verify/abc now", "see \xe2\x80\xa6 now"},
    {"see <https://example.com/>", "see <\xe2\x80\xa6>"},
    {"see www.example.com/verify/abc", "see \xe2\x80\xa6"},
    {"[Ticket#20261206] domain shop24.de", "[\xe2\x80\xa6] domain shop24.de"},
    {"example.com and 1a2b3c4d5.example", "example.com and 1a2b3c4d5.example"},
    {"xn--mller-kva.xn--p1ai expires", "xn--mller-kva.xn--p1ai expires"},
    {"m\xc3\xbcller-4711.de", "m\xc3\xbcller-4711.de"},
    {"until 2026-12-06, 10:00:00", "until 2026-12-06, 10:00:00"},
    {"am 6.12.2026 um 10:00 Uhr", "am 6.12.2026 um 10:00 Uhr"},
    {"by 12/06/2026 in 2026", "by 12/06/2026 in 2026"},
    {"in 30 days, 100 domains", "in 30 days, 100 domains"},
    {"account 2026-12-0614", "account \xe2\x80\xa6"},
    {"account 9999", "account \xe2\x80\xa6"},
    {"DomainRobot for you", "DomainRobot for you"},
    {"a  b ", "a  b "},
};

static void each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(row); i++) {
		char got[200];
		subject_without_codes(row[i].subject, got, sizeof got);
		CHECK(strcmp(got, row[i].want) == 0, "%s: %s", row[i].subject, got);
	}
}

/* Cut between words, not within a character. */
static void is_cut(void **state)
{
	(void)state;
	char got[8];
	subject_without_codes("abcdefg", got, sizeof got);
	assert_string_equal(got, "abcdefg");
	subject_without_codes("abcdefgh", got, sizeof got);
	assert_string_equal(got, "");
	subject_without_codes("abcde 918273", got, sizeof got);
	assert_string_equal(got, "abcde ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_row),
	    cmocka_unit_test(is_cut),
	};
	return cmocka_run_group_tests_name("subject", tests, NULL, NULL);
}
