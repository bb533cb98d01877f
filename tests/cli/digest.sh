#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname digest: the text, the message that sendmail gets, and a sendmail that fails.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

site_begin 128
now=$(date +%s)
first=$((now - 7200))
at() { date -u -d "@$((now + $1 * 86400 + 3600))" +%FT%TZ; }

# Keeps what it gets; does as the file "obey" says.
cat >"$LAB/bin/sendmail" <<'END'
#!/bin/sh
dir=${0%/*}
printf '%s\n' "$@" >"$dir/arguments"
cat >"$dir/message"
exit "$(cat "$dir/obey")"
END
chmod 755 "$LAB/bin/sendmail"
echo 0 >"$LAB/bin/obey"
sent=$LAB/bin/message
lab_keepname_conf "sendmail = \"$LAB/bin/sendmail\"" 'digest_to = "postmaster@example.com"' \
	'digest_from = "keepname@mx.example.com"'
header() { lab_header "$sent" "$1"; }

exits 'without a database: trouble' 2 digest
site_records </dev/null
exits 'nothing is pending' 0 digest
tap_like 'which is said' "$out" 'Nothing is pending\.'
exits 'and not sent' 0 digest --send
tap_fails 'really not' test -e "$sent"
exits 'but with --always' 0 digest --send --always
tap_is 'it is' "$(header Subject)" 'keepname: nothing is pending'

long_id="<$(head -c 983 /dev/zero | tr '\0' x)@long.example>"
site_records <<-END
	at=$first|domains=late.example|to=a@example.com|deadline=$(at 20)|registrar=Key-Systems GmbH|from=noreply@emailverification.info|subject=Grüße an Sie
	at=$first|domains=soon.example|to=a@example.com|deadline=$(at 2)|class=suspension|source=policy|id=<soon@x.example>
	at=$first|to=a@example.com|class=transfer-out|subject=Transfer of something|id=$long_id
	at=$first|verdict=unproven|domains=review.example|to=a@example.com|deadline=$(at 5)|reasons=dkim-none,spf
	at=$first|domains=closed.example|to=a@example.com|deadline=$(at 1)
END
kn 'done' "$(ask "SELECT id FROM pending WHERE domain = 'closed.example'")"

# -- text
exits 'digest' 0 digest
text=$out
tap_like 'open matters are counted' "$text" 'HELD \(1\).*OPEN \(2\)'
tap_like 'with what is due first on top' "$text" 'soon\.example.*late\.example.*Transfer of something'
tap_like 'class, domain and date' "$text" '#[0-9]+ suspension: soon\.example, held at the registry, due in 3 days'
tap_like 'the deadline and where it is from' "$text" "deadline +$(date -d "$(at 2)" '+%F %R %Z') \\(policy\\)"
tap_like 'what silence leads to' "$text" 'the domain is, or is about to be, suspended'
tap_like 'whose mail, and which' "$text" 'from +noreply@emailverification\.info'
tap_like 'a subject that is not ASCII' "$text" 'subject +Grüße an Sie'
tap_like 'the mail can be found' "$text" 'message-id +<soon@x\.example>'
tap_like 'matters to review come after' "$text" 'OPEN.*TO REVIEW \(1\)'
tap_like 'with their reasons in words' "$text" 'why +No DKIM signature belongs to the From domain\.'
tap_like 'and a warning' "$text" 'do not click'
tap_unlike 'what is done is not in it' "$text" 'closed\.example'
tap_like 'what to do then' "$text" 'keepname done ID'
tap_is 'no line is longer than mail allows' "$(awk 'length($0) > 998' "$LAB/out" | wc -l)" 0
tap_is 'nothing on standard error' "$err" ''

# -- by mail
exits '--send' 0 digest --send
tap_is 'prints nothing' "$out$err" ''
tap_is 'each matter that it names has it in its history' \
	"$(ask "SELECT group_concat(p.domain || ' ' || e.detail, ', ') FROM (SELECT * FROM event WHERE kind = 'reminded' ORDER BY pending) e JOIN pending p ON p.id = e.pending")" \
	'late.example digest to postmaster@example.com, soon.example digest to postmaster@example.com,  digest to postmaster@example.com, review.example digest to postmaster@example.com'
tap_is 'and by whom' "$(ask "SELECT count(*) FROM event WHERE kind = 'reminded' AND actor = 'clock'")" 0
tap_is 'sendmail reads the recipients, and dots do not end it' "$(tr '\n' ' ' <"$LAB/bin/arguments")" '-t -oi '
tap_is 'To' "$(header To)" 'postmaster@example.com'
tap_is 'From' "$(header From)" 'keepname <keepname@mx.example.com>'
tap_is 'Subject' "$(header Subject)" 'keepname: 1 alarm, 1 held, 2 open, 1 to review'
tap_is 'Auto-Submitted' "$(header Auto-Submitted)" auto-generated
tap_is 'MIME-Version' "$(header MIME-Version)" 1.0
tap_like 'Content-Type' "$(header Content-Type)" '^multipart/alternative; boundary='
date_is_now() {
	local sent_at
	sent_at=$(date -d "$(header Date)" +%s) && ((sent_at >= now && sent_at <= now + 600))
}
tap_ok 'Date is a date, and now' date_is_now
tap_is 'its headers are fields and nothing else' "$(sed '/^$/q' "$sent" | grep -cvE '^[A-Za-z-]+: .|^$' || true)" 0
tap_is 'in ASCII' "$(sed '/^$/q' "$sent" | LC_ALL=C grep -c '[^ -~]' || true)" 0
tap_is 'each but once' "$(sed '/^$/q' "$sent" | cut -d: -f1 | sort | uniq -d)" ''
body() { sed '1,/^$/d' "$sent"; }
part() { # TYPE: as a parser that is not ours sees it
	python3 - "$sent" "$1" <<-'END'
		import email, email.policy, sys
		mail = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
		assert not mail.defects and mail.get_content_type() == 'multipart/alternative', mail.defects
		parts = [p for p in mail.iter_parts() if p.get_content_type() == sys.argv[2]]
		assert len(parts) == 1 and not parts[0].defects
		print(parts[0].get_content(), end='')
	END
}
tap_is 'the first alternative is the text' "$(part text/plain | tail -n +2)" "$(tail -n +2 <<<"$text")"
kn digest --html
tap_is 'the second is the page' "$(part text/html | grep -v 'keepname digest,')" "$(grep -v 'keepname digest,' <<<"$out")"
tap_like 'which says the same' "$out" 'soon\.example.*late\.example.*TO REVIEW'
tap_unlike 'and loads and runs nothing' "$out" '<script|<img|<link|<a |src=|href=|url\(|@import|javascript:'
tap_is 'no line is too long' "$(awk 'length($0) > 998' "$sent" | wc -l)" 0
tap_is 'the body is UTF-8' "$(body | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1 && echo yes)" yes

exits '--to somebody else' 0 digest --send --to me@example.net
tap_is 'it goes there' "$(header To)" me@example.net
exits '--to is one plain address' 2 digest --send --to 'me@example.net, you@example.net'
tap_like 'which is said' "$err" 'one plain address'

# -- senders to decide about: their number in the subject, and a digest for them alone
site_records <<-END
	at=$now|verdict=unlisted|pending=no|reasons=not-listed|offer=sender|from=a@shop.example|org=shop.example|d=shop.example|s=s|to=a@example.com
END
exits 'with a sender to decide about' 0 digest --send
tap_is 'the subject says so' "$(header Subject)" 'keepname: 1 alarm, 1 held, 2 open, 1 to review, 1 to decide about'
mapfile -t all < <(ask 'SELECT id FROM pending')
kn 'done' "${all[@]}"
rm "$sent"
exits 'with nothing else' 0 digest --send
tap_is 'it is sent' "$(header Subject)" 'keepname: 0 open, 0 to review, 1 to decide about'
tap_unlike 'and speaks of nothing else' "$(sed '1,/^$/d' "$sent")" 'keepname done ID'
kn reopen "${all[@]}"

# -- proved mail of no known kind: named for seven days, the first five of it
unrecognised() { printf 'at=%s|verdict=known|class=none|pending=no|reasons=%s|to=a@example.com|subject=%s|id=<%s@kind.example>\n' "$@"; }
site_records < <(
	unrecognised "$((now - 8 * 86400))" class 'Too old' old
	unrecognised "$now" class,links 'Leads elsewhere' links
	for i in 1 2 3 4 5 6; do unrecognised "$((now - i * 60))" class "Notice number $i" "n$i"; done
)
exits 'with mail of no known kind' 0 digest
tap_like 'it is counted' "$out" 'NOT RECOGNISED \(6\): .*X-Keepname:[[:space:]]known;[[:space:]]reason=class\.'
tap_like 'the latest are named' "$out" 'Notice number 1.*n1@kind\.example.*Notice number 5'
tap_like 'the rest is counted' "$out" 'and 1 more; in the log: verdict=known reasons=class'
tap_unlike 'neither the rest, nor what is old or leads elsewhere' "$out" 'number 6|Too old|Leads elsewhere'
exits 'stats' 0 stats
tap_like 'counts it too' "$out" 'class\.unrecognised +7'
kn 'done' "${all[@]}"
rm "$sent"
exits 'with hardly anything else' 0 digest --send
tap_is 'it is sent' "$(header Subject)" 'keepname: 0 open, 0 to review, 6 not recognised, 1 to decide about'
kn reopen "${all[@]}"

# -- hostile text stays text
site_records <<-END
	at=$first|domains=odd.example|to=a@example.com|deadline=$(at 9)|subject=<script>alert(1)</script> "&amp;" \e[31m ‮evil|id=<<b>odd@x.example>|from=a@example.com
END
exits 'a subject with markup and controls' 0 digest --html
tap_like 'is escaped' "$out" '&lt;script&gt;alert\(1\)&lt;/script&gt; &quot;&amp;amp;&quot; \?\[31m'
tap_unlike 'is no markup' "$out" '<script'
tap_unlike 'turns no writing' "$out" $'‮'
exits 'no JSON' 2 digest --json
tap_like 'which is said' "$err" 'pending --json'

# -- the timer: what cannot wait at once, the digest once a day
lab_keepname_conf "sendmail = \"$LAB/bin/sendmail\"" 'digest_to = "postmaster@example.com"' \
	'digest_from = "keepname@mx.example.com"' "digest_hour = $site_hour"
# The day's digest has been sent.
sqlite3 "$site_database" "INSERT INTO run (name, at, good_at, detail) VALUES ('digest', $now, $now, '')"
sqlite3 "$site_database" "DELETE FROM alarm; UPDATE pending SET state = 'held' WHERE domain = 'soon.example'; UPDATE pending SET state = 'done' WHERE domain = 'closed.example'"
rm -f "$sent"
exits 'the timer' 0 digest --due
tap_like 'what grows short is mailed' "$(header Subject)" '^keepname: soon\.example and others: due$'
tap_like 'what is held, and due within a week' "$(part text/plain)" 'DUE \(2\).*soon\.example.*review\.example'
tap_unlike 'not what has time' "$(part text/plain)" 'late\.example|odd\.example'
rm "$sent"
exits 'the timer again' 0 digest --due
tap_fails 'mails nothing twice' test -e "$sent"
later() { sqlite3 "$site_database" "UPDATE pending SET deadline = $now + $2 WHERE domain = '$1'"; }
step() { # NAME DOMAIN SECONDS: is mailed, once
	later "$2" "$3"
	exits "$1" 0 digest --due
	tap_like 'is mailed' "$(header Subject)" "^keepname: ${2//./\\.}: due\$"
	rm -f "$sent"
	exits "$1, again" 0 digest --due
	tap_fails 'is not' test -e "$sent"
}
step 'seven days' late.example $((7 * 86400 - 60))
step 'three days' late.example $((3 * 86400 - 60))
step 'one day' late.example $((86400 - 60))
step 'over' late.example -60
step 'a machine that slept through two steps' odd.example $((86400 - 60))
kn snooze "$(ask "SELECT id FROM pending WHERE domain = 'odd.example'")" --until "$(date -u -d "@$((now + 2 * 86400))" +%F)"
later odd.example -60
exits 'what is snoozed' 0 digest --due
tap_fails 'rests' test -e "$sent"
sqlite3 "$site_database" 'UPDATE pending SET snoozed_until = 0'
exits 'awake' 0 digest --due
tap_like 'it is mailed' "$(header Subject)" odd
rm "$sent"
sqlite3 "$site_database" "INSERT INTO alarm (kind, domain, recipient, raised_at, ended_at, sent_at, detail) VALUES ('held', 'dark.example', '', $now, 0, 0, 'client hold')"
echo 75 >"$LAB/bin/obey"
exits 'an alarm, and a sendmail that fails' 2 digest --due
echo 0 >"$LAB/bin/obey"
rm -f "$sent"
exits 'an alarm' 0 digest --due
tap_like 'is mailed then' "$(header Subject)" '^keepname: 1 alarm$'
tap_like 'with what it is' "$(part text/plain)" 'dark\.example: the domain is dark at the registry'
rm "$sent"
exits 'once' 0 digest --due
tap_fails 'told, it is not mailed again' test -e "$sent"
sqlite3 "$site_database" "UPDATE run SET at = $((now - 90000)), good_at = $((now - 90000))"
(flock 9; kn digest --due; [[ $rc == 0 && ! -e $sent ]]) 9>"$site_database.digest" && both=no || both=yes
tap_is 'two at a time: the second leaves it to the first' "$both" no
exits 'a day later' 0 digest --due
tap_like 'the digest comes' "$(header Subject)" '^keepname: 1 alarm, 1 held, [0-9]+ open'
tap_like 'with the health of the timed jobs' "$(part text/plain)" 'HEALTH.*digest +last well'
rm "$sent"
exits 'the same day again' 0 digest --due
tap_fails 'it does not' test -e "$sent"

# -- in German: the catalogue is where `make install` puts it, within a namespace of our own
if [[ $EUID == 0 && -e $builddir/po/de.mo ]] && unshare -m true 2>/dev/null; then
	lab_keepname_conf 'digest_language = "de"'
	localedir=$(sed -n 's/^localedir = //p' "$builddir/Makefile" | sed "s|\${datarootdir}|$(sed -n 's/^datarootdir = //p' "$builddir/Makefile")|; s|\${prefix}|$(sed -n 's/^prefix = //p' "$builddir/Makefile")|")
	# shellcheck disable=SC2016 # for the shell within
	german=$(unshare -m sh -c 'mount -t tmpfs none "${1%%/share/*}" && mkdir -p "$1/de/LC_MESSAGES" && cp "$2/po/de.mo" "$1/de/LC_MESSAGES/keepname.mo" && "$2/progs/keepname" -c "$3" digest "$4"' \
		sh "$localedir" "$builddir" "$LAB/keepname/keepname.conf" --html || true)
	tap_like 'the page says which language' "$german" '<html lang="de">'
	tap_like 'sections and sentences' "$german" 'ALARME.*ZU PRÜFEN.*Keine DKIM-Signatur gehört zur From-Domain'
	tap_like 'and how much time is left' "$german" 'fällig (in [0-9]+ Tagen|vor)'
else
	tap_skip 3 'no namespace, or no msgfmt here'
fi

# -- each recipient
lab_keepname_conf "sendmail = \"$LAB/bin/collect\"" 'digest_to = "postmaster@example.com"' 'digest_recipients = "yes"'
# shellcheck disable=SC2016 # for the program
printf '#!/bin/sh\nm=$(cat)\nto=$(printf "%%s\\n" "$m" | sed -n "s/^To: //p")\nprintf "%%s\\n" "$m" >"${0%%/*}/to.$to"\n' >"$LAB/bin/collect"
chmod 755 "$LAB/bin/collect"
site_records <<-END
	at=$now|domains=theirs.example|to=b@example.net|deadline=$(at 5)|id=<theirs@x.example>
	at=$now|domains=foreign.example|to=c@example.net|deadline=$(at 5)|id=<foreign@x.example>|ours=no
END
sqlite3 "$site_database" "DELETE FROM mailed; UPDATE run SET good_at = $((now - 90000)) WHERE name = 'digest'"
exits 'each recipient' 0 digest --due
tap_is 'has his own' "$(cd "$LAB/bin" && printf '%s ' to.*)" 'to.a@example.com to.b@example.net to.postmaster@example.com '
tap_like 'about his own matters' "$(<"$LAB/bin/to.b@example.net")" 'theirs\.example'
tap_unlike 'and nobody else' "$(<"$LAB/bin/to.b@example.net")" 'soon\.example|late\.example|a@example\.com|foreign'
tap_like 'what is not ours the administrator sees' "$(<"$LAB/bin/to.postmaster@example.com")" 'NOT OURS.*foreign\.example'

# -- a sendmail that fails
lab_keepname_conf "sendmail = \"$LAB/bin/sendmail\"" 'digest_to = "postmaster@example.com"'
echo 75 >"$LAB/bin/obey"
exits 'a sendmail that fails' 2 digest --send
tap_like 'is named, with its status' "$err" "$LAB/bin/sendmail .*75"
printf '#!/bin/sh\nkill -9 $$\n' >"$LAB/bin/dying"
chmod 755 "$LAB/bin/dying"
lab_keepname_conf "sendmail = \"$LAB/bin/dying\"" 'digest_to = "postmaster@example.com"'
exits 'one that dies' 2 digest --send
lab_keepname_conf "sendmail = \"$LAB/bin/none\"" 'digest_to = "postmaster@example.com"'
exits 'one that is not there' 2 digest --send
tap_like 'is named' "$err" "$LAB/bin/none"
lab_keepname_conf "sendmail = \"$LAB/bin/sendmail\""
echo 0 >"$LAB/bin/obey"
exits 'no digest_to' 2 digest --send
tap_like 'the option is named' "$err" 'digest_to'
exits 'with --to it works' 0 digest --send --to me@example.net
tap_like 'From is keepname at this host' "$(header From)" '^keepname <keepname@.+>$'
exits 'an argument too many' 2 digest now
tap_end
