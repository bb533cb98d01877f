# SPDX-License-Identifier: BSD-2-Clause
# Of scripts/bench: medians and ratios of the rounds in the file raw.
function sort(a, n,   i, j, t) {
	for (i = 2; i <= n; i++) {
		t = a[i]
		for (j = i - 1; j >= 1 && a[j] > t; j--) a[j + 1] = a[j]
		a[j + 1] = t
	}
}
# The value below which the part q of the n sorted values of a lies.
function at(a, n, q,   i) {
	i = int(q * n + 0.999999)
	return a[i < 1 ? 1 : i]
}
function values(s, key, into,   r, n) {
	for (r = 1; r <= rounds; r++) if ((s, r, key) in v) into[++n] = v[s, r, key]
	sort(into, n)
	return n
}
function median(s, key,   a, n) {
	n = values(s, key, a)
	return n ? at(a, n, 0.5) : 0
}
function ratio(s, base, key, aim,   a, n, r) {
	for (r = 1; r <= rounds; r++)
		if ((s, r, key) in v && v[base, r, key] > 0) a[++n] = v[s, r, key] / v[base, r, key]
	if (!n) return
	sort(a, n)
	printf "%-17s / %-13s %-14s %5.3f   (middle half %5.3f to %5.3f, all %5.3f to %5.3f)%s\n", \
		s, base, key == "cpu_us" ? "CPU" : key == "rate" ? "messages/s" : key, \
		at(a, n, 0.5), at(a, n, 0.25), at(a, n, 0.75), a[1], a[n], aim
}
$1 > 0 {
	if (!($2 in seen)) { seen[$2] = 1; order[++subjects] = $2 }
	if ($1 > rounds) rounds = $1
	for (i = 3; i <= NF; i++) {
		split($i, pair, "=")
		v[$2, $1, pair[1]] = pair[2]
	}
}
END {
	print "Medians of the rounds; latency in microseconds, from MAIL to the verdict."
	printf "%-17s %10s %8s %8s %8s %8s %14s%s\n", "subject", "messages/s", "p50", "p90", \
		"p99", "max", "CPU us/message", counter == "" ? "" : "   instructions"
	for (i = 1; i <= subjects; i++) {
		s = order[i]
		printf "%-17s %10.0f %8.0f %8.0f %8.0f %8.0f %14.1f", s, median(s, "rate"), \
			median(s, "p50_us"), median(s, "p90_us"), median(s, "p99_us"), \
			median(s, "max_us"), median(s, "cpu_us")
		if (counter != "") printf " %14.0f", median(s, "instructions")
		print ""
	}
	print "\nRatios within a round, their median:"
	n = split(counter == "" ? "cpu_us" : "cpu_us instructions", keys, " ")
	for (i = 1; i <= n; i++) {
		ratio("empty2", "empty", keys[i], "  noise")
		ratio("keepname", "empty", keys[i], "  aim: 1.10")
		ratio("registrar", "opendkim", keys[i], "  aim: 1.50")
		ratio("opendkim-ordinary", "keepname", keys[i], "")
		ratio("rspamd", "keepname", keys[i], "")
		ratio("many-record", "few-record", keys[i], "  aim: 1.05")
		ratio("many-ordinary", "few-ordinary", keys[i], "  aim: 1.05")
		ratio("many-listed", "few-listed", keys[i], "  aim: 1.05")
		ratio("many-wording", "few-wording", keys[i], "  aim: 1.05")
	}
}
