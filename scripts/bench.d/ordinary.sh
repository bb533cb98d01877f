# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Of scripts/bench: what ordinary mail costs; and the comparison without any other option.

# -- keepname, the empty filter, opendkim ---------------------------------------------------------

compare_bench() {
	if [ "$senders" -gt 0 ]; then
		lists_bench
		return
	fi
	if wanted empty; then start_empty empty || :; fi
	if wanted empty2; then start_empty empty2 || :; fi
	if wanted keepname || wanted registrar; then start_keepname || :; fi
	if wanted opendkim; then start_opendkim || :; fi
	measure
}

# The subjects that are started, over the rounds that were asked for.
measure() {
	[ ${#subjects[@]} -gt 0 ] || die "nothing to measure"
	describe
	run_rounds
	print_table
}

# -- over connections, messages a connection, and bodies ------------------------------------------

# cell CONNECTIONS MESSAGES-A-CONNECTION BODY: one row.
cell() {
	connections=$1 per_connection=$2 body=$3
	: >"$work/raw"
	run_rounds
	awk -f "$parts/cell.awk" label="$(printf '%11d %10d %10d' "$1" "$2" "$3")" "$work/raw"
}

# 0 is the mails' own body, about 2 KB.
ordinary_bench() {
	local n size
	start_empty empty && start_empty empty2 && start_keepname && wanted keepname || die 'nothing to compare'
	subjects=(empty empty2 keepname)
	describe
	echo
	printf '%11s %10s %10s %9s %9s  %-26s %s\n' connections messages/c body 'empty us' 'keepname' \
		'keepname/empty' 'empty2/empty (noise)'
	for n in 1 8 64; do
		cell $n 1 0
		cell $n 10 0
	done
	for size in 2000 64000 1000000 10000000; do cell 8 10 $size; done
	echo "CPU of all processes in microseconds a message, medians; of the ratios also the middle half. Aim: 1.10"
}

# -- instructions ---------------------------------------------------------------------------------

# counted NAME SPEC LOG MESSAGES: the program under valgrind that listens there takes so many messages and ends; sets
# total, its instructions.
counted() {
	"$load" --socket "$2" --wait 60 --probe >/dev/null || die "$1 did not start: $(tail -n 3 "$3")"
	"$load" --socket "$2" --messages "$4" --connections 1 --per-connection "$per_connection" --fresh-id \
		--body "$body" --ip 198.51.100.7 --expect accept-at-eoh "${ordinary_mails[@]}" >/dev/null
	kill "$pid"
	"$build/tests/tools/await" -t 30 end "$pid"
	total=$(sed -n 's/.*Collected *: *//p' "$3" | tail -n 1)
	[ -n "$total" ] || die "no count of $1: $(tail -n 3 "$3")"
}

# Instructions of one run with so many messages, into total.
count_empty() {
	socket_of "empty-$1-$body"
	start "empty-$1-$body" valgrind --tool=callgrind --callgrind-out-file=/dev/null "$build/tests/bench/empty_filter" "$spec"
	counted empty "$spec" "$work/empty-$1-$body/log" "$1"
}

# The listener alone is counted: resolver and judge have nothing to do with ordinary mail.
count_keepname() {
	local dir=$work/keepname-$1-$body
	mkdir -p "$dir/libexec"
	cp "$build/progs/keepname-resolver" "$build/progs/keepname-judge" "$dir/libexec"
	printf '%s\n' '#!/bin/sh' "exec valgrind --tool=callgrind --smc-check=all-non-file --callgrind-out-file=$dir/profile \\" \
		"	$build/progs/keepname-listener \"\$@\"" >"$dir/libexec/keepname-listener"
	chmod 755 "$dir/libexec/keepname-listener"
	libexec=$dir/libexec
	port=53
	start_daemon "keepname-$1-$body" "$source/rules/lists" || die 'keepname did not start'
	libexec=$build/progs
	counted keepname "$spec" "$dir/log" "$1"
}

instructions_bench() {
	local few=200 many=1200 a b empty ours size
	command -v valgrind >/dev/null || { left_out instructions 'valgrind is not installed'; return 0; }
	echo "Instructions of the program itself a message, the kernel's not counted: $many messages less $few, by" \
		"callgrind, $per_connection messages a connection"
	printf '%10s %10s %10s  %s\n' body empty keepname ratio
	for size in 2000 10000000; do
		body=$size
		count_empty $few; a=$total
		count_empty $many; b=$total
		empty=$(((b - a) / (many - few)))
		count_keepname $few; a=$total
		count_keepname $many; b=$total
		ours=$(((b - a) / (many - few)))
		printf '%10d %10d %10d  %s\n' "$size" $empty $ours "$(awk "BEGIN { printf \"%.3f\", $ours / $empty }")"
	done
	echo
	echo "Where keepname's lie: instructions a message in a function and what it calls"
	callgrind_annotate --inclusive=yes --threshold=99.9 "$work/keepname-$many-$body/profile" 2>/dev/null |
		sed -nE '/=>/d; s,^ *([0-9,]+) .*[ /:](on_[a-z_]+|mi_rd_cmd|candidate_test|address_parse|address_each_claim) *(\[.*)?$,\1 \2,p' |
		awk -v n=$many '{ gsub(/,/, "", $1); printf "%10d  %s\n", $1 / n, $2 }' | sort -k 2 -u | sort -rn | head -n 12
}

# -- others at their work -------------------------------------------------------------------------

others_bench() {
	start_keepname || :
	start_opendkim && socket[opendkim-ordinary]=$spec subject_pid[opendkim-ordinary]=$pid
	start_rspamd || :
	subjects=(keepname)
	[ -z "${socket[opendkim-ordinary]-}" ] || subjects+=(opendkim-ordinary)
	[ -z "${socket[rspamd]-}" ] || subjects+=(rspamd)
	measure
}
