/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subject.h - a subject as it may be stored and mailed on: without what could open something.
 *
 * Some senders put the code that is to be typed into the subject, some a link. Words are left out that
 * have four digits or more, that look drawn by lot (from small letters to capitals or digits, several times), or that
 * hold a URL; dates, times, years and domains stay. A word that is secret and looks like any other cannot
 * be told.
 */
#ifndef RULES_CORE_SUBJECT_H
#define RULES_CORE_SUBJECT_H

#include <stddef.h>

/* As valid UTF-8 as the subject is, and no longer; cut at size. Each word left out becomes "…". */
void subject_without_codes(const char *subject, char *to, size_t size);

#endif
