/* SPDX-License-Identifier: BSD-2-Clause */
/* whole.c - a file that others read while we write it; see whole.h. */
#include "cli/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/backup/backup.h"
#include "cli/command.h"

enum {
	MODE = 0644,
};

static int put(int fd, const struct str *text)
{
	FILE *to = fdopen(fd, "w");
	int error = to == NULL ? errno : 0;

	if (to == NULL)
		close(fd);
	else if (fwrite(str_text(text), 1, text->n, to) != text->n || fflush(to) != 0 ||
		 fchmod(fd, MODE) != 0 || fsync(fd) != 0)
		error = errno != 0 ? errno : EIO;
	if (to != NULL && fclose(to) != 0 && error == 0)
		error = errno;
	return error;
}

int whole_write(const char *command, const char *file, const struct str *text)
{
	char beside[4200], folder[4096];
	int fd, error;

	if (text->failed)
		return cli_trouble(command, "memory is short");
	if (strcmp(file, "-") == 0) {
		fwrite(str_text(text), 1, text->n, stdout);
		return fflush(stdout) == 0 ? CLI_DONE : cli_trouble(command, "%s", strerror(errno));
	}
	snprintf(beside, sizeof(beside), "%.4000s.XXXXXX", file);
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return cli_trouble(command, "%s: %s", file, strerror(errno));
	error = put(fd, text);
	if (error == 0)
		error = rename(beside, file) == 0 ? backup_sync_folder(backup_folder(file, folder))
						  : errno;
	if (error == 0)
		return CLI_DONE;
	unlink(beside);
	return cli_trouble(command, "%s: %s", file, strerror(error));
}
