/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * judgement.c - see judgement.h.
 *
 * Durable before boosted: the record of a judged message is on disk (database or spool) before the
 * edits exist. If neither can take it, the whole record goes to the log, and the rescue still
 * happens: a lost record is bad, a lost mail is worse.
 */
#include "milter/judgement.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/limits.h"
#include "base/log.h"
#include "db/pendings.h"
#include "judge/frame.h"
#include "milter/believed.h"

/* For metrics: why messages went unjudged. */
static const char *unjudged_counter(const char *why)
{
	static const struct {
		const char *why, *name;
	} counters[] = {
	    {"gone", "unjudged.gone"},           {"busy", "unjudged.busy"},
	    {"late", "unjudged.late"},           {"nonsense", "unjudged.nonsense"},
	    {"no-memory", "unjudged.no-memory"},
	};

	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		if (strcmp(why, counters[i].why) == 0)
			return counters[i].name;
	return "unjudged.limit";
}

/* The one end of everything that goes wrong with judging: said once, and the message flows. */
static void judgement_give_up(struct session *s, const char *queue_id, const char *why)
{
	struct log_line line = {0};

	writer_count(s->listener->writer, unjudged_counter(why), 1);
	log_key(&line, "verdict", "unjudged");
	log_key(&line, "why", why);
	log_key(&line, "from", s->candidate.from_plain ? s->candidate.from.text : NULL);
	log_key(&line, "sender", s->candidate.claimed != NULL ? s->candidate.claimed->name : NULL);
	log_send(&line, LOG_LEVEL_WARNING, queue_id);
}

static int64_t judge_ms(const struct session *s)
{
	return (s->snapshot->config->dns_timeout + LIMIT_JUDGE_SPARE) * 1000;
}

static bool is_trusted_hop(const struct session *s)
{
	return config_is_hop(s->snapshot->config, s->client_family, s->client_ip);
}

static bool is_believed_hop(const struct session *s)
{
	return config_network_has(&s->snapshot->config->believed_networks, s->client_family,
				  s->client_ip);
}

static void fill_request(const struct session *s, struct request *r)
{
	struct address path;

	*r = (struct request){
	    .now = time(NULL),
	    .message = &s->message,
	    .entry = s->candidate.entry,
	    .want_proof_of_claim = s->candidate.claimed != NULL,
	};
	if (s->candidate.from_plain)
		memcpy(r->from, s->candidate.from.text, sizeof(r->from));
	if (address_parse_path(message_sender(&s->message), &path))
		memcpy(r->mail_from, path.text, sizeof(r->mail_from));
	if (!is_trusted_hop(s)) {
		r->client_family = s->client_family;
		memcpy(r->client_ip, s->client_ip, sizeof(r->client_ip));
	}
}

/* A place in the lane and a judge; what goes wrong is in s->judge_status. */
static bool begin_judging(struct session *s)
{
	struct request request;

	/* The judge's own process has that much more until it is ended (plumbing.c). */
	s->place = lanes_enter(
	    s->listener->lanes, s->candidate.lane,
	    frame_clock() + LIMIT_LANE_WAIT_MS + judge_ms(s) + LIMIT_JUDGE_SPARE * 1000);
	if (s->place == 0) {
		s->judge_status = JUDGE_BUSY;
		return false;
	}
	s->judge_by = frame_clock() + judge_ms(s);
	fill_request(s, &request);
	if (getrandom(&request.nonce, sizeof(request.nonce), 0) != (ssize_t)sizeof(request.nonce)) {
		s->judge_status = JUDGE_GONE;
		return false;
	}
	s->judge_status = judge_begin(&s->listener->judge, &request, s->judge_by, &s->judge);
	return s->judge_status == JUDGE_OK;
}

enum judgement_wish judgement_headers(struct session *s, const char *queue_id)
{
	const struct message *m = &s->message;
	const enum judgement_wish otherwise =
	    m->mark_count[MARK_OURS] > 0 ? JUDGEMENT_STRIP : JUDGEMENT_NOTHING;
	bool begun;

	if (s->authenticated)
		return otherwise;
	if (otherwise == JUDGEMENT_STRIP && is_believed_hop(s) &&
	    believed_find(m, &s->snapshot->config->authserv_id, &s->believed))
		return JUDGEMENT_STRIP;
	candidate_test(s->snapshot->list, s->snapshot->classes, m, &s->scratch, &s->candidate);
	if (s->candidate.lane == CANDIDATE_NO)
		return otherwise;
	if (m->overflow) {
		judgement_give_up(s, queue_id, "headers past a limit");
		return otherwise;
	}
	pool_enter(s->listener->pool);
	begun = begin_judging(s);
	pool_leave(s->listener->pool);
	if (!begun) {
		judgement_give_up(s, queue_id, judge_status_name(s->judge_status));
		return otherwise;
	}
	return JUDGEMENT_BODY;
}

bool judgement_body(struct session *s, const void *p, size_t n)
{
	const uint64_t most = (uint64_t)s->snapshot->config->max_body;

	if (s->judge == NULL || s->judge_status != JUDGE_OK || s->body_cut)
		return false;
	if (s->body_given + n > most) {
		n = (size_t)(most - s->body_given);
		s->body_cut = true;
	}
	s->body_given += n;
	if (n > 0) {
		pool_enter(s->listener->pool);
		s->judge_status = judge_body(s->judge, p, n, s->judge_by);
		pool_leave(s->listener->pool);
	}
	return s->judge_status == JUDGE_OK && !s->body_cut;
}

static void log_judged(const struct session *s, const char *queue_id, const struct record *r,
		       const struct decision *d, const struct finding *f, const char *stored,
		       int64_t took_ms)
{
	struct log_line line = {0};
	struct str reasons = {0};
	struct address path;

	for (int i = 0; i < REASON_COUNT; i++)
		if ((r->reasons & 1u << i) != 0)
			str_printf(&reasons, "%s%s", reasons.n > 0 ? "," : "", reason_name(i));
	log_key(&line, "verdict", verdict_name(r->verdict));
	log_key(&line, "reason", str_text(&reasons));
	log_key(&line, "class", class_name(r->class));
	log_key(&line, "sender", r->sender);
	log_key(&line, "imitates", d->imitates);
	log_key(&line, "from", r->from);
	if (address_parse_path(message_sender(&s->message), &path))
		log_key(&line, "mailfrom", path.text[0] != '\0' ? path.text : "<>");
	log_key(&line, "domain", r->domain_count > 0 ? r->domain[0] : NULL);
	if (r->domain_count > 1)
		log_key_u64(&line, "domains", r->domain_count);
	if (r->deadline != 0) {
		char when[21];

		str_time(r->deadline, when);
		log_key(&line, "deadline", when);
	}
	log_key(&line, "deadline_refused", d->deadline_refused ? "yes" : NULL);
	log_key(&line, "ours", r->ours != OURS_UNSET ? ours_name(r->ours) : NULL);
	log_key(&line, "alarm", pendings_alarm(r));
	log_key(&line, "unmarked", rates_answer_name(s->rate));
	log_key(&line, "proof", r->proof);
	log_key(&line, "msgid", r->message_id);
	log_key(&line, "stored", stored);
	log_key_u64(&line, "questions", f->questions);
	log_key_u64(&line, "ms", (uint64_t)took_ms);
	log_send(&line, LOG_LEVEL_INFO, queue_id);
	str_free(&reasons);
}

/* For metrics: how long it took, in classes of milliseconds, and what is worth an alert. */
static void count_judged(const struct session *s, const struct decision *decision,
			 enum writer_result result, int64_t took_ms)
{
	static const struct {
		int64_t most;
		const char *name;
	} classes[] = {
	    {5, "judged.ms.5"},       {10, "judged.ms.10"},     {25, "judged.ms.25"},
	    {50, "judged.ms.50"},     {100, "judged.ms.100"},   {250, "judged.ms.250"},
	    {1000, "judged.ms.1000"}, {5000, "judged.ms.5000"}, {INT64_MAX, "judged.ms.more"},
	};
	size_t i = 0;

	while (took_ms > classes[i].most)
		i++;
	writer_count(s->listener->writer, classes[i].name, 1);
	writer_count(s->listener->writer, "judged.ms.sum", took_ms);
	if ((decision->reasons & 1u << REASON_DNS) != 0)
		writer_count(s->listener->writer, "unproved.dns", 1);
	if (result == WRITER_SPOOLED)
		writer_count(s->listener->writer, "stored.spool", 1);
	if (result == WRITER_LOST)
		writer_count(s->listener->writer, "stored.lost", 1);
}

static void count_answers(const struct session *s)
{
	static const char *const name[ANSWER_STATUS_COUNT] = {
	    [ANSWER_DATA] = "dns.data",
	    [ANSWER_NO_DATA] = "dns.no-data",
	    [ANSWER_NO_NAME] = "dns.no-name",
	    [ANSWER_TROUBLE] = "dns.trouble",
	};
	unsigned count[ANSWER_STATUS_COUNT];

	judge_answers(s->judge, count);
	for (int i = 0; i < ANSWER_STATUS_COUNT; i++)
		if (count[i] > 0)
			writer_count(s->listener->writer, name[i], count[i]);
}

/* Makes the record durable; says how. Also logs the judged message. False: there is no record, not
 * even in the log, so nothing must be boosted. */
static bool keep_record(struct session *s, const char *queue_id, const struct decision *decision,
			const struct finding *finding, int64_t now)
{
	struct record *r = record_new(&s->message, &s->candidate, decision, finding, now, queue_id);
	struct record *copy; /* the writer takes the record over */
	struct str text = {0};
	enum writer_result result;

	if (r == NULL) {
		judgement_give_up(s, queue_id, judge_status_name(JUDGE_NO_MEMORY));
		return false;
	}
	offer_find(s->snapshot->list, s->snapshot->suffixes, s->snapshot->lookalikes, &s->candidate,
		   decision, finding, &r->offer);
	record_pack(r, &text);
	copy = record_unpack((struct slice){text.p, text.n});
	result = copy != NULL ? writer_put(s->listener->writer, copy) : WRITER_LOST;
	if (result == WRITER_LOST) {
		str_reset(&text);
		record_print(r, &text);
		log_say(LOG_LEVEL_ERROR, "%s: record kept nowhere but here: %s", queue_id,
			str_text(&text));
	}
	const int64_t took = frame_clock() - (s->judge_by - judge_ms(s));

	log_judged(s, queue_id, r, decision, finding, writer_result_name(result), took);
	count_judged(s, decision, result, took);
	str_free(&text);
	record_free(r);
	return true;
}

/* The classes that are marked urgent: none where that has been done too often. */
static uint32_t ask_rates(struct session *s, const struct decision *decision)
{
	static const char *const counter[] = {
	    [RATES_UNDER] = "boost.marked",
	    [RATES_SENDER] = "boost.sender-rate",
	    [RATES_RECIPIENT] = "boost.recipient-rate",
	};
	const uint32_t boost = s->snapshot->boost;

	s->rate = RATES_UNDER;
	if (s->snapshot->config->mode != CONFIG_MODE_RESCUE || !edits_boost(decision, boost))
		return boost;
	s->rate = rates_ask(s->listener->rates, decision->entry->name, &s->message, frame_clock());
	writer_count(s->listener->writer, counter[s->rate], 1);
	return s->rate == RATES_UNDER ? boost : 0;
}

static void decide(struct session *s, const char *queue_id, const struct finding *finding,
		   struct judgement *to)
{
	const struct config *config = s->snapshot->config;
	const struct facts facts = {
	    .message = &s->message,
	    .candidate = &s->candidate,
	    .suffixes = s->snapshot->suffixes,
	    .lookalikes = s->snapshot->lookalikes,
	    .now = time(NULL),
	    .sender_signs = s->candidate.entry != NULL &&
			    signs_ask(s->listener->signs, config->database, s->candidate.from.text),
	    .spf_trusted_hop = is_trusted_hop(s),
	    .ours = ownership_of(s->snapshot->ownership, finding),
	};
	struct decision decision;

	verdict_decide(&facts, finding, &decision);
	to->defer = config->on_dns_error == CONFIG_DNS_ERROR_TEMPFAIL &&
		    decision.condition[CONDITION_LISTED] == PROOF_YES &&
		    decision.condition[CONDITION_PROVED] == PROOF_UNKNOWN &&
		    (decision.reasons & 1u << REASON_DNS) != 0;
	if (decision.verdict == VERDICT_NONE || to->defer)
		return;
	const uint32_t boost = ask_rates(s, &decision);

	if (keep_record(s, queue_id, &decision, finding, facts.now) &&
	    config->mode == CONFIG_MODE_RESCUE)
		edits_mark(&s->message, &decision, finding, boost, config->authserv_id.item[0],
			   &to->edits);
}

/* Waits for the finding, decides, waits for the record to be durable. */
static void finish_judging(struct session *s, const char *queue_id, struct judgement *to)
{
	const int64_t dns_by = s->judge_by - LIMIT_JUDGE_SPARE * 1000;
	struct finding finding;

	if (s->judge_status == JUDGE_OK) {
		s->judge_status =
		    judge_finish(s->judge, s->body_cut, dns_by, s->judge_by, &finding);
		count_answers(s);
	}
	if (s->judge_status == JUDGE_OK)
		decide(s, queue_id, &finding, to);
	else
		judgement_give_up(s, queue_id, judge_status_name(s->judge_status));
}

void judgement_end(struct session *s, const char *queue_id, struct judgement *ret_judgement)
{
	*ret_judgement = (struct judgement){0};
	edits_strip(&s->message, s->believed, &ret_judgement->edits);
	if (s->judge == NULL)
		return;
	pool_enter(s->listener->pool);
	finish_judging(s, queue_id, ret_judgement);
	pool_leave(s->listener->pool);
}
