/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * empty_filter.c - the floor: a libmilter filter that asks for the same steps as keepname's
 * listener and accepts every message at the end of its headers, unseen.
 *
 * What a message costs here is libmilter's own, so the ratio to it is what keepname itself adds.
 * The negotiation has to stay the same as the listener's (milter/callbacks.c).
 *
 * Over TCP it asks for DATA, with a reply: else nothing answers the packets that smtpd flushes
 * before cleanup sends the headers, and Nagle holds those for a delayed ACK, 40 ms a message
 * (measured).
 *
 * Usage: empty_filter SOCKET (libmilter's syntax). SIGTERM ends it. Exit 2 on trouble.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>

enum {
	DATA_MAX = 1 << 20, /* limits.h: LIMIT_MILTER_DATA */
	TIMEOUT = 300,      /* s */
};

static sfsistat negotiate(unsigned long actions, unsigned long steps, unsigned long want,
			  unsigned long *ret_actions, unsigned long *ret_steps)
{
	want |= SMFIP_NR_CONN | SMFIP_NR_MAIL | SMFIP_NR_RCPT | SMFIP_NR_HDR | SMFIP_NOHELO |
		SMFIP_NOUNKNOWN | SMFIP_HDR_LEADSPC | SMFIP_SKIP;
	*ret_actions = actions & (SMFIF_ADDHDRS | SMFIF_CHGHDRS);
	*ret_steps = steps & want;
	return SMFIS_CONTINUE;
}

static sfsistat on_negotiate_local(SMFICTX *ctx, unsigned long actions, unsigned long steps,
				   unsigned long r0, unsigned long r1, unsigned long *ret_actions,
				   unsigned long *ret_steps, unsigned long *ret_r0,
				   unsigned long *ret_r1)
{
	(void)ctx, (void)r0, (void)r1;
	*ret_r0 = *ret_r1 = 0;
	return negotiate(actions, steps, SMFIP_NODATA, ret_actions, ret_steps);
}

static sfsistat on_negotiate_tcp(SMFICTX *ctx, unsigned long actions, unsigned long steps,
				 unsigned long r0, unsigned long r1, unsigned long *ret_actions,
				 unsigned long *ret_steps, unsigned long *ret_r0,
				 unsigned long *ret_r1)
{
	(void)ctx, (void)r0, (void)r1;
	*ret_r0 = *ret_r1 = 0;
	return negotiate(actions, steps, 0, ret_actions, ret_steps);
}

static sfsistat on_connect(SMFICTX *ctx, char *name, _SOCK_ADDR *address)
{
	(void)ctx;
	(void)name;
	(void)address;
	return SMFIS_NOREPLY;
}

static sfsistat on_path(SMFICTX *ctx, char **arguments)
{
	(void)ctx;
	(void)arguments;
	return SMFIS_NOREPLY;
}

static sfsistat on_header(SMFICTX *ctx, char *name, char *value)
{
	(void)ctx;
	(void)name;
	(void)value;
	return SMFIS_NOREPLY;
}

static sfsistat on_eoh(SMFICTX *ctx)
{
	(void)ctx;
	return SMFIS_ACCEPT;
}

static sfsistat on_body(SMFICTX *ctx, unsigned char *octets, size_t len)
{
	(void)ctx;
	(void)octets;
	(void)len;
	return SMFIS_CONTINUE;
}

/* DATA, end of message, abort and close. */
static sfsistat on_event(SMFICTX *ctx)
{
	(void)ctx;
	return SMFIS_CONTINUE;
}

int main(int argc, char **argv)
{
	/* Not const: libmilter's field is not. */
	static char name[] = "empty_filter";
	struct smfiDesc filter = {
	    .xxfi_name = name,
	    .xxfi_version = SMFI_VERSION,
	    .xxfi_flags = SMFIF_ADDHDRS | SMFIF_CHGHDRS,
	    .xxfi_connect = on_connect,
	    .xxfi_envfrom = on_path,
	    .xxfi_envrcpt = on_path,
	    .xxfi_header = on_header,
	    .xxfi_data = on_event,
	    .xxfi_eoh = on_eoh,
	    .xxfi_body = on_body,
	    .xxfi_eom = on_event,
	    .xxfi_abort = on_event,
	    .xxfi_close = on_event,
	    .xxfi_negotiate = on_negotiate_local,
	};

	if (argc != 2 || argv[1][0] == '-') {
		fprintf(stderr, "usage: empty_filter SOCKET\n");
		return 2;
	}
	if (strncmp(argv[1], "inet", 4) == 0)
		filter.xxfi_negotiate = on_negotiate_tcp;
	umask(0177);
	(void)smfi_setmaxdatasize(DATA_MAX);
	if (smfi_setconn(argv[1]) != MI_SUCCESS || smfi_register(filter) != MI_SUCCESS ||
	    smfi_settimeout(TIMEOUT) != MI_SUCCESS || smfi_opensocket(1) != MI_SUCCESS) {
		fprintf(stderr, "empty_filter: cannot open %s\n", argv[1]);
		return 2;
	}
	return smfi_main() == MI_SUCCESS ? 0 : 2;
}
