/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config.c - keepname.conf into struct config; the table in options.c drives all of it.
 *
 * config_scan cuts the text into statements, libconfuse reads each one on its own, and the values
 * are then checked against the table, defaults like everything else. So every error of a file is
 * found in one go, with its place. libconfuse's scanner is global: two threads must not load
 * configurations at the same time.
 */
#include "base/config.h"

#include <arpa/inet.h>
#include <confuse.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/config_scan.h"
#include "base/grow.h"
#include "base/options.h"
#include "base/str.h"

enum {
	MODE_MOST = 0777,
	KILO = 1024,
};

struct loader {
	struct config *config;
	const char *file;
	struct diags *diags;
	unsigned *set_on; /* by option: the line, 0 while not set */
	cfg_t *confuse;
	struct config_statement statement;
};

/* -- members of struct config --------------------------------------------------------------- */

static char **text_of(struct config *config, const struct config_option *o)
{
	void *member = (char *)config + o->offset;
	return member;
}

static long *number_of(struct config *config, const struct config_option *o)
{
	void *member = (char *)config + o->offset;
	return member;
}

static struct config_list *list_of(struct config *config, const struct config_option *o)
{
	void *member = (char *)config + o->offset;
	return member;
}

static void list_free(struct config_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->item[i]);
	free(list->item);
	*list = (struct config_list){0};
}

void config_free(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < option_count; i++) {
		const struct config_option *o = &option_table[i];
		if (o->type == OPTION_TEXT)
			free(*text_of(config, o));
		else if (o->type == OPTION_LIST)
			list_free(list_of(config, o));
	}
	free(config->path);
	free(config);
}

/* -- one value ------------------------------------------------------------------------------ */

static bool parse_number(const struct config_option *o, const char *value, long *ret)
{
	uint64_t v;
	if (!str_to_u64(slice_of(value), (uint64_t)o->most, &v) || (long)v < o->least)
		return false;
	*ret = (long)v;
	return true;
}

static bool parse_size(const struct config_option *o, const char *value, long *ret)
{
	struct slice s = slice_of(value);
	uint64_t v, unit = 1;
	char last = s.n ? str_lower_char(s.p[s.n - 1]) : '\0';
	if (last == 'k' || last == 'm') {
		unit = last == 'k' ? KILO : KILO * KILO;
		s.n--;
	}
	if (!str_to_u64(s, (uint64_t)o->most / unit, &v) || (long)(v * unit) < o->least)
		return false;
	*ret = (long)(v * unit);
	return true;
}

static bool parse_mode(const char *value, long *ret)
{
	long v = 0;
	size_t n = strlen(value);
	if (n < 1 || n > 4)
		return false;
	for (const char *p = value; *p; p++) {
		if (*p < '0' || *p > '7')
			return false;
		v = v * 8 + (*p - '0');
	}
	if (v > MODE_MOST)
		return false;
	*ret = v;
	return true;
}

/* "a|b|c" as "one of a, b, c". */
static void say_choices(const char *choices, struct str *to)
{
	str_puts(to, "one of ");
	for (const char *p = choices; *p; p++) {
		if (*p == '|')
			str_puts(to, ", ");
		else
			str_putc(to, *p);
	}
}

static void say_expected(const struct config_option *o, struct str *to)
{
	switch (o->type) {
	case OPTION_NUMBER:
		str_printf(to, "a whole number from %ld to %ld", o->least, o->most);
		break;
	case OPTION_SIZE:
		str_puts(to, "a size from ");
		option_size_print(o->least, to);
		str_puts(to, " to ");
		option_size_print(o->most, to);
		break;
	case OPTION_MODE: str_puts(to, "an octal file mode of at most 0777"); break;
	case OPTION_CHOICE:
	case OPTION_LIST:
	case OPTION_TEXT: say_choices(o->choices ? o->choices : "", to); break;
	}
}

static void refuse(struct loader *l, const struct config_option *o, const char *value,
		   struct config_place place, const char *expected)
{
	char quoted[128];
	diag_add(l->diags, DIAG_ERROR, l->file, place.line, place.column,
		 "%s: %s found, expected %s", o->name, diag_quote(value, strlen(value), quoted),
		 expected);
}

static bool set_text(struct loader *l, const struct config_option *o, const char *value)
{
	size_t off = o->prefix ? strlen(o->prefix) : 0;
	char *copy = slice_dup(slice_of(value + off));
	if (!copy) {
		diag_add(l->diags, DIAG_ERROR, l->file, 0, 0, "out of memory");
		return false;
	}
	free(*text_of(l->config, o));
	*text_of(l->config, o) = copy;
	return true;
}

static bool add_item(struct loader *l, const struct config_option *o, const char *value)
{
	struct config_list *list = list_of(l->config, o);
	char **item = grow_list(list->item, list->count, &list->room, sizeof(*item));
	char *copy = slice_dup(slice_of(value));
	if (item)
		list->item = item;
	if (!item || !copy) {
		free(copy);
		diag_add(l->diags, DIAG_ERROR, l->file, 0, 0, "out of memory");
		return false;
	}
	list->item[list->count++] = copy;
	return true;
}

static void set_value(struct loader *l, const struct config_option *o, const char *value,
		      struct config_place place)
{
	const char *wrong = o->check ? o->check(value) : NULL;
	long number = 0;
	bool good = true;
	if (wrong) {
		refuse(l, o, value, place, wrong);
		return;
	}
	switch (o->type) {
	case OPTION_NUMBER: good = parse_number(o, value, &number); break;
	case OPTION_SIZE: good = parse_size(o, value, &number); break;
	case OPTION_MODE: good = parse_mode(value, &number); break;
	case OPTION_CHOICE:
		number = option_choice(o->choices, slice_of(value));
		good = number >= 0;
		break;
	case OPTION_LIST:
		good = !o->choices || option_choice(o->choices, slice_of(value)) >= 0;
		if (good)
			add_item(l, o, value);
		break;
	case OPTION_TEXT: set_text(l, o, value); break;
	}
	if (!good) {
		struct str expected = {0};
		say_expected(o, &expected);
		refuse(l, o, value, place, str_text(&expected));
		str_free(&expected);
	} else if (o->type != OPTION_LIST && o->type != OPTION_TEXT) {
		*number_of(l->config, o) = number;
	}
}

/* -- defaults ------------------------------------------------------------------------------- */

static bool is_host_name(const struct config_option *o)
{
	return o->offset == offsetof(struct config, authserv_id);
}

static void set_host_name(struct loader *l, const struct config_option *o)
{
	char name[HOST_NAME_MAX + 1] = "";
	if (gethostname(name, sizeof(name) - 1) < 0 || !*name || o->check(name))
		strcpy(name, "localhost");
	add_item(l, o, name);
}

static void set_default(struct loader *l, const struct config_option *o)
{
	struct slice rest = slice_of(o->standard);
	if (o->type != OPTION_LIST) {
		set_value(l, o, o->standard, (struct config_place){0, 0});
		return;
	}
	if (is_host_name(o)) {
		set_host_name(l, o);
		return;
	}
	while (rest.n > 0) {
		const char *comma = memchr(rest.p, ',', rest.n);
		struct slice one = {rest.p, comma ? (size_t)(comma - rest.p) : rest.n};
		char *item = slice_dup(slice_trim(one));
		if (item)
			set_value(l, o, item, (struct config_place){0, 0});
		else
			diag_add(l->diags, DIAG_ERROR, l->file, 0, 0, "out of memory");
		free(item);
		size_t done = one.n + (comma ? 1 : 0);
		rest = (struct slice){rest.p + done, rest.n - done};
	}
}

/* -- statements ----------------------------------------------------------------------------- */

static void unknown_option(struct loader *l)
{
	const struct config_statement *st = &l->statement;
	char quoted[128];
	diag_add(l->diags, DIAG_ERROR, l->file, st->at.line, st->at.column,
		 "%s is not an option, expected one of those in keepname.conf(5)",
		 diag_quote(st->name.p, st->name.n, quoted));
}

/* The option of the statement if it may be set now; otherwise it is reported why not. */
static const struct config_option *option_of_statement(struct loader *l)
{
	const struct config_statement *st = &l->statement;
	const struct config_option *o = option_find(st->name);
	if (!o) {
		if (!st->bad)
			unknown_option(l);
		return NULL;
	}
	unsigned *set_on = &l->set_on[o - option_table];
	if (*set_on) {
		diag_add(l->diags, DIAG_ERROR, l->file, st->at.line, st->at.column,
			 "%s is set a second time, expected once (first on line %u)", o->name,
			 *set_on);
		return NULL;
	}
	*set_on = st->at.line;
	if (st->bad)
		return NULL;
	if (st->list && o->type != OPTION_LIST) {
		diag_add(l->diags, DIAG_ERROR, l->file, st->at.line, st->at.column,
			 "%s: a list in braces found, expected one value", o->name);
		return NULL;
	}
	return o;
}

static void take_statement(struct loader *l)
{
	const struct config_statement *st = &l->statement;
	const struct config_option *o = option_of_statement(l);
	if (!o)
		return;
	bool read = !st->text.failed &&
		    cfg_parse_buf(l->confuse, str_text(&st->text)) == CFG_SUCCESS &&
		    cfg_size(l->confuse, o->name) == st->count;
	if (!read) {
		diag_add(l->diags, DIAG_ERROR, l->file, st->at.line, st->at.column,
			 "%s: libconfuse cannot read this", o->name);
		return;
	}
	for (size_t i = 0; i < st->count; i++) {
		const char *value = cfg_getnstr(l->confuse, o->name, (unsigned)i);
		set_value(l, o, value ? value : "", st->value[i]);
	}
}

/* Our own messages are better; libconfuse would write to standard error. */
__attribute__((format(printf, 2, 0))) static void silent(cfg_t *cfg, const char *format,
							 va_list args)
{
	(void)cfg;
	(void)format;
	(void)args;
}

static cfg_t *confuse_new(void)
{
	cfg_opt_t *opts = calloc(option_count + 1, sizeof(*opts));
	if (!opts)
		return NULL;
	for (size_t i = 0; i < option_count; i++) {
		const char *name = option_table[i].name;
		cfg_opt_t text = CFG_STR(name, NULL, CFGF_NONE);
		cfg_opt_t list = CFG_STR_LIST(name, NULL, CFGF_NONE);
		opts[i] = option_table[i].type == OPTION_LIST ? list : text;
	}
	cfg_opt_t end = CFG_END();
	opts[option_count] = end;
	cfg_t *confuse = cfg_init(opts, CFGF_NONE); /* copies opts */
	free(opts);
	if (confuse)
		cfg_set_error_function(confuse, silent);
	return confuse;
}

static void take_text(struct loader *l, struct slice text)
{
	struct config_scan scan = config_scan_of(text, l->file, l->diags);
	while (config_scan_next(&scan, &l->statement))
		take_statement(l);
	str_free(&l->statement.text);
	for (size_t i = 0; i < option_count; i++) {
		const struct config_option *o = &option_table[i];
		if (l->set_on[i] && is_host_name(o) && l->config->authserv_id.count == 0)
			set_host_name(l, o); /* it is never empty: the header is signed by it */
		if (l->set_on[i])
			continue;
		if (o->required)
			diag_add(l->diags, DIAG_ERROR, l->file, 0, 0,
				 "%s is not set, expected something like %s = \"%s\"", o->name,
				 o->name, o->standard);
		else
			set_default(l, o);
	}
}

struct config *config_load(const char *path, struct diags *ret_diags)
{
	struct str text = {0};
	size_t errors = ret_diags->errors;
	int error = str_read_file(path, LIMIT_CONFIG_BYTES, &text);
	if (error == EFBIG)
		diag_add(ret_diags, DIAG_ERROR, path, 0, 0,
			 "is too long, expected at most %d octets", LIMIT_CONFIG_BYTES);
	else if (error)
		diag_add(ret_diags, DIAG_ERROR, path, 0, 0, "cannot be read: %s", strerror(error));
	if (error)
		return NULL;
	struct loader *l = calloc(1, sizeof(*l));
	struct config *config = calloc(1, sizeof(*config));
	unsigned *set_on = calloc(option_count, sizeof(*set_on));
	cfg_t *confuse = confuse_new();
	char *copy = strdup(path);
	if (l && config && set_on && confuse && copy) {
		*l = (struct loader){.config = config, .file = path, .diags = ret_diags};
		l->set_on = set_on;
		l->confuse = confuse;
		config->path = copy;
		take_text(l, (struct slice){str_text(&text), text.n});
	} else {
		diag_add(ret_diags, DIAG_ERROR, path, 0, 0, "out of memory");
		free(copy);
	}
	if (confuse)
		cfg_free(confuse);
	free(set_on);
	free(l);
	str_free(&text);
	if (ret_diags->errors == errors)
		return config;
	config_free(config);
	return NULL;
}

/* -- networks ------------------------------------------------------------------------------- */

static bool same_bits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
	size_t whole = bits / 8;
	unsigned rest = bits % 8;
	unsigned char mask = (unsigned char)(0xff00u >> rest);
	return memcmp(a, b, whole) == 0 && (rest == 0 || ((a[whole] ^ b[whole]) & mask) == 0);
}

bool config_network_has(const struct config_list *networks, int family, const void *ip)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff}; /* ::ffff:0:0/96 */
	const unsigned char *octets = ip;
	if (family == AF_INET6 && memcmp(octets, mapped, sizeof(mapped)) == 0) {
		family = AF_INET;
		octets += sizeof(mapped);
	}
	for (size_t i = 0; i < networks->count; i++) {
		struct option_network n;
		if (option_network_parse(slice_of(networks->item[i]), &n) && n.family == family &&
		    same_bits(n.ip, octets, n.bits))
			return true;
	}
	return false;
}

bool config_is_hop(const struct config *config, int family, const void *ip)
{
	return config_network_has(&config->trusted_networks, family, ip) ||
	       config_network_has(&config->believed_networks, family, ip);
}
