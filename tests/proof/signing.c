/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and signed mails; see signing.h. dkimsign is run by the shell: the tests' own options alone
 * stand in its command line. */
#include "tests/proof/signing.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	MOST = 4 * 1024 * 1024,
};

struct signing {
	char dir[64];
	char tool_path[4096];
};

struct signing *signing_open(void)
{
	struct signing *s = calloc(1, sizeof *s);
	const char *build = getenv("builddir");
	if (!s)
		return NULL;
	strcpy(s->dir, "/tmp/keepname-signing-XXXXXX");
	snprintf(s->tool_path, sizeof s->tool_path, "%s/tests/tools/dkimsign", build ? build : ".");
	if (!mkdtemp(s->dir)) {
		free(s);
		return NULL;
	}
	return s;
}

void signing_close(struct signing *s)
{
	if (!s)
		return;
	DIR *d = opendir(s->dir);
	for (struct dirent *e; d && (e = readdir(d));)
		if (e->d_name[0] != '.')
			unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
	rmdir(s->dir);
	free(s);
}

/* Runs dkimsign with arguments; false unless it exits 0. */
__attribute__((format(printf, 2, 3))) static bool run(const struct signing *s, const char *format,
						      ...)
{
	char *arguments = NULL;
	struct str command = {0};
	va_list args;
	va_start(args, format);
	int n = vasprintf(&arguments, format, args);
	va_end(args);
	if (n < 0)
		return false;
	str_printf(&command, "cd '%s' && '%s' %s", s->dir, s->tool_path, arguments);
	bool ok = !command.failed && system(str_text(&command)) == 0;
	str_free(&command);
	free(arguments);
	return ok;
}

static bool read_out(const struct signing *s, struct str *ret_text)
{
	char path[128];
	snprintf(path, sizeof path, "%s/out", s->dir);
	return str_read_file(path, MOST, ret_text) == 0;
}

static bool write_in(const struct signing *s, const char *text)
{
	char path[128];
	snprintf(path, sizeof path, "%s/in", s->dir);
	FILE *f = fopen(path, "w");
	if (!f)
		return false;
	bool ok = fputs(text, f) >= 0;
	return fclose(f) == 0 && ok;
}

bool signing_key(struct signing *s, const char *name, const char *kind)
{
	return run(s, "--make %s -k %s.key", kind, name);
}

bool signing_record(struct signing *s, const char *name, const char *tags, struct str *ret_record)
{
	static const char version[] = "v=DKIM1; ";
	struct str text = {0};
	if (!run(s, "--dns -k %s.key >out", name) || !read_out(s, &text) ||
	    strncmp(text.p, version, sizeof version - 1) != 0) {
		str_free(&text);
		return false;
	}
	text.p[strcspn(text.p, "\n")] = '\0';
	str_reset(ret_record);
	str_printf(ret_record, "%s%s%s", version, tags, text.p + sizeof version - 1);
	str_free(&text);
	return !ret_record->failed;
}

bool signing_sign(struct signing *s, const char *key, const char *domain, const char *options,
		  const char *mail, struct str *ret_mail)
{
	str_free(ret_mail);
	return write_in(s, mail) &&
	       run(s, "-d %s -s %s -k %s.key %s <in >out", domain, key, key, options) &&
	       read_out(s, ret_mail);
}
