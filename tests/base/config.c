/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keepname.conf: good files, each kind of error with its place, several errors at once, what is
 * printed is read again as the same, every limit at it and one past it.
 */
#include "base/config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/options.h"
#include "tests/rules/table.h"

#define SOCKET   "socket = \"local:/s\"\n"
#define DATABASE "database = \"sqlite:/d\"\n"
#define BOTH     SOCKET DATABASE

/* Loads text from a file named "conf" in a folder of its own, which is where the test stands. */
static struct config *load(struct slice text, struct diags *ret_diags)
{
	FILE *to = fopen("conf", "we");
	assert_non_null(to);
	assert_int_equal(fwrite(text.p, 1, text.n, to), text.n);
	fclose(to);
	return config_load("conf", ret_diags);
}

static char *printed_diags(const struct diags *d)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	diag_print(d, to);
	fclose(to);
	return text;
}

static struct config *good(const char *text)
{
	struct diags d = {0};
	struct config *c = load(slice_of(text), &d);
	char *got = printed_diags(&d);
	CHECK(c && d.count == 0, "%s\n%s", text, got);
	free(got);
	diag_free(&d);
	return c;
}

static void defaults_are_as_documented(void **state)
{
	(void)state;
	struct config *c = good(BOTH);
	char host[256] = "";
	gethostname(host, sizeof(host) - 1);
	assert_string_equal(c->path, "conf");
	assert_string_equal(c->socket, "local:/s");
	assert_int_equal(c->socket_mode, 0660);
	assert_string_equal(c->socket_group, "");
	assert_string_equal(c->pid_file, "");
	assert_string_equal(c->user, "");
	assert_int_equal(c->mode, CONFIG_MODE_RESCUE);
	assert_string_equal(c->database, "/d");
	assert_string_equal(c->spool, "/var/spool/keepname");
	assert_string_equal(c->lists, KN_LISTSDIR);
	assert_string_equal(c->libexec_dir, KN_LIBEXECDIR);
	assert_int_equal(c->nameservers.count, 0);
	assert_int_equal(c->dns_timeout, 5);
	assert_int_equal(c->authserv_id.count, 1);
	assert_string_equal(c->authserv_id.item[0], host);
	assert_int_equal(c->trusted_networks.count, 0);
	assert_int_equal(c->believed_networks.count, 0);
	assert_int_equal(c->boost.count, 5);
	assert_string_equal(c->boost.item[0], "verification");
	assert_string_equal(c->boost.item[4], "renewal");
	assert_int_equal(c->max_body, 256 * 1024);
	assert_int_equal(c->on_dns_error, CONFIG_DNS_ERROR_ACCEPT);
	assert_int_equal(c->log_level, LOG_LEVEL_INFO);
	assert_string_equal(c->digest_to, "");
	assert_string_equal(c->digest_from, "");
	assert_string_equal(c->sendmail, "/usr/sbin/sendmail");
	config_free(c);
	config_free(NULL);
}

static void every_way_of_writing_is_read(void **state)
{
	(void)state;
	struct config *c = good("# M\xc3\xbcller was here\r\n"
				"// and here \" ' { ${X}\n"
				"/* and\n * here: mode = nonsense\n */\r\n"
				"\tsocket\t=\tinet:8891@localhost # a word\n"
				"database='sqlite:/a b#c//d\"e'\r\n"
				"  mode = 'observe' // quoted\n"
				"boost = {}\n"
				"nameservers = 192.0.2.1\n"
				"trusted_networks = { # several lines\n"
				"  \"192.0.2.0/24\", // one\n"
				"\n"
				"  2001:db8::/32, /* two */ ::1\n"
				"  ,\n"
				"}\n"
				"authserv_id = {\"a.example\", b.example}\n"
				"socket_mode = 0666\n"
				"max_body = 1m\n"
				"on_dns_error = tempfail\n"
				"log_level = debug");
	assert_string_equal(c->socket, "inet:8891@localhost");
	assert_string_equal(c->database, "/a b#c//d\"e");
	assert_int_equal(c->mode, CONFIG_MODE_OBSERVE);
	assert_int_equal(c->boost.count, 0);
	assert_int_equal(c->nameservers.count, 1);
	assert_string_equal(c->nameservers.item[0], "192.0.2.1");
	assert_int_equal(c->trusted_networks.count, 3);
	assert_string_equal(c->trusted_networks.item[0], "192.0.2.0/24");
	assert_string_equal(c->trusted_networks.item[1], "2001:db8::/32");
	assert_string_equal(c->trusted_networks.item[2], "::1");
	assert_int_equal(c->authserv_id.count, 2);
	assert_string_equal(c->authserv_id.item[0], "a.example");
	assert_int_equal(c->socket_mode, 0666);
	assert_int_equal(c->max_body, 1024 * 1024);
	assert_int_equal(c->on_dns_error, CONFIG_DNS_ERROR_TEMPFAIL);
	assert_int_equal(c->log_level, LOG_LEVEL_DEBUG);
	config_free(c);
}

/* One good or bad value each: option, value, and what the message must hold (NULL: good). */
static const struct {
	const char *option, *value, *want;
} singles[] = {
    {"socket", "unix:/run/x", NULL},
    {"socket", "inet:1@127.0.0.1", NULL},
    {"socket", "inet:65535@mx-1.example.net", NULL},
    {"socket", "inet6:25@::1", NULL},
    {"socket", "inet6:25@host", NULL},
    {"socket", "", "expected local:/PATH"},
    {"socket", "/run/x", "expected local:/PATH"},
    {"socket", "local:run/x", "expected local:/PATH"},
    {"socket", "inet:0@localhost", "expected local:/PATH"},
    {"socket", "inet:65536@localhost", "expected local:/PATH"},
    {"socket", "inet:8891", "expected local:/PATH"},
    {"socket", "inet:8891@", "expected local:/PATH"},
    {"socket", "inet:8891@::1", "expected local:/PATH"},
    {"socket", "inet6:8891@127.0.0.1", "expected local:/PATH"},
    {"socket", "inet:8891@1.2.3.256", "expected local:/PATH"},
    {"socket", "inet:8891@a_b", "expected local:/PATH"},
    {"socket", "fd:3", "expected local:/PATH"},
    {"database", "sqlite:", "expected sqlite:/PATH"},
    {"database", "sqlite:x", "expected sqlite:/PATH"},
    {"database", "/var/x", "expected sqlite:/PATH"},
    {"database", "SQLITE:/x", "expected sqlite:/PATH"},
    {"database", "postgresql://h/d", "postgresql:// is not supported yet"},
    {"socket_mode", "0", NULL},
    {"socket_mode", "0777", NULL},
    {"socket_mode", "1000", "octal file mode of at most 0777"},
    {"socket_mode", "0668", "octal file mode"},
    {"socket_mode", "00660", "octal file mode"},
    {"socket_mode", "", "octal file mode"},
    {"socket_mode", "rw", "octal file mode"},
    {"socket_group", "postfix", NULL},
    {"socket_group", "_x-y.z", NULL},
    {"socket_group", "a b", "name of an account"},
    {"user", "-x", "name of an account"},
    {"user", "a:b", "name of an account"},
    {"pid_file", "x", "absolute path"},
    {"spool", "", "absolute path"},
    {"spool", "var/spool", "absolute path"},
    {"lists", "lists", "absolute path"},
    {"libexec_dir", "./progs", "absolute path"},
    {"sendmail", "sendmail", "absolute path"},
    {"mode", "rescue", NULL},
    {"mode", "Rescue", "one of rescue, observe"},
    {"mode", "", "one of rescue, observe"},
    {"mode", "rescue|observe", "one of rescue, observe"},
    {"on_dns_error", "reject", "one of accept, tempfail"},
    {"log_level", "verbose", "one of error, warning, info, debug"},
    {"dns_timeout", "1", NULL},
    {"dns_timeout", "30", NULL},
    {"dns_timeout", "0", "a whole number from 1 to 30"},
    {"dns_timeout", "31", "a whole number from 1 to 30"},
    {"dns_timeout", "-1", "a whole number from 1 to 30"},
    {"dns_timeout", "5s", "a whole number from 1 to 30"},
    {"dns_timeout", "99999999999999999999", "a whole number from 1 to 30"},
    {"max_body", "1024", NULL},
    {"max_body", "1K", NULL},
    {"max_body", "4M", NULL},
    {"max_body", "4096k", NULL},
    {"max_body", "4194304", NULL},
    {"max_body", "1023", "a size from 1K to 4M"},
    {"max_body", "4194305", "a size from 1K to 4M"},
    {"max_body", "5M", "a size from 1K to 4M"},
    {"max_body", "4097K", "a size from 1K to 4M"},
    {"max_body", "K", "a size from 1K to 4M"},
    {"max_body", "1G", "a size from 1K to 4M"},
    {"max_body", "18014398509481984K", "a size from 1K to 4M"},
    {"nameservers", "127.0.0.1@5353", NULL},
    {"nameservers", "2001:db8::1@53", NULL},
    {"nameservers", "::1", NULL},
    {"nameservers", "127.0.0.1:53", "an IP address, or ADDRESS@PORT"},
    {"nameservers", "127.0.0.1@", "an IP address, or ADDRESS@PORT"},
    {"nameservers", "127.0.0.1@65536", "an IP address, or ADDRESS@PORT"},
    {"nameservers", "127.0.0.0/8", "an IP address, or ADDRESS@PORT"},
    {"nameservers", "dns.example", "an IP address, or ADDRESS@PORT"},
    {"nameservers", "", "an IP address, or ADDRESS@PORT"},
    {"trusted_networks", "10.0.0.0/8", NULL},
    {"trusted_networks", "0.0.0.0/0", NULL},
    {"trusted_networks", "10.0.0.1", NULL},
    {"trusted_networks", "10.0.0.1/32", NULL},
    {"trusted_networks", "2001:db8::/128", NULL},
    {"trusted_networks", "10.0.0.1/33", "no bits set after its length"},
    {"trusted_networks", "10.0.0.1/8", "no bits set after its length"},
    {"trusted_networks", "2001:db8::/129", "no bits set after its length"},
    {"trusted_networks", "2001:db8::1/64", "no bits set after its length"},
    {"trusted_networks", "10.0.0.0/", "no bits set after its length"},
    {"trusted_networks", "10/8", "no bits set after its length"},
    {"believed_networks", "10.0.0.1", NULL},
    {"believed_networks", "10.0.0.1/8", "no bits set after its length"},
    {"trusted_networks", "localhost", "no bits set after its length"},
    {"authserv_id", "mx.example.net", NULL},
    {"authserv_id", "mx example", "a host name such as"},
    {"authserv_id", "", "a host name such as"},
    {"boost", "nis2", NULL},
    {"boost", "phishing", "one of verification, suspension, verified"},
    {"boost", "", "one of verification, suspension, verified"},
    {"digest_to", "", NULL},
    {"digest_to", "postmaster@example.com", NULL},
    {"digest_to", "postmaster", "one plain mail address"},
    {"digest_to", "a@b, c@d", "one plain mail address"},
    {"digest_to", "a@b@c", "one plain mail address"},
    {"digest_from", "-x@example.com", "one plain mail address"},
    {"digest_from", "@example.com", "one plain mail address"},
};

static void each_value_is_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(singles); i++) {
		struct str text = {0};
		struct diags d = {0};
		if (strcmp(singles[i].option, "socket") != 0)
			str_puts(&text, SOCKET);
		if (strcmp(singles[i].option, "database") != 0)
			str_puts(&text, DATABASE);
		unsigned line =
		    strstr(str_text(&text), "socket") && strstr(str_text(&text), "data") ? 3 : 2;
		str_printf(&text, "%s = \"%s\"\n", singles[i].option, singles[i].value);
		struct config *c = load(slice_of(str_text(&text)), &d);
		char *got = printed_diags(&d);
		CHECK(!c == !!singles[i].want, "%s = %s: %s", singles[i].option, singles[i].value,
		      got);
		if (singles[i].want) {
			char start[128];
			snprintf(start, sizeof(start),
				 "conf:%u:%zu: error: %s: \"%s\" found, expected ", line,
				 strlen(singles[i].option) + 4, singles[i].option,
				 singles[i].value);
			CHECK(strncmp(got, start, strlen(start)) == 0, "want %s, got %s", start,
			      got);
			CHECK(strstr(got, singles[i].want), "want %s, got %s", singles[i].want,
			      got);
			CHECK(d.errors == 1, "%s", got);
		}
		free(got);
		config_free(c);
		diag_free(&d);
		str_free(&text);
	}
}

/* Whole files with all that must be said about them. */
static const struct {
	struct slice text;
	const char *want;
} files[] = {
    {LIT(""), "conf: error: socket is not set, expected something like socket = "
	      "\"local:/run/keepname/milter.sock\"\n"
	      "conf: error: database is not set, expected something like database = "
	      "\"sqlite:/var/lib/keepname/keepname.db\"\n"},
    {LIT(BOTH "nope = 1\n\nNoPe-2 = {\"x\"}\nmodes = rescue\n"),
     "conf:3:1: error: \"nope\" is not an option, expected one of those in keepname.conf(5)\n"
     "conf:5:1: error: \"NoPe-2\" is not an option, expected one of those in keepname.conf(5)\n"
     "conf:6:1: error: \"modes\" is not an option, expected one of those in keepname.conf(5)\n"},
    {LIT(BOTH "mode = rescue\ndns_timeout = 0\n\nmode = observe\n" SOCKET),
     "conf:4:15: error: dns_timeout: \"0\" found, expected a whole number from 1 to 30\n"
     "conf:6:1: error: mode is set a second time, expected once (first on line 3)\n"
     "conf:7:1: error: socket is set a second time, expected once (first on line 1)\n"},
    {LIT(BOTH "boost = {\"verification\", \"a\",\n\t\"renewal\",\n\n\tb}\ndns_timeout = 77\n"),
     "conf:3:26: error: boost: \"a\" found, expected one of verification, suspension, verified, "
     "transfer-out, transfer-in, change-of-registrant, renewal, wdrp, nis2\n"
     "conf:6:2: error: boost: \"b\" found, expected one of verification, suspension, verified, "
     "transfer-out, transfer-in, change-of-registrant, renewal, wdrp, nis2\n"
     "conf:7:15: error: dns_timeout: \"77\" found, expected a whole number from 1 to 30\n"},
    /* The quote that is missing costs its own line only. */
    {LIT(SOCKET "database = \"sqlite:/d\nmode = x\n"),
     "conf:2:12: error: a quote begins here and does not end on this line, expected \"\n"
     "conf:3:8: error: mode: \"x\" found, expected one of rescue, observe\n"},
    {LIT(BOTH "spool = 'a\\'b'\nuser = \"${HOME}\"\npid_file = '/a\tb'\nlists = \"/\xc3\xbc\"\n"),
     "conf:3:11: error: \"\\x5c\" found, expected a value without backslashes\n"
     "conf:4:9: error: \"$\" found, expected a value without ${...}, which is not expanded\n"
     "conf:5:15: error: \"\\x09\" found, expected a value of printable ASCII\n"
     "conf:6:11: error: \"\\xc3\" found, expected a value of printable ASCII\n"},
    {LIT(BOTH "user = a\n# a \0 comment\nmode = rescue\0\nspool = \"a\0b\"\nlists = /x\x01\n"),
     "conf:4:5: error: \"\\x00\" found, expected text without control characters\n"
     "conf:5:14: error: \"\\x00\" found, expected the end of the line after a value\n"
     "conf:6:11: error: \"\\x00\" found, expected a value of printable ASCII\n"
     "conf:7:11: error: \"\\x01\" found, expected the end of the line after a value\n"},
    {LIT(BOTH "mode\nmode =\nuser = root root\nlists = {\"/a\"}\nspool == /x\n"),
     "conf:3:5: error: the end of the line found, expected = and a value\n"
     "conf:4:7: error: the end of the line found, expected a value (in quotes unless it is made of "
     "letters, digits and _ . / : @ -)\n"
     "conf:4:1: error: mode is set a second time, expected once (first on line 3)\n"
     "conf:5:13: error: \"root\" found, expected the end of the line after a value\n"
     "conf:6:1: error: lists: a list in braces found, expected one value\n"
     "conf:7:8: error: \"=\" found, expected a value (in quotes unless it is made of letters, "
     "digits and _ . / : @ -)\n"},
    {LIT(BOTH "include(\"/etc/passwd\")\nsection {\nmode = x\n}\n= 5\n\xef\xbb\xbf\n"),
     "conf:3:8: error: \"(\" found, expected = and a value\n"
     "conf:5:8: error: mode: \"x\" found, expected one of rescue, observe\n"
     "conf:6:1: error: \"}\" found, expected the name of an option\n"},
    {LIT(BOTH "boost = {renewal\nmode = x\nnameservers = {::1 ::2}\nauthserv_id += {a}\n"
	      "trusted_networks = {,}\nuser = ~root\nspool = /a//b\n"),
     "conf:4:1: error: \"mode\" found, expected , or } in a list\n"
     "conf:4:8: error: mode: \"x\" found, expected one of rescue, observe\n"
     "conf:5:20: error: \"::2\" found, expected , or } in a list\n"
     "conf:6:13: error: \"+\" found, expected = and a value\n"
     "conf:7:21: error: \",\" found, expected a value or }\n"
     "conf:8:8: error: \"~\" found, expected a value (in quotes unless it is made of letters, "
     "digits and _ . / : @ -)\n"
     "conf:9:11: error: \"//b\" found, expected quotes around a value with // or /*\n"},
    {LIT(BOTH "boost = {renewal,\n"), "conf:4:1: error: the end of the file found, expected a "
				      "value or }\n"},
    {LIT(BOTH "/* mode = x\nmode = y\n"),
     "conf:3:1: error: a comment begins here and never ends, expected */\n"},
    {LIT("socket = \"x\nmode = rescue\n" DATABASE),
     "conf:1:10: error: a quote begins here and does not end on this line, expected \"\n"},
};

static void all_errors_of_a_file_are_told_at_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct diags d = {0};
		struct config *c = load(files[i].text, &d);
		char *got = printed_diags(&d);
		CHECK(strcmp(got, files[i].want) == 0, "row %zu, got\n%s\nwant\n%s", i, got,
		      files[i].want);
		assert_null(c);
		free(got);
		diag_free(&d);
	}
}

/* What the library keeps between files (its scanner is global) must not reach the next one. */
static void a_bad_file_does_not_spoil_the_next(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct diags d = {0};
		config_free(load(files[i].text, &d));
		diag_free(&d);
		struct config *c = good(BOTH "boost = {renewal}\n");
		assert_int_equal(c->boost.count, 1);
		config_free(c);
	}
}

static void unreadable_files_are_told(void **state)
{
	(void)state;
	struct diags d = {0};
	unlink("conf");
	assert_null(config_load("conf", &d));
	char *got = printed_diags(&d);
	assert_string_equal(got, "conf: error: cannot be read: No such file or directory\n");
	free(got);
	diag_free(&d);
	assert_null(config_load(".", &d));
	got = printed_diags(&d);
	assert_string_equal(got, ".: error: cannot be read: Is a directory\n");
	free(got);
	diag_free(&d);
}

static void a_file_at_its_limit_is_read(void **state)
{
	(void)state;
	struct str text = {0};
	struct diags d = {0};
	str_puts(&text, BOTH "#");
	while (text.n < LIMIT_CONFIG_BYTES)
		str_putc(&text, 'x');
	struct config *c = load((struct slice){text.p, text.n}, &d);
	assert_non_null(c);
	config_free(c);
	str_putc(&text, '\n');
	assert_null(load((struct slice){text.p, text.n}, &d));
	char *got = printed_diags(&d);
	assert_string_equal(got, "conf: error: is too long, expected at most 1048576 octets\n");
	free(got);
	diag_free(&d);
	str_free(&text);
}

static void a_list_at_its_limit_is_read(void **state)
{
	(void)state;
	for (int over = 0; over < 2; over++) {
		struct str text = {0};
		struct diags d = {0};
		str_puts(&text, BOTH "trusted_networks = {");
		for (int i = 0; i < LIMIT_CONFIG_ITEMS + over; i++)
			str_printf(&text, "%s192.0.%d.%d", i ? ",\n" : "", i / 256, i % 256);
		str_puts(&text, "}\n");
		struct config *c = load((struct slice){text.p, text.n}, &d);
		assert_int_equal(!c, over);
		if (c)
			assert_int_equal(c->trusted_networks.count, LIMIT_CONFIG_ITEMS);
		if (over)
			assert_string_equal(d.list[0].text, "more than 256 values in one list");
		config_free(c);
		diag_free(&d);
		str_free(&text);
	}
}

/* -- printing ------------------------------------------------------------------------------- */

static char *printed(const struct config *c, bool with_help)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	if (c)
		config_print(c, with_help, to);
	else
		config_print_sample(to);
	fclose(to);
	return text;
}

static void what_is_printed_is_read_as_the_same(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    BOTH,
	    "socket = inet:25@x\ndatabase = 'sqlite:/a\"b'\nboost = {}\nnameservers = {::1, "
	    "127.0.0.1@53}\nmax_body = 1025\nmode = observe\nsocket_mode = 07\n"
	    "trusted_networks = 10.0.0.0/8\nlog_level = error\nspool = \"/it's\"\n",
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct config *first = good(texts[i]);
		char *plain = printed(first, false);
		char *helped = printed(first, true);
		struct config *second = good(plain);
		struct config *third = good(helped);
		char *again = printed(second, false);
		char *third_plain = printed(third, false);
		assert_string_equal(plain, again);
		assert_string_equal(plain, third_plain);
		free(plain);
		free(helped);
		free(again);
		free(third_plain);
		config_free(first);
		config_free(second);
		config_free(third);
	}
}

static void the_sample_works_and_names_every_option(void **state)
{
	(void)state;
	char *sample = printed(NULL, false);
	struct config *c = good(sample);
	assert_string_equal(c->socket, "local:/run/keepname/milter.sock");
	assert_string_equal(c->database, "/var/lib/keepname/keepname.db");
	struct str bare = {0};
	for (size_t i = 0; i < option_count; i++) {
		char line[64];
		snprintf(line, sizeof(line), "\n%s%s = ", option_table[i].required ? "" : "#",
			 option_table[i].name);
		CHECK(strstr(sample, line), "%s", option_table[i].name);
		CHECK(strlen(option_table[i].help) > 10, "%s", option_table[i].name);
	}
	/* Comments taken off the defaults, it is still read as the same. */
	for (const char *p = sample; *p; p++)
		if (!(p[0] == '#' && p[1] != ' '))
			str_putc(&bare, *p);
	struct config *d = good(str_text(&bare));
	assert_int_equal(d->authserv_id.count, 1);
	assert_string_equal(d->authserv_id.item[0], c->authserv_id.item[0]);
	assert_int_equal(d->boost.count, 5);
	assert_string_equal(d->sendmail, c->sendmail);
	str_free(&bare);
	free(sample);
	config_free(c);
	config_free(d);
}

static void values_as_text(void **state)
{
	(void)state;
	static const struct {
		const char *name, *want;
	} rows[] = {
	    {"socket", "local:/s"},
	    {"database", "sqlite:/d"},
	    {"socket_mode", "0660"},
	    {"mode", "rescue"},
	    {"max_body", "256K"},
	    {"dns_timeout", "5"},
	    {"nameservers", "::1, 127.0.0.1"},
	    {"trusted_networks", ""},
	    {"user", ""},
	};
	struct config *c = good(BOTH "nameservers = {::1, 127.0.0.1}\n");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct config_option *o = option_find(slice_of(rows[i].name));
		char *got = config_value(c, (size_t)(o - option_table));
		CHECK(strcmp(got, rows[i].want) == 0, "%s: %s", rows[i].name, got);
		free(got);
	}
	assert_null(config_value(c, option_count));
	config_free(c);
}

/* -- the table, networks -------------------------------------------------------------------- */

static void the_table_is_sound(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_count; i++) {
		const struct config_option *o = &option_table[i];
		assert_ptr_equal(option_find(slice_of(o->name)), o);
		CHECK(o->standard, "%s", o->name);
		CHECK(o->offset < sizeof(struct config), "%s", o->name);
		CHECK(o->type != OPTION_CHOICE || o->choices, "%s", o->name);
		for (size_t k = 0; k < i; k++)
			CHECK(option_table[k].offset != o->offset, "%s", o->name);
	}
	assert_null(option_find(LIT("socke")));
	assert_null(option_find(LIT("")));
}

static void choices_are_found(void **state)
{
	(void)state;
	assert_int_equal(option_choice("a|bc|d", LIT("a")), 0);
	assert_int_equal(option_choice("a|bc|d", LIT("bc")), 1);
	assert_int_equal(option_choice("a|bc|d", LIT("d")), 2);
	assert_int_equal(option_choice("a|bc|d", LIT("b")), -1);
	assert_int_equal(option_choice("a|bc|d", LIT("a|bc")), -1);
	assert_int_equal(option_choice("a|bc|d", LIT("")), -1);
	assert_true(slice_is(option_choice_at("a|bc|d", 2), "d"));
	assert_int_equal(option_choice_at("a|bc|d", 3).n, 0);
}

static const struct {
	const char *network, *ip;
	bool want;
} networks[] = {
    {"192.0.2.0/24", "192.0.2.0", true},
    {"192.0.2.0/24", "192.0.2.255", true},
    {"192.0.2.0/24", "192.0.3.0", false},
    {"192.0.2.0/24", "192.0.1.255", false},
    {"192.0.2.128/25", "192.0.2.127", false},
    {"192.0.2.128/25", "192.0.2.128", true},
    {"192.0.2.4/31", "192.0.2.5", true},
    {"192.0.2.4/31", "192.0.2.6", false},
    {"192.0.2.1", "192.0.2.1", true},
    {"192.0.2.1", "192.0.2.2", false},
    {"0.0.0.0/0", "203.0.113.1", true},
    {"0.0.0.0/0", "2001:db8::1", false},
    {"::/0", "2001:db8::1", true},
    {"::/0", "203.0.113.1", false},
    {"2001:db8::/33", "2001:db8:7fff::1", true},
    {"2001:db8::/33", "2001:db8:8000::1", false},
    {"2001:db8::1", "2001:db8::1", true},
    {"2001:db8::1", "2001:db8::2", false},
    /* An IPv4 client that came over an IPv6 socket is an IPv4 client. */
    {"192.0.2.0/24", "::ffff:192.0.2.9", true},
    {"192.0.2.0/24", "::ffff:192.0.3.9", false},
    {"::/0", "::ffff:192.0.2.9", false},
};

static void networks_hold_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(networks); i++) {
		unsigned char ip[16];
		int family = inet_pton(AF_INET, networks[i].ip, ip) == 1 ? AF_INET : AF_INET6;
		if (family == AF_INET6)
			assert_int_equal(inet_pton(AF_INET6, networks[i].ip, ip), 1);
		struct str text = {0};
		str_printf(&text, BOTH "trusted_networks = {203.0.113.77, \"%s\"}\n",
			   networks[i].network);
		struct config *c = good(str_text(&text));
		CHECK(config_network_has(&c->trusted_networks, family, ip) == networks[i].want,
		      "%s in %s", networks[i].ip, networks[i].network);
		config_free(c);
		str_free(&text);
	}
	assert_false(config_network_has(&(struct config_list){0}, AF_INET, "\1\2\3\4"));
	struct config *c =
	    good(BOTH "trusted_networks = {192.0.2.1}\nbelieved_networks = {192.0.2.2}\n");
	assert_true(config_is_hop(c, AF_INET, "\300\0\2\1"));
	assert_true(config_is_hop(c, AF_INET, "\300\0\2\2"));
	assert_false(config_is_hop(c, AF_INET, "\300\0\2\3"));
	assert_false(config_network_has(&c->believed_networks, AF_INET, "\300\0\2\1"));
	config_free(c);
}

static char folder[] = "/tmp/keepname-config-XXXXXX";

static int enter_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
	(void)state;
	unlink("conf");
	return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(defaults_are_as_documented),
	    cmocka_unit_test(every_way_of_writing_is_read),
	    cmocka_unit_test(each_value_is_checked),
	    cmocka_unit_test(all_errors_of_a_file_are_told_at_once),
	    cmocka_unit_test(a_bad_file_does_not_spoil_the_next),
	    cmocka_unit_test(unreadable_files_are_told),
	    cmocka_unit_test(a_file_at_its_limit_is_read),
	    cmocka_unit_test(a_list_at_its_limit_is_read),
	    cmocka_unit_test(what_is_printed_is_read_as_the_same),
	    cmocka_unit_test(the_sample_works_and_names_every_option),
	    cmocka_unit_test(values_as_text),
	    cmocka_unit_test(the_table_is_sound),
	    cmocka_unit_test(choices_are_found),
	    cmocka_unit_test(networks_hold_addresses),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
