/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * folder.h - all files of a folder with one ending, read at once, in the order of their names.
 */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include "base/diag.h"
#include "base/str.h"

struct folder_file {
	char *path;
	struct str text;
};

struct folder {
	struct folder_file *file;
	size_t count;
};

/* Hidden files are passed over. False when the folder, or any such file, cannot be read or is
 * larger than `most` octets: then diags says which, and nothing is returned. */
bool folder_read(const char *path, const char *ending, size_t most, struct folder *ret_folder,
		 struct diags *diags);
void folder_free(struct folder *f);

#endif
