/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * callbacks.c - see callbacks.h.
 *
 * Negotiated down to what is needed: no HELO, no DATA, no unknown commands; no replies to connect,
 * MAIL, RCPT and headers where the MTA can do without; leading space kept, since it decides whether
 * a DKIM c=simple signature verifies. The first answer is given at the end of the headers, and for
 * ordinary mail it is the last one.
 *
 * Over TCP there is one more, to DATA: without it nothing answers what the MTA flushes before the
 * headers, and Nagle's algorithm holds every message back for a delayed acknowledgement (measured:
 * 44 ms a message with Postfix 3.7, 3 ms with the answer).
 *
 * After SMFIS_ACCEPT at the end of headers libmilter calls neither eom nor abort: the message's
 * state is released where the next one begins, or the connection closes.
 */
#include "milter/callbacks.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/limits.h"
#include "base/log.h"
#include "milter/apply.h"
#include "milter/judgement.h"

enum {
	MTA_TIMEOUT =
	    300, /* s without a command until a connection is closed; Postfix: content 300 s */
};

/* libmilter gives callbacks no context before there is a connection's own: set once, at start. */
static struct listener *the_listener;
static bool over_tcp;

/* The connection's state; NULL when memory is short. It is made here for an MTA that negotiates
 * nothing, or goes on after "close this connection, open another" (SMFIC_QUIT_NC): libmilter then
 * calls us as if all were well. */
static struct session *session_of(SMFICTX *ctx)
{
	struct session *s = smfi_getpriv(ctx);

	if (s != NULL)
		return s;
	s = session_new(the_listener);
	if (s != NULL && smfi_setpriv(ctx, s) != MI_SUCCESS) {
		session_free(s);
		return NULL;
	}
	return s;
}

/* The same, within a message. One that begins without MAIL is not whole: it is left unjudged. */
static struct session *message_of(SMFICTX *ctx)
{
	struct session *s = session_of(ctx);

	if (s != NULL && s->snapshot == NULL) {
		session_begin_message(s);
		s->message.overflow = true;
	}
	return s;
}

/* The queue id: known to Postfix from the first recipient on. */
static const char *queue_id_of(SMFICTX *ctx)
{
	char macro[] = "i";
	const char *id = smfi_getsymval(ctx, macro);

	return id != NULL ? id : "NOQUEUE";
}

static sfsistat on_negotiate(SMFICTX *ctx, unsigned long f0, unsigned long f1, unsigned long f2,
			     unsigned long f3, unsigned long *pf0, unsigned long *pf1,
			     unsigned long *pf2, unsigned long *pf3)
{
	const unsigned long no_reply = SMFIP_NR_CONN | SMFIP_NR_MAIL | SMFIP_NR_RCPT | SMFIP_NR_HDR;
	const unsigned long wanted = SMFIP_NOHELO | SMFIP_NOUNKNOWN | SMFIP_HDR_LEADSPC |
				     SMFIP_SKIP | (over_tcp ? 0 : SMFIP_NODATA);
	struct session *s = session_of(ctx);

	(void)f2, (void)f3;
	*pf0 = (SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_QUARANTINE) & f0;
	*pf1 = wanted & f1;
	*pf2 = *pf3 = 0;
	if (s == NULL) { /* nothing that the next callback's new one would not know of */
		*pf1 &= ~(unsigned long)(SMFIP_HDR_LEADSPC | SMFIP_SKIP);
		return SMFIS_CONTINUE;
	}
	s->message.leading_space = (f1 & SMFIP_HDR_LEADSPC) != 0;
	s->can_skip = (f1 & SMFIP_SKIP) != 0;
	s->no_reply = (f1 & no_reply) == no_reply;
	*pf1 |= s->no_reply ? no_reply : 0;
	return SMFIS_CONTINUE;
}

/* What a callback returns whose reply the MTA may have been told not to await. */
static sfsistat going_on(const struct session *s)
{
	return s != NULL && s->no_reply ? SMFIS_NOREPLY : SMFIS_CONTINUE;
}

static sfsistat on_connect(SMFICTX *ctx, char *host, _SOCK_ADDR *address)
{
	struct session *s = session_of(ctx);

	(void)host;
	if (s == NULL)
		return SMFIS_ACCEPT;
	s->client_family = 0;
	if (address != NULL && address->sa_family == AF_INET) {
		s->client_family = AF_INET;
		memcpy(s->client_ip, &((const struct sockaddr_in *)(const void *)address)->sin_addr,
		       4);
	} else if (address != NULL && address->sa_family == AF_INET6) {
		s->client_family = AF_INET6;
		memcpy(s->client_ip,
		       &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, 16);
	}
	return going_on(s);
}

static sfsistat on_mail(SMFICTX *ctx, char **argv)
{
	struct session *s = session_of(ctx);
	char macro[] = "{auth_authen}";

	if (s == NULL)
		return SMFIS_ACCEPT;
	session_begin_message(s);
	s->authenticated = smfi_getsymval(ctx, macro) != NULL;
	message_set_sender(&s->message, argv[0]);
	return going_on(s);
}

static sfsistat on_rcpt(SMFICTX *ctx, char **argv)
{
	struct session *s = message_of(ctx);

	if (s != NULL)
		message_add_rcpt(&s->message, argv[0]);
	return going_on(s);
}

static sfsistat on_data(SMFICTX *ctx)
{
	(void)ctx;
	return SMFIS_CONTINUE;
}

static sfsistat on_header(SMFICTX *ctx, char *name, char *value)
{
	struct session *s = message_of(ctx);

	if (s != NULL)
		message_add_header(&s->message, name, value);
	return going_on(s);
}

static sfsistat on_end_of_headers(SMFICTX *ctx)
{
	struct session *s = message_of(ctx);

	if (s == NULL)
		return SMFIS_ACCEPT;
	s->wish = judgement_headers(s, queue_id_of(ctx));
	if (s->wish != JUDGEMENT_NOTHING)
		return SMFIS_CONTINUE;
	session_end_message(s);
	return SMFIS_ACCEPT;
}

static sfsistat on_body(SMFICTX *ctx, unsigned char *p, size_t n)
{
	struct session *s = message_of(ctx);

	if (s != NULL && s->wish == JUDGEMENT_BODY && judgement_body(s, p, n))
		return SMFIS_CONTINUE;
	return s != NULL && s->can_skip ? SMFIS_SKIP : SMFIS_CONTINUE;
}

/* More forged copies of our header than one message may cost: what would stay might be believed, so
 * it is held for the administrator. Mail of that kind is an attack and nothing else. */
static void hold(SMFICTX *ctx, size_t copies_left)
{
	char reason[] = "keepname: too many forged X-Keepname headers";
	const bool held = smfi_quarantine(ctx, reason) == MI_SUCCESS;

	log_say(held ? LOG_LEVEL_WARNING : LOG_LEVEL_ERROR,
		"%s: %s: %zu forged X-Keepname headers past the first %d", queue_id_of(ctx),
		held ? "held" : "could not be held, goes on with them", copies_left,
		LIMIT_OUR_HEADERS);
}

static sfsistat on_end_of_message(SMFICTX *ctx)
{
	struct session *s = message_of(ctx);
	struct judgement judgement;
	size_t failed;

	if (s == NULL)
		return SMFIS_ACCEPT;
	judgement_end(s, queue_id_of(ctx), &judgement);
	failed = apply_edits(ctx, &judgement.edits, s->message.leading_space);
	if (failed > 0 || judgement.edits.failed)
		log_say(LOG_LEVEL_ERROR, "%s: %zu edits failed%s", queue_id_of(ctx), failed,
			judgement.edits.failed ? ", no memory for more" : "");
	if (judgement.edits.copies_left > 0)
		hold(ctx, judgement.edits.copies_left);
	edits_free(&judgement.edits);
	session_end_message(s);
	return judgement.defer ? SMFIS_TEMPFAIL : SMFIS_ACCEPT;
}

static sfsistat on_abort(SMFICTX *ctx)
{
	struct session *s = smfi_getpriv(ctx);

	if (s != NULL)
		session_end_message(s);
	return SMFIS_CONTINUE;
}

static sfsistat on_close(SMFICTX *ctx)
{
	session_free(smfi_getpriv(ctx));
	smfi_setpriv(ctx, NULL);
	return SMFIS_CONTINUE;
}

static bool is_tcp(int fd)
{
	struct sockaddr_storage address = {0};
	socklen_t n = sizeof(address);

	return getsockname(fd, (struct sockaddr *)&address, &n) == 0 &&
	       address.ss_family != AF_UNIX;
}

bool callbacks_register(int fd, struct listener *listener)
{
	char name[] = "keepname", connection[16];
	struct smfiDesc description = {
	    .xxfi_name = name,
	    .xxfi_version = SMFI_VERSION,
	    .xxfi_flags = SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_QUARANTINE,
	    .xxfi_connect = on_connect,
	    .xxfi_envfrom = on_mail,
	    .xxfi_envrcpt = on_rcpt,
	    .xxfi_data = on_data,
	    .xxfi_header = on_header,
	    .xxfi_eoh = on_end_of_headers,
	    .xxfi_body = on_body,
	    .xxfi_eom = on_end_of_message,
	    .xxfi_abort = on_abort,
	    .xxfi_close = on_close,
	    .xxfi_negotiate = on_negotiate,
	};

	the_listener = listener;
	over_tcp = is_tcp(fd);
	snprintf(connection, sizeof(connection), "fd:%d", fd);
	smfi_setmaxdatasize(LIMIT_MILTER_DATA);
	return smfi_setconn(connection) == MI_SUCCESS &&
	       smfi_settimeout(MTA_TIMEOUT) == MI_SUCCESS &&
	       smfi_register(description) == MI_SUCCESS;
}
