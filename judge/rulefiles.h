/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rulefiles.h - the shipped rules out of their folder: *.list and *.class.
 */
#ifndef JUDGE_RULEFILES_H
#define JUDGE_RULEFILES_H

#include "rules/core/classes.h"
#include "rules/core/list.h"

/* All classes, compiled. NULL with at least one error in diags. */
struct classes *rulefiles_classes(const char *folder, bool only_subjects, struct diags *diags);

/* All stanzas, as a finished list; without senders only platforms, harmless and tracking hosts
 * (however many senders the files hold, the judge pays for none). Faulty stanzas are reported and
 * left out; NULL when a file cannot be read, or memory is short. */
struct list *rulefiles_list(const char *folder, bool with_senders, struct diags *diags);

#endif
