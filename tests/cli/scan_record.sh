#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname scan: the truth about old mail (keys that are gone, results of a server of ours, age), what is
# recorded, once, and beside the daemon's own records, and a scan that is broken off and goes on.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"
# shellcheck source=tests/cli/mailbox.sh
. "$srcdir/tests/cli/mailbox.sh"

for program in unbound unbound-control; do
	command -v "$program" >/dev/null || tap_skip_all "$program is not installed (scripts/install-deps --tests)"
done
site_begin 81
site_dns
day=86400
ago() { echo $((now - $1 * day)); }
mail_date() { LC_ALL=C date -R -d "@$1"; }
dated() { registrar_mail "DATE=$(mail_date "$(ago "$1")")" "DEADLINE=$(date -u -d "@$(($(ago "$2") - 3600))" '+%F %T')"; }
of() { jq -c "select(.type == \"mail\") | select(.file | contains(\"$1\")) | $2" "$LAB/out"; }

# -- old mail
box=$LAB/Old
maildir "$box"
dated 40 26 | delivered "$box/cur/$(ago 40).old:2," a@example.com "$(ago 40)"
dated 40 26 | delivered "$box/cur/$now.replayed:2," a@example.com "$(ago 40)"
dated 200 186 | delivered "$box/cur/$(ago 200).past:2," a@example.com "$(ago 200)"
dated 104 89 | delivered "$box/cur/$(ago 104).almost:2," a@example.com "$(ago 104)" # LIMIT_SCAN_PAST_DAYS
dated 105 91 | delivered "$box/cur/$(ago 105).just:2," a@example.com "$(ago 105)"
dated 40 26 | delivered "$box/cur/ago.received:2," a@example.com "$(ago 40)"
dated 40 26 | sed 1,3d | delivered - a@example.com "$(ago 40)" | sed '/^Received/,/^	/d' >"$box/cur/ago.file:2,"
touch -d "@$(ago 39)" "$box/cur/ago.file:2,"
exits 'old mail' 1 scan --json "$box"
tap_is 'is fresh as of its delivery, and its deadline is over' "$(of old: '[.verdict, .days_left, .delivered_by, .fate]')" '["genuine",-27,"maildir","wanted"]'
tap_is 'what was delivered now is old, whatever Received says' "$(of replayed '[.verdict, .reasons, .delivered_by]')" '["known",["age"],"maildir"]'
tap_is 'what was due long ago is shown alone' "$(of past '[.verdict, .fate]')" '["genuine","past"]'
tap_is 'within the limit it is wanted' "$(of almost .fate)" '"wanted"'
tap_is 'past it not' "$(of just .fate)" '"past"'
tap_is 'Received says when, where the name does not' "$(of received '[.verdict, .delivered_by]')" '["genuine","received"]'
tap_is 'and the file where nothing does' "$(of file '[.delivered_by, .delivered]')" "[\"file\",\"$(date -u -d "@$(ago 39)" +%FT%TZ)\"]"
exits 'since' 1 scan --json --since "$(date -d "@$(ago 60)" +%F)" "$box"
tap_is 'leaves out what came before' "$(summary .found)" 4
exits 'to a second' 1 scan --json --since "$(ago 104)" "$box"
tap_is 'and keeps what came then' "$(summary .found)" 5

# -- keys that are gone, and a server that saw them
ar() { # RESULTS: above Received
	sed "1iAuthentication-Results: mx.lab.test; $1"
}
box=$LAB/Keyless
maildir "$box"
pass="dkim=pass (2048-bit key) header.d=$REGISTRAR header.s=demo"
registrar_mail | delivered "$box/cur/$now.bare:2,"
registrar_mail | delivered - | ar "$pass" >"$box/cur/$now.seen:2,"
registrar_mail --unsigned | delivered - | ar "spf=pass smtp.mailfrom=bounce@$REGISTRAR" >"$box/cur/$now.spf:2,"
registrar_mail | ar "$pass" | delivered "$box/cur/$now.sender:2,"
registrar_mail | delivered - | ar "$pass" | sed 's/^Auth.*: mx/Authentication-Results: x.mx/' >"$box/cur/$now.other:2,"
registrar_mail | delivered - | ar "dkim=fail ($pass) header.d=$REGISTRAR" >"$box/cur/$now.comment:2,"
registrar_mail | delivered - | ar "dkim=pass header.d=evil.example" >"$box/cur/$now.elsewhere:2,"
registrar_mail | sed 's/Dear domain owner/Dear owner/' | delivered - | ar "$pass" >"$box/cur/$now.changed:2,"
registrar_mail --unsigned | delivered - | ar "$pass" >"$box/cur/$now.unsigned:2,"
exits 'with its key' 1 scan --json --trust-authserv mx.lab.test "$box"
tap_is 'nobody else is asked' "$(of seen '[.verdict, .proof, .reasons]')" "[\"genuine\",\"dkim:$REGISTRAR\",[]]"
tap_is 'a mail that was changed stays wrong' "$(of changed '[.verdict, .proof]')" '["unproven",null]'
lab_dns_drop "demo._domainkey.$REGISTRAR"
exits 'when the key is gone' 1 scan --json "$box"
tap_is 'nothing is proved' "$(jq -r 'select(.type == "mail") | .verdict' "$LAB/out" | sort -u)" unproven
tap_is 'the key is named' "$(of bare '[.reasons, .keys_gone, .pending]')" "[[\"dkim-fail\",\"spf\"],[\"demo._domainkey.$REGISTRAR\"],\"review\"]"
exits 'as text' 1 scan "$box"
tap_like 'too' "$out" "bare:2,: dkim-fail, spf; no usable key any more at demo\._domainkey\.$REGISTRAR"
exits 'a trusted server' 1 scan --json --trust-authserv mx.lab.test "$box"
tap_is 'stands in for DKIM' "$(of seen '[.verdict, .proof, .reasons, .pending]')" "[\"known\",\"authserv:dkim:$REGISTRAR\",[\"authserv\"],\"review\"]"
tap_is 'and for SPF' "$(of spf '[.verdict, .proof, .pending]')" "[\"known\",\"authserv:spf:$REGISTRAR\",\"review\"]"
for what in bare sender other comment elsewhere unsigned; do
	tap_is "not: $what" "$(of "$now.$what" '[.verdict, .proof]')" '["unproven",null]'
done
{ printf 'uid: 1\ntext:\n'; cat "$box/cur/$now.seen:2,"; printf '\f\n'; } >"$LAB/fetched"
exits 'out of a stream of doveadm' 1 scan --json --trust-authserv mx.lab.test "$LAB/fetched"
tap_is 'nobody is trusted' "$(jq -r 'select(.type == "mail") | .verdict' "$LAB/out")" unproven
exits 'another server' 1 scan --json --trust-authserv mx.example.net "$box"
tap_is 'says nothing' "$(jq -r 'select(.type == "mail") | .verdict' "$LAB/out" | sort -u)" unproven
lab_publish registrar demo "$REGISTRAR"

# -- recording
box=$LAB/Maildir
maildir "$box"
registrar_mail ID=one | delivered "$box/cur/$now.one:2," Jane@example.com
registrar_mail ID=two | delivered "$box/cur/$now.two:2," jane@example.com
registrar_mail --unsigned ID=three | delivered "$box/cur/$now.three:2," jane@example.com
exits 'without a database' 2 scan --record "$box"
tap_like 'nothing can be recorded' "$err" 'there is no database yet'
site_records <<-END
	at=$now|id=one@emailverification.info|to=jane@example.com|domains=example.com|from=noreply@emailverification.info|signs=yes
	at=$now|id=x@emailverification.info|to=jane@example.com|domains=other.example|from=noreply@emailverification.info
END
chmod 640 "$site_database"
watch_tree "$box"
exits 'a look' 1 scan --json "$box"
tap_is 'knows what the daemon has recorded' "$(of one .fate)" '"known"'
tap_is 'and what not' "$(of three '[.fate, .pending]')" '["wanted","review"]'
tap_is 'nothing is written' "$(ask 'SELECT count(*) FROM message')" 2
exits 'recording' 0 scan --json --record "$box"
tap_is 'what is not known' "$(of one .fate)$(of two .fate)$(of three .fate)" '"known""recorded""recorded"'
tap_is 'counts' "$(summary '[.found, .open, .review, .known, .recorded]')" '[3,1,1,1,true]'
tap_is 'the mailbox is left as it was' "$(tree_now)" "$tree_before"
tap_is 'genuine mail joins the open matter' "$(ask "SELECT mails FROM pending WHERE state = 'open' AND domain = 'example.com'")" 2
tap_is 'unproven mail is to be reviewed' "$(ask "SELECT recipient, reasons, first_seen = $now FROM pending WHERE state = 'review'")" 'jane@example.com|dkim-none,spf|1'
tap_is 'a row says who recorded it' "$(ask "SELECT queue_id FROM message WHERE verdict = 'unproven'")" scan
exits 'again' 0 scan --json --record "$box"
tap_is 'all is known' "$(summary '[.found, .open, .review, .known]')" '[3,0,0,3]'
tap_is 'and nothing new' "$(ask 'SELECT count(*) FROM message') $(ask 'SELECT count(*), sum(mails) FROM pending')" '4 3|4'
exits 'pending shows them' 0 pending
tap_like 'to a person' "$out" 'example\.com'
lab_dns_drop "demo._domainkey.$REGISTRAR"
exits 'after the key has gone' 0 scan --json --record "$box"
tap_is 'what was genuine is still known' "$(of one '[.verdict, .fate]')" '["unproven","known"]'
lab_publish registrar demo "$REGISTRAR"
rm "$box"/cur/*
registrar_mail ID=four | sed '/^To:/d' >"$box/cur/$now.four:2,"
registrar_mail ID=five | sed 's/^To:.*/To: a@example.com, b@example.com/' >"$box/cur/$now.five:2,"
{
	printf 'Received: by x; x\nDelivered-To: below@example.com\n'
	registrar_mail ID=six
} >"$box/cur/$now.six:2,"
registrar_mail ID=seven >"$box/cur/$now.seven:2,"
registrar_mail ID=eight | delivered - final@example.com |
	sed 's/^X-Original-To:.*/X-Original-To: given@example.com/' >"$box/cur/$now.eight:2,"
registrar_mail --unsigned ID=nine | sed '/^Message-ID/d' | delivered "$box/cur/$now.nine:2," owner@example.com
exits 'recipients' 1 scan --json --record "$box"
tap_is 'none' "$(of four '[.recipient, .fate]')" '[null,"no-recipient"]'
tap_is 'two' "$(of five '[.recipient, .fate]')" '[null,"no-recipient"]'
tap_is 'what stands below, where nothing stands above' "$(of six '[.recipient, .fate]')" '["below@example.com","recorded"]'
tap_is 'To' "$(of seven .recipient)" '"owner@example.com"'
tap_is 'as it was given, not what became of it' "$(of eight .recipient)" '"given@example.com"'
tap_like 'without a Message-ID' "$(of nine .message_id)" '^"hash-[0-9a-f]{32}"$'
exits 'a recipient for all' 0 scan --json --record --recipient jane@example.com "$box"
tap_is 'is it' "$(jq -r 'select(.type == "mail") | .recipient' "$LAB/out" | sort -u)" jane@example.com

# -- whose files they are
if ((EUID == 0)) && id nobody >/dev/null 2>&1; then
	chown nobody "$LAB/keepname" "$site_database"*
	registrar_mail ID=ten | delivered "$box/cur/$now.ten:2," owner@example.com
	exits 'root records' 0 scan --json --record --recipient jane@example.com "$box"
	tap_is 'and leaves nothing that the daemon cannot write' "$(find "$LAB/keepname" -name 'keepname.db*' ! -user nobody)" ''
	chown root "$LAB/keepname" "$site_database"*
else
	tap_skip 2 'not root'
fi

# -- without an answer
rm "$box"/cur/*
lab_dns_stop
lab_keepname_conf 'dns_timeout = 1'
registrar_mail ID=eleven | delivered "$box/cur/$now.eleven:2,"
exits 'no DNS' 1 scan --json --record "$box"
tap_is 'records nothing' "$(of eleven '[.verdict, .fate]') $(ask "SELECT count(*) FROM message WHERE message_id LIKE 'eleven%'")" '["unproven","undecided"] 0'
lab_dns_start
lab_keepname_conf
exits 'another time' 0 scan --json --record "$box"
tap_is 'it is recorded' "$(of eleven '[.verdict, .fate]')" '["genuine","recorded"]'

# -- broken off, and going on. The mbox takes its time: a hole of a gigabyte.
box=$LAB/Long
maildir "$box/a"
maildir "$box/c"
mkdir "$box/b"
for ((i = 0; i < 3; i++)); do
	registrar_mail ID=a$i | delivered "$box/a/cur/$now.a$i:2,"
	registrar_mail ID=c$i | delivered "$box/c/cur/$now.c$i:2,"
done
printf 'From x@y Fri Nov 27 05:30:13 2026\nFrom: a@b.example\nSubject: x\n\n' >"$box/b/hole"
truncate -s 1G "$box/b/hole"
state=$LAB/scan.state
hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }
begin_scan() {
	"$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" scan --json --record --resume "$state" "$box" \
		>"$LAB/out" 2>"$LAB/err" </dev/null &
	scan_pid=$!
	lab_await -p "$scan_pid" -m 'the state to name folder a' text "$state" "$(hex "$box/a/new")"
}
end_scan() { # SIGNAL
	kill "-$1" "$scan_pid"
	rc=0
	wait "$scan_pid" 2>/dev/null || rc=$?
}
recorded() { ask "SELECT count(*) FROM message WHERE message_id LIKE '$1%'"; }
begin_scan
end_scan TERM
tap_is 'a scan that is ended says so' "$rc $(summary .finished)" '143 false'
tap_like 'in words' "$(<"$LAB/err")" 'ended by signal 15 after [0-9]+ mails; what was found so far is recorded; the same command goes on'
tap_is 'what was found stands' "$(recorded a) $(recorded c)" '3 0'
begin_scan
end_scan KILL
tap_is 'one that is killed leaves its state' "$rc $(test -s "$state" && echo state)" '137 state'
exits 'another scan' 2 scan --resume "$state" "$LAB/Maildir"
tap_like 'is refused that state' "$err" 'is not the state of a scan of these paths'
exits 'the same command' 0 scan --json --record --resume "$state" "$box"
tap_is 'goes on behind it' "$(summary '[.finished, .files, .found]') $(recorded a) $(recorded c)" '[true,4,3] 3 3'
tap_fails 'and removes the state' test -e "$state"
tap_is 'every matter is recorded once' "$(ask "SELECT count(*), count(DISTINCT message_id) FROM message WHERE message_id LIKE 'a_@%' OR message_id LIKE 'c_@%'")" '6|6'
touch "$state"
exits 'a state that is none' 2 scan --resume "$state" "$box"
rm "$state"
exits 'standard input' 2 scan --resume "$state" -
mkfifo "$LAB/never"
exec {never}<>"$LAB/never"
"$builddir/progs/keepname" -c "$LAB/keepname/keepname.conf" scan --json - <"$LAB/never" >"$LAB/out" 2>"$LAB/err" &
scan_pid=$!
{
	printf 'From x@y Fri Nov 27 05:30:13 2026\n'
	registrar_mail ID=d1 | delivered -
	printf '\nFrom x@y Fri Nov 27 05:30:13 2026\nFrom: x\n'
} >&"$never"
end_scan TERM
tap_is 'one that waits for standard input is ended' "$rc" 143
exec {never}>&-

tap_end
