#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname calendar, read back by a parser that is not the one that wrote it: an event with alarms for each
# deadline, the same UID after a change with a higher SEQUENCE, cancelled when it is settled.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

# The one that has Debian's modules.
python=python3
"$python" -c 'import icalendar' 2>/dev/null || python=/usr/bin/python3
"$python" -c 'import icalendar' 2>/dev/null || tap_skip_all 'python3-icalendar is not installed (scripts/install-deps --tests)'
site_begin 30
now=$(date +%s)
first=$((now - 7200))
at() { date -u -d "@$((now + $1 * 86400))" +%FT%TZ; }
exits 'without a database' 2 calendar
site_records <<-END
	at=$first|domains=one.example|to=a@example.com|deadline=$(at 20)|subject=Grüße, mit Komma; Strichpunkt \\\\ und sehr viel Text, damit die Zeile gefaltet wird und noch etwas|from=a@x.example
	at=$first|domains=two.example|to=b@example.com|deadline=$(at 2)
	at=$first|domains=never.example|to=a@example.com
	at=$first|verdict=unproven|domains=four.example|to=a@example.com|deadline=$(at 5)|reasons=spf
	at=$first|domains=foreign.example|to=a@example.com|deadline=$(at 5)|ours=no
	at=$first|domains=odd.example|to=a@example.com|deadline=$(at 6)|subject=x\eBEGIN:VEVENT
END
read_back() { # FILE: JSON, an object for each event
	"$python" - "$1" <<-'END'
		import icalendar, json, sys
		text = open(sys.argv[1], 'rb').read()
		assert b'\n' in text and all(l.endswith(b'\r') for l in text.split(b'\n')[:-1]), 'line ends'
		assert max(len(l) for l in text.split(b'\r\n')) <= 75, 'line longer than 75 octets'
		calendar = icalendar.Calendar.from_ical(text)
		print(json.dumps({'method': str(calendar['METHOD']), 'version': str(calendar['VERSION']), 'events': [{
			'uid': str(e['UID']), 'sequence': int(e['SEQUENCE']), 'summary': str(e['SUMMARY']), 'status': str(e['STATUS']),
			'end': e['DTEND'].dt.strftime('%Y-%m-%dT%H:%M:%SZ'), 'zone': str(e['DTEND'].dt.tzinfo), 'description': str(e['DESCRIPTION']),
			'stamp': e['DTSTAMP'].dt.strftime('%Y-%m-%dT%H:%M:%SZ'),
			'alarms': [a['TRIGGER'].dt.total_seconds() / 86400 for a in e.walk('VALARM')]} for e in calendar.walk('VEVENT')]}))
	END
}
of() { read_back "$LAB/ics" | jq -c ".events[] | select(.summary | startswith(\"$1\")) | $2"; }

exits 'calendar' 0 calendar "$LAB/ics"
tap_is 'says nothing' "$out$err" ''
tap_is 'others may read it' "$(stat -c %a "$LAB/ics")" 644
tap_is 'is a publication' "$(read_back "$LAB/ics" | jq -c '[.method, .version]')" '["PUBLISH","2.0"]'
tap_is 'with what has a deadline and may be ours' "$(read_back "$LAB/ics" | jq -c '[.events[].summary] | sort')" \
	'["four.example: verification (to review)","odd.example: verification","one.example: verification","two.example: verification"]'
tap_is 'it ends with the deadline, in UTC' "$(of one.example '[.end, .zone]')" "[\"$(at 20)\",\"UTC\"]"
tap_is 'alarms a week, three days and a day before' "$(of one.example .alarms)" '[-7,-3,-1]'
tap_like 'a subject with commas and what is not ASCII' "$(of one.example .description)" 'Subject: Grüße, mit Komma; Strichpunkt .* noch etwas'
tap_like 'what is not proved says so' "$(of four.example .description)" 'Not proved genuine'
tap_is 'what a stranger wrote is no line of it' "$(grep -c '^BEGIN:VEVENT' "$LAB/ics")" 4
tap_unlike 'no link is in it' "$(<"$LAB/ics")" '://'
uid=$(of one.example .uid)
sequence=$(of one.example .sequence)
cp "$LAB/ics" "$LAB/before"
exits 'again' 0 calendar "$LAB/ics"
tap_ok 'nothing has changed: the same octets' cmp "$LAB/ics" "$LAB/before"
printf '#!/bin/sh\ncat >/dev/null\n' >"$LAB/bin/sendmail"
chmod 755 "$LAB/bin/sendmail"
lab_keepname_conf "sendmail = \"$LAB/bin/sendmail\"" 'digest_to = "boss@example.com"'
exits 'somebody is told of it' 0 digest --send
tap_ok 'which stands in its history' test "$(ask "SELECT count(*) FROM event WHERE kind = 'reminded'")" -gt 0
exits 'and once more' 0 calendar "$LAB/ics"
tap_ok 'is no change either' cmp "$LAB/ics" "$LAB/before"
site_records <<-END
	at=$((first + 60))|domains=one.example|to=a@example.com|deadline=$(at 18)|id=<reminder@x.example>
END
exits 'a reminder' 0 calendar "$LAB/ics"
tap_is 'keeps the UID' "$(of one.example .uid)" "$uid"
tap_ok 'raises SEQUENCE' test "$(of one.example .sequence)" -gt "$sequence"
tap_is 'and moves the end' "$(of one.example .end)" "\"$(at 18)\""
kn 'done' "$(ask "SELECT id FROM pending WHERE domain = 'one.example'")"
exits 'settled' 0 calendar "$LAB/ics"
tap_is 'it is cancelled, without alarms' "$(of one.example '[.status, .alarms, .uid]')" "[\"CANCELLED\",[],$uid]"
sqlite3 "$site_database" "UPDATE event SET at = at - 31 * 86400"
exits 'a month later' 0 calendar "$LAB/ics"
tap_is 'it is gone' "$(of one.example .uid)" ''
exits 'of a recipient' 0 calendar --recipient B@example.com "$LAB/ics"
tap_is 'his alone' "$(read_back "$LAB/ics" | jq -c '[.events[].summary]')" '["two.example: verification"]'
exits 'where nothing can be written' 2 calendar "$LAB/nofolder/ics"
tap_is 'to standard output' "$(lab_keepname calendar | head -n 1 | tr -d '\r')" BEGIN:VCALENDAR
tap_end
