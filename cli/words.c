/* SPDX-License-Identifier: BSD-2-Clause */
/* words.c - what people are told in their own language; see words.h. */
#include "cli/words.h"

#include <locale.h>
#include <stdlib.h>

#include "config.h"

void words_use(const char *language)
{
	bindtextdomain(PACKAGE_NAME, KN_LOCALEDIR);
	bind_textdomain_codeset(PACKAGE_NAME, "UTF-8");
	textdomain(PACKAGE_NAME);
	if (language[0] == '\0') {
		setlocale(LC_MESSAGES, "");
		return;
	}
	/* A timer's locale is C, in which gettext translates nothing. */
	setenv("LANGUAGE", language, 1);
	setlocale(LC_MESSAGES, "C.UTF-8");
}
