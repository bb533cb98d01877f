#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname-milter as a service: its command line, what it tells systemd, the background, the account it
# becomes, and starts that must fail: with a reason, and nothing left running.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/faults/site.sh
. "$srcdir/tests/faults/site.sh"

faults_lab 100
conf=$LAB/keepname/keepname.conf
log=$LAB/log/keepname.log
milter=$builddir/progs/keepname-milter
lab_keepname_conf
socket=$LAB_SOCKET

# run ARGUMENT...: to its end (60 s); sets rc, out (both outputs).
run() {
	rc=0
	out=$(timeout -k 5 60 "$milter" "$@" 2>&1 </dev/null) || rc=$?
}
# refused NAME STATUS ERE: a start with -f ends so, and leaves no socket of its own.
refused() {
	run -f -c "$conf"
	tap_is "$1: does not start" "$rc" "$2"
	tap_like "$1: says why" "$out" "$3"
}

# -- command line
for option in -V --version; do
	run "$option"
	tap_like "$option" "$rc $out" '^0 keepname-milter [0-9]+\.[0-9]+'
done
for option in -h --help; do
	run "$option"
	tap_like "$option" "$rc $out" '^0 Usage: keepname-milter'
done
run --frobnicate
tap_like 'an option that is none' "$rc $out" '^64 .*frobnicate.*Usage: '
run -f -c "$conf" now
tap_like 'an argument too many' "$rc $out" '^64 .*"now"'
run -n -c "$conf"
tap_is '-n, all well' "$rc $out" '0 '
tap_fails '-n makes no database' test -e "$LAB/keepname/keepname.db"
tap_fails 'and no socket' test -e "$socket"
run --check --config "$LAB/none.conf"
tap_like '-n, no configuration' "$rc $out" "^78 .*$LAB/none\\.conf"
printf 'dns_timeout = soon\nsocket_mode = 9\n' >>"$conf"
run -n -c "$conf"
tap_like '-n, a faulty configuration: all errors' "$rc $out" "^78 .*keepname\\.conf:[0-9]+:[0-9]+: error: .*keepname\\.conf:[0-9]+:[0-9]+: error: "
refused 'a faulty configuration' 78 'keepname\.conf:[0-9]+:[0-9]+: error: '
cp -r "$srcdir/rules/lists" "$LAB/lists"
printf 'Class: verification\nLanguage: xx\nSubject:\n (unclosed\n' >"$LAB/lists/zz.class"
lab_keepname_conf "lists = \"$LAB/lists\""
run -n -c "$conf"
tap_like '-n, a faulty class file' "$rc $out" '^78 .*zz\.class:4:'
refused 'a faulty class file' 78 'zz\.class:4:'
rm "$LAB/lists/zz.class"

# -- libexec_dir
mkdir -m 755 "$LAB/libexec"
cp "$builddir"/progs/keepname-{listener,resolver,judge} "$LAB/libexec/"
chmod 755 "$LAB"/libexec/*
lab_keepname_conf "libexec_dir = \"$LAB/libexec\""
chmod 775 "$LAB/libexec"
refused 'libexec_dir writable for its group' 78 "libexec.*written by group"
chmod 755 "$LAB/libexec"
for name in listener resolver judge; do
	chmod 757 "$LAB/libexec/keepname-$name"
	refused "keepname-$name writable for all" 78 "keepname-$name.*written by"
	chmod 755 "$LAB/libexec/keepname-$name"
done
mv "$LAB/libexec/keepname-judge" "$LAB/libexec/real"
refused 'a program missing' 78 'keepname-judge'
ln -s real "$LAB/libexec/keepname-judge"
refused 'a link in place of one' 78 'keepname-judge.*not a plain file'
rm "$LAB/libexec/keepname-judge"
if ((EUID == 0)); then
	cp "$LAB/libexec/real" "$LAB/libexec/keepname-judge"
	chown nobody "$LAB/libexec/keepname-judge"
	refused 'a program of somebody else' 78 'keepname-judge belongs to'
	rm "$LAB/libexec/keepname-judge"
else
	tap_skip 2 'only root can give a file away'
fi
printf '#!/bin/sh\nexit 2\n' >"$LAB/libexec/keepname-judge"
chmod 755 "$LAB/libexec/keepname-judge"
refused 'a judge that does not start' 70 'the judge did not start'
mv -f "$LAB/libexec/real" "$LAB/libexec/keepname-judge"
tap_fails 'none of these left a socket' test -e "$socket"

# -- the socket's place is taken
lab_keepname_conf
echo precious >"$socket"
refused 'a file in the place of the socket' 78 'is no socket: not touched'
tap_is 'and it is not' "$(<"$socket")" precious
rm "$socket"
lab_keepname_conf "socket = \"local:$LAB/nowhere/milter.sock\""
refused 'a folder that is not there' 78 "$LAB/nowhere/milter\\.sock"
lab_keepname_conf 'socket_group = "no-such-group"'
refused 'a group that is not there' 78 'no-such-group'

# -- what it tells systemd
lab_keepname_conf
told() { grep -v '^WATCHDOG=1$' "$LAB/log/keepname.notify" 2>/dev/null | tr '\n' ' '; }
tap_ok 'READY=1 at the start' lab_keepname_start
tap_is 'when mail is judged already' "$(one_word ready)" genuine
tap_ok 'WATCHDOG=1 again and again' lab_await -t 20 text -n 3 "$LAB/log/keepname.notify" WATCHDOG=1
lab_keepname_reload
tap_is 'a reload: RELOADING=1, then READY=1' "$(told)" 'RELOADING=1 READY=1 '
echo 'no_such_option = 1' >>"$conf"
lab_keepname_reload
tap_is 'a refused one too' "$(told)" 'RELOADING=1 READY=1 RELOADING=1 READY=1 '
tap_like 'with its reason' "$(<"$log")" 'no_such_option.*reload refused, the old state serves on'
lab_keepname_conf "socket = \"local:$LAB/keepname/other.sock\""
lab_keepname_reload
tap_like 'what needs a restart is named' "$(<"$log")" 'socket changed: this needs a restart'
tap_is 'and the old socket serves on' "$(one_word same)" genuine
lab_keepname_conf
lab_keepname_reload

# -- a second one
run -f -c "$conf"
tap_like 'a second daemon on the same socket is refused' "$rc $out" '^78 .*in use: another daemon serves it'
lab_keepname_conf "socket = \"local:$LAB/keepname/second.sock\"" "database = \"sqlite:$LAB/keepname/second.db\""
run -f -c "$conf"
tap_like 'and one on the same spool' "$rc $out" '^70 .*records\.spool: another keepname-milter uses it'
tap_fails 'it leaves no socket' test -e "$LAB/keepname/second.sock"
run -c "$conf"
tap_like 'in the background too, where the reason is read as well' "$rc $out" '^70 .*records\.spool: another keepname-milter uses it'
run -n -c "$conf"
tap_is 'to check a configuration needs no spool' "$rc $out" '0 '
LAB_SOCKET=$socket
tap_is 'the first one judges all the while' "$(one_word first)" genuine
port=$(lab_port)
lab_keepname_conf "socket = \"inet:$port@127.0.0.1\"" "spool = \"$LAB/keepname/spool.inet\""
first=$LAB_KEEPNAME_PID
lab_keepname_start
second=$LAB_KEEPNAME_PID
run -f -c "$conf"
tap_like 'nor two on one port' "$rc $out" '^78 .*in use, another daemon serves it'
lab_stop "$second"
LAB_KEEPNAME_PID=$first
lab_keepname_conf

# -- the end
parts=("$(part listener)" "$(part resolver)" "$(part judge)")
kill -TERM "$LAB_KEEPNAME_PID"
kill -TERM "$LAB_KEEPNAME_PID"
tap_ok 'SIGTERM, twice: it ends at once where no message is in hand' lab_await -t 20 end "$LAB_KEEPNAME_PID"
lab_forget "$LAB_KEEPNAME_PID"
running() {
	local pid
	for pid; do
		[[ ! -e /proc/$pid ]] || grep -q '^State:.*zombie' "/proc/$pid/status" || echo "$pid"
	done
}
tap_is 'all of it' "$(running "${parts[@]}")" ''
tap_fails 'its socket is gone' test -e "$socket"
lab_await -t 20 text "$LAB/log/keepname.notify" STOPPING=1
tap_like 'STOPPING=1 is the last word' "$(told)" ' STOPPING=1 $'
lab_keepname_start
kill -INT "$LAB_KEEPNAME_PID"
tap_ok 'SIGINT ends it too' lab_await -t 20 end "$LAB_KEEPNAME_PID"
lab_forget "$LAB_KEEPNAME_PID"

# -- the background
# start_background: what it prints must end with it, so nothing may hold our output open.
start_background() {
	run -c "$conf"
	LAB_KEEPNAME_PID=$(cat "$LAB/keepname/pid" 2>/dev/null || true)
	[[ -z $LAB_KEEPNAME_PID ]] || lab_remember "$LAB_KEEPNAME_PID"
}
lab_keepname_conf "pid_file = \"$LAB/keepname/pid\""
start_background
tap_is 'without -f the first process ends with 0' "$rc" 0
tap_is 'when mail is judged already' "$(one_word background)" genuine
tap_ok 'the pid file names the supervisor' grep -q keepname-milter "/proc/$LAB_KEEPNAME_PID/comm"
tap_is 'which is no child of ours and in a session of its own' \
	"$(ps -o sid= -p "$LAB_KEEPNAME_PID" | tr -d ' ')" "$LAB_KEEPNAME_PID"
parts=("$(part listener)" "$(part resolver)" "$(part judge)")
ours_open() { # descriptors of our terminal, pipe or file
	local pid fd
	for pid in "$LAB_KEEPNAME_PID" "${parts[@]}"; do
		for fd in 0 1; do
			readlink "/proc/$pid/fd/$fd"
		done
	done | sort -u
}
tap_is 'nobody holds our input or output' "$(ours_open)" /dev/null
tap_is 'nor our standard error, where they log by themselves' \
	"$(readlink "/proc/$LAB_KEEPNAME_PID/fd/2" "/proc/${parts[0]}/fd/2" | sort -u)" /dev/null
tap_is 'nothing keeps a folder from being unmounted' "$(readlink "/proc/$LAB_KEEPNAME_PID/cwd")" /
kill -KILL "${parts[2]}"
tap_ok 'a part that is killed is started again' await_part judge "${parts[2]}"
tap_is 'and judges' "$(one_word background.after)" genuine
kill -TERM "$LAB_KEEPNAME_PID"
tap_ok 'it ends when told to' lab_await -t 20 end "$LAB_KEEPNAME_PID"
lab_forget "$LAB_KEEPNAME_PID"
tap_fails 'and its pid file with it' test -e "$LAB/keepname/pid"
lab_keepname_conf 'dns_timeout = soon'
run -c "$conf"
tap_like 'a faulty configuration: the status and the reason' "$rc $out" '^78 .*dns_timeout'
lab_keepname_conf "pid_file = \"$LAB/nowhere/pid\""
mkdir "$LAB/odd"
: >"$LAB/odd/records.spool"
head -c 8192 /dev/urandom >"$LAB/odd/records.spool"
lab_keepname_conf "spool = \"$LAB/odd\"" "pid_file = \"$LAB/keepname/pid\""
run -c "$conf"
tap_like 'what fails in the background is a status and a reason too' "$rc $out" '^70 .*records\.spool: is damaged or no spool'
tap_fails 'it leaves no socket' test -e "$socket"
tap_fails 'and no pid file' test -e "$LAB/keepname/pid"
printf '#!/bin/sh\necho "keepname-judge: a reason of its own" >&2\nexit 78\n' >"$LAB/libexec/keepname-judge"
lab_keepname_conf "libexec_dir = \"$LAB/libexec\""
run -c "$conf"
tap_like 'what another program says is heard' "$rc $out" '^78 .*a reason of its own.*the judge did not start'
cp "$builddir/progs/keepname-judge" "$LAB/libexec/keepname-judge"

# -- another account
if ((EUID != 0)); then
	tap_skip 24 'only root can become somebody else'
	tap_end
fi
mkdir "$LAB/state"
chown nobody "$LAB/state"
nobody=$(id -u nobody) group=$(id -g nobody)
state=("libexec_dir = \"$LAB/libexec\"" "lists = \"$LAB/lists\"" "database = \"sqlite:$LAB/state/keepname.db\""
	"spool = \"$LAB/state/spool\"" "pid_file = \"$LAB/keepname/pid\"" 'socket_mode = "0600"' 'user = "nobody"')
chmod 755 "$LAB" "$LAB/keepname" "$LAB/lists"
# nobody_conf ['key = value']...: the same, but for these.
nobody_conf() {
	local line other lines=()
	for line in "${state[@]}"; do
		for other; do [[ ${other%% *} != "${line%% *}" ]] || continue 2; done
		lines+=("$line")
	done
	lab_keepname_conf "${lines[@]}" "$@"
	chmod 644 "$conf"
}
nobody_conf
tap_ok 'started as root with user = "nobody"' lab_keepname_start
parts=("$(part listener)" "$(part resolver)" "$(part judge)")
ids() { # real, effective, saved and file-system ids, groups, capabilities, new privileges
	local pid
	for pid in "$LAB_KEEPNAME_PID" "${parts[@]}"; do
		awk '/^(Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs):/ { $1 = ""; printf "%s;", $0 } END { print "" }' "/proc/$pid/status"
	done | sort -u
}
none=0000000000000000
tap_is 'all processes are nobody, without groups, capabilities or a way to get more' "$(ids)" \
	" $nobody $nobody $nobody $nobody; $group $group $group $group; $group; $none; $none; $none; $none; $none; 1;"
tap_is 'the judge has a filter of system calls' "$(awk '/^Seccomp:/ { print $2 }' "/proc/$(part judge)/status")" 2
tap_is 'mail is judged' "$(one_word nobody)" genuine
tap_is 'and recorded' "$(sqlite3 -readonly "$LAB/state/keepname.db" "SELECT count(*) FROM message WHERE verdict = 'genuine'")" 1
tap_is 'database and spool are its own' "$(stat -c %U "$LAB/state/keepname.db" "$LAB/state/spool/records.spool" | sort -u)" nobody
tap_is 'so is the socket' "$(stat -c '%U %G %a' "$socket")" "nobody $(id -gn nobody) 600"
for name in listener resolver judge; do
	pid=$(part "$name")
	kill -KILL "$pid"
	await_part "$name" "$pid"
done
tap_is 'a part that is started again is nobody too' "$(ps -o uid= -p "$(part listener)" -p "$(part resolver)" -p "$(part judge)" | sort -u | tr -d ' ')" "$nobody"
tap_is 'mail is judged still' "$(one_word nobody.after)" genuine
lab_keepname_reload
tap_is 'after a reload too' "$(one_word nobody.reloaded)" genuine
kill -TERM "$LAB_KEEPNAME_PID"
tap_ok 'it ends at once' lab_await -t 4 end "$LAB_KEEPNAME_PID"
lab_forget "$LAB_KEEPNAME_PID"
tap_is 'its pid file, which it may not remove, is empty' "$(cat "$LAB/keepname/pid")" ''
tap_ok 'its socket, which it may not remove, is no hindrance' lab_keepname_start
lab_keepname_stop

nobody_conf 'user = "no-such-user"'
refused 'an account that is not there' 78 'no-such-user'
nobody_conf
chmod 600 "$conf"
refused 'a configuration that the account may not read' 78 'keepname\.conf.*Permission denied'
chmod 644 "$conf"
nobody_conf "spool = \"$LAB/keepname/spool.root\""
refused 'a spool that it may not make' 70 'spool\.root.*Permission denied'
mkdir "$LAB/closed"
nobody_conf "database = \"sqlite:$LAB/closed/keepname.db\""
tap_ok 'a folder in which it may not make the database: it serves' lab_keepname_start
tap_is 'mail is judged and marked' "$(one_word closed)" genuine
tap_like 'the record is in the spool' "$(grep 'msgid=closed' "$log")" 'stored=spool'
tap_like 'and the log says why' "$(<"$log")" "$LAB/closed/keepname\\.db: Permission denied"
chown nobody "$LAB/closed"
tap_ok 'the folder put right, the record goes there' lab_await -t 20 -p "$LAB_KEEPNAME_PID" text "$log" 'replayed from the spool'
lab_keepname_stop
tap_end
