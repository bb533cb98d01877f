#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A listener that is frozen (SIGSTOP): the supervisor stops feeding the watchdog, ends it and starts
# another; with mail in hand as without.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

faults_begin 11
log=$LAB/log/keepname.log
tap_is 'before, mail is judged' "$(one_word before)" genuine

courier frozen -n 300 -c 4 "$LAB/mail" &
load=$!
await_answers frozen 20
listener=$(part listener)
kill -STOP "$listener"
fed=$(grep -c '^WATCHDOG=1' "$LAB/log/keepname.notify" || true)
tap_ok 'a frozen listener is ended' lab_await -t 40 -p "$LAB_KEEPNAME_PID" text "$log" 'the listener does not answer: ending it'
tap_ok 'the watchdog was fed no longer than it was awaited' \
	test "$(($(grep -c '^WATCHDOG=1' "$LAB/log/keepname.notify") - fed))" -le 8
tap_ok 'another is started' await_part listener "$listener"
tap_ok 'the frozen one is gone' lab_await -t 20 end "$listener"
tap_ok 'mail flows' wait "$load"
tap_is 'every message had an answer' "$(wc -l <"$LAB/answers.frozen")" 300
tap_ok 'only those in its hands were lost to it' test "$(words frozen genuine)" -ge 290
tap_is 'no boosted message lacks its record' "$(unrecorded)" ''
tap_is 'after it mail is judged' "$(one_word after)" genuine

# Told to end while the listener is frozen, it does not wait for ever.
kill -STOP "$(part listener)"
kill -TERM "$LAB_KEEPNAME_PID"
tap_ok 'SIGTERM with a frozen listener: it ends all the same' lab_await -t 45 end "$LAB_KEEPNAME_PID"
lab_forget "$LAB_KEEPNAME_PID"
tap_end
