/* SPDX-License-Identifier: BSD-2-Clause
 *
 * nextfilter SOCKET FOLDER: a milter to stand behind ours, as a spam filter does. Each header that
 * it is shown goes as a line, "name: value" with a blank for an inner line end, into
 * FOLDER/QUEUE-ID, in the order shown; the file is there when the message has ended. Changes
 * nothing. READY=1 when it listens; SIGTERM ends it. Exit 2 on trouble or wrong usage. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libmilter/mfapi.h>
#include <systemd/sd-daemon.h>

enum { TIMEOUT = 300 /* s */ };

struct seen {
	char *text;
	size_t n;
	FILE *to;
};

static void forget(SMFICTX *ctx)
{
	struct seen *s = smfi_getpriv(ctx);

	if (s == NULL)
		return;
	(void)smfi_setpriv(ctx, NULL);
	fclose(s->to);
	free(s->text);
	free(s);
}

static sfsistat on_path(SMFICTX *ctx, char **arguments)
{
	struct seen *s = calloc(1, sizeof *s);

	(void)arguments;
	forget(ctx);
	if (s != NULL && (s->to = open_memstream(&s->text, &s->n)) == NULL) {
		free(s);
		s = NULL;
	}
	(void)smfi_setpriv(ctx, s);
	return s != NULL ? SMFIS_CONTINUE : SMFIS_TEMPFAIL;
}

static sfsistat on_header(SMFICTX *ctx, char *name, char *value)
{
	struct seen *s = smfi_getpriv(ctx);

	fprintf(s->to, "%s: ", name);
	for (; *value != '\0'; value++)
		fputc(*value == '\n' ? ' ' : *value, s->to);
	fputc('\n', s->to);
	return SMFIS_CONTINUE;
}

/* Written under another name first: whoever sees the file sees all of it. */
static sfsistat on_eom(SMFICTX *ctx)
{
	struct seen *s = smfi_getpriv(ctx);
	static char symbol[] = "i"; /* not const: libmilter asks for no const */
	const char *id = smfi_getsymval(ctx, symbol);
	char new[64];
	FILE *file;
	bool ok;

	if (id == NULL || strchr(id, '/') != NULL)
		return SMFIS_TEMPFAIL;
	snprintf(new, sizeof new, ".%s", id);
	if ((file = fopen(new, "w")) == NULL)
		return SMFIS_TEMPFAIL;
	fflush(s->to);
	ok = fwrite(s->text, 1, s->n, file) == s->n;
	ok = fclose(file) == 0 && ok && rename(new, id) == 0;
	forget(ctx);
	return ok ? SMFIS_CONTINUE : SMFIS_TEMPFAIL;
}

static sfsistat on_end(SMFICTX *ctx)
{
	forget(ctx);
	return SMFIS_CONTINUE;
}

int main(int argc, char **argv)
{
	static char name[] = "nextfilter"; /* not const: libmilter's field is not */
	struct smfiDesc filter = {
	    .xxfi_name = name,
	    .xxfi_version = SMFI_VERSION,
	    .xxfi_envfrom = on_path,
	    .xxfi_header = on_header,
	    .xxfi_eom = on_eom,
	    .xxfi_abort = on_end,
	    .xxfi_close = on_end,
	};

	if (argc != 3 || argv[1][0] == '-' || chdir(argv[2]) != 0) {
		fputs("usage: nextfilter SOCKET FOLDER\n", stderr);
		return 2;
	}
	umask(0);
	if (smfi_setconn(argv[1]) != MI_SUCCESS || smfi_register(filter) != MI_SUCCESS ||
	    smfi_settimeout(TIMEOUT) != MI_SUCCESS || smfi_opensocket(1) != MI_SUCCESS) {
		fprintf(stderr, "nextfilter: cannot open %s\n", argv[1]);
		return 2;
	}
	(void)sd_notify(0, "READY=1");
	return smfi_main() == MI_SUCCESS ? 0 : 2;
}
