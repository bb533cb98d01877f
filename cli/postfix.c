/* SPDX-License-Identifier: BSD-2-Clause */
/* postfix.c - see postfix.h. */
#include "cli/postfix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/outside.h"

enum {
	SECONDS = 20, /* postconf takes a tenth of one */
	FIELDS = 8,   /* of a line of master.cf, program included */
};

/* postconf with two arguments: 0 and what it prints, or its status (outside.h) and why[] (which may
 * be NULL). */
static int ask(const char *folder, const char *option, const char *name, struct str *ret_out,
	       char *why)
{
	const char *const with[] = {"postconf", "-c", folder, option, name, NULL};
	const char *const without[] = {"postconf", option, name, NULL};
	struct outside o;
	struct str words = {0};
	const int status = outside_run(folder != NULL ? with : without, SECONDS, &o);

	if (status == 0) {
		*ret_out = o.out;
		o.out = (struct str){0};
	} else if (why != NULL && status == OUTSIDE_ABSENT) {
		snprintf(why, 512, "there is no postconf here: Postfix is not installed");
	} else if (why != NULL) {
		const struct slice said = slice_trim(slice_of(outside_words(&o, &words)));

		snprintf(why, 512, "postconf: %.*s", said.n > 400 ? 400 : (int)said.n, said.p);
	}
	str_free(&words);
	outside_free(&o);
	return status;
}

static char *value_of(const char *folder, const char *name, char *why)
{
	struct str out = {0};
	char *value = NULL;

	if (ask(folder, "-xh", name, &out, why) == 0)
		value = slice_dup(slice_trim((struct slice){str_text(&out), out.n}));
	str_free(&out);
	return value;
}

/* Cuts a line into its fields; their number. */
static size_t cut(struct slice line, struct slice to[FIELDS])
{
	size_t n = 0, at = 0;

	while (n < FIELDS) {
		while (at < line.n && str_is_space(line.p[at]))
			at++;
		const size_t begin = at;

		while (at < line.n && !str_is_space(line.p[at]))
			at++;
		if (at == begin)
			break;
		to[n++] = (struct slice){line.p + begin, at - begin};
	}
	return n;
}

/* "-o name=value" or "-o { name = value }", as "name=value". */
static void add_option(struct slice line, struct str *to)
{
	line = slice_trim(line);
	if (line.n < 3 || memcmp(line.p, "-o", 2) != 0)
		return;
	line = slice_trim((struct slice){line.p + 2, line.n - 2});
	if (line.n > 1 && line.p[0] == '{' && line.p[line.n - 1] == '}')
		line = slice_trim((struct slice){line.p + 1, line.n - 2});
	const char *equals = memchr(line.p, '=', line.n);
	if (equals == NULL)
		return;
	const size_t n = (size_t)(equals - line.p);
	const struct slice name = slice_trim((struct slice){line.p, n});
	const struct slice value = slice_trim((struct slice){equals + 1, line.n - n - 1});

	str_add(to, name.p, name.n);
	str_putc(to, '=');
	str_add(to, value.p, value.n);
	str_putc(to, '\n');
}

/* A service that is of interest, or NULL: then its options are passed over. */
static struct postfix_service *add_service(struct postfix *p, struct slice line)
{
	struct slice field[FIELDS];
	struct postfix_service *s = &p->service[p->count];

	if (p->count == POSTFIX_SERVICES || cut(line, field) < FIELDS ||
	    !(slice_is(field[7], "smtpd") || slice_is(field[7], "cleanup")))
		return NULL;
	*s = (struct postfix_service){
	    .name = slice_dup(field[0]), .program = slice_dup(field[7]), .chroot = field[4].p[0]};
	if (s->name == NULL || s->program == NULL)
		return NULL;
	p->count++;
	return s;
}

static void read_services(struct postfix *p, const char *text)
{
	struct postfix_service *s = NULL;

	for (const char *at = text, *end; *at != '\0'; at = end) {
		end = at + strcspn(at, "\n");
		const struct slice line = {at, (size_t)(end - at)};

		if (*end == '\n')
			end++;
		if (line.n == 0)
			continue;
		if (!str_is_space(line.p[0]))
			s = add_service(p, line);
		else if (s != NULL)
			add_option(line, &s->options);
	}
}

enum postfix_state postfix_open(const char *folder, struct postfix *ret_postfix, char why[512])
{
	struct postfix p = {.service = calloc(POSTFIX_SERVICES, sizeof(*p.service))};
	char *level = NULL;
	struct str services = {0};
	struct str version = {0};
	const int status = ask(folder, "-d", "mail_version", &version, NULL);
	bool good;

	str_free(&version);
	snprintf(why, 512, "memory is short");
	p.queue = value_of(folder, "queue_directory", why);
	p.folder = p.queue != NULL ? value_of(folder, "config_directory", why) : NULL;
	good = p.service != NULL && p.folder != NULL;
	if (good && ask(folder, "-Mf", NULL, &services, why) == 0)
		read_services(&p, str_text(&services));
	level = good ? value_of(folder, "compatibility_level", NULL) : NULL;
	/* Since 3.0 "-" is "n" but for a main.cf that was never told of it. */
	p.chroot_default = level != NULL && strcmp(level, "0") == 0;
	free(level);
	str_free(&services);
	if (good)
		*ret_postfix = p;
	else
		postfix_close(&p);
	return good ? POSTFIX_OPEN : status == OUTSIDE_ABSENT ? POSTFIX_ABSENT : POSTFIX_BROKEN;
}

void postfix_close(struct postfix *p)
{
	for (size_t i = 0; i < p->count; i++) {
		free(p->service[i].name);
		free(p->service[i].program);
		str_free(&p->service[i].options);
	}
	free(p->service);
	free(p->queue);
	free(p->folder);
	*p = (struct postfix){0};
}

bool postfix_value(const struct postfix *p, const char *name, struct str *ret_value)
{
	char *value = value_of(p->folder, name, NULL);

	if (value == NULL)
		return false;
	str_puts(ret_value, value);
	free(value);
	return true;
}

bool postfix_own_value(const struct postfix_service *s, const char *name, struct str *ret_value)
{
	const size_t n = strlen(name);

	for (const char *p = str_text(&s->options), *end; *p != '\0'; p = end + 1) {
		end = strchr(p, '\n');
		if (strncmp(p, name, n) == 0 && p[n] == '=') {
			str_add(ret_value, p + n + 1, (size_t)(end - p) - n - 1);
			return true;
		}
	}
	return false;
}

bool postfix_is_chrooted(const struct postfix *p, const struct postfix_service *s)
{
	return s->chroot == 'y' || (s->chroot == '-' && p->chroot_default);
}
