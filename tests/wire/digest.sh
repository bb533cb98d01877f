#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The digest's message through a real Postfix, as it lies in the mailbox, read by a parser that is not ours:
# ASCII, short lines, one of each header, both alternatives with the text that the command prints; in English,
# in German, and with the octets of any mail in it.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

reason=$(lab_missing)
[[ -z $reason ]] || tap_skip_all "$reason"
site_begin 26
now=$(date +%s)
at() { date -u -d "@$((now + $1 * 86400))" +%FT%TZ; }
lab_postfix_start
# The lab's Postfix has its configuration elsewhere, and perhaps its libraries.
cat >"$LAB/bin/sendmail" <<-END
	#!/bin/sh
	MAIL_CONFIG='$LAB/postfix/etc' LD_LIBRARY_PATH='${POSTFIX_ROOT:+$POSTFIX_ROOT/usr/lib/postfix}' exec '${POSTFIX_ROOT-}/usr/sbin/sendmail' "\$@"
END
chmod 755 "$LAB/bin/sendmail"
conf() { lab_keepname_conf "sendmail = \"$LAB/bin/sendmail\"" 'digest_to = "boss@example.com"' 'digest_from = "keepname@mx.example.com"' "$@"; }
conf
site_records <<-END
	at=$now|domains=soon.example|to=anna@example.com|deadline=$(at 2)|registrar=Key-Systems GmbH|from=noreply@emailverification.info|subject=Grüße – Ihre Domain läuft ab|id=<1@x.example>
	at=$now|domains=review.example|to=anna@example.com|verdict=unproven|reasons=dkim-none,spf|deadline=$(at 5)|subject=域名验证 ドメイン = .x $(head -c 150 /dev/zero | tr '\0' W)|id=<$(head -c 900 /dev/zero | tr '\0' i)@x.example>
	at=$now|domains=odd.example|to=anna@example.com|deadline=$(at 9)|subject=From me <script> &amp; =3D=?utf-8?Q?x?= |id=<3@x.example>
END

# deliver ARGUMENT...: sends, and waits for it in the mailbox; the message in $mail.
mails=0
deliver() {
	kn "$@" || true
	mails=$((mails + 1))
	mail=$(lab_await -p "$LAB_MTA_PID" mail -n "$mails" "$LAB/mail/inbox/new" 'Auto-Submitted' | while read -r f; do
		[[ -e $LAB/seen/${f##*/} ]] || printf '%s\n' "$f"
	done)
	mkdir -p "$LAB/seen"
	touch "$LAB/seen/${mail##*/}"
}
# What Python's email makes of it.
parse() {
	python3 - "$mail" "$@" <<-'END'
		import email, email.policy, email.utils, sys
		raw = open(sys.argv[1], 'rb').read()
		mail = email.message_from_bytes(raw, policy=email.policy.default)
		parts = list(mail.iter_parts())
		head, body = raw.split(b'\n\n', 1)
		ours = body[:]
		what = sys.argv[2]
		if what == 'shape':
		    assert not mail.defects and not any(p.defects for p in parts), mail.defects
		    assert not any(h.defects for h in mail.values()), [h.defects for h in mail.values()]
		    print(mail.get_content_type(), *[p.get_content_type() + ';' + p.get_content_charset() for p in parts])
		elif what == 'once':
		    names = [n.lower() for n in mail.keys()]
		    wanted = ['from', 'to', 'date', 'message-id', 'subject', 'auto-submitted', 'mime-version', 'content-type']
		    print(*[n for n in wanted if names.count(n) != 1], 'bcc' in names)
		elif what == 'lines':
		    fields = [l for l in head.split(b'\n') if l.split(b':')[0] in (b'Subject', b'Content-Type', b'Message-ID') or l[:3] == b' =?']
		    print(max(map(len, body.split(b'\n'))) <= 76, max(map(len, fields)) <= 76, max(raw) < 127)
		elif what == 'encodings':
		    print(*[p['Content-Transfer-Encoding'] for p in parts])
		elif what == 'message-id':
		    print(mail['Message-ID'])
		elif what == 'date':
		    print(int(email.utils.parsedate_to_datetime(str(mail['Date'])).timestamp()))
		else:
		    print(mail[what] if what in mail else parts[int(what)].get_content().replace('\r\n', '\n'), end='')
	END
}
printed() { kn digest "$@" && grep -v 'keepname digest,' <<<"$out"; }
# The title holds the minute.
part() { parse "$1" | grep -v 'keepname digest,'; }

deliver digest --send
tap_is 'it is sent' "$rc $err" '0 '
tap_is 'two alternatives, text first' "$(parse shape)" 'multipart/alternative text/plain;utf-8 text/html;utf-8'
tap_is 'each header once, and no Bcc' "$(parse once)" 'False'
tap_is 'lines of 76 at most, in ASCII' "$(parse lines)" 'True True True'
tap_is 'as quoted-printable' "$(parse encodings)" 'quoted-printable quoted-printable'
tap_is 'to' "$(parse To)" 'boss@example.com'
tap_is 'from' "$(parse From)" 'keepname <keepname@mx.example.com>'
tap_is 'nobody answers it' "$(parse Auto-Submitted)" auto-generated
tap_like 'the Message-ID is ours' "$(parse message-id)" '^<[0-9]+\.[0-9a-f]{16}\.keepname@mx\.example\.com>$'
id=$(parse message-id)
date_is_now() { local d; d=$(parse date) && ((d >= now && d <= now + 600)); }
tap_ok 'Date is now' date_is_now
tap_is 'the subject' "$(parse Subject)" 'keepname: 2 open, 1 to review'
tap_is 'the text, octet for octet' "$(part 0)" "$(printed)"
tap_is 'the page, too' "$(part 1)" "$(printed --html)"
tap_like 'with what the mails brought' "$(part 0)" 'Grüße – Ihre Domain läuft ab.*From me <script> &amp; =3D=\?utf-8\?Q\?x\?='
deliver digest --send
tap_unlike 'the next one has another Message-ID' "$(parse message-id)" "^$id\$"

# Dense text is base64.
sqlite3 "$site_database" "UPDATE pending SET subject = (SELECT group_concat('域名到期通知请尽快处理') FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 11) SELECT i FROM n)), message_id = '', from_address = '', registrar = '';
	INSERT INTO pending (state, recipient, class, domain, mail, registrar, sender, from_address, subject, message_id, reasons, deadline, deadline_source, ours, first_seen, last_seen, mails, snoozed_until, origin)
	WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
	SELECT state, recipient, class, 'x' || i || '.example', mail, registrar, sender, from_address, subject, message_id, reasons, 0, '', ours, first_seen, last_seen, mails, 0, origin FROM pending, n WHERE domain = 'soon.example'"
deliver digest --send
tap_is 'dense text is base64' "$(parse encodings)" 'base64 base64'
tap_is 'short lines still' "$(parse lines)" 'True True True'
tap_is 'well made' "$(parse shape)" 'multipart/alternative text/plain;utf-8 text/html;utf-8'
tap_is 'the same text' "$(part 0)" "$(printed)"
tap_is 'the same page' "$(part 1)" "$(printed --html)"

# -- what the timer sends: a domain of any length in the subject
long=$(head -c 63 /dev/zero | tr '\0' a).$(head -c 63 /dev/zero | tr '\0' b).$(head -c 60 /dev/zero | tr '\0' c).example
sqlite3 "$site_database" "DELETE FROM pending; INSERT INTO run (name, at, good_at, detail) VALUES ('digest', $now, $now, '')"
site_records <<<"at=$now|domains=$long|to=anna@example.com|deadline=$(at 1)|id=<long@x.example>"
conf "digest_hour = $site_hour"
deliver digest --due
tap_is 'a long domain in the subject' "$(parse Subject)" "keepname: $long: due"
tap_is 'in short lines' "$(parse lines)" 'True True True'

# -- in German: the catalogue is where `make install` puts it, within a namespace of our own
if [[ -e $builddir/po/de.mo ]] && unshare -m true 2>/dev/null; then
	conf 'digest_language = "de"'
	folder=$(sed -n 's/^localedir = //p' "$builddir/Makefile" | sed "s|\${datarootdir}|$(sed -n 's/^datarootdir = //p' "$builddir/Makefile")|; s|\${prefix}|$(sed -n 's/^prefix = //p' "$builddir/Makefile")|")
	lab_keepname() {
		# shellcheck disable=SC2016 # for the shell within
		unshare -m sh -c 'mount -t tmpfs none "${1%%/share/*}" && mkdir -p "$1/de/LC_MESSAGES" && cp "$2/po/de.mo" "$1/de/LC_MESSAGES/keepname.mo" && p=$2 c=$3 && shift 3 && exec "$p/progs/keepname" -c "$c" "$@"' \
			sh "$folder" "$builddir" "$LAB/keepname/keepname.conf" "$@"
	}
	sqlite3 "$site_database" "UPDATE pending SET state = 'review', origin = 'review'"
	deliver digest --send
	tap_is 'the subject is German' "$(parse Subject)" 'keepname: 0 offen, 1 zu prüfen'
	tap_is 'encoded' "$(lab_header "$mail" Subject)" '=?utf-8?Q?keepname=3A_0_offen=2C_1_zu_pr=C3=BCfen?='
	tap_like 'and the text' "$(part 0)" 'ZU PRÜFEN \(1\)'
	tap_is 'well made' "$(parse shape) $(parse lines)" 'multipart/alternative text/plain;utf-8 text/html;utf-8 True True True'
else
	tap_skip 4 'no namespace, or no msgfmt here'
fi
tap_end
