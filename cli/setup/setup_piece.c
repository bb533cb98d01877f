/* SPDX-License-Identifier: BSD-2-Clause */
/* setup_piece.c - one piece: read, filled in, put into a file and taken out; see setup.h. */
#include "cli/setup/setup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cli/setup/setup_settings.h"

/* The text between two @ at p, when it is made as a placeholder is. */
static struct slice placeholder_at(struct slice rest)
{
	size_t n = 1;

	while (n < rest.n && ((rest.p[n] >= 'A' && rest.p[n] <= 'Z') || rest.p[n] == '_'))
		n++;
	if (n < 2 || n >= rest.n || rest.p[n] != '@')
		return (struct slice){rest.p, 0};
	return (struct slice){rest.p, n + 1};
}

static bool fill(const struct setup_site *site, struct slice text, struct str *to,
		 char why[SETUP_WHY])
{
	const struct {
		const char *name, *value;
	} known[] = {
	    {"@SOCKET@", str_text(&site->socket)},
	    {"@POSTFIX_SOCKET@", str_text(&site->postfix_socket)},
	    {"@AUTHSERV_ID@", site->authserv_id},
	};

	while (text.n > 0) {
		const struct slice name =
		    text.p[0] == '@' ? placeholder_at(text) : (struct slice){text.p, 0};
		size_t i = 0;

		while (name.n > 0 && i < 3 && !slice_is(name, known[i].name))
			i++;
		if (name.n > 0 && i == 3) {
			snprintf(why, SETUP_WHY, "%.*s is no placeholder", (int)name.n, name.p);
			return false;
		}
		if (name.n > 0)
			str_puts(to, known[i].value);
		else
			str_putc(to, text.p[0]);
		text.p += name.n > 0 ? name.n : 1;
		text.n -= name.n > 0 ? name.n : 1;
	}
	return !to->failed;
}

bool setup_piece_read(const struct setup_site *site, const struct setup_program *program,
		      const struct setup_piece *piece, struct str *ret_text, char why[SETUP_WHY])
{
	struct str path = {0}, text = {0}, filled = {0};
	int error;
	bool good;

	str_printf(&path, "%s/%s/%s", site->pieces,
		   program->source != NULL ? program->source : program->name, piece->file);
	error = str_read_file(str_text(&path), LIMIT_SETUP_FILE, &text);
	if (error != 0)
		snprintf(why, SETUP_WHY, "%.300s: %s", str_text(&path), strerror(error));
	good = error == 0 && fill(site, (struct slice){str_text(&text), text.n}, &filled, why);
	str_free(&path);
	str_free(&text);
	if (good)
		*ret_text = filled;
	else
		str_free(&filled);
	return good;
}

/* The first line that names a word and is no comment; 0: none. */
static size_t line_with(const struct str *own, const char *word)
{
	size_t number = 1;

	for (const char *p = str_text(own), *end; *p != '\0'; p = end, number++) {
		end = strchr(p, '\n');
		end = end != NULL ? end + 1 : p + strlen(p);
		char *line = slice_dup(slice_trim((struct slice){p, (size_t)(end - p)}));
		const bool has = line != NULL && line[0] != '#' && strstr(line, word) != NULL;

		free(line);
		if (has)
			return number;
	}
	return 0;
}

static bool block_put(const struct setup_piece *piece, const struct setup_text *old,
		      struct slice text, struct setup_text *ret_new, char why[SETUP_WHY])
{
	struct str own = {0};
	size_t line = 0;
	bool granted = false;

	if (piece->clash != NULL) {
		if (!setup_block_outside(&piece->block, old, &own, why))
			return false;
		line = line_with(&own, piece->clash);
		granted = line != 0 && line_with(&own, piece->granted) != 0;
		str_free(&own);
	}
	if (granted)
		return setup_block_take(&piece->block, old, ret_new, why);
	if (line != 0) {
		snprintf(why, SETUP_WHY, "line %zu, keepname's block not counted, sets %s: %s",
			 line, piece->clash, piece->advice);
		return false;
	}
	return setup_block_put(&piece->block, old, text, ret_new, why);
}

bool setup_piece_put(const struct setup_piece *piece, const struct setup_text *old,
		     struct slice text, struct setup_text *ret_new, char why[SETUP_WHY])
{
	if (piece->form == SETUP_BLOCK)
		return block_put(piece, old, text, ret_new, why);
	if (piece->form == SETUP_SETTINGS)
		return setup_settings_put(old, text, ret_new, why);
	*ret_new = (struct setup_text){.exists = true};
	str_add(&ret_new->text, text.p, text.n);
	return !ret_new->text.failed;
}

bool setup_piece_take(const struct setup_piece *piece, const struct setup_text *old,
		      struct slice text, struct setup_text *ret_new, char why[SETUP_WHY])
{
	if (piece->form == SETUP_BLOCK)
		return setup_block_take(&piece->block, old, ret_new, why);
	if (piece->form == SETUP_SETTINGS)
		return setup_settings_take(old, text, ret_new, why);
	*ret_new = (struct setup_text){.exists = false};
	return true;
}

/* -- sockets -------------------------------------------------------------------------------- */

bool setup_sockets(const char *socket, const char *queue, struct str *ret_socket,
		   struct str *ret_postfix)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._-+:@";
	const char *rest = strchr(socket, ':');
	const size_t q = strlen(queue);

	if (rest == NULL || socket[strspn(socket, plain)] != '\0')
		return false;
	rest++;
	str_puts(ret_socket, socket);
	if (strncmp(socket, "inet", 4) != 0) {
		const bool below = q > 0 && strncmp(rest, queue, q) == 0 && rest[q] == '/';

		str_printf(ret_postfix, "unix:%s", below ? rest + q + 1 : rest);
	} else {
		const char *at = strchr(rest, '@');
		const int port = at != NULL ? (int)(at - rest) : (int)strlen(rest);
		const char *host = at != NULL ? at + 1 : "localhost";

		str_printf(ret_postfix,
			   strchr(host, ':') != NULL ? "inet:[%s]:%.*s" : "inet:%s:%.*s", host,
			   port, rest);
	}
	return !ret_socket->failed && !ret_postfix->failed;
}
