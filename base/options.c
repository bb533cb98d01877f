/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * options.c - the table of options and the checks of their values.
 *
 * A new option is one row here, one member of struct config and a paragraph in keepname.conf(5); a
 * test compares the three. A check sees one value, of which config.c has already made sure that it
 * is printable ASCII, and returns what was expected, in words that follow "expected".
 */
#include "base/options.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include "base/config.h"
#include "base/limits.h"

/* -- words ---------------------------------------------------------------------------------- */

const struct config_option *option_find(struct slice name)
{
	for (size_t i = 0; i < option_count; i++)
		if (slice_is(name, option_table[i].name))
			return &option_table[i];
	return NULL;
}

struct slice option_choice_at(const char *choices, size_t position)
{
	const char *p = choices;
	for (;;) {
		size_t n = strcspn(p, "|");
		if (position == 0)
			return (struct slice){p, n};
		if (!p[n])
			return (struct slice){p + n, 0};
		position--;
		p += n + 1;
	}
}

long option_choice(const char *choices, struct slice word)
{
	for (size_t i = 0;; i++) {
		struct slice choice = option_choice_at(choices, i);
		if (choice.n == 0)
			return -1;
		if (choice.n == word.n && memcmp(choice.p, word.p, word.n) == 0)
			return (long)i;
	}
}

void option_size_print(long size, struct str *to)
{
	const long kilo = 1024, mega = kilo * kilo;
	if (size >= mega && size % mega == 0)
		str_printf(to, "%ldM", size / mega);
	else if (size >= kilo && size % kilo == 0)
		str_printf(to, "%ldK", size / kilo);
	else
		str_printf(to, "%ld", size);
}

/* -- networks ------------------------------------------------------------------------------- */

static bool beyond_is_zero(const unsigned char *ip, unsigned bits, unsigned all)
{
	for (unsigned i = bits; i < all; i++)
		if (ip[i / 8] & (0x80u >> i % 8))
			return false;
	return true;
}

bool option_network_parse(struct slice text, struct option_network *ret_network)
{
	char ip[INET6_ADDRSTRLEN];
	struct option_network n = {0};
	const char *slash = text.n ? memchr(text.p, '/', text.n) : NULL;
	size_t length = slash ? (size_t)(slash - text.p) : text.n;
	if (!slice_copy((struct slice){text.p, length}, ip, sizeof(ip)))
		return false;
	if (inet_pton(AF_INET, ip, n.ip) == 1)
		n.family = AF_INET;
	else if (inet_pton(AF_INET6, ip, n.ip) == 1)
		n.family = AF_INET6;
	else
		return false;
	unsigned all = n.family == AF_INET ? 32 : 128;
	n.bits = all;
	if (slash) {
		uint64_t bits;
		if (!str_to_u64((struct slice){slash + 1, text.n - length - 1}, all, &bits))
			return false;
		n.bits = (unsigned)bits;
	}
	if (!beyond_is_zero(n.ip, n.bits, all))
		return false;
	*ret_network = n;
	return true;
}

/* -- checks --------------------------------------------------------------------------------- */

static bool made_of(struct slice s, const char *others)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = str_lower_char(s.p[i]);
		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && !(c && strchr(others, c)))
			return false;
	}
	return s.n > 0;
}

static bool is_path(const char *value)
{
	return value[0] == '/';
}

static const char *check_path(const char *value)
{
	return is_path(value) ? NULL : "an absolute path";
}

static const char *check_path_or_none(const char *value)
{
	return !*value || is_path(value) ? NULL : "an absolute path, or \"\" for none";
}

static const char *check_update_key(const char *value)
{
	/* 42 octets as base64; what is in them is looked at where it is used. */
	return strlen(value) == 56 && value[0] == 'R' && value[1] == 'W'
		   ? NULL
		   : "a public key of minisign, RW...";
}

static const char *check_update_url(const char *value)
{
	return !*value || is_path(value) || strncmp(value, "https://", 8) == 0
		   ? NULL
		   : "https://..., an absolute path, or \"\" for none";
}

static const char *check_language(const char *value)
{
	return !*value || (made_of(slice_of(value), "_") && strlen(value) <= 8)
		   ? NULL
		   : "a language such as de or pt_BR, or \"\"";
}

static const char *check_backup_to(const char *value)
{
	return !*value || is_path(value) || (value[0] == '|' && value[1])
		   ? NULL
		   : "an absolute path, | and a command, or \"\" for none";
}

static bool is_port(struct slice s)
{
	uint64_t port;
	return str_to_u64(s, 65535, &port) && port > 0;
}

static bool is_ip(struct slice s, int family)
{
	struct option_network n;
	if (s.n && memchr(s.p, '/', s.n))
		return false;
	return option_network_parse(s, &n) && (family == AF_UNSPEC || n.family == family);
}

static bool is_host(struct slice s, int family)
{
	bool digits_and_dots = true;
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.')
			digits_and_dots = false;
	if (is_ip(s, family))
		return true;
	return !digits_and_dots && s.n <= LIMIT_DOMAIN && made_of(s, "-.") && s.p[0] != '-' &&
	       s.p[0] != '.';
}

static const char *check_socket(const char *value)
{
	static const char expected[] = "local:/PATH, inet:PORT@HOST or inet6:PORT@HOST";
	static const char too_long[] = "a socket path of at most 107 octets";
	struct slice s = slice_of(value);
	const char *colon = strchr(value, ':');
	if (!colon)
		return expected;
	struct slice kind = {value, (size_t)(colon - value)};
	struct slice rest = {colon + 1, s.n - kind.n - 1};
	if (slice_is(kind, "local") || slice_is(kind, "unix")) {
		if (!is_path(rest.p))
			return expected;
		return rest.n < sizeof(((struct sockaddr_un *)0)->sun_path) ? NULL : too_long;
	}
	const char *at = strchr(rest.p, '@');
	bool six = slice_is(kind, "inet6");
	if ((!six && !slice_is(kind, "inet")) || !at)
		return expected;
	struct slice port = {rest.p, (size_t)(at - rest.p)};
	struct slice host = slice_of(at + 1);
	return is_port(port) && is_host(host, six ? AF_INET6 : AF_INET) ? NULL : expected;
}

static const char *check_database(const char *value)
{
	static const char scheme[] = "sqlite:";
	size_t n = sizeof(scheme) - 1;
	if (slice_starts_nocase(slice_of(value), "postgresql:"))
		return "sqlite:/PATH (postgresql:// is not supported yet)";
	return strncmp(value, scheme, n) == 0 && is_path(value + n) ? NULL : "sqlite:/PATH";
}

static const char *check_name_server(const char *value)
{
	const char *at = strchr(value, '@');
	struct slice ip = {value, at ? (size_t)(at - value) : strlen(value)};
	if (is_ip(ip, AF_UNSPEC) && (!at || is_port(slice_of(at + 1))))
		return NULL;
	return "an IP address, or ADDRESS@PORT";
}

static const char *check_network(const char *value)
{
	struct option_network n;
	if (option_network_parse(slice_of(value), &n))
		return NULL;
	return "an IP address or network such as 192.0.2.0/24 or 2001:db8::/32, no bits set after "
	       "its length";
}

static const char *check_account(const char *value)
{
	if (!*value || (made_of(slice_of(value), "_-.") && value[0] != '-'))
		return NULL;
	return "the name of an account, or \"\" to stay as started";
}

static const char *check_authserv_id(const char *value)
{
	struct slice s = slice_of(value);
	return made_of(s, "-._") && s.n <= LIMIT_DOMAIN ? NULL
							: "a host name such as mx.example.net";
}

static const char *check_address(const char *value)
{
	struct slice s = slice_of(value);
	const char *at = strchr(value, '@');
	if (!*value)
		return NULL;
	if (at && at != value && at[1] && !strchr(at + 1, '@') && s.n <= LIMIT_ADDRESS &&
	    made_of(s, "@.-_+=") && value[0] != '-')
		return NULL;
	return "one plain mail address, or \"\"";
}

/* -- the table ------------------------------------------------------------------------------ */

#define AT(member) offsetof(struct config, member)

/* In the order of the sample file and of `keepname config`. */
const struct config_option option_table[] = {
    {
	.name = "socket",
	.type = OPTION_TEXT,
	.offset = AT(socket),
	.standard = "local:/run/keepname/milter.sock",
	.required = true,
	.restart = true,
	.check = check_socket,
	.help = "Where the MTA reaches the milter: local:/PATH, inet:PORT@HOST or inet6:PORT@HOST. "
		"A chrooted Postfix needs a path below its queue_directory.",
    },
    {
	.name = "socket_mode",
	.type = OPTION_MODE,
	.offset = AT(socket_mode),
	.standard = "0660",
	.restart = true,
	.help = "Mode of a local socket, octal.",
    },
    {
	.name = "socket_group",
	.type = OPTION_TEXT,
	.offset = AT(socket_group),
	.standard = "",
	.restart = true,
	.check = check_account,
	.help =
	    "Group of a local socket, so that the MTA may connect (Postfix on Debian: postfix). "
	    "Empty: the group of the daemon.",
    },
    {
	.name = "pid_file",
	.type = OPTION_TEXT,
	.offset = AT(pid_file),
	.standard = "",
	.restart = true,
	.check = check_path_or_none,
	.help = "File that gets the supervisor's process id. Empty: none.",
    },
    {
	.name = "user",
	.type = OPTION_TEXT,
	.offset = AT(user),
	.standard = "",
	.restart = true,
	.check = check_account,
	.help = "Account that a daemon started by root changes to. Empty: stay as started.",
    },
    {
	.name = "mode",
	.type = OPTION_CHOICE,
	.offset = AT(mode),
	.standard = "rescue",
	.choices = "rescue|observe",
	.help =
	    "rescue: judge, record and mark. observe: judge, record and log, but change nothing "
	    "in the mail except deleting forged X-Keepname headers.",
    },
    {
	.name = "database",
	.type = OPTION_TEXT,
	.offset = AT(database),
	.standard = "sqlite:/var/lib/keepname/keepname.db",
	.prefix = "sqlite:",
	.required = true,
	.restart = true,
	.check = check_database,
	.help = "The database, sqlite:/PATH. It is made when it is missing; its folder must be "
		"writable for the daemon.",
    },
    {
	.name = "spool",
	.type = OPTION_TEXT,
	.offset = AT(spool),
	.standard = "/var/spool/keepname",
	.restart = true,
	.check = check_path,
	.help = "Folder for records while the database cannot take them, best on another file "
		"system. It is made when it is missing.",
    },
    {
	.name = "lists",
	.type = OPTION_TEXT,
	.offset = AT(lists),
	.standard = KN_LISTSDIR,
	.check = check_path,
	.help = "Folder with the shipped senders (*.list) and classes (*.class).",
    },
    {
	.name = "libexec_dir",
	.type = OPTION_TEXT,
	.offset = AT(libexec_dir),
	.standard = KN_LIBEXECDIR,
	.restart = true,
	.check = check_path,
	.help =
	    "Folder with keepname's own programs. It must belong to root, or to the account that "
	    "starts the daemon, and be writable for nobody else.",
    },
    {
	.name = "nameservers",
	.type = OPTION_LIST,
	.offset = AT(nameservers),
	.standard = "",
	.check = check_name_server,
	.help = "Resolvers to ask, ADDRESS or ADDRESS@PORT. Empty: those of /etc/resolv.conf.",
    },
    {
	.name = "dns_timeout",
	.type = OPTION_NUMBER,
	.offset = AT(dns_timeout),
	.standard = "5",
	.least = 1,
	.most = 30,
	.help = "Seconds that all DNS questions of one message may take together.",
    },
    {
	.name = "authserv_id",
	.type = OPTION_LIST,
	.offset = AT(authserv_id),
	.standard = "",
	.check = check_authserv_id,
	.help =
	    "Names of our own mail hosts. The first one is written into X-Keepname (by=); those of "
	    "all are believed in mail from believed_networks. Empty: this host's name.",
    },
    {
	.name = "trusted_networks",
	.type = OPTION_LIST,
	.offset = AT(trusted_networks),
	.standard = "",
	.check = check_network,
	.help = "Our own relays, such as a backup MX, as addresses or networks. Mail from there is "
		"never proved by SPF, nor called forged for its want. Their X-Keepname is not "
		"believed.",
    },
    {
	.name = "believed_networks",
	.type = OPTION_LIST,
	.offset = AT(believed_networks),
	.standard = "",
	.check = check_network,
	.help =
	    "As trusted_networks, but of relays that run keepname themselves: their X-Keepname is "
	    "kept, and the mail not judged again, when authserv_id names its writer.",
    },
    {
	.name = "boost",
	.type = OPTION_LIST,
	.offset = AT(boost),
	.standard = "verification, suspension, transfer-out, change-of-registrant, renewal",
	.choices = "verification|suspension|verified|transfer-out|transfer-in|change-of-registrant|"
		   "renewal|wdrp|nis2",
	.help = "Classes of genuine mail that are marked urgent.",
    },
    {
	.name = "max_body",
	.type = OPTION_SIZE,
	.offset = AT(max_body),
	.standard = "256K",
	.least = 1024,
	.most = 4L * 1024 * 1024,
	.help = "How many octets of a body are read at most; K or M may follow.",
    },
    {
	.name = "on_dns_error",
	.type = OPTION_CHOICE,
	.offset = AT(on_dns_error),
	.standard = "accept",
	.choices = "accept|tempfail",
	.help =
	    "What becomes of mail from a listed sender that cannot be proved because DNS fails. "
	    "accept: delivered, to be looked at. tempfail: the sending host is to try again.",
    },
    {
	.name = "log_level",
	.type = OPTION_CHOICE,
	.offset = AT(log_level),
	.standard = "info",
	.choices = "error|warning|info|debug",
	.help = "The least urgent lines that are still logged.",
    },
    {
	.name = "update_keys",
	.type = OPTION_LIST,
	.offset = AT(update_keys),
	.standard = "",
	.check = check_update_key,
	.help =
	    "Keys of minisign, as in a .pub file, of which one must have signed a release of the "
	    "list: the present one, and the next before it is used.",
    },
    {
	.name = "update_url",
	.type = OPTION_TEXT,
	.offset = AT(update_url),
	.standard = "",
	.check = check_update_url,
	.help = "Where keepname senders update finds releases of the list, https:// or a file. Its "
		"signature is beside it, .minisig. Empty: nowhere.",
    },
    {
	.name = "retention",
	.type = OPTION_NUMBER,
	.offset = AT(retention),
	.standard = "730",
	.least = 0,
	.most = 36500,
	.help = "Days after which keepname purge, run by a timer, erases what is over: settled "
		"pendings, their mails, ended alarms. 0: never.",
    },
    {
	.name = "backup_to",
	.type = OPTION_TEXT,
	.offset = AT(backup_to),
	.standard = "",
	.check = check_backup_to,
	.help =
	    "Where keepname backup, run by a timer, puts the database: a folder, best of another "
	    "machine, or | and a command that takes it on its standard input. Empty: nowhere.",
    },
    {
	.name = "backup_keep",
	.type = OPTION_NUMBER,
	.offset = AT(backup_keep),
	.standard = "14",
	.least = 1,
	.most = 3650,
	.help = "How many backups stay in the folder.",
    },
    {
	.name = "rdap_bootstrap",
	.type = OPTION_TEXT,
	.offset = AT(rdap_bootstrap),
	.standard = "/var/lib/keepname/rdap.json",
	.check = check_path,
	.help = "File that says which registry keepname watch asks about which top-level domain; "
		"keepname watch --bootstrap writes it. Until then a small sample is used.",
    },
    {
	.name = "rdap_pace",
	.type = OPTION_NUMBER,
	.offset = AT(rdap_pace),
	.standard = "1000",
	.least = 0,
	.most = 60000,
	.help = "Milliseconds from one question to a registry's RDAP server to the next one.",
    },
    {
	.name = "watch_time",
	.type = OPTION_NUMBER,
	.offset = AT(watch_time),
	.standard = "1200",
	.least = 5,
	.most = 86400,
	.help = "Seconds that one run of keepname watch may take. Registries that it has not come "
		"to by then are asked first in the next one.",
    },
    {
	.name = "metrics_file",
	.type = OPTION_TEXT,
	.offset = AT(metrics_file),
	.standard = "",
	.check = check_path_or_none,
	.help = "Where keepname digest --due, run by its timer, writes metrics for node_exporter's "
		"textfile collector. Empty: nowhere.",
    },
    {
	.name = "digest_to",
	.type = OPTION_TEXT,
	.offset = AT(digest_to),
	.standard = "",
	.check = check_address,
	.help =
	    "Who gets the digest by mail. Empty: keepname digest writes to its standard output.",
    },
    {
	.name = "digest_from",
	.type = OPTION_TEXT,
	.offset = AT(digest_from),
	.standard = "",
	.check = check_address,
	.help = "Sender of the digest. Empty: keepname at this host.",
    },
    {
	.name = "digest_language",
	.type = OPTION_TEXT,
	.offset = AT(digest_language),
	.standard = "",
	.check = check_language,
	.help = "The digest's language, such as de. Empty: that of the environment, which is "
		"English for "
		"a timer.",
    },
    {
	.name = "digest_recipients",
	.type = OPTION_CHOICE,
	.offset = AT(digest_recipients),
	.standard = "no",
	.choices = "no|yes",
	.help = "Whether each recipient gets a digest about his own matters, too.",
    },
    {
	.name = "digest_hour",
	.type = OPTION_NUMBER,
	.offset = AT(digest_hour),
	.standard = "6",
	.least = 0,
	.most = 23,
	.help = "From which hour of the day, local time, the daily digest is sent.",
    },
    {
	.name = "sendmail",
	.type = OPTION_TEXT,
	.offset = AT(sendmail),
	.standard = "/usr/sbin/sendmail",
	.check = check_path,
	.help = "The command that mails the digest, called with -t.",
    },
};

const size_t option_count = sizeof(option_table) / sizeof(option_table[0]);
