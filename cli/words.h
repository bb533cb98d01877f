/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * words.h - what people are told in their own language, by gettext's catalogues. Program texts are
 * English; commands and JSON stay so, what is mailed to people is translated.
 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include <libintl.h>

#define _(text)  gettext(text)
#define N_(text) text /* translated where it is used */

/* From here on texts are in this language ("de"), where there is a catalogue of it; "": in that of
 * the environment. */
void words_use(const char *language);

#endif
