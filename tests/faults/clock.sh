#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A clock that jumps, far ahead and far back, while mail comes (libfaketime in every process but the judge, which
# is told the time): nothing ends, hangs or is ended, what is not fresh by the clock is not genuine, an answer of
# the DNS is not kept longer for it, and with the clock right again mail is judged as before.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

faketime=$(find /usr/lib /usr/local/lib -name libfaketimeMT.so.1 2>/dev/null | head -n 1)
[[ $faketime ]] || tap_skip_all 'libfaketime is not installed (scripts/install-deps --tests)'
faults_lab 17
log=$LAB/log/keepname.log
clock() {
	echo "$1" >"$LAB/clock.new"
	mv "$LAB/clock.new" "$LAB/clock"
}
clock +0
mkdir "$LAB/libexec"
cp "$builddir/progs/keepname-judge" "$LAB/libexec/"
for name in listener resolver; do
	cat >"$LAB/libexec/keepname-$name" <<-END
		#!/bin/sh
		export LD_PRELOAD=$faketime FAKETIME_TIMESTAMP_FILE=$LAB/clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1
		exec $builddir/progs/keepname-$name "\$@"
	END
	chmod 755 "$LAB/libexec/keepname-$name"
done
lab_keepname_conf "libexec_dir = \"$LAB/libexec\""
# Back, seen from the start: what the resolver has cached then would be good for 40 days.
clock +40d
lab_keepname_start
listener=$(part listener) judge=$(part judge)
tap_is 'a clock that is 40 days ahead: not fresh' "$(one_word ahead)" known
tap_like 'proved all the same' "$(grep 'msgid=ahead' "$log")" 'reason=age .*proof=dkim:'
resolver=$(part resolver)
clock +0
tap_ok 'it jumps back: the resolver begins anew' await_part resolver "$resolver"
tap_like 'and says why' "$(<"$log")" 'keepname-resolver: the clock was put back'
tap_is 'mail is genuine' "$(one_word right)" genuine
lab_dns_drop "demo._domainkey.$REGISTRAR"
lab_dns_drop "$REGISTRAR"
# A record of the lab lives for 5 s.
await_unproven() {
	local n
	for ((n = 0; n < 30; n++)); do
		[[ $(one_word "gone.$n") == genuine ]] || return 0
		"$lab_tools/await" -t 1 end "$LAB_KEEPNAME_PID" 2>/dev/null || true
	done
	return 1
}
tap_ok 'a key that was withdrawn is forgotten in its time' await_unproven
registrar_dns
resolver=$(part resolver)
clock -40d
tap_is 'far back: not fresh' "$(one_word back)" known
await_part resolver "$resolver"
clock +20y
tap_is 'twenty years ahead: not fresh' "$(one_word far)" known

courier load -n 1000000 -c 4 "$LAB/mail" &
load=$!
await_answers load 20
for to in -1h +0 +1h +40d -40d +0 -20y +0 +3s -3s +0; do
	clock "$to"
	await_answers load "$(($(wc -l <"$LAB/answers.load") + 30))"
done
clock +0
kill "$load"
wait "$load" || true
tap_is 'jumps under load: every answer is one' "$(awk '$3 != "genuine" && $3 != "known" && $3 != "unproven" { print $3 }' "$LAB/answers.load" | sort -u)" ''
tap_ok 'many mails came meanwhile' test "$(wc -l <"$LAB/answers.load")" -ge 350
await_again() {
	local n
	for ((n = 0; n < 30; n++)); do
		[[ $(one_word "again.$n") != genuine ]] || return 0
		"$lab_tools/await" -t 1 end "$LAB_KEEPNAME_PID" 2>/dev/null || true
	done
	return 1
}
tap_ok 'with the clock right, mail is genuine' await_again
tap_is 'by the same listener and judge' "$(part listener) $(part judge)" "$listener $judge"
tap_is 'nothing was taken for frozen' "$(grep -c 'does not answer' "$log" || true)" 0
tap_is 'nothing went unjudged' "$(grep -c 'verdict=unjudged' "$log" || true)" 0
tap_is 'no boosted message lacks its record' "$(unrecorded)" ''
clock -40d
kill -TERM "$LAB_KEEPNAME_PID"
tap_ok 'told to end as it jumps: it ends' lab_await -t 30 end "$LAB_KEEPNAME_PID"
lab_forget "$LAB_KEEPNAME_PID"
tap_is 'the database is whole' "$(sqlite3 "$LAB/keepname/keepname.db" 'PRAGMA integrity_check')" ok
tap_end
