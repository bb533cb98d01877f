#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Processes that are frozen (SIGSTOP): the supervisor ends each and starts another; with mail in hand as
# without. What only starts slowly is not taken for frozen, nor is anything where all were frozen together.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

faults_begin 32
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

# Judge and resolver, both: until they are ended mail is only late, and flows.
judge=$(part judge) resolver=$(part resolver)
kill -STOP "$judge" "$resolver"
courier unheard -n 8 -c 8 -m 1 "$LAB/mail" &
load=$!
tap_ok 'a frozen judge is ended' lab_await -t 40 -p "$LAB_KEEPNAME_PID" text "$log" 'the judge does not answer: ending it'
tap_ok 'a frozen resolver is ended' lab_await -t 40 -p "$LAB_KEEPNAME_PID" text "$log" 'the resolver does not answer: ending it'
tap_ok 'another judge is started' await_part judge "$judge"
tap_ok 'and another resolver' await_part resolver "$resolver"
tap_ok 'meanwhile mail flows' wait "$load"
tap_is 'every message had an answer' "$(wc -l <"$LAB/answers.unheard")" 8
tap_is 'none was delayed or refused' "$(words unheard defer)" 0
tap_is 'with both back, mail is judged' "$(one_word heard)" genuine
tap_is 'the listener stays' "$(grep -c 'the listener does not answer' "$log")" 1

# All of it, as a container that is frozen: the pings of that time were never sent.
parts=("$(part listener)" "$(part resolver)" "$(part judge)")
kill -STOP "$LAB_KEEPNAME_PID" "${parts[@]}"
"$lab_tools/await" -t 18 end "$LAB_KEEPNAME_PID" 2>/dev/null || true
kill -CONT "$LAB_KEEPNAME_PID" "${parts[@]}"
tap_is 'all frozen for longer than one may be, then not: mail is judged' "$(one_word thawed)" genuine
tap_is 'by the same processes' "$(part listener) $(part resolver) $(part judge)" "${parts[*]}"

# A listener that reads for longer than it may be silent: a configuration that comes through a pipe, for the check,
# the supervisor and, late, for the listener.
conf=$LAB/keepname/keepname.conf listener=$(part listener)
mv "$conf" "$conf.real"
mkfifo "$conf"
kill -HUP "$LAB_KEEPNAME_PID"
check=$listener
while [[ $check == "$listener" ]]; do check=$(pgrep -n -P "$LAB_KEEPNAME_PID" -x keepname-listen); done
cat "$conf.real" >"$conf"
lab_await -t 20 end "$check"
cat "$conf.real" >"$conf"
tap_fails 'a listener that reads for 20 s at a reload' lab_await -t 20 end "$listener"
tap_is 'is not ended' "$(grep -c 'the listener does not answer' "$log")" 1
tap_is 'and judges meanwhile' "$(one_word reading)" genuine
cat "$conf.real" >"$conf"
tap_ok 'it has reloaded' lab_await -t 20 -p "$LAB_KEEPNAME_PID" text "$log" ': reloaded'
tap_is 'and is the same' "$(part listener)" "$listener"
rm "$conf"
mv "$conf.real" "$conf"

# Told to end while the listener is frozen, it does not wait for ever.
kill -STOP "$(part listener)"
kill -TERM "$LAB_KEEPNAME_PID"
tap_ok 'SIGTERM with a frozen listener: it ends all the same' lab_await -t 45 end "$LAB_KEEPNAME_PID"
lab_forget "$LAB_KEEPNAME_PID"

# A listener that takes longer to start than it may be silent later: as with a long list on a slow disk.
mkdir "$LAB/libexec"
cp "$builddir"/progs/keepname-{resolver,judge} "$LAB/libexec/"
mkfifo "$LAB/start"
cat >"$LAB/libexec/keepname-listener" <<-END
	#!/bin/sh
	[ "\$1" = -n ] || read -r _ <$LAB/start
	exec $builddir/progs/keepname-listener "\$@"
END
chmod 755 "$LAB/libexec/keepname-listener"
lab_keepname_conf "libexec_dir = \"$LAB/libexec\""
lab_spawn slow "$builddir/progs/keepname-milter" -f -c "$LAB/keepname/keepname.conf"
LAB_KEEPNAME_PID=$LAB_PID
tap_fails 'a listener that takes 20 s to start' lab_await -t 20 end "$LAB_KEEPNAME_PID"
tap_is 'is not ended' "$(grep -c 'does not answer' "$LAB/log/slow.log" || true)" 0
echo >"$LAB/start"
tap_ok 'and serves in the end' lab_await -t 20 -p "$LAB_KEEPNAME_PID" text "$LAB/log/slow.log" 'serving at'
tap_is 'it judges' "$(one_word slow)" genuine
kill -TERM "$LAB_KEEPNAME_PID"
tap_ok 'and ends' lab_await -t 45 end "$LAB_KEEPNAME_PID"
lab_forget "$LAB_KEEPNAME_PID"
tap_end
