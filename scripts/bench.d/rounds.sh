# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Of scripts/bench: rounds of load, and the table of them.

# -- rounds ---------------------------------------------------------------------------------------

# load_options NAME MESSAGES: sets options to what the load client sends this subject, and expects.
load_options() {
	options=(--socket "${socket[$1]}" --messages "$2" --connections "$connections"
		--per-connection "$per_connection" --cpu "${subject_pid[$1]}" --fresh-id)
	case $1 in
	few-listed | many-listed) options+=(--expect-header 'X-Keepname=genuine;') ;;
	few-wording | many-wording) options+=(--expect-header 'X-Keepname=unlisted;') ;;
	opendkim-ordinary | rspamd) ;;
	opendkim) options+=(--expect-header 'Authentication-Results=mx.example.net; dkim=pass') ;;
	registrar* | few-record | many-record) options+=(--expect-header 'X-Keepname=genuine;') ;;
	*) options+=(--expect accept-at-eoh) ;;
	esac
	case $1 in
	opendkim | registrar* | few-record | many-record)
		options+=(--ip 192.0.2.10 --name "mailout.$domain" --from "bounce@$domain"
			"$work/verification.eml")
		;;
	few-listed | many-listed)
		options+=(--ip 192.0.2.10 --from "bounce@$last" "$work/$last.eml")
		;;
	few-wording | many-wording)
		options+=(--ip 192.0.2.10 --from "bounce@$stranger" "$work/$stranger.eml")
		;;
	*) options+=(--ip 198.51.100.7 --body "$body" "${ordinary_mails[@]}") ;;
	esac
}

# Instructions of user and kernel together, where this machine counts them: user mode alone would
# leave out most of what a message costs a filter.
counter=''
if perf stat -x, -e instructions:uk true 2>&1 | grep -q '^[0-9]'; then counter=instructions:uk; fi

# run_one ROUND NAME MESSAGES: one share of load; its figures become a line of the file raw.
run_one() {
	local out=$work/out status=0
	load_options "$2" "$3"
	if [ -n "$counter" ]; then
		perf stat -x, -e $counter -p "$(tree_of "${subject_pid[$2]}")" -o "$work/perf" -- \
			"$load" "${options[@]}" >"$out" 2>"$work/err" || status=$?
		awk -F, -v n="$3" '/instr/ && $1 + 0 > 0 { printf "instructions=%.0f\n", $1 / n }' \
			"$work/perf" >>"$out"
	else
		"$load" "${options[@]}" >"$out" 2>"$work/err" || status=$?
	fi
	if [ "$status" -ne 0 ]; then
		cat "$work/err" >&2
		echo "bench: $2 gave a wrong answer (round $1)" >&2
		keep=yes
		exit 1
	fi
	echo "$1 $2 $(tr '\n' ' ' <"$out")" >>"$work/raw"
}

share() {
	case $1 in opendkim | registrar* | *-listed | *-wording | *-record) echo "$registrar" ;; *) echo "$ordinary" ;; esac
}

run_rounds() {
	local r i s
	for s in "${subjects[@]}"; do run_one 0 "$s" 50; done
	for ((r = 1; r <= rounds; r++)); do
		[ ! -t 2 ] || printf '\rround %d of %d ' "$r" "$rounds" >&2
		for ((i = 0; i < ${#subjects[@]}; i++)); do
			if ((r % 2)); then s=${subjects[i]}; else s=${subjects[-1 - i]}; fi
			run_one "$r" "$s" "$(share "$s")"
		done
	done
	[ ! -t 2 ] || printf '\r\033[K' >&2
}

# -- the table ------------------------------------------------------------------------------------

print_table() {
	awk -f "$parts/table.awk" counter="$counter" "$work/raw"
}

describe() {
	local cpu
	cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
	echo "$(nproc) x ${cpu:-unknown CPU}, Linux $(uname -r), load average $(cut -d' ' -f1 /proc/loadavg)"
	echo "$rounds rounds; ordinary mail: $ordinary messages, registrar mail: $registrar;" \
		"$connections connections, $per_connection messages each;" \
		"$([ "$inet" = yes ] && echo TCP || echo unix) sockets"
	[ -n "$counter" ] || echo "instructions are not counted by this machine"
	[ -S /dev/log ] || echo "no syslog here: what is logged costs less than elsewhere"
}
