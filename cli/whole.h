/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * whole.h - a file that others read while we write it: they see what it was before or what it is
 * after, never a part.
 */
#ifndef CLI_WHOLE_H
#define CLI_WHOLE_H

#include "base/str.h"

/* Written beside it, made durable, and renamed over it; for everybody to read, as the folder
 * allows. "-": standard output. On failure the old file stays. CLI_DONE, or CLI_TROUBLE after a
 * message of `command`. */
int whole_write(const char *command, const char *file, const struct str *text);

#endif
