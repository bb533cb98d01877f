/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * record.c - one judged message as it is kept; see record.h.
 *
 * A packed record may be read by a later keepname (it lay in the spool during an upgrade), so the
 * vocabulary is packed as words, not as the numbers of our enums, and the first octet is a version:
 * 1, and 2 with an offer before the recipients.
 * Reading checks every value; one that is odd makes the whole record NULL.
 */
#include "db/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum {
	RECORD_VERSION = 2,
	RECORD_OFFERS = 2, /* from this version on */
	WORD = 32,         /* of the vocabulary */
};

/* -- making --------------------------------------------------------------------------------- */

static void copy_cut(char *to, size_t size, const char *from)
{
	size_t n = from ? strnlen(from, size - 1) : 0;
	if (n)
		memcpy(to, from, n);
	/* Not in the middle of a UTF-8 sequence. */
	while (n > 0 && from[n] && ((unsigned char)from[n] & 0xc0) == 0x80)
		n--;
	to[n] = '\0';
}

static bool copy_rcpts(struct record *r, const struct message *message)
{
	r->rcpt = calloc(message->rcpt_count + 1, sizeof(*r->rcpt));
	if (!r->rcpt)
		return false;
	for (size_t i = 0; i < message->rcpt_count; i++) {
		r->rcpt[i] = strdup(message_rcpt(message, i));
		if (!r->rcpt[i])
			return false;
		r->rcpt_count++;
	}
	return true;
}

struct record *record_new(const struct message *message, const struct candidate *candidate,
			  const struct decision *decision, const struct finding *finding,
			  int64_t received_at, const char *queue_id)
{
	struct record *r = calloc(1, sizeof(*r));
	if (!r || !copy_rcpts(r, message)) {
		record_free(r);
		return NULL;
	}
	/* Of mail that only claims to be a listed sender's, the entry that it claims to be. */
	const struct sender *entry = decision->entry ? decision->entry : candidate->claimed;
	r->received_at = received_at;
	copy_cut(r->queue_id, sizeof(r->queue_id), queue_id);
	message_id(message, r->message_id);
	r->verdict = decision->verdict;
	r->class = decision->class;
	r->pending = verdict_pending(decision);
	if (candidate->from_plain)
		copy_cut(r->from, sizeof(r->from), candidate->from.text);
	copy_cut(r->sender, sizeof(r->sender), entry ? entry->name : "");
	copy_cut(r->registrar, sizeof(r->registrar), entry ? entry->registrar : "");
	copy_cut(r->proof, sizeof(r->proof), decision->proof);
	r->dkim_proved = decision->dkim_proved;
	r->reasons = decision->reasons;
	r->ours = decision->ours;
	r->date = decision->written_at;
	copy_cut(r->subject, sizeof(r->subject), finding->subject);
	r->deadline = decision->deadline;
	r->deadline_source = decision->deadline_source;
	r->domain_kept = finding->domain_kept;
	r->domain_count = finding->domain_count;
	memcpy(r->domain, finding->domain, sizeof(r->domain));
	return r;
}

bool record_is_unrecognised(const struct record *r)
{
	return r->verdict == VERDICT_KNOWN && r->reasons == 1u << REASON_CLASS;
}

bool record_is_strangers(const struct record *r)
{
	return r->verdict == VERDICT_UNPROVEN || r->verdict == VERDICT_FORGED ||
	       r->verdict == VERDICT_LOOKALIKE || r->verdict == VERDICT_UNLISTED;
}

void record_free(struct record *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->rcpt_count; i++)
		free(r->rcpt[i]);
	free(r->rcpt);
	free(r);
}

/* -- words ---------------------------------------------------------------------------------- */

/* The position of a word among the names that name(0), name(1), … give; false if it is none. */
static bool position_of(const char *word, int count, const char *(*name)(int), int *ret)
{
	for (int i = 0; i < count; i++)
		if (strcmp(word, name(i)) == 0) {
			*ret = i;
			return true;
		}
	return false;
}

static const char *pending_name(int kind)
{
	static const char *const names[] = {"no", "open", "review"};
	return names[kind];
}

static const char *verdict_at(int v)
{
	return verdict_name((enum verdict)v);
}

static const char *class_at(int c)
{
	return class_name((enum class_id)c);
}

static const char *source_at(int s)
{
	return deadline_source_name((enum deadline_source)s);
}

static const char *ours_at(int o)
{
	return ours_name((enum ours)o);
}

static const char *reason_at(int r)
{
	return reason_name((enum reason)r);
}

bool record_source_of_name(const char *name, enum deadline_source *ret_source)
{
	int found;
	if (!position_of(name, DEADLINE_SOURCE_COUNT, source_at, &found))
		return false;
	*ret_source = (enum deadline_source)found;
	return true;
}

bool record_ours_of_name(const char *name, enum ours *ret_ours)
{
	int found;
	if (!position_of(name, OURS_NO + 1, ours_at, &found))
		return false;
	*ret_ours = (enum ours)found;
	return true;
}

void record_reasons_print(uint32_t reasons, struct str *to)
{
	const char *before = "";
	for (int i = 0; i < REASON_COUNT; i++)
		if (reasons & 1u << i) {
			str_printf(to, "%s%s", before, reason_at(i));
			before = ",";
		}
}

bool record_reasons_parse(const char *text, uint32_t *ret_reasons)
{
	uint32_t reasons = 0;
	while (*text) {
		char word[WORD];
		int reason;
		size_t n = strcspn(text, ",");
		if (!slice_copy((struct slice){text, n}, word, sizeof(word)) ||
		    !position_of(word, REASON_COUNT, reason_at, &reason))
			return false;
		reasons |= 1u << reason;
		text += n + (text[n] ? 1 : 0);
	}
	*ret_reasons = reasons;
	return true;
}

/* -- octets --------------------------------------------------------------------------------- */

static const char *offer_name(int kind)
{
	static const char *const names[] = {"no", "sender", "links"};
	return names[kind];
}

static void pack_offer(const struct offer *o, struct str *to)
{
	pack_text(to, offer_name((int)o->kind));
	if (o->kind == OFFER_NO)
		return;
	pack_text(to, o->org);
	pack_text(to, o->d);
	pack_text(to, o->s);
	pack_text(to, o->platform);
	pack_u8(to, o->more);
	pack_u32(to, o->link_count);
	for (uint32_t i = 0; i < o->link_count; i++) {
		pack_text(to, o->link[i].host);
		pack_text(to, o->link[i].shape);
	}
}

void record_pack(const struct record *r, struct str *to)
{
	struct str reasons = {0};
	record_reasons_print(r->reasons, &reasons);
	pack_u8(to, RECORD_VERSION);
	pack_i64(to, r->received_at);
	pack_text(to, r->queue_id);
	pack_text(to, r->message_id);
	pack_text(to, verdict_name(r->verdict));
	pack_text(to, class_name(r->class));
	pack_text(to, pending_name((int)r->pending));
	pack_text(to, r->from);
	pack_text(to, r->sender);
	pack_text(to, r->registrar);
	pack_text(to, r->proof);
	pack_u8(to, r->dkim_proved);
	pack_text(to, str_text(&reasons));
	pack_text(to, ours_name(r->ours));
	pack_i64(to, r->date);
	pack_text(to, r->subject);
	pack_i64(to, r->deadline);
	pack_text(to, deadline_source_name(r->deadline_source));
	pack_u32(to, r->domain_count);
	pack_u32(to, r->domain_kept);
	for (uint32_t i = 0; i < r->domain_kept; i++)
		pack_text(to, r->domain[i]);
	pack_offer(&r->offer, to);
	pack_u32(to, (uint32_t)r->rcpt_count);
	for (size_t i = 0; i < r->rcpt_count; i++)
		pack_text(to, r->rcpt[i]);
	to->failed = to->failed || reasons.failed;
	str_free(&reasons);
}

static int unpack_word(struct unpack *u, int count, const char *(*name)(int))
{
	char word[WORD];
	int found = 0;
	unpack_text(u, word, sizeof(word));
	if (!u->failed && !position_of(word, count, name, &found))
		u->failed = true;
	return found;
}

static uint32_t unpack_reasons(struct unpack *u)
{
	char text[REASON_COUNT * WORD];
	uint32_t reasons = 0;
	unpack_text(u, text, sizeof(text));
	if (!u->failed && !record_reasons_parse(text, &reasons))
		u->failed = true;
	return reasons;
}

static void unpack_rcpts(struct unpack *u, struct record *r)
{
	uint32_t count = unpack_max(u, LIMIT_RCPTS);
	r->rcpt = calloc((size_t)count + 1, sizeof(*r->rcpt));
	for (uint32_t i = 0; r->rcpt && i < count && !u->failed; i++) {
		r->rcpt[i] = slice_dup(unpack_slice(u));
		u->failed = u->failed || !r->rcpt[i];
		r->rcpt_count += r->rcpt[i] ? 1 : 0;
	}
	u->failed = u->failed || !r->rcpt;
}

static void unpack_offer(struct unpack *u, struct offer *o)
{
	o->kind = (enum offer_kind)unpack_word(u, OFFER_KIND_COUNT, offer_name);
	if (o->kind == OFFER_NO)
		return;
	unpack_text(u, o->org, sizeof(o->org));
	unpack_text(u, o->d, sizeof(o->d));
	unpack_text(u, o->s, sizeof(o->s));
	unpack_text(u, o->platform, sizeof(o->platform));
	o->more = unpack_u8(u) != 0;
	o->link_count = unpack_max(u, OFFER_LINKS_MOST);
	for (uint32_t i = 0; i < o->link_count && !u->failed; i++) {
		unpack_text(u, o->link[i].host, sizeof(o->link[i].host));
		unpack_text(u, o->link[i].shape, sizeof(o->link[i].shape));
	}
}

static void unpack_all(struct unpack *u, uint8_t version, struct record *r)
{
	r->received_at = unpack_i64(u);
	unpack_text(u, r->queue_id, sizeof(r->queue_id));
	unpack_text(u, r->message_id, sizeof(r->message_id));
	r->verdict = (enum verdict)unpack_word(u, VERDICT_COUNT, verdict_at);
	r->class = (enum class_id)unpack_word(u, CLASS_COUNT, class_at);
	r->pending = (enum pending_kind)unpack_word(u, PENDING_REVIEW + 1, pending_name);
	unpack_text(u, r->from, sizeof(r->from));
	unpack_text(u, r->sender, sizeof(r->sender));
	unpack_text(u, r->registrar, sizeof(r->registrar));
	unpack_text(u, r->proof, sizeof(r->proof));
	r->dkim_proved = unpack_u8(u) != 0;
	r->reasons = unpack_reasons(u);
	r->ours = (enum ours)unpack_word(u, OURS_NO + 1, ours_at);
	r->date = unpack_i64(u);
	unpack_text(u, r->subject, sizeof(r->subject));
	r->deadline = unpack_i64(u);
	r->deadline_source = (enum deadline_source)unpack_word(u, DEADLINE_SOURCE_COUNT, source_at);
	r->domain_count = unpack_max(u, LIMIT_DOMAINS_COUNTED);
	r->domain_kept = unpack_max(u, LIMIT_DOMAINS);
	u->failed = u->failed || r->domain_kept > r->domain_count;
	for (uint32_t i = 0; i < r->domain_kept && !u->failed; i++)
		unpack_text(u, r->domain[i], sizeof(r->domain[i]));
	if (version >= RECORD_OFFERS)
		unpack_offer(u, &r->offer);
	unpack_rcpts(u, r);
}

struct record *record_unpack(struct slice packed)
{
	struct unpack u = unpack_of(packed.p, packed.n);
	uint8_t version = unpack_u8(&u);
	if (packed.n > LIMIT_RECORD_BYTES || version < 1 || version > RECORD_VERSION)
		return NULL;
	struct record *r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	unpack_all(&u, version, r);
	if (pack_done(&u))
		return r;
	record_free(r);
	return NULL;
}

/* -- words for the log ---------------------------------------------------------------------- */

static void key_time(struct log_line *l, const char *key, int64_t when)
{
	char text[21];
	if (when == 0)
		return;
	str_time(when, text);
	log_key(l, key, text);
}

/* What a person needs first, the many recipients last: the log cuts a line that is too long. */
void record_print(const struct record *r, struct str *to)
{
	struct log_line l = {0};
	struct str reasons = {0};
	record_reasons_print(r->reasons, &reasons);
	log_key(&l, "verdict", verdict_name(r->verdict));
	log_key(&l, "class", class_name(r->class));
	log_key(&l, "pending", pending_name((int)r->pending));
	key_time(&l, "deadline", r->deadline);
	log_key(&l, "source", deadline_source_name(r->deadline_source));
	for (uint32_t i = 0; i < r->domain_kept; i++)
		log_key(&l, "domain", r->domain[i]);
	if (r->domain_count > r->domain_kept)
		log_key_u64(&l, "domains", r->domain_count);
	log_key(&l, "registrar", r->registrar);
	log_key(&l, "sender", r->sender);
	log_key(&l, "from", r->from);
	log_key(&l, "reasons", str_text(&reasons));
	log_key(&l, "proof", r->proof);
	log_key(&l, "ours", ours_name(r->ours));
	key_time(&l, "received", r->received_at);
	key_time(&l, "date", r->date);
	log_key(&l, "queue", r->queue_id);
	log_key(&l, "msgid", r->message_id);
	log_key(&l, "subject", r->subject);
	log_key_u64(&l, "recipients", r->rcpt_count);
	for (size_t i = 0; i < r->rcpt_count; i++)
		log_key(&l, "to", r->rcpt[i]);
	str_add(to, l.text.p, l.text.n);
	to->failed = to->failed || l.text.failed;
	str_free(&l.text);
	str_free(&reasons);
}
