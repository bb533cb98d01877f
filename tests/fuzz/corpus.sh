#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Every fuzz target plays its seeds and all that was ever found, without a fuzzer. That the targets can
# fail is what the fuzzer's own build shows (scripts/fuzz).
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/tap.sh
. "$srcdir/tests/lab/tap.sh"
# shellcheck source=tests/fuzz/seeds.sh
. "$srcdir/tests/fuzz/seeds.sh"

[[ -e $builddir/tests/fuzz/message ]] || tap_skip_all 'the targets are not built'
! fuzz_is_fuzzer || tap_skip_all 'built for libFuzzer: scripts/fuzz plays them'
mapfile -t targets < <(fuzz_targets)
tap_plan $((2 * ${#targets[@]}))
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for target in "${targets[@]}"; do
	fuzz_seeds_of "$target" "$folder/$target"
	inputs=$(find "$folder/$target" -type f | wc -l)
	tap_ok "$target: has seeds" test "$inputs" -gt 0
	played=$("$builddir/tests/fuzz/$target" "$folder/$target" 2>"$folder/log") ||
		{ sed 's/^/# /' "$folder/log" | tail -n 60; played='it failed'; }
	tap_is "$target: plays them" "$played" "$inputs"
done
tap_end
