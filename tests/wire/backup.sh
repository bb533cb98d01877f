#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Backups one after the other while the real daemon records registrars' mail: each is sound and holds what
# was recorded until then, and no mail waits for them, is deferred or goes unjudged. All of it is then in a
# restored one, and mail goes on into that.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"

registrar_begin 12
mails=20
database=$LAB/keepname/keepname.db
count() { sqlite3 -readonly "$database" 'SELECT count(*) FROM message'; }
said() { grep -c -- "$1" "$LAB/log/keepname.log" || true; }

traffic() {
	local i
	for ((i = 0; i < mails; i++)); do
		registrar_mail "ID=backup.$i" "DOMAIN=d$i.example.com" >"$LAB/traffic"
		lab_send --from "bounce@$REGISTRAR" --ip "$REGISTRAR_IP" "$LAB/traffic" || return 1
		printf '%s\n' "$LAB_QUEUE_ID" >>"$LAB/ids"
	done
}
traffic &
traffic=$!
made=0 unsound='' held=''
while kill -0 "$traffic" 2>/dev/null; do
	before=$(count)
	lab_keepname backup "$LAB/during" || unsound+=" $made"
	after=$(count)
	holds=$(lab_keepname verify --json "$LAB/during" | jq .messages) || unsound+=" $made"
	((before <= holds && holds <= after)) || held+=" $before,$holds,$after"
	made=$((made + 1))
done
tap_ok 'mail is accepted all the while' wait "$traffic"
tap_ok 'several backups were made meanwhile' test "$made" -gt 2
tap_is 'each is sound' "$unsound" ''
tap_is 'each holds what was there' "$held" ''
genuine=0
while read -r id; do
	lab_await_mail "$id"
	[[ $(verdict_of "$LAB_MAIL") != genuine ]] || genuine=$((genuine + 1))
done <"$LAB/ids"
tap_is 'each mail came and is genuine' "$genuine" $mails
tap_is 'each is recorded' "$(count)" $mails
tap_is 'nothing was deferred or refused' "$(grep -cE 'milter-(reject|hold): | 451 4\.' "$LAB/log/postfix.log" 2>/dev/null || true)" 0
tap_is 'nothing went unjudged' "$(said verdict=unjudged)" 0

# The last one takes the database's place, and the daemon goes on with it.
lab_keepname backup "$LAB/last"
lab_keepname_stop
rm -f "$database"*
tap_ok 'restore' lab_keepname restore "$LAB/last"
lab_keepname_start
tap_is 'all is there' "$(count)" $mails
registrar_mail ID=backup.after DOMAIN=after.example.com >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'mail goes on' "$(verdict_of "$LAB_MAIL")" genuine
tap_is 'into it' "$(count)" $((mails + 1))
tap_end
