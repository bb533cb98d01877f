/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * classes_subjects.h - subjects as tables: those of registrars, those of other mail, and for each
 * pattern one that needs it with a near miss; sentences of registrars' mails. Each table ends with
 * NULL.
 */
#ifndef TESTS_RULES_CLASSES_SUBJECTS_H
#define TESTS_RULES_CLASSES_SUBJECTS_H

#include "rules/core/terms.h"

struct known_subject {
	enum class_id class; /* CLASS_NONE: seen in the wild, in a language that no file speaks */
	const char *subject;
};

struct earning_subject {
	enum class_id class;
	const char *subject;
	const char *near_miss;
};

struct class_sentence {
	enum class_id class;
	bool wording; /* of Domain-Wording; else of Body */
	const char *text;
};

extern const struct known_subject known_subjects[];
extern const char *const ordinary_subjects[];
extern const struct earning_subject earning_subjects[];
extern const struct class_sentence class_sentences[];

#endif
