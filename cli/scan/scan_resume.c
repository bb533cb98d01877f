/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scan_resume.c - see scan_resume.h. The file is JSON:
 *
 *   {"keepname-scan": 1, "paths": ["…"], "path": 0, "folder": "…", "changed": NS, "files": N}
 *
 * Paths are octets, JSON is UTF-8: they are written in hex.
 */
#include "cli/scan/scan_resume.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	VERSION = 1,
	BYTES_MOST = 16 * 1024 * 1024,
	MODE = 0600, /* it names mailboxes */
};

static json_t *hex(const char *text)
{
	struct str s = {0};
	json_t *value;

	for (; *text != '\0'; text++)
		str_printf(&s, "%02x", (unsigned char)*text);
	value = json_string(str_text(&s));
	str_free(&s);
	return value;
}

static bool unhex(const char *text, struct str *to)
{
	unsigned octet;

	if (text == NULL)
		return false;
	for (; text[0] != '\0'; text += 2) {
		if (text[1] == '\0' || strspn(text, "0123456789abcdef") < 2 ||
		    sscanf(text, "%2x", &octet) != 1 || octet == 0)
			return false;
		str_putc(to, (char)octet);
	}
	return !to->failed;
}

static json_t *paths(const struct scan_options *options)
{
	json_t *array = json_array();

	for (size_t i = 0; i < options->path_count; i++)
		json_array_append_new(array, hex(options->path[i]));
	return array;
}

/* -- reading -------------------------------------------------------------------------------- */

static bool read_state(const struct scan_options *options, json_t *state, struct resume *r)
{
	json_t *list, *mine = paths(options);
	const char *folder;
	json_int_t version, path, changed, files;
	bool good = json_unpack(state, "{s:I s:o s:I s:s s:I s:I}", "keepname-scan", &version,
				"paths", &list, "path", &path, "folder", &folder, "changed",
				&changed, "files", &files) == 0 &&
		    version == VERSION && json_equal(list, mine) != 0 && path >= 0 &&
		    (size_t)path < options->path_count && files >= 0;

	json_decref(mine);
	if (!good)
		return false;
	r->path = (size_t)path;
	r->mark.changed = changed;
	r->mark.files = (uint64_t)files;
	return unhex(folder, &r->mark.folder);
}

int resume_read(const struct scan_options *options, struct resume *ret_resume)
{
	struct resume r = {0};
	struct str text = {0};
	json_t *state;
	bool good;
	const int error = str_read_file(options->resume, BYTES_MOST, &text);

	*ret_resume = r;
	if (error == ENOENT)
		return CLI_DONE;
	if (error != 0)
		return cli_trouble("scan", "%s: %s", options->resume, strerror(error));
	state = json_loadb(text.p, text.n, 0, NULL);
	good = state != NULL && read_state(options, state, &r);
	json_decref(state);
	str_free(&text);
	if (!good) {
		resume_free(&r);
		return cli_trouble("scan",
				   "%s: is not the state of a scan of these paths; remove it to "
				   "begin anew",
				   options->resume);
	}
	*ret_resume = r;
	return CLI_DONE;
}

void resume_free(struct resume *r)
{
	str_free(&r->mark.folder);
}

/* -- writing -------------------------------------------------------------------------------- */

static bool write_all(int fd, const char *text, bool sync)
{
	size_t left = strlen(text);

	while (left > 0) {
		const ssize_t n = write(fd, text, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		text += n;
		left -= (size_t)n;
	}
	return !sync || fsync(fd) == 0;
}

static bool replace(const char *path, const char *text, bool sync)
{
	struct str beside = {0};
	bool good = false;
	int fd;

	str_printf(&beside, "%s.new", path);
	/* Whatever stands there is no file of ours: it is not written through. */
	unlink(str_text(&beside));
	fd = open(str_text(&beside), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, MODE);
	if (fd >= 0) {
		good = write_all(fd, text, sync);
		good = close(fd) == 0 && good && rename(str_text(&beside), path) == 0;
		if (!good)
			unlink(str_text(&beside));
	}
	str_free(&beside);
	return good;
}

bool resume_write(const struct scan_options *options, size_t path, const struct walk_mark *mark,
		  bool sync)
{
	json_t *state = json_pack("{s:i s:o s:I s:o s:I s:I}", "keepname-scan", VERSION, "paths",
				  paths(options), "path", (json_int_t)path, "folder",
				  hex(str_text(&mark->folder)), "changed",
				  (json_int_t)mark->changed, "files", (json_int_t)mark->files);
	char *text = state != NULL ? json_dumps(state, JSON_COMPACT) : NULL;
	bool good = text != NULL && replace(options->resume, text, sync);

	if (!good)
		cli_trouble("scan", "%s: %s", options->resume, strerror(errno));
	free(text);
	json_decref(state);
	return good;
}

void resume_remove(const struct scan_options *options)
{
	unlink(options->resume);
}
