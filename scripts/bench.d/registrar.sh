# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Of scripts/bench: where the cost of a registrar's mail lies: CPU by perf, and the disk.

# -- CPU ------------------------------------------------------------------------------------------

profile_bench() {
	command -v perf >/dev/null || { left_out profile 'perf is not installed'; return 0; }
	start_keepname || die 'no keepname'
	echo "A registrar's mail, proved and recorded: where the CPU of all processes goes, by samples of perf's cpu-clock"
	run_one 0 registrar 50
	load_options registrar $((4 * registrar))
	perf record -q -e cpu-clock -F 2000 -g -p "$(tree_of "$pid")" -o "$work/profile" -- "$load" "${options[@]}" \
		>"$work/out" 2>"$work/err" || { left_out profile "perf record: $(tail -n 1 "$work/err")"; return 0; }
	sed -n 's/^cpu_us=/CPU a message while it looked: /p' "$work/out"
	perf script -i "$work/profile" -F comm,ip,sym,dso 2>/dev/null | awk -f "$parts/profile.awk"
}

# -- disk -----------------------------------------------------------------------------------------

# syncs_of PID COMMAND…: runs it, and sets syncs to the number of calls of that process.
syncs_of() {
	local tracer
	: >"$work/strace"
	strace -f -c -e trace=fsync,fdatasync,sync_file_range -o "$work/syncs" -p "$1" 2>"$work/strace" &
	tracer=$!
	"$build/tests/tools/await" -t 10 -p $tracer text "$work/strace" attached >/dev/null || {
		left_out syncs "strace: $(tail -n 1 "$work/strace")"
		syncs=''
		return 0
	}
	shift
	"$@" >"$work/out" 2>"$work/err" || die "load: $(tail -n 1 "$work/err")"
	kill -INT $tracer
	wait $tracer || :
	syncs=$(awk '$NF ~ /sync/ { n += $4 } END { print n + 0 }' "$work/syncs")
}

listener_of() {
	ps -o pid= -o comm= -p "$(tree_of "$1")" | awk '/listen/ { print $1; exit }'
}

value() {
	sed -n "s/^$1=//p" "$work/out"
}

# Each twice: without a tracer for the times, and with one for the count. The same with the database in
# memory is what is left without a disk.
commits_bench() {
	local n place name
	start_keepname || die 'no keepname'
	for place in disk memory; do
		name=registrar-$place
		if [ $place = memory ]; then
			[ -w /dev/shm ] || { left_out 'database in memory' 'no /dev/shm'; continue; }
			mkdir -p /dev/shm/keepname-bench.$$
			database_home=/dev/shm/keepname-bench.$$
			shm=$database_home
		fi
		start_daemon $name "$source/rules/lists" || die 'no keepname'
		socket[$name]=$spec subject_pid[$name]=$pid
		database_home=
	done
	describe
	printf '%-8s %11s %11s %9s %9s %9s %10s\n' database 'at a time' messages/s 'p50 us' 'p99 us' 'CPU us' 'syncs/mail'
	for place in disk memory; do
		name=registrar-$place
		[ -n "${socket[$name]-}" ] || continue
		for n in 1 8 64; do
			connections=$n
			load_options $name "$registrar"
			"$load" "${options[@]}" >"$work/out" 2>"$work/err" || die "load: $(tail -n 1 "$work/err")"
			printf '%-8s %11d %11.0f %9.0f %9.0f %9.0f' $place $n "$(value rate)" "$(value p50_us)" "$(value p99_us)" \
				"$(value cpu_us)"
			if command -v strace >/dev/null; then
				syncs_of "$(listener_of "${subject_pid[$name]}")" "$load" "${options[@]}"
				awk -v syncs="$syncs" -v mails="$registrar" 'BEGIN { printf " %10s\n", syncs == "" ? "-" : sprintf("%.2f", syncs / mails) }'
			else
				echo '          -'
			fi
		done
	done
}
