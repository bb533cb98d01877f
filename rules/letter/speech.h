/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * speech.h - the words that say what a date or a span of days is, in the languages that registrars
 * write. Lists as words.h wants them: folded (fold.h), lower case, "$" for a whole word, NULL at
 * the end. A new language is its words here and in lexicon.c, and its lines in the tests' table of
 * deadlines.
 */
#ifndef RULES_LETTER_SPEECH_H
#define RULES_LETTER_SPEECH_H

/* -- around a date (due.c) -- */
extern const char *const speech_until[];       /* directly before it: "until", "by", "bis" */
extern const char *const speech_thursday[];    /* "Do 26.11.": a day, and until (due.c) */
extern const char *const speech_before_day[];  /* before it, it is the day: "am Do 26.11." */
extern const char *const speech_do_is_until[]; /* in or after the date, it is not: "do 6 grudnia" */
extern const char *const speech_den[];         /* "den 26/11/2026" */
extern const char *const speech_filler[];      /* stands between and says nothing: "the end of" */
extern const char *const speech_due[];         /* before it in the sentence: "no later than" */
extern const char *const speech_then[];        /* after it: "will be suspended" */
extern const char *const speech_expiry[];      /* the registration ends: "expires" */
extern const char *const speech_since[];       /* directly before it: it is over, "registered on" */
extern const char *const speech_not_due[];     /* holds one of speech_due, and is none: "due to" */
extern const char *const speech_ends[];        /* directly before it: "registered until" */
extern const char *const speech_heading_due[]; /* of a table's column */
extern const char *const speech_heading_other[];

/* -- around a span (span.c) -- */
extern const char *const speech_within[];        /* before it: "within", "innerhalb" */
extern const char *const speech_within_slavic[]; /* "do 15 dni"; elsewhere "do" says nothing */
extern const char *const speech_within_filler[];
extern const char *const speech_left[];    /* after it: "remaining" */
extern const char *const speech_in[];      /* "in", where something ends then: */
extern const char *const speech_ending[];  /* "expires" */
extern const char *const speech_other[];   /* what comes afterwards: "reactivated" */
extern const char *const speech_asked[];   /* what hours must be about: "verify" */
extern const char *const speech_between[]; /* between number and unit: "calendar" */

#endif
