#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# MTAs that misbehave, in front of the real daemon (tests/faults/clients.c): none of them ends one of its
# processes, leaves a message under way or a descriptor open.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

clients=$builddir/tests/faults/clients
[[ -x $clients ]] || tap_skip_all 'built without cmocka (scripts/install-deps --tests)'
# As systemd has it: the daemon raises it by itself.
ulimit -Sn 1024
faults_begin 9
registrar_mail --unsigned | sed 's/noreply@emailverification.info/noreply@stranger.example/' >"$LAB/wording"
listener=$(part listener)
files() { find "/proc/$listener/fd" -mindepth 1 | wc -l; }
one_word before >/dev/null
before=$(files)
run_clients() {
	SOCKET=unix:$LAB_SOCKET LISTENER=$listener MAIL=$LAB/mail WORDING=$LAB/wording "$clients" >"$LAB/log/clients.log" 2>&1
}
tap_ok 'whatever they do, the next mail is judged' run_clients
grep -vE 'RUN|OK|====' "$LAB/log/clients.log" | head -n 40 | sed 's/^/# /' || true
tap_is 'the listener is the one that was started' "$(part listener)" "$listener"
tap_is 'a place in the lane was missing for as many as there were too many' "$(grep -c 'why=busy from=noreply@stranger' "$LAB/log/keepname.log")" 24
# The last connections are closed after their answers.
no_more() {
	local tries
	for ((tries = 0; tries < 500; tries++)); do
		(($(files) > before + 4)) || return 0
	done
	return 1
}
tap_ok 'no descriptor is left open' no_more
tap_is 'mail is judged' "$(one_word after)" genuine

# A flood by wording alone, from more connections than there are places, for as long as listed mail comes.
courier flood -n 1000000 -c 60 "$LAB/wording" 2>/dev/null &
load=$!
await_answers flood 100
courier listed -n 100 -c 2 "$LAB/mail"
tap_ok 'the flood goes on' kill "$load"
wait "$load" || true
tap_is 'in a flood by wording all listed mail is judged' "$(words listed genuine)" 100
tap_is 'and no other is refused' "$(words flood defer)" 0
kill -TERM "$LAB_KEEPNAME_PID"
tap_ok 'and no message is still under way: it ends at once' lab_await -t 20 end "$LAB_KEEPNAME_PID"
lab_forget "$LAB_KEEPNAME_PID"
tap_end
