# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Of scripts/bench: --scan.

# -- keepname scan over a Maildir -------------------------------------------------------------------

# Every mail is a file of its own, in turn out of those of ordinary mail.
make_maildir() {
	local i=0 n=${#ordinary_mails[@]}
	mkdir -p "$work/Maildir/cur" "$work/Maildir/new" "$work/Maildir/tmp"
	for ((i = 0; i < mails; i++)); do
		printf '%s\0' "$work/Maildir/cur/$((1700000000 + i)).M${i}P1.host:2,S"
	done >"$work/names"
	for ((i = 0; i < n; i++)); do
		awk -v RS='\0' -v ORS='\0' -v n="$n" -v i="$i" 'NR % n == i' "$work/names" |
			xargs -0 -n 500 bash -c 'tee -- "$@" <"$0" >/dev/null' "${ordinary_mails[i]}"
	done
}

# scan_round ROUND NAME COMMAND…: its CPU, user and system, into raw.
scan_round() {
	local round=$1 name=$2 TIMEFORMAT='%U %S' user sys
	shift 2
	read -r user sys < <({ time "$@" >"$work/out" 2>"$work/err"; } 2>&1)
	grep -q "^$mails " "$work/out" || { cat "$work/out" "$work/err" >&2; die "$name did not read $mails mails"; }
	echo "$round $name $user $sys" >>"$work/raw"
}

scan_bench() {
	local r order subject
	make tests/bench/read_headers progs/keepname >make.out 2>&1 || die "make failed: see $build/make.out"
	cat >"$work/keepname.conf" <<END
socket = "local:$work/sock"
database = "sqlite:$work/keepname.db"
lists = "$source/rules/lists"
libexec_dir = "$build/progs"
END
	make_maildir
	: >"$work/raw"
	for ((r = 0; r <= rounds; r++)); do
		order=(headers headers2 scan)
		((r % 2)) || order=(scan headers2 headers)
		for subject in "${order[@]}"; do
			case $subject in
			scan) scan_round $r scan "$build/progs/keepname" -c "$work/keepname.conf" scan "$work/Maildir" ;;
			*) scan_round $r "$subject" "$build/tests/bench/read_headers" "$work/Maildir/cur" ;;
			esac
		done
	done
	echo "$rounds rounds over $mails ordinary mails, load average $(cut -d' ' -f1 /proc/loadavg)"
	awk '
	function median(s,   i, j, t, a, n) {
		for (i = 1; i <= rounds; i++) a[++n] = v[i, s] / v[i, "headers"]
		for (i = 2; i <= n; i++)
			for (j = i; j > 1 && a[j - 1] > a[j]; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t }
		return sprintf("%5.3f   (middle half %5.3f to %5.3f)", a[int((n + 1) / 2)], a[int((n + 3) / 4)], a[int((3 * n + 3) / 4)])
	}
	$1 > 0 { v[$1, $2] = $3 + $4; total[$2] += $3 + $4; if ($1 > rounds) rounds = $1 }
	END {
		for (s in total) printf "%-9s %6.2f us of CPU a mail\n", s, total[s] / rounds / mails * 1e6
		print "headers2 / headers  CPU", median("headers2"), " noise"
		print "scan / headers      CPU", median("scan"), " aim: 1.50"
	}' mails="$mails" "$work/raw"
}
