/* SPDX-License-Identifier: BSD-2-Clause */
/* clock.c - see clock.h. */
#include "rules/letter/clock.h"

#include <string.h>

/* -- zones ------------------------------------------------------------------------------------- */

static bool offset(struct place *p, int *ret_minutes)
{
	struct place q = *p;
	unsigned hours = 0, minutes = 0;
	int sign = reader_literal(&q, "+") ? 1 : reader_literal(&q, "-") ? -1 : 0;
	if (!sign)
		return false;
	if (reader_number(&q, 4, 4, &hours)) {
		minutes = hours % 100;
		hours /= 100;
	} else if (!reader_number(&q, 1, 2, &hours)) {
		return false;
	} else {
		struct place r = q;
		if (reader_literal(&r, ":") && reader_number(&r, 2, 2, &minutes))
			q = r;
	}
	/* "10:00-12:00" is no zone */
	if (hours > (sign > 0 ? 14 : 11) || minutes > 59)
		return false;
	*ret_minutes = sign * (int)(hours * 60 + minutes);
	*p = q;
	return true;
}

/* Abbreviations are in capitals: "est" is a word of French, "art" one of many. */
static bool is_capital(const struct place *p, const char *name)
{
	for (size_t i = 0; name[i]; i++)
		if (p->at + i >= p->text.n || p->text.p[p->at + i] == name[i])
			return false;
	return true;
}

/* Minutes east of UTC; an unknown zone is left alone and means UTC. */
static int zone(struct place *p, bool *ret_known)
{
	static const struct {
		const char *name;
		int minutes;
	} zones[] = {
	    {"utc", 0},    {"gmt", 0},    {"z", 0},      {"cet", 60},   {"cest", 120},
	    {"mez", 60},   {"mesz", 120}, {"hnec", 60},  {"heec", 120}, {"wet", 0},
	    {"west", 60},  {"eet", 120},  {"eest", 180}, {"msk", 180},  {"trt", 180},
	    {"bst", 60},   {"est", -300}, {"edt", -240}, {"cdt", -300}, {"mst", -420},
	    {"mdt", -360}, {"pst", -480}, {"pdt", -420}, {"brt", -180}, {"art", -180},
	    {"ict", 420},  {"wib", 420},  {"hkt", 480},  {"sgt", 480},  {"jst", 540},
	    {"kst", 540},  {"aest", 600}, {"aedt", 660}, {"nzst", 720}, {"nzdt", 780},
	};
	struct place q = *p;
	int minutes = 0;
	reader_space(&q);
	reader_literal(&q, "(");
	for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
		if ((!zones[i].minutes || is_capital(&q, zones[i].name)) &&
		    reader_word(&q, zones[i].name)) {
			*ret_known = true;
			minutes = zones[i].minutes;
			if (!minutes)
				offset(&q, &minutes); /* "UTC+2" */
			*p = q;
			return minutes;
		}
	*ret_known = offset(&q, &minutes);
	if (*ret_known)
		*p = q;
	return minutes;
}

/* -- hours and minutes ------------------------------------------------------------------------- */

/* Before the hour: 0 for nothing, 1 for before noon, 2 for after. */
static unsigned half_of_day(struct place *p)
{
	static const char *const halves[2][3] = {
	    {"午前", "上午", "오전"},
	    {"午後", "下午", "오후"},
	};
	for (unsigned half = 0; half < 2; half++)
		for (size_t i = 0; i < 3; i++)
			if (reader_literal(p, halves[half][i])) {
				reader_space(p);
				return half + 1;
			}
	return 0;
}

static bool into_half(unsigned half, unsigned *hour)
{
	if (half && *hour > 12)
		return false;
	if (half)
		*hour = *hour % 12 + (half == 2 ? 12 : 0);
	return true;
}

/* "8:35 pm", "20:35 Uhr" */
static bool after_time(struct place *p, unsigned *hour)
{
	struct place q = *p;
	reader_space(&q);
	bool am = reader_word(&q, "am") || reader_literal(&q, "a.m.");
	bool pm = !am && (reader_word(&q, "pm") || reader_literal(&q, "p.m."));
	if (am || pm) {
		if (*hour < 1 || !into_half(pm ? 2 : 1, hour))
			return false;
		*p = q;
	} else if (reader_word(&q, "uhr")) {
		*p = q;
	}
	return true;
}

/* Behind the hour, the character for it; minutes and theirs may follow. */
static bool with_characters(struct place *p, unsigned *minute)
{
	static const char *const signs[][2] = {
	    {"時", "分"}, {"时", "分"}, {"点", "分"}, {"點", "分"}, {"시", "분"},
	};
	struct place q = *p;
	reader_space(&q);
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		if (!reader_literal(&q, signs[i][0]))
			continue;
		*p = q;
		reader_space(&q);
		if (reader_number(&q, 1, 2, minute) && reader_literal(&q, signs[i][1]))
			*p = q;
		else
			*minute = 0;
		return true;
	}
	return false;
}

static bool with_colon(struct place *p, unsigned *minute, unsigned *second)
{
	unsigned fraction;
	if (!reader_literal(p, ":") || !reader_number(p, 2, 2, minute))
		return false;
	struct place q = *p;
	if (!reader_literal(&q, ":") || !reader_number(&q, 2, 2, second)) {
		*second = 0;
		return true;
	}
	*p = q;
	if (reader_literal(&q, ".") && reader_number(&q, 1, 9, &fraction))
		*p = q;
	return true;
}

/* "20h35", "20 h 35", "20h" */
static bool with_letter(struct place *p, unsigned *minute)
{
	struct place q = *p;
	reader_space(&q);
	if (!reader_literal(&q, "h"))
		return false;
	struct place r = q;
	reader_space(&r);
	if (reader_number(&r, 2, 2, minute)) {
		*p = r;
		return true;
	}
	*minute = 0;
	if (q.at < q.text.n && str_lower_char(q.text.p[q.at]) >= 'a' &&
	    str_lower_char(q.text.p[q.at]) <= 'z')
		return false;
	*p = q;
	return true;
}

/* "kl. 20.35", "20.35 Uhr": a full stop parts them only beside a word that says so. */
static bool with_stop(struct place *p, bool announced, unsigned *minute)
{
	struct place q = *p;
	if (!reader_literal(&q, ".") || !reader_number(&q, 2, 2, minute))
		return false;
	struct place r = q;
	reader_space(&r);
	if (!announced && !reader_word(&r, "uhr"))
		return false;
	*p = q;
	return true;
}

/* "20 Uhr", "8 pm": nothing but the hour. */
static bool alone(const struct place *p)
{
	struct place q = *p;
	reader_space(&q);
	return reader_word(&q, "uhr") || reader_word(&q, "am") || reader_word(&q, "pm") ||
	       reader_literal(&q, "a.m.") || reader_literal(&q, "p.m.");
}

static bool time_of_day(struct place *p, bool announced, struct clock *ret_clock)
{
	unsigned half = half_of_day(p), hour, minute = 0, second = 0;
	if (!reader_number(p, 1, 2, &hour))
		return false;
	struct place q = *p;
	if (with_colon(&q, &minute, &second) || (q = *p, with_characters(&q, &minute)) ||
	    (q = *p, with_letter(&q, &minute)) || (q = *p, with_stop(&q, announced, &minute)))
		*p = q;
	else if (minute = second = 0, !alone(p))
		return false;
	if (!into_half(half, &hour) || !after_time(p, &hour) || hour > 24 || minute > 59 ||
	    second > 60 || (hour == 24 && minute + second))
		return false;
	ret_clock->seconds = (int)(hour * 3600 + minute * 60 + (second == 60 ? 59 : second));
	ret_clock->seconds -= zone(p, &ret_clock->has_zone) * 60;
	return true;
}

bool clock_before(struct place *p, struct clock *ret_clock)
{
	struct place q = *p;
	if (!time_of_day(&q, false, ret_clock))
		return false;
	*p = q;
	return true;
}

/* "(Fri)", "(日)", "Cuma günü": the day of the week says nothing more. */
static void pass_weekday(struct place *p)
{
	enum {
		LONGEST = 14,
	};
	struct place q = *p;
	reader_space(&q);
	size_t start = q.at;
	if (reader_literal(&q, "(")) {
		for (size_t end = q.at; end < q.text.n && end - start <= LONGEST; end++)
			if (q.text.p[end] == ')') {
				p->at = end + 1;
				return;
			} else if (q.text.p[end] >= '0' && q.text.p[end] <= '9') {
				return;
			}
		return;
	}
	static const char *const days[] = {"pazartesi", "sali",      "carsamba", "persembe",
					   "cuma",      "cumartesi", "pazar",    NULL};
	if (reader_word_of(&q, days)) {
		*p = q;
		reader_space(&q);
		if (reader_word(&q, "gunu"))
			*p = q;
	}
}

bool clock_after(struct place *p, struct clock *ret_clock)
{
	static const char *const between[] = {"at", "um", "a",  "las", "as",  "alle", "o",
					      "om", "v",  "ve", "te",  "den", "luc",  NULL};
	static const char *const announcing[] = {"kl",   "klockan", "klokken", "ore",
						 "ora",  "godz",    "godzina", "godziny",
						 "saat", "pukul",   "jam",     NULL};
	struct place q = *p;
	bool announced = false;
	pass_weekday(&q);
	if (q.at < q.text.n && (q.text.p[q.at] == 'T' || q.text.p[q.at] == '_')) {
		q.at++;
	} else {
		reader_literal(&q, ",");
		reader_space(&q);
		while (reader_word_of(&q, between) || reader_literal(&q, "-") ||
		       reader_literal(&q, "@"))
			reader_space(&q);
		announced = reader_word_of(&q, announcing);
		if (announced) {
			reader_literal(&q, ".");
			reader_space(&q);
		}
	}
	if (!time_of_day(&q, announced, ret_clock))
		return false;
	*p = q;
	return true;
}
