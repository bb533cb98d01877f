/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config.h - keepname.conf: one immutable struct made from the option table.
 *
 * All errors of a file are reported at once with file, line, value and what was expected; a bad
 * file gives no struct at all.
 */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/diag.h"

#define CONFIG_PATH KN_SYSCONFDIR "/keepname.conf"

enum config_mode {
	CONFIG_MODE_RESCUE,  /* judge, log, record, edit */
	CONFIG_MODE_OBSERVE, /* the same, but the only edit is deleting forged copies of our header
			      */
};

enum config_dns_error {
	CONFIG_DNS_ERROR_ACCEPT,
	CONFIG_DNS_ERROR_TEMPFAIL,
};

struct config_list {
	char **item;
	size_t count, room;
};

struct config {
	char *path;   /* the file this came from */
	char *socket; /* libmilter syntax: local:PATH, unix:PATH, inet:PORT@HOST, inet6: */
	long socket_mode;
	char *socket_group; /* "" : as started */
	char *pid_file;     /* "" : none */
	char *user;         /* "" : stay as started */
	long mode;          /* enum config_mode */
	char *database;     /* path of the SQLite file ("sqlite:" taken off) */
	char *spool;        /* folder */
	char *lists;        /* folder with *.list and *.class */
	char *libexec_dir;
	struct config_list nameservers; /* ADDR@PORT; empty: the system's */
	long dns_timeout;               /* s, for a whole message */
	struct config_list
	    authserv_id; /* the first is ours; all are believed from believed_networks */
	struct config_list trusted_networks;  /* CIDR */
	struct config_list believed_networks; /* CIDR */
	struct config_list boost;             /* class names */
	long max_body;                        /* octets given to the judge */
	long on_dns_error;                    /* enum config_dns_error */
	long log_level;                       /* enum log_level */
	struct config_list update_keys;       /* of minisign */
	char *update_url;                     /* "" : none */
	long retention;                       /* days; 0: for ever */
	char *backup_to;                      /* "" : none; a folder, or "|COMMAND" */
	long backup_keep;                     /* files in that folder */
	char *rdap_bootstrap;                 /* file: which registry is asked for which TLD */
	long rdap_pace;                       /* ms between two questions to one registry */
	long watch_time;                      /* s, for one run of keepname watch */
	char *metrics_file;                   /* "" : none */
	char *digest_to;                      /* "" : digest goes to standard output */
	long digest_recipients;               /* not 0: each gets one about his own */
	long digest_hour;                     /* of the day, local */
	char *digest_language;                /* "" : the environment's */
	char *digest_from;                    /* "" : keepname@HOST */
	char *sendmail;                       /* path of the sendmail command */
};

/* Reads and checks a file. Returns the struct (config_free), or NULL with at least one error in
 * ret_diags. Defaults fill what the file leaves out; authserv_id's is the host's name. */
struct config *config_load(const char *path, struct diags *ret_diags);
void config_free(struct config *config);
/* As keepname.conf would have it, in table order. With_help: each option's help as a comment. */
void config_print(const struct config *config, bool with_help, FILE *to);
/* The sample file: every option with its help, defaults commented out. */
void config_print_sample(FILE *to);
/* One value by its table position, as text for `keepname config` (caller frees). */
char *config_value(const struct config *config, size_t option);
/* Whether ip (network order, family AF_INET or AF_INET6) lies within one of the networks. */
bool config_network_has(const struct config_list *networks, int family, const void *ip);
/* Whether a server of ours with this address passed the mail on: trusted or believed. */
bool config_is_hop(const struct config *config, int family, const void *ip);

#endif
