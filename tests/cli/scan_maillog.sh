#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname scan --maillog: mail of listed senders that Postfix or Sendmail refused, and what a hostile log
# line can and cannot do; and the progress line on a terminal.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"
# shellcheck source=tests/cli/mailbox.sh
. "$srcdir/tests/cli/mailbox.sh"

site_begin 37
export TZ=UTC
log=$LAB/mail.log
a=noreply@emailverification.info
# What the log says, a line each.
rejected() { jq -r 'select(.type == "rejected") | [.time, .from, .recipient, .client, .queue_id, .temporary, .reason] | map(tostring) | join("|")' "$LAB/out"; }

# -- Postfix
cat >"$log" <<-END
	2026-11-22T06:00:00.123456+01:00 mx postfix/smtpd[10]: connect from mail.emailverification.info[192.0.2.10]
	2026-11-22T06:00:01.123456+01:00 mx postfix/smtpd[10]: NOQUEUE: reject: RCPT from mail.emailverification.info[192.0.2.10]: 554 5.7.1 <owner@example.com>: Recipient address rejected: no; from=<bounce@emailverification.info> to=<owner@example.com> proto=ESMTP helo=<mail.emailverification.info>
	2026-11-22T06:00:02.123456+01:00 mx postfix/smtpd[10]: NOQUEUE: reject: RCPT from unknown[192.0.2.11]: 450 4.2.0 <b@example.com>: Recipient address rejected: Greylisted; from=<$a> to=<b@example.com> proto=ESMTP helo=<x>
	2026-11-22T06:00:03.123456+01:00 mx postfix/postscreen[11]: NOQUEUE: reject: RCPT from [192.0.2.12]:4321: 550 5.7.1 Service unavailable; client [192.0.2.12] blocked using zen; from=<$a>, to=<c@example.com>, proto=ESMTP, helo=<x>
	2026-11-22T06:00:04.123456+01:00 mx postfix/cleanup[12]: 4XyZ1: milter-reject: END-OF-MESSAGE from unknown[192.0.2.13]: 5.7.1 Spam message rejected; from=<$a> to=<d@example.com> proto=ESMTP helo=<x>
	2026-11-22T06:00:05.123456+01:00 mx postfix/cleanup[12]: 4XyZ2: reject: header Subject: win from unknown[192.0.2.14]; from=<$a> to=<e@example.com> proto=ESMTP helo=<x>: 5.7.1 go away
	2026-11-22T06:00:06.123456+01:00 mx postfix/cleanup[12]: 4XyZ3: discard: header Subject: win from unknown[192.0.2.15]; from=<$a> to=<f@example.com> proto=ESMTP helo=<x>
	2026-11-22T06:00:07.123456+01:00 mx postfix/qmgr[13]: 4XyZ4: from=<$a>, size=3000, nrcpt=1 (queue active)
	2026-11-22T06:00:07.123456+01:00 mx postfix/qmgr[13]: 4XyZ5: from=<x@nobody.example>, size=3000, nrcpt=1 (queue active)
	2026-11-22T06:00:08.123456+01:00 mx postfix/lmtp[14]: 4XyZ4: to=<g@example.com>, relay=mx[private/lmtp], delay=0.1, dsn=5.2.2, status=bounced (host mx said: 552 5.2.2 Mailbox is full)
	2026-11-22T06:00:08.123456+01:00 mx postfix/lmtp[14]: 4XyZ5: to=<g@example.com>, relay=mx[private/lmtp], delay=0.1, dsn=5.2.2, status=bounced (full)
	2026-11-22T06:00:09.123456+01:00 mx postfix/lmtp[14]: 4XyZ4: to=<h@example.com>, relay=mx[private/lmtp], delay=0.1, dsn=2.0.0, status=sent (ok)
	2026-11-22T06:00:10.123456+01:00 mx postfix/smtpd[10]: NOQUEUE: reject: RCPT from x[192.0.2.1]: 554 5.7.1 no; from=<x@nobody.example> to=<b@example.com> proto=ESMTP helo=<x>
	2026-11-22T06:00:11.123456+01:00 mx postfix/smtpd[10]: NOQUEUE: reject_warning: RCPT from x[192.0.2.1]: 554 5.7.1 no; from=<$a> to=<b@example.com> proto=ESMTP helo=<x>
END
exits 'a log of Postfix' 1 scan --json --maillog "$log"
tap_is 'each refusal' "$(rejected)" "$(
	cat <<-END
		2026-11-22T05:00:01Z|bounce@emailverification.info|owner@example.com|mail.emailverification.info[192.0.2.10]|null|false|554 5.7.1 <owner@example.com>: Recipient address rejected: no
		2026-11-22T05:00:02Z|$a|b@example.com|unknown[192.0.2.11]|null|true|450 4.2.0 <b@example.com>: Recipient address rejected: Greylisted
		2026-11-22T05:00:03Z|$a|c@example.com|[192.0.2.12]|null|false|550 5.7.1 Service unavailable; client [192.0.2.12] blocked using zen
		2026-11-22T05:00:04Z|$a|d@example.com|unknown[192.0.2.13]|4XyZ1|false|5.7.1 Spam message rejected
		2026-11-22T05:00:05Z|$a|e@example.com|unknown[192.0.2.14]|4XyZ2|false|5.7.1 go away
		2026-11-22T05:00:06Z|$a|f@example.com|unknown[192.0.2.15]|4XyZ3|false|header Subject: win from unknown[192.0.2.15]
		2026-11-22T05:00:08Z|$a|g@example.com|mx[private/lmtp]|4XyZ4|false|host mx said: 552 5.2.2 Mailbox is full
	END
)"
tap_is 'counted' "$(summary '[.rejected, .mails]')" '[7,0]'
tap_is 'of whom' "$(jq -r 'select(.type == "rejected") | .sender + ", " + .registrar' "$LAB/out" | sort -u)" 'key-systems, Key-Systems GmbH'
tap_is 'keys' "$(jq -r 'select(.type == "rejected") | keys | join(" ")' "$LAB/out" | sort -u)" \
	'client from queue_id reason recipient registrar sender temporary time type'
exits 'as text' 1 scan --maillog "$log"
tap_like 'who, when, to whom' "$out" "rejected  2026-11-22T05:00:01Z  bounce@emailverification\.info -> owner@example\.com  \(key-systems\)"
tap_like 'why' "$out" '    from mail\.emailverification\.info\[192\.0\.2\.10\]: 554 5\.7\.1 <owner@example\.com>'
tap_like 'whether for good' "$out" 'rejected for now  2026-11-22T05:00:02Z'
tap_like 'how many' "$out" '7 mails rejected before they came to keepname'
exits 'since' 1 scan --json --since 2026-11-22T05:00:06Z --maillog "$log"
tap_is 'leaves out what was before' "$(summary .rejected)" 2
gzip <"$log" >"$log.1.gz"
exits 'compressed' 1 scan --json --maillog "$log.1.gz"
tap_is 'is the same' "$(summary .rejected)" 7
kn_input=$log
exits 'standard input' 1 scan --json --maillog -
tap_is 'too' "$(summary .rejected)" 7
kn_input=/dev/null
maildir "$LAB/Maildir"
exits 'a mailbox beside it' 1 scan --json --maillog "$log" "$LAB/Maildir"
tap_is 'both are read' "$(summary '[.files, .rejected]')" '[0,7]'
exits 'a log that is not there' 2 scan --maillog "$LAB/none"
exits 'a folder' 2 scan --maillog "$LAB"

# -- without a year
cat >"$log" <<-END
	Dec 30 06:00:01 mx postfix/smtpd[10]: NOQUEUE: reject: RCPT from x[192.0.2.10]: 554 5.7.1 no; from=<$a> to=<o@example.com> proto=ESMTP helo=<x>
	Jan  2 06:00:01 mx postfix/smtpd[10]: NOQUEUE: reject: RCPT from x[192.0.2.10]: 554 5.7.1 no; from=<$a> to=<o@example.com> proto=ESMTP helo=<x>
END
touch -d 2026-01-02T07:00:00Z "$log"
exits 'stamps without a year' 1 scan --json --maillog "$log"
tap_is 'are as of the time of the file' "$(jq -r 'select(.type == "rejected") | .time' "$LAB/out" | paste -sd' ')" '2025-12-30T06:00:01Z 2026-01-02T06:00:01Z'

# -- Sendmail
cat >"$log" <<-END
	Nov 22 06:00:01 mx sm-mta[10]: 4AM0001: ruleset=check_mail, arg1=<$a>, relay=mail.x [192.0.2.10], reject=553 5.1.8 <$a>... Domain of sender address does not exist
	Nov 22 06:00:02 mx sm-mta[10]: 4AM0002: ruleset=check_rcpt, arg1=<o@example.com>, relay=mail.x [192.0.2.11], reject=550 5.7.1 <o@example.com>... Relaying denied
	Nov 22 06:00:02 mx sm-mta[10]: 4AM0002: from=<$a>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA, relay=mail.x [192.0.2.11]
	Nov 22 06:00:03 mx sm-mta[10]: 4AM0003: from=<$a>, size=3000, class=0, nrcpts=1, proto=ESMTP, daemon=MTA, relay=mail.x [192.0.2.12]
	Nov 22 06:00:03 mx sm-mta[10]: 4AM0003: Milter: data, reject=554 5.7.1 Spam
	Nov 22 06:00:04 mx sm-mta[10]: 4AM0004: Milter: data, reject=554 5.7.1 Spam
	Nov 22 06:00:04 mx sm-mta[10]: 4AM0004: from=<x@nobody.example>, size=3000, class=0, nrcpts=1, proto=ESMTP, relay=mail.x [192.0.2.12]
	Nov 22 06:00:05 mx sm-mta[10]: 4AM0005: Milter: to=<p@example.com>, reject=451 4.7.1 Later
	Nov 22 06:00:05 mx sm-mta[10]: 4AM0005: from=<$a>, size=0, class=0, nrcpts=0, proto=ESMTP, relay=mail.x [192.0.2.13]
END
touch -d 2026-11-22T07:00:00Z "$log"
exits 'a log of Sendmail' 1 scan --json --maillog "$log"
tap_is 'each refusal, in whatever order it was told' "$(rejected)" "$(
	cat <<-END
		2026-11-22T06:00:01Z|$a|null|mail.x [192.0.2.10]|4AM0001|false|553 5.1.8 <$a>... Domain of sender address does not exist
		2026-11-22T06:00:02Z|$a|o@example.com|mail.x [192.0.2.11]|4AM0002|false|550 5.7.1 <o@example.com>... Relaying denied
		2026-11-22T06:00:03Z|$a|null|mail.x [192.0.2.12]|4AM0003|false|554 5.7.1 Spam
		2026-11-22T06:00:05Z|$a|p@example.com|mail.x [192.0.2.13]|4AM0005|true|451 4.7.1 Later
	END
)"

# -- hostile lines
{
	printf 'Nov 22 06:00:01 mx postfix/smtpd[10]: NOQUEUE: reject: RCPT from x[192.0.2.10]: 554 5.7.1 <\033]0;evil\007>: \033[2Jno; from=<%s> to=<o@example.com> proto=ESMTP helo=<x>\n' "$a"
	printf 'Nov 22 06:00:02 mx postfix/smtpd[10]: NOQUEUE: reject: RCPT from x[192.0.2.10]: 554 no; from=<%s> to=<%s> proto=ESMTP helo=<x>\n' "$a" "$(head -c 5000 /dev/zero | tr '\0' t)"
	printf 'Nov 22 06:00:03 mx postfix/smtpd[10]: NOQUEUE: reject: RCPT from '
	head -c 1000000 /dev/zero | tr '\0' y
	printf '[192.0.2.10]: 554 no; from=<%s> to=<o@example.com> proto=ESMTP helo=<x>\n' "$a"
	printf 'Nov 22 06:00:04 mx postfix/smtpd[10]: NOQUEUE: reject: RCPT from x[192.0.2.10]: 554 no; from=<x@nobody.example> to=<o@example.com> proto=ESMTP helo=<; from=<%s> to=<p@example.com>\n' "$a"
	printf 'Nov 22 06:00:05 mx postfix/smtpd[10]: NOQUEUE: reject: \n]: : \n\000\000\n'
	printf 'Nov 22 06:00:06 mx postfix/smtpd[10]: NOQUEUE: reject: RCPT from x[192.0.2.10]: 554 \000no; from=<%s> to=<o@example.com> proto=ESMTP helo=<x>\n' "$a"
	head -c 100000 /dev/urandom
	printf '\nNov 22 06:00:07 mx postfix/smtpd[10]: NOQUEUE: reject: RCPT from x[192.0.2.10]: 554 last; from=<%s> to=<o@example.com> proto=ESMTP helo=<x>' "$a"
} >"$log"
touch -d 2026-11-22T07:00:00Z "$log"
exits 'hostile lines' 1 scan --maillog "$log"
tap_unlike 'no control character comes out' "$out$err" $'[\001-\010\013-\037]'
tap_like 'it is shown as plain text' "$out" '554 5\.7\.1 <\?\]0;evil\?>: \?\[2Jno'
tap_unlike 'HELO says nothing' "$out" 'p@example\.com'
tap_like 'a line without an end is read' "$out" '554 last'
exits 'as JSON' 1 scan --json --maillog "$log"
tap_is 'what can be made out is counted' "$(summary .rejected)" 4
tap_is 'addresses are cut' "$(jq -r 'select(.type == "rejected") | .recipient | length' "$LAB/out" | sort -n | tail -n 1)" 320
: >"$log"
exits 'an empty log' 0 scan --json --maillog "$log"

# -- a terminal
if command -v script >/dev/null; then
	for ((i = 0; i < 200; i++)); do lab_fill "$srcdir/tests/lab/plain.eml" >"$LAB/Maildir/cur/$now.M$i.host:2,"; done
	command="'$builddir/progs/keepname' -c '$LAB/keepname/keepname.conf' scan '$LAB/Maildir'"
	script -qec "stty cols 40; $command; stty cols 30; $command >'$LAB/piped'" "$LAB/typescript" </dev/null >/dev/null || true
	tap_like 'on a terminal there is progress' "$(<"$LAB/typescript")" $'\r0 of 200 files, 0 found\033\\[K'
	tap_like 'which is taken away before the end' "$(<"$LAB/typescript")" $'\r\033\\[K200 mails in 200 files, 0 found'
	tap_is 'standard output has none of it' "$(<"$LAB/piped")" '200 mails in 200 files, 0 found'
	tap_is 'no line is wider than the terminal' \
		"$(tr '\r' '\n' <"$LAB/typescript" | sed -n 's/\x1b\[K//; /files/p' | awk 'length > 39' | grep -vc 'mails in')" 0
else
	tap_skip 4 'no script(1) here'
fi

tap_end
