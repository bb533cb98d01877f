/* SPDX-License-Identifier: BSD-2-Clause */
/* folder.c - see folder.h. */
#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool has_ending(const char *name, const char *ending)
{
	const size_t n = strlen(name), e = strlen(ending);

	return n > e && name[0] != '.' && strcmp(name + n - e, ending) == 0;
}

static bool read_one(const char *folder, const char *name, size_t most, struct folder_file *file,
		     struct diags *diags)
{
	struct str path = {0};
	int error;

	str_printf(&path, "%s/%s", folder, name);
	file->path = str_take(&path);
	error = file->path == NULL ? ENOMEM : str_read_file(file->path, most, &file->text);
	if (error != 0)
		diag_add(diags, DIAG_ERROR, file->path != NULL ? file->path : folder, 0, 0, "%s",
			 strerror(error));
	return error == 0;
}

bool folder_read(const char *path, const char *ending, size_t most, struct folder *ret_folder,
		 struct diags *diags)
{
	struct folder found = {0};
	struct dirent **entry = NULL;
	const int n = scandir(path, &entry, NULL, alphasort);
	bool good = n >= 0;

	if (n >= 0)
		found.file = calloc((size_t)n + 1, sizeof(*found.file));
	else
		diag_add(diags, DIAG_ERROR, path, 0, 0, "%s", strerror(errno));
	good = good && found.file != NULL;
	for (int i = 0; i < n; i++) {
		if (good && has_ending(entry[i]->d_name, ending))
			good = read_one(path, entry[i]->d_name, most, &found.file[found.count++],
					diags);
		free(entry[i]);
	}
	free(entry);
	if (good)
		*ret_folder = found;
	else
		folder_free(&found);
	return good;
}

void folder_free(struct folder *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->file[i].path);
		str_free(&f->file[i].text);
	}
	free(f->file);
	*f = (struct folder){0};
}
