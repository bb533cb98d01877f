/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setup_table.c - the programs and their pieces; see setup.h.
 *
 * A file that another one names comes before it: a main.cf whose header_checks are not there makes
 * Postfix defer all mail. Taking out goes backwards.
 */
#include "cli/setup/setup.h"

/* A filter's line must come before those of the filters that shall see its header. */
static const char *const before_filters[] = {"INPUT_MAIL_FILTER(", "MAIL_FILTER(", "MAILER(", NULL};

static const struct setup_piece postfix[] = {
    {.file = "keepname-header_checks", .form = SETUP_WHOLE},
    {.file = "main.cf", .form = SETUP_SETTINGS},
};

static const struct setup_piece sendmail[] = {
    {.file = "sendmail.mc", .form = SETUP_BLOCK, .block = {"dnl", before_filters}},
};

/* A comment begins with "#" in all of these. */
#define BLOCK .form = SETUP_BLOCK, .block = {.comment = "#"}

static const struct setup_piece rspamd[] = {
    {.file = "local.d/maps.d/keepname_genuine.map", .form = SETUP_WHOLE},
    {.file = "local.d/maps.d/keepname_forged.map", .form = SETUP_WHOLE},
    {.file = "local.d/maps.d/keepname_lookalike.map", .form = SETUP_WHOLE},
    {.file = "local.d/maps.d/keepname_unproven.map", .form = SETUP_WHOLE},
    {.file = "local.d/multimap.conf", BLOCK},
    {.file = "local.d/greylist.conf",
     BLOCK,
     .clash = "whitelist_symbols",
     .granted = "KEEPNAME_GENUINE",
     .advice = "add \"KEEPNAME_GENUINE\" to that list"},
    {.file = "local.d/classifier-bayes.conf",
     BLOCK,
     .clash = "learn_condition",
     .granted = "KEEPNAME_GENUINE",
     .advice = "let that function return false where task:has_symbol(\"KEEPNAME_GENUINE\")"},
    {.file = "local.d/settings.conf", BLOCK},
};

/* The other script is instead of this one, and the guard goes into one of the site's
 * (doc/dovecot.md). */
static const struct setup_piece dovecot[] = {
    {.file = "sieve/before.d/10-keepname.sieve",
     .form = SETUP_WHOLE,
     .made = "sieve/before.d/10-keepname.svbin"},
    {.file = "conf.d/90-sieve.conf",
     BLOCK,
     .clash = "sieve_before",
     .granted = "/etc/dovecot/sieve/before.d",
     .advice = "add sieve_before2 = /etc/dovecot/sieve/before.d to it (or the next number)"},
};

static const struct setup_piece spamassassin[] = {
    {.file = "60_keepname.cf", .form = SETUP_WHOLE},
};

const struct setup_program setup_table[] = {
    {
	.name = "postfix",
	.folders = {"/etc/postfix"},
	.needs = "main.cf",
	.piece = postfix,
	.count = sizeof(postfix) / sizeof(postfix[0]),
	.check =
	    {
		{.argv = {"postconf", "-c", "@FOLDER@", "-n"}, .rooted = true, .before = true},
		{.argv = {"postfix", "-c", "@FOLDER@", "check"}, .before = true},
		{.argv = {"postmap", "-c", "@FOLDER@", "-q", "X-Keepname: genuine",
			  "regexp:@FOLDER@/keepname-header_checks"},
		 .with = "keepname-header_checks",
		 .rooted = true,
		 .wants = "IGNORE"},
	    },
	.then = "postfix reload",
	.note =
	    "Submission services of master.cf: -o smtpd_milters= without keepname. Services that "
	    "take mail\nback from a content filter: -o smtpd_milters= and -o "
	    "receive_override_options=no_milters,no_header_body_checks",
    },
    {
	.name = "sendmail",
	.folders = {"/etc/mail"},
	.needs = "sendmail.mc",
	.piece = sendmail,
	.count = sizeof(sendmail) / sizeof(sendmail[0]),
	.check = {{.argv = {"m4", "@FOLDER@/sendmail.mc"}, .rooted = true, .before = true}},
	.then = "make -C /etc/mail (Debian: sendmailconfig), then restart sendmail",
	.note = "",
    },
    {
	.name = "rspamd",
	.folders = {"/etc/rspamd"},
	.needs = "rspamd.conf",
	.piece = rspamd,
	.count = sizeof(rspamd) / sizeof(rspamd[0]),
	.check = {{.argv = {"rspamadm", "--var=CONFDIR=@FOLDER@", "--var=LOCAL_CONFDIR=@FOLDER@",
			    "configtest", "-c", "@FOLDER@/rspamd.conf"},
		   .before = true}},
	.then = "systemctl reload rspamd",
	.note = "",
    },
    {
	.name = "spamassassin",
	.folders = {"/etc/spamassassin", "/etc/mail/spamassassin"},
	.piece = spamassassin,
	.count = sizeof(spamassassin) / sizeof(spamassassin[0]),
	.check = {{.argv = {"spamassassin", "--lint", "--siteconfigpath=@FOLDER@"},
		   .rooted = true,
		   .before = true}},
	.then = "systemctl restart spamd, or what else runs SpamAssassin (amavis, mimedefang)",
	.note = "",
    },
    {
	/* Runs SpamAssassin's rules in its own process. */
	.name = "amavis",
	.source = "spamassassin",
	.folders = {"/etc/spamassassin", "/etc/mail/spamassassin"},
	.piece = spamassassin,
	.count = sizeof(spamassassin) / sizeof(spamassassin[0]),
	.check =
	    {
		{.argv = {"spamassassin", "--lint", "--siteconfigpath=@FOLDER@"},
		 .rooted = true,
		 .before = true},
		{.argv = {"amavisd", "test-config"}, .before = true},
	    },
	.then = "systemctl restart amavis",
	.note = "The service of master.cf that takes mail back from amavisd-new needs -o "
		"smtpd_milters= and\n-o receive_override_options=no_milters,no_header_body_checks, "
		"or keepname's header is lost there",
    },
    {
	.name = "dovecot",
	.folders = {"/etc/dovecot"},
	.needs = "dovecot.conf",
	.piece = dovecot,
	.count = sizeof(dovecot) / sizeof(dovecot[0]),
	.check =
	    {
		{.argv = {"doveconf", "-c", "@FOLDER@/dovecot.conf", "-n"},
		 .rooted = true,
		 .before = true},
		{.argv = {"doveconf", "-c", "@FOLDER@/dovecot.conf", "-h", "plugin/sieve_before"},
		 .rooted = true,
		 .before = true,
		 .allows = "/etc/dovecot/sieve/before.d",
		 .advice =
		     "The site's own scripts are there, and the later setting would win: set "
		     "sieve_before to\n/etc/dovecot/sieve/before.d and sieve_before2 to yours, or "
		     "put the script there by hand"},
		{.argv = {"sievec", "-c", "@FOLDER@/dovecot.conf",
			  "@FOLDER@/sieve/before.d/10-keepname.sieve"},
		 .with = "sieve/before.d/10-keepname.sieve",
		 .rooted = true},
	    },
	.then = "doveadm reload",
	.note = "",
    },
};
const size_t setup_count = sizeof(setup_table) / sizeof(setup_table[0]);
