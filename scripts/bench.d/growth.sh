# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Of scripts/bench: what a long list, many pendings and many connections cost.

# -- lists ----------------------------------------------------------------------------------------

lists_bench() {
	[ "$have_keepname" = yes ] || die "keepname is not built: see $build/make-keepname.out"
	prepare_generated
	start_list few 300
	start_list many "$senders"
	measure
	reload_times few
	reload_times many
}

# -- pendings -------------------------------------------------------------------------------------

# fill NAME N: the stopped daemon's database gets N pendings.
fill() {
	sqlite3 -cmd ".parameter set @n $2" -cmd ".parameter set @now $(date +%s)" "$work/$1/keepname.db" \
		<"$source/tests/bench/matters.sql" || die "the database was not filled"
}

# timed NAME COMMAND…: one row: wall and CPU.
timed() {
	local dir=$work/$1 TIMEFORMAT='%R %U %S' wall user sys
	shift
	read -r wall user sys < <({ time "$build/progs/keepname" -c "$dir/keepname.conf" "$@" >"$work/out" 2>"$work/err"; } 2>&1)
	grep -q . "$work/err" && die "keepname $1: $(tail -n 1 "$work/err")"
	printf ' %7.2f %7.2f' "$wall" "$(awk "BEGIN { print $user + $sys }")"
}

# start_filled NAME N: a daemon over a database with N pendings.
start_filled() {
	start_daemon "$1" "$source/rules/lists" || die 'no keepname'
	kill "$pid"
	"$build/tests/tools/await" -t 10 end "$pid"
	fill "$1" "$2"
	start_daemon "$1" "$source/rules/lists" || die 'no keepname'
	socket[$1-record]=$spec subject_pid[$1-record]=$pid
}

# A sendmail that takes everything.
take_mail() {
	printf '#!/bin/sh\nexec cat >/dev/null\n' >"$work/sendmail"
	chmod 755 "$work/sendmail"
}

pendings_bench() {
	local n
	command -v sqlite3 >/dev/null || { left_out pendings 'sqlite3 is not installed'; return 0; }
	[ "$have_keepname" = yes ] || die "keepname is not built: see $build/make-keepname.out"
	take_mail
	extra=$(printf 'sendmail = "%s"\ndigest_to = "admin@example.org"\ndigest_recipients = no' "$work/sendmail")
	echo "Pendings, half of them settled; seconds of wall time and of CPU, load average $(cut -d' ' -f1 /proc/loadavg)"
	printf '%9s %15s %15s %15s %15s %15s %15s\n' pendings digest 'digest --due' 'pending --due 3' 'one domain' report metrics
	for n in 10000 100000 1000000; do
		[ "$n" -le "$most" ] || continue
		start_filled "p$n" "$n"
		printf '%9d' "$n"
		timed "p$n" digest
		timed "p$n" digest --due
		timed "p$n" pending --due 3
		timed "p$n" pending --domain name77.example
		timed "p$n" report --html "$work/report.html"
		timed "p$n" stats --prometheus
		echo
	done
	start_filled few 1000
	start_filled many "$most"
	subjects=(few-record many-record)
	echo
	echo "What recording a registrar's mail costs: few 1000 pendings, many $most"
	measure
}

# -- connections ----------------------------------------------------------------------------------

resident() {
	ps -o rss= -p "$(tree_of "$1")" | awk '{ n += $1 } END { print n }'
}

# hold NAME N: so many idle connections to it while its memory is read.
hold() {
	local before after
	before=$(resident "${subject_pid[$1]}")
	mkfifo "$work/let-go"
	"$load" --socket "${socket[$1]}" --hold "$2" "${ordinary_mails[0]}" >"$work/held" 2>"$work/err" <"$work/let-go" &
	local holder=$!
	exec 9>"$work/let-go"
	"$build/tests/tools/await" -t 60 -p $holder text "$work/held" "held=$2" >/dev/null || die "$2 connections: $(cat "$work/err")"
	after=$(resident "${subject_pid[$1]}")
	exec 9>&-
	wait $holder
	rm "$work/let-go"
	printf '%-10s %11d %11d %11d %15.1f\n' "$1" "$2" "$before" "$after" \
		"$(awk "BEGIN { print ($after - $before) / $2 }")"
}

idle_bench() {
	local n
	start_empty empty && start_keepname || die 'nothing to compare'
	socket[keepname]=$spec subject_pid[keepname]=$pid
	run_one 0 keepname 50
	run_one 0 empty 50
	printf '%-10s %11s %11s %11s %15s\n' filter connections 'KB before' 'KB with them' 'KB a connection'
	for n in 1 10 100 1000; do
		hold empty $n
		hold keepname $n
	done
	echo "Resident memory of all processes; each connection waits in the midst of a message."
}
