# SPDX-License-Identifier: BSD-2-Clause
# Of scripts/bench: one row out of the rounds in the file raw: CPU, and ratios to empty.
function sort(a, n,   i, j, t) {
	for (i = 2; i <= n; i++) {
		t = a[i]
		for (j = i - 1; j >= 1 && a[j] > t; j--) a[j + 1] = a[j]
		a[j + 1] = t
	}
}
function median(s,   a, r) {
	for (r = 1; r <= rounds; r++) a[r] = v[s, r]
	sort(a, rounds)
	return a[int((rounds + 1) / 2)]
}
function ratio(s,   a, r) {
	for (r = 1; r <= rounds; r++) a[r] = v[s, r] / v["empty", r]
	sort(a, rounds)
	return sprintf("%5.3f (%5.3f to %5.3f)", a[int((rounds + 1) / 2)], a[int((rounds + 3) / 4)], \
		a[int((3 * rounds + 3) / 4)])
}
$1 > 0 {
	if ($1 > rounds) rounds = $1
	for (i = 3; i <= NF; i++)
		if (split($i, pair, "=") == 2 && pair[1] == "cpu_us") v[$2, $1] = pair[2]
}
END {
	printf "%s %9.1f %9.1f  %-26s %s\n", label, median("empty"), median("keepname"), ratio("keepname"), ratio("empty2")
}
