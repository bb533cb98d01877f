/* SPDX-License-Identifier: BSD-2-Clause */
/* setup_files.c - see setup_files.h. */
#include "cli/setup/setup_files.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/limits.h"

enum {
	BACKUPS_MOST = 99, /* of one file */
	MODE_OF_NEW = 0644,
};

static char *print(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *print(const char *format, ...)
{
	va_list arguments;
	char *text = NULL;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	return text;
}

static bool fail(char why[SETUP_WHY], const char *path, const char *what)
{
	snprintf(why, SETUP_WHY, "%.400s: %s", path != NULL ? path : "memory", what);
	return false;
}

bool files_open(const char *folder, struct files *ret_files, char why[SETUP_WHY])
{
	*ret_files = (struct files){.lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
	if (ret_files->lock < 0)
		return fail(why, folder, strerror(errno));
	if (flock(ret_files->lock, LOCK_EX | LOCK_NB) == 0)
		return true;
	close(ret_files->lock);
	return fail(
	    why, folder,
	    errno == EWOULDBLOCK ? "another keepname setup is at work here" : strerror(errno));
}

void files_close(struct files *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->change[i].shown);
		free(f->change[i].target);
		free(f->change[i].backup);
		str_free(&f->change[i].before.text);
		str_free(&f->change[i].after.text);
	}
	if (f->lock >= 0)
		close(f->lock);
	*f = (struct files){.lock = -1};
}

/* -- reading -------------------------------------------------------------------------------- */

/* Whether path lies below root, both resolved. */
static bool is_below(const char *root, const char *path)
{
	char *top = realpath(root, NULL);
	const size_t n = top != NULL ? strlen(top) : 0;
	const bool below =
	    top != NULL && strncmp(path, top, n) == 0 && (path[n] == '/' || strcmp(top, "/") == 0);

	free(top);
	return below;
}

/* The nearest folder above path that is there, resolved; NULL with errno. */
static char *folder_above(const char *path)
{
	char *copy = strdup(path), *found = NULL;

	for (char *p = copy; p != NULL && found == NULL; p = strcmp(p, "/") == 0 ? NULL : p) {
		p = dirname(p);
		found = realpath(p, NULL);
		if (found == NULL && errno != ENOENT)
			break;
	}
	free(copy);
	return found;
}

/* Sets target: where the link leads, or the path itself for a file that is not there yet. */
static bool resolve(struct files_change *c, const char *root, const char *path, char why[SETUP_WHY])
{
	struct stat st;
	char *above;
	bool good;

	c->target = realpath(path, NULL);
	if (c->target != NULL)
		return root[0] == '\0' || is_below(root, c->target) ||
		       fail(why, path, "leads out of the root");
	if (errno != ENOENT)
		return fail(why, path, strerror(errno));
	if (lstat(path, &st) == 0)
		return fail(why, path, "is a symbolic link to what is not there");
	above = folder_above(path);
	if (above == NULL)
		return fail(why, path, strerror(errno));
	good = root[0] == '\0' || is_below(root, above) || fail(why, path, "leads out of the root");
	free(above);
	c->target = strdup(path);
	return good && c->target != NULL;
}

static bool read_now(struct files_change *c, char why[SETUP_WHY])
{
	int error;

	if (stat(c->target, &c->st) != 0)
		return errno == ENOENT || fail(why, c->target, strerror(errno));
	if (!S_ISREG(c->st.st_mode))
		return fail(why, c->target, "is not a plain file");
	error = str_read_file(c->target, LIMIT_SETUP_FILE, &c->before.text);
	c->before.exists = true;
	return error == 0 || fail(why, c->target, strerror(error));
}

struct files_change *files_add(struct files *f, const char *root, const char *folder,
			       const char *file, char why[SETUP_WHY])
{
	struct files_change *c = &f->change[f->count];
	char *path;
	bool good;

	if (f->count == FILES_MOST) {
		fail(why, file, "too many files");
		return NULL;
	}
	f->count++;
	path = print("%s/%s", folder, file);
	c->shown = path != NULL ? strdup(path + strlen(root)) : NULL;
	good = c->shown != NULL && resolve(c, root, path, why) && read_now(c, why);
	if (c->shown == NULL)
		fail(why, NULL, "is short");
	free(path);
	return good ? c : NULL;
}

bool files_differ(const struct files_change *c)
{
	const struct str *a = &c->before.text, *b = &c->after.text;

	return c->before.exists != c->after.exists || a->n != b->n ||
	       memcmp(str_text(a), str_text(b), a->n) != 0;
}

/* -- writing -------------------------------------------------------------------------------- */

static bool write_all(int fd, const struct str *text)
{
	for (size_t at = 0; at < text->n;) {
		const ssize_t n = write(fd, text->p + at, text->n - at);

		if (n < 0 && errno != EINTR)
			return false;
		at += n > 0 ? (size_t)n : 0;
	}
	return fsync(fd) == 0;
}

static bool sync_folder_of(const char *path)
{
	char *copy = strdup(path);
	const int fd = copy != NULL ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	const bool good = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	free(copy);
	return good;
}

/* A new file with this text and, where old is given, its owner and mode. False with errno. */
static bool make(const char *path, const struct str *text, const struct stat *old)
{
	int fd, error;
	bool good;

	/* What a run that was killed has left; the lock says that it is nobody's. */
	if (unlink(path) != 0 && errno != ENOENT)
		return false;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	good = (old == NULL || fchown(fd, old->st_uid, old->st_gid) == 0) &&
	       fchmod(fd, old != NULL ? old->st_mode & 07777 : MODE_OF_NEW) == 0 &&
	       write_all(fd, text);
	error = errno;
	close(fd);
	if (!good)
		unlink(path);
	errno = error;
	return good;
}

/* ".NAME.keepname-new" beside it. */
static char *path_of_new(const char *target)
{
	const char *slash = strrchr(target, '/');

	return print("%.*s/.%s.keepname-new", (int)(slash - target), target, slash + 1);
}

/* The target is then this text. False with errno. */
static bool replace(const struct files_change *c, const struct str *text)
{
	char *path = path_of_new(c->target);
	bool good = path != NULL && make(path, text, c->before.exists ? &c->st : NULL) &&
		    rename(path, c->target) == 0;
	const int error = errno;

	good = good && sync_folder_of(c->target);
	free(path);
	errno = error;
	return good;
}

void files_sweep(const struct files *f)
{
	for (size_t i = 0; i < f->count; i++) {
		char *path = path_of_new(f->change[i].target);

		if (path != NULL)
			unlink(path);
		free(path);
	}
}

static bool has_text(const char *path, const struct str *text)
{
	struct str there = {0};
	const bool same = str_read_file(path, LIMIT_SETUP_FILE, &there) == 0 &&
			  there.n == text->n &&
			  memcmp(str_text(&there), str_text(text), text->n) == 0;

	str_free(&there);
	return same;
}

/* Copies what was before to a name that is free, unless a backup has it. False with errno. */
static bool back_up(struct files_change *c)
{
	char *copy = path_of_new(c->target);
	bool made = copy != NULL && make(copy, &c->before.text, &c->st), done = false;

	for (int i = 1; made && !done && i <= BACKUPS_MOST; i++) {
		char *path = i == 1 ? print("%s.keepname-backup", c->target)
				    : print("%s.keepname-backup.%d", c->target, i);

		done = path != NULL && has_text(path, &c->before.text);
		if (!done && path != NULL && link(copy, path) == 0) {
			c->backup = path;
			path = NULL;
			done = true;
		}
		free(path);
		made = done || errno == EEXIST;
	}
	if (copy != NULL)
		unlink(copy);
	free(copy);
	return done && sync_folder_of(c->target);
}

/* Makes the folders that are missing above path, counting them. False with errno. */
static bool make_folders(struct files_change *c)
{
	for (char *p = strchr(c->target + 1, '/'); p != NULL; p = strchr(p + 1, '/')) {
		*p = '\0';
		const int rc = mkdir(c->target, 0755);
		const int error = errno;

		*p = '/';
		if (rc == 0)
			c->folders++;
		else if (error != EEXIST)
			return errno = error, false;
	}
	return true;
}

static void remove_folders(struct files_change *c)
{
	char *path = strdup(c->target);

	for (; path != NULL && c->folders > 0; c->folders--) {
		dirname(path);
		rmdir(path);
	}
	free(path);
}

/* Whether somebody else has written it since we read it. */
static bool is_as_read(const struct files_change *c)
{
	struct stat st;

	if (!c->before.exists)
		return lstat(c->target, &st) != 0 && errno == ENOENT;
	return has_text(c->target, &c->before.text);
}

static bool write_one(struct files_change *c, char why[SETUP_WHY])
{
	if (!is_as_read(c))
		return fail(why, c->shown, "has changed meanwhile");
	if (c->before.exists && !c->ours && !back_up(c))
		return fail(why, c->shown, "no backup could be made");
	if (!make_folders(c))
		return fail(why, c->shown, strerror(errno));
	c->done = true;
	if (c->after.exists ? replace(c, &c->after.text) : unlink(c->target) == 0)
		return true;
	return fail(why, c->shown, strerror(errno));
}

bool files_write(struct files *f, char why[SETUP_WHY])
{
	char left[SETUP_WHY];

	for (size_t i = 0; i < f->count; i++)
		if (files_differ(&f->change[i]) && !write_one(&f->change[i], why)) {
			if (!files_undo(f, left))
				snprintf(why + strlen(why), SETUP_WHY - strlen(why), "; %.200s",
					 left);
			return false;
		}
	return true;
}

bool files_undo(struct files *f, char why[SETUP_WHY])
{
	bool good = true;

	for (size_t i = f->count; i-- > 0;) {
		struct files_change *c = &f->change[i];
		bool back = true;

		if (c->done && c->before.exists)
			back = replace(c, &c->before.text);
		else if (c->done)
			back = unlink(c->target) == 0 || errno == ENOENT;
		if (!back) {
			snprintf(why, SETUP_WHY, "%.200s could not be put back; it is in %.200s",
				 c->shown,
				 c->backup != NULL ? c->backup : "an older backup, or all ours");
			good = false;
			continue;
		}
		remove_folders(c);
		if (c->backup != NULL)
			unlink(c->backup);
		free(c->backup);
		c->backup = NULL;
		c->done = false;
	}
	return good;
}
