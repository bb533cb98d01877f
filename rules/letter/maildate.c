/* SPDX-License-Identifier: BSD-2-Clause */
/* maildate.c - see maildate.h. */
#include "rules/letter/maildate.h"

#include <string.h>

#include "rules/letter/dates.h"
#include "rules/letter/reader.h"

static bool is_alpha(char c)
{
	c = str_lower_char(c);
	return c >= 'a' && c <= 'z';
}

/* White space and comments (RFC 5322 3.2.2), nested ones too. */
static bool cfws(struct place *p)
{
	size_t start = p->at;
	unsigned depth = 0;
	for (; p->at < p->text.n; p->at++) {
		char c = p->text.p[p->at];
		if (c == '(')
			depth++;
		else if (c == ')' && depth)
			depth--;
		else if (c == '\\' && depth && p->at + 1 < p->text.n)
			p->at++;
		else if (!depth && !str_is_space(c))
			break;
	}
	if (depth)
		p->at = start;
	return p->at > start;
}

static bool mail_zone(struct place *p, int *ret_minutes)
{
	static const struct {
		const char *name;
		int minutes;
	} zones[] = {
	    {"ut", 0},     {"gmt", 0},    {"z", 0},      {"utc", 0},
	    {"est", -300}, {"edt", -240}, {"cst", -360}, {"cdt", -300},
	    {"mst", -420}, {"mdt", -360}, {"pst", -480}, {"pdt", -420},
	};
	unsigned digits;
	int sign = reader_literal(p, "+") ? 1 : reader_literal(p, "-") ? -1 : 0;
	if (sign) {
		/* The grammar allows +9959; no clock is a day from UTC. */
		if (!reader_number(p, 4, 4, &digits) || digits % 100 > 59 || digits / 100 > 23)
			return false;
		*ret_minutes = sign * (int)(digits / 100 * 60 + digits % 100);
		return true;
	}
	for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
		if (reader_word(p, zones[i].name)) {
			*ret_minutes = zones[i].minutes;
			return true;
		}
	/* other alphabetic zones say nothing (RFC 5322 4.3) */
	*ret_minutes = 0;
	while (p->at < p->text.n && is_alpha(p->text.p[p->at]))
		p->at++;
	return true;
}

static bool mail_year(struct place *p, unsigned *ret_year)
{
	size_t start = p->at;
	if (!reader_number(p, 2, 4, ret_year))
		return false;
	size_t n = p->at - start;
	if (n == 2)
		*ret_year += *ret_year < 50 ? 2000 : 1900;
	else if (n == 3)
		*ret_year += 1900;
	return true;
}

static bool is_plain(struct slice value)
{
	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] >= 0x80 || value.p[i] == '\0')
			return false;
	return true;
}

static bool month(struct place *p, unsigned *ret_month)
{
	static const char *const names[] = {"jan", "feb", "mar", "apr", "may", "jun",
					    "jul", "aug", "sep", "oct", "nov", "dec"};
	for (unsigned i = 0; i < 12; i++)
		if (reader_word(p, names[i])) {
			*ret_month = i + 1;
			return true;
		}
	return false;
}

bool maildate_read(struct slice value, struct maildate *ret_date)
{
	static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	struct place p = {value, 0};
	unsigned day, month_number, year, hour, minute, second = 0;
	int64_t days;
	int minutes = 0;
	if (!is_plain(value))
		return false;
	cfws(&p);
	for (size_t i = 0; i < 7; i++)
		if (reader_word(&p, weekdays[i])) {
			cfws(&p);
			if (!reader_literal(&p, ","))
				return false;
			break;
		}
	cfws(&p);
	if (!reader_number(&p, 1, 2, &day) || !cfws(&p) || !month(&p, &month_number) || !cfws(&p) ||
	    !mail_year(&p, &year) || !cfws(&p) || !dates_days(year, month_number, day, &days) ||
	    !reader_number(&p, 1, 2, &hour))
		return false;
	cfws(&p);
	if (!reader_literal(&p, ":") || (cfws(&p), !reader_number(&p, 2, 2, &minute)))
		return false;
	cfws(&p);
	if (reader_literal(&p, ":") && (cfws(&p), !reader_number(&p, 2, 2, &second)))
		return false;
	cfws(&p);
	if (hour > 23 || minute > 59 || second > 60 || !mail_zone(&p, &minutes))
		return false;
	cfws(&p);
	if (p.at != value.n)
		return false;
	ret_date->when = days * 86400 + (int64_t)hour * 3600 + minute * 60 +
			 (second == 60 ? 59 : second) - (int64_t)minutes * 60;
	ret_date->east = minutes;
	return true;
}
