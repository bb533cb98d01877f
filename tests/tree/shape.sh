#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The shape of the tree: sizes of functions and files, licences, no naps, no marks, limits tested.
set -euo pipefail
: "${srcdir:?}"
# shellcheck source=tests/lab/tap.sh
. "$srcdir/tests/lab/tap.sh"
cd "$srcdir"

sources() { find base rules proof dns judge db milter cli tests -name '*.[ch]' | sort; }
shell_files() { grep -rlE '^#!.*bash|shellcheck shell=bash' scripts tests .ci | sort; }

function_lengths() { # of the product, tests left out: LENGTH FILE NAME
	find base rules proof dns judge db milter cli -name '*.c' -print0 |
		xargs -0 ctags -x --c-kinds=f --_xformat='%{input}	%N	%n	%{end}' |
		awk -F'\t' '$4 != "" { print $4 - $3 + 1, $1, $2 }' | sort -n
}

no_long_function() { ! function_lengths | awk '$1 > 120' | grep .; }
most_are_short() { function_lengths | awk '{ l[NR] = $1 } END { i = int(NR * 0.9); print "p90", l[i]; exit l[i] > 60 }'; }
no_long_file() { ! sources | xargs wc -l | awk '$2 != "total" && $1 > 800' | grep .; }
licences() { ! { sources; shell_files; } | xargs grep -L 'SPDX-License-Identifier: BSD-2-Clause' | grep .; }
no_marks() { ! sources | xargs grep -nE '\b(TODO|FIXME|XXX|HACK)\b'; }
no_naps() { ! { shell_files; find tests -name '*.c'; } | grep -v '^tests/tree/shape.sh$' | xargs grep -nE '(^|[ ;(])(sleep|usleep|nanosleep) *[(0-9$]'; }
no_ifdef() { ! sources | xargs grep -nE '^ *# *(ifdef|if) ' ; }
rejects_nothing() { ! grep -rn 'SMFIS_REJECT\|SMFIS_DISCARD' base rules proof dns judge db milter cli; }
one_tempfail() { [[ $(grep -rho 'SMFIS_TEMPFAIL' base rules proof dns judge db milter cli | wc -l) == 1 ]]; }

limits_tested() {
	local limit missing=0
	for limit in $(grep -oE '^	LIMIT_[A-Z0-9_]+' base/limits.h); do
		grep -rqw "$limit" --include='*.[ch]' base rules proof dns judge db milter cli --exclude=limits.h || {
			echo "$limit is used nowhere"
			missing=1
		}
		grep -rqw "$limit" tests || {
			echo "$limit is named in no test"
			missing=1
		}
	done
	[[ -n ${limit:-} ]] && return "$missing"
}

tap_plan 11
tap_ok 'no function over 120 lines' no_long_function
tap_ok 'nine functions in ten have at most 60 lines' most_are_short
tap_ok 'no file over 800 lines' no_long_file
tap_ok 'every source file names its licence' licences
tap_ok 'no marks are left' no_marks
tap_ok 'no naps in tests and scripts' no_naps
tap_ok 'no conditional compilation' no_ifdef
tap_ok 'nothing rejects mail' rejects_nothing
tap_ok 'one place defers mail, behind its opt-in' one_tempfail
tap_ok 'every limit is used, and named in a test' limits_tested
if command -v shellcheck >/dev/null; then
	# What is sourced is read with those that source it.
	mapfile -t executables < <(shell_files | xargs grep -lE '^#!')
	tap_ok 'shellcheck finds nothing' shellcheck -S warning -x "${executables[@]}"
else
	tap_skip 1 'no shellcheck here'
fi
tap_end
