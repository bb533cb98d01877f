/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_walk.c - see scan_walk.h. Folders are opened from the folder above, without following links,
 * so that nobody who may write to a mailbox can lead us out of it while we walk.
 */
#include "cli/scan/scan_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

enum {
	BATCH = 4096, /* files sorted at a time */
	NS = 1000000000,
};

enum folder_kind {
	FOLDER_PLAIN,
	FOLDER_MAILDIR, /* has cur and new: what else lies in it is not mail */
	FOLDER_MAILS,   /* cur or new itself */
};

struct entry {
	ino_t inode;
	size_t name; /* in names */
};

/* One folder under way; those above it are reached by `above`. */
struct level {
	const struct level *above;
	int fd;
	DIR *dir; /* owns fd */
	dev_t device;
	ino_t inode;
	enum folder_kind kind;
	int depth;
	struct entry *batch; /* BATCH of room */
	size_t count;
	struct str names;   /* of the batch */
	struct str folders; /* names of all folders, each with a NUL */
	size_t folder_count;
	uint64_t read; /* files so far */
	uint64_t skip; /* files that need not be read again */
	int64_t changed;
};

struct walk {
	const struct walk_visitor *visitor;
	const struct walk_mark *from; /* NULL once it has been reached */
	struct str path;
	struct walk_mark mark;
};

static bool pass_over(struct walk *w, const char *why, bool named)
{
	if (w->visitor->passed_over != NULL)
		w->visitor->passed_over(w->visitor->context, str_text(&w->path), why, named);
	return true;
}

/* Appends "/name" to the path; returns where it was cut before, for cut_path. */
static size_t add_path(struct walk *w, const char *name)
{
	const size_t before = w->path.n;

	if (before == 0 || w->path.p[before - 1] != '/')
		str_putc(&w->path, '/');
	str_puts(&w->path, name);
	return before;
}

static void cut_path(struct walk *w, size_t n)
{
	w->path.n = n;
	w->path.p[n] = '\0';
}

/* -- what a file is by its name ------------------------------------------------------------- */

static bool is_number(const char *name)
{
	return name[0] != '\0' && name[strspn(name, "0123456789")] == '\0';
}

static bool ends_with(const char *name, const char *end)
{
	const size_t n = strlen(name), m = strlen(end);

	return n > m && str_same_nocase(name + n - m, end);
}

static enum walk_kind kind_of(const struct level *l, const char *name)
{
	if (l->kind == FOLDER_MAILS || is_number(name) || ends_with(name, ".eml"))
		return WALK_MAIL;
	return WALK_LOOK;
}

static bool is_dbox(const char *name)
{
	return strcmp(name, "dbox-Mails") == 0 || strcmp(name, "dovecot.map.index") == 0;
}

/* -- files ---------------------------------------------------------------------------------- */

static int by_inode(const void *a, const void *b)
{
	const ino_t x = ((const struct entry *)a)->inode, y = ((const struct entry *)b)->inode;

	return (x > y) - (x < y);
}

static bool give_file(struct walk *w, const struct level *l, const char *name)
{
	const size_t cut = add_path(w, name);
	const struct walk_file file = {
	    .dir_fd = l->fd,
	    .name = name,
	    .path = str_text(&w->path),
	    .kind = kind_of(l, name),
	    .maildir = l->kind == FOLDER_MAILS,
	};
	const bool go_on = w->visitor->file(w->visitor->context, &file);

	cut_path(w, cut);
	return go_on;
}

static bool give_mark(struct walk *w, const struct level *l)
{
	if (w->visitor->mark == NULL)
		return true;
	str_reset(&w->mark.folder);
	str_puts(&w->mark.folder, str_text(&w->path));
	w->mark.changed = l->changed;
	w->mark.files = l->read;
	return w->visitor->mark(w->visitor->context, &w->mark);
}

static bool give_batch(struct walk *w, struct level *l)
{
	bool go_on = true;

	if (l->read <= l->skip && l->count > 0) {
		l->count = 0; /* done before the walk was broken off */
		str_reset(&l->names);
		return true;
	}
	qsort(l->batch, l->count, sizeof(l->batch[0]), by_inode);
	for (size_t i = 0; i < l->count && go_on; i++)
		go_on = give_file(w, l, l->names.p + l->batch[i].name);
	if (go_on && l->count == BATCH)
		go_on = give_mark(w, l);
	l->count = 0;
	str_reset(&l->names);
	return go_on;
}

/* -- entries -------------------------------------------------------------------------------- */

static const char *type_name(unsigned char type)
{
	switch (type) {
	case DT_LNK: return "a symbolic link, not followed";
	case DT_FIFO: return "a pipe";
	case DT_SOCK: return "a socket";
	case DT_CHR:
	case DT_BLK: return "a device";
	default: return "no file";
	}
}

static unsigned char type_of(const struct level *l, const struct dirent *d)
{
	struct stat st;

	if (d->d_type != DT_UNKNOWN)
		return d->d_type;
	if (fstatat(l->fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return DT_REG; /* vanished, or so: opening it will tell */
	return IFTODT(st.st_mode);
}

static bool take_folder(struct walk *w, struct level *l, const char *name)
{
	if (l->kind == FOLDER_MAILDIR && strcmp(name, "tmp") == 0)
		return true;
	if (++l->folder_count > LIMIT_SCAN_FOLDERS) {
		if (l->folder_count == LIMIT_SCAN_FOLDERS + 1)
			pass_over(w, "has too many folders; the rest of them is left", false);
		return true;
	}
	str_add(&l->folders, name, strlen(name) + 1);
	return true;
}

static bool take_other(struct walk *w, const char *name, const char *why)
{
	const size_t cut = add_path(w, name);

	pass_over(w, why, false);
	cut_path(w, cut);
	return true;
}

static bool take_entry(struct walk *w, struct level *l, const struct dirent *d)
{
	const unsigned char type = type_of(l, d);

	if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
		return true;
	if (is_dbox(d->d_name))
		return take_other(
		    w, d->d_name,
		    "Dovecot's dbox, which only Dovecot reads: doveadm fetch, see keepname(1)");
	if (type == DT_DIR)
		return take_folder(w, l, d->d_name);
	if (type != DT_REG)
		return take_other(w, d->d_name, type_name(type));
	if (l->kind == FOLDER_MAILDIR)
		return true; /* dovecot-uidlist and the like */
	l->batch[l->count++] = (struct entry){.inode = d->d_ino, .name = l->names.n};
	str_add(&l->names, d->d_name, strlen(d->d_name) + 1);
	l->read++;
	return l->count < BATCH || give_batch(w, l);
}

/* -- folders -------------------------------------------------------------------------------- */

static bool has_folder(int fd, const char *name)
{
	struct stat st;

	return fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

static enum folder_kind folder_kind_of(int fd, const char *name)
{
	if (has_folder(fd, "cur") && has_folder(fd, "new"))
		return FOLDER_MAILDIR;
	if (strcmp(name, "cur") == 0 || strcmp(name, "new") == 0)
		return FOLDER_MAILS;
	return FOLDER_PLAIN;
}

static bool contains_itself(const struct level *l)
{
	for (const struct level *up = l->above; up != NULL; up = up->above)
		if (up->device == l->device && up->inode == l->inode)
			return true;
	return false;
}

static const char *last_part(const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	while (n > 0 && path[n - 1] != '/')
		n--;
	return path + n;
}

/* NULL, or why it cannot be entered. */
static const char *open_level(struct walk *w, const struct level *above, const char *name,
			      struct level *l)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	struct stat st;
	int fd;

	*l =
	    (struct level){.above = above, .fd = -1, .depth = above != NULL ? above->depth + 1 : 0};
	if (l->depth > LIMIT_SCAN_DEPTH)
		return "too deep, not entered";
	/* The named path itself may be a link. */
	fd = above != NULL ? openat(above->fd, name, flags | O_NOATIME)
			   : open(name, (flags | O_NOATIME) & ~O_NOFOLLOW);
	if (fd < 0 && errno == EPERM)
		fd = above != NULL ? openat(above->fd, name, flags)
				   : open(name, flags & ~O_NOFOLLOW);
	if (fd < 0)
		return strerror(errno);
	l->fd = fd;
	if (fstat(fd, &st) == 0) {
		l->device = st.st_dev;
		l->inode = st.st_ino;
		l->changed = (int64_t)st.st_mtim.tv_sec * NS + st.st_mtim.tv_nsec;
	}
	if (contains_itself(l))
		return "contains itself, not entered";
	l->kind = folder_kind_of(fd, last_part(str_text(&w->path)));
	l->batch = malloc(BATCH * sizeof(l->batch[0]));
	l->dir = l->batch != NULL ? fdopendir(fd) : NULL;
	return l->dir != NULL ? NULL : strerror(errno);
}

static void close_level(struct level *l)
{
	if (l->dir != NULL)
		closedir(l->dir);
	else if (l->fd >= 0)
		close(l->fd);
	free(l->batch);
	str_free(&l->names);
	str_free(&l->folders);
}

static bool read_entries(struct walk *w, struct level *l)
{
	const struct dirent *d;

	/* A level without one is not read.
	 * NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
	for (errno = 0; (d = readdir(l->dir)) != NULL; errno = 0)
		if (!take_entry(w, l, d))
			return false;
	if (errno != 0)
		pass_over(w, strerror(errno), false);
	if (!give_batch(w, l))
		return false;
	if (l->names.failed || l->folders.failed)
		pass_over(w, "memory is short: not all of it was read", false);
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The folders' names in order; NULL when there are none, or memory is short. */
static const char **sorted(const struct level *l, size_t *ret_count)
{
	const char **name = NULL, *p = l->folders.p, *end = p + l->folders.n;
	size_t count = l->folder_count < LIMIT_SCAN_FOLDERS ? l->folder_count : LIMIT_SCAN_FOLDERS;

	if (count > 0)
		name = calloc(count, sizeof(*name));
	if (name == NULL)
		return NULL;
	for (*ret_count = 0; p < end && *ret_count < count; p += strlen(p) + 1)
		name[(*ret_count)++] = p;
	qsort(name, *ret_count, sizeof(*name), by_name);
	return name;
}

/* Whether the mark lies in or behind the folder `path` plus "/name"; then it is to be entered. */
static bool is_before_mark(const struct walk *w, const char *name)
{
	const char *mark = str_text(&w->from->folder);
	const size_t n = w->path.n;
	size_t m;

	if (strncmp(mark, str_text(&w->path), n) != 0 || mark[n] != '/')
		return false;
	mark += n + 1;
	m = strcspn(mark, "/");
	if (strncmp(name, mark, m) != 0)
		return strcmp(name, mark) < 0;
	return false; /* the same, or one whose name begins like it and which comes later */
}

static bool walk_folder(struct walk *w, const struct level *above, const char *name);

static bool walk_folders(struct walk *w, struct level *l)
{
	size_t count = 0;
	const char **name = sorted(l, &count);
	bool go_on = true;

	for (size_t i = 0; i < count && go_on; i++) {
		size_t cut;

		if (w->from != NULL && is_before_mark(w, name[i]))
			continue;
		cut = add_path(w, name[i]);
		go_on = walk_folder(w, l, name[i]);
		cut_path(w, cut);
	}
	free(name);
	return go_on;
}

/* With a mark to be reached: this folder's own files are done if the mark lies below it, and those
 * that it counts if it lies here and nothing has changed. */
static void heed_mark(struct walk *w, struct level *l)
{
	const char *mark = str_text(&w->from->folder), *here = str_text(&w->path);
	const size_t n = w->path.n;

	if (strcmp(mark, here) == 0) {
		l->skip = w->from->changed == l->changed ? w->from->files : 0;
		w->from = NULL;
	} else if (strncmp(mark, here, n) == 0 && mark[n] == '/') {
		l->skip = UINT64_MAX;
	} else {
		w->from = NULL; /* its folder has gone: all that would have come after it is read */
	}
}

static bool walk_folder(struct walk *w, const struct level *above, const char *name)
{
	struct level l;
	const char *why = open_level(w, above, name, &l);
	bool go_on = true;

	if (why != NULL) {
		pass_over(w, why, above == NULL);
	} else {
		if (w->from != NULL)
			heed_mark(w, &l);
		go_on = read_entries(w, &l);
		if (go_on && l.skip != UINT64_MAX)
			go_on = give_mark(w, &l);
		if (go_on)
			go_on = walk_folders(w, &l);
	}
	close_level(&l);
	return go_on;
}

/* -- the named path ------------------------------------------------------------------------- */

static bool walk_one(struct walk *w, const char *path, mode_t mode)
{
	const struct walk_file file = {
	    .dir_fd = AT_FDCWD,
	    .name = path,
	    .path = path,
	    .kind = WALK_NAMED,
	};

	if (S_ISDIR(mode))
		return walk_folder(w, NULL, path);
	if (!S_ISREG(mode))
		return pass_over(w, type_name((unsigned char)IFTODT(mode)), true);
	return w->visitor->file(w->visitor->context, &file);
}

bool walk(const char *path, const struct walk_mark *from, const struct walk_visitor *visitor)
{
	struct walk w = {
	    .visitor = visitor,
	    .from = from != NULL && from->folder.n > 0 ? from : NULL,
	};
	struct stat st;
	bool go_on;

	str_puts(&w.path, path);
	if (stat(path, &st) != 0)
		go_on = pass_over(&w, strerror(errno), true);
	else
		go_on = walk_one(&w, path, st.st_mode);
	str_free(&w.path);
	str_free(&w.mark.folder);
	return go_on;
}
