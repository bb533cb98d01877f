#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Our own domains: once the site has named them, genuine mail about another is not ours and is not
# prioritised; a change of registrant of one of ours raises an alarm at once, in the log and in the
# database, which ends with its matter.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"

registrar_begin 32
changes=0
# The daemon has seen the change.
taken_up() {
	changes=$((changes + 1))
	lab_await -p "$LAB_KEEPNAME_PID" text -n "$changes" "$LAB/log/keepname.log" 'list changed'
}
ask() { sqlite3 -readonly "$LAB/keepname/keepname.db" "$1"; }
ours_of() { lab_header "$LAB_MAIL" X-Keepname | grep -o 'ours=[a-z]*'; }
owner_change() { # ID DOMAIN
	sed -e "s/^Date:.*/Date: $(date -R)/" -e "s/^Message-ID:.*/Message-ID: <$1@$REGISTRAR>/" \
		-e "s/^example\.com$/$2/" -e "s/2026-12-01 10:00:00/$(date -u -d '+9 days' '+%F %T')/" \
		"$srcdir/tests/mails/key-systems-owner-change.eml" | lab_sign registrar demo "$REGISTRAR"
}

registrar_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'no domain is named' "$(verdict_of "$LAB_MAIL")" genuine
tap_is 'then nothing is known' "$(ours_of)" ours=unset
tap_is 'and it is urgent' "$(lab_header "$LAB_MAIL" X-Priority)" '1 (Highest)'

lab_keepname domains add mail.example.com >"$LAB/out"
tap_like 'a domain is named' "$(<"$LAB/out")" '1 added, 0 removed'
tap_like 'the matter is ours now' "$(<"$LAB/out")" '1 pendings are reckoned anew'
taken_up
registrar_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'mail about its organisational domain' "$(ours_of)" ours=yes
tap_is 'is urgent' "$(lab_header "$LAB_MAIL" X-Priority)" '1 (Highest)'
tap_is 'in JSON' "$(lab_keepname pending --json | jq -c '.[].ours')" '"yes"'

owner_change ours example.com >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'a change of registrant' "$(verdict_of "$LAB_MAIL")" genuine
tap_like 'is an alarm in the log, at once' "$(log_of "$LAB_QUEUE_ID")" ' ours=yes alarm=registrant '
tap_is 'and in the database, before Postfix had its answer' \
	"$(ask "SELECT kind, domain, ended_at FROM alarm")" 'registrant|example.com|0'
owner_change again example.com >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'a reminder' "$(ask 'SELECT mails FROM pending WHERE class = '"'change-of-registrant'")" 2
tap_is 'raises no second one' "$(ask 'SELECT count(*) FROM alarm')" 1

owner_change foreign example.org >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'about a domain that is not ours' "$(verdict_of "$LAB_MAIL")" genuine
tap_is 'this is said' "$(ours_of)" ours=no
tap_is 'it is not urgent' "$(lab_header "$LAB_MAIL" X-Priority)" ''
tap_unlike 'and no alarm' "$(log_of "$LAB_QUEUE_ID")" 'alarm='
tap_is 'but recorded' "$(lab_keepname pending --json --ours no | jq -c '.[].domain')" '"example.org"'
lab_keepname pending >"$LAB/out"
tap_like 'as what it is' "$(<"$LAB/out")" 'example\.org .*\[not ours\]'
lab_keepname check "$LAB/message" >"$LAB/out" || true
tap_like 'keepname check says so too' "$(<"$LAB/out")" 'ours=no'
tap_is 'and scan' "$(lab_keepname scan --json "$LAB/message" | jq -r '.. | .ours? // empty' | sort -u)" no

lab_keepname 'done' --class change-of-registrant --domain example.com --yes >"$LAB/out"
tap_is 'who settles the matter' "$(ask "SELECT state FROM pending WHERE class = 'change-of-registrant' AND domain = 'example.com'")" 'done'
tap_is 'ends the alarm' "$(ask 'SELECT ended_at > 0 FROM alarm')" 1
tap_is 'both are in the history' "$(ask "SELECT count(*) FROM event WHERE kind IN ('alarm', 'alarm-ended')")" 2
lab_keepname undo >"$LAB/out"
tap_is 'who takes that back has it again' "$(ask 'SELECT ended_at FROM alarm')" 0
lab_keepname 'done' --class change-of-registrant --domain example.com --yes >"$LAB/out"

lab_keepname domains remove mail.example.com >"$LAB/out"
taken_up
tap_like 'without any domain' "$(<"$LAB/out")" '[23] pendings are reckoned anew'
registrar_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'nothing is known again' "$(ours_of)" ours=unset
owner_change unknown example.net >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'a change of registrant is an alarm, for want of knowing better' \
	"$(ask "SELECT ended_at FROM alarm WHERE domain = 'example.net'")" 0
lab_keepname undo >"$LAB/out"
taken_up
tap_is 'which ends when the domain is none of ours' \
	"$(ask "SELECT ended_at > 0 FROM alarm WHERE domain = 'example.net'")" 1
tap_like 'undo' "$(<"$LAB/out")" '1 taken back'
registrar_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'is taken up like any change' "$(ours_of)" ours=yes
tap_is 'no matter of ours is left out' "$(ask "SELECT count(*) FROM pending WHERE ours = 'unset'")" 0
tap_end
