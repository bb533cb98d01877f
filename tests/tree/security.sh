#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# SECURITY.md's table of threats: each row names what shows it, and that is in the suite; what it names in
# the sources is there.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/tap.sh
. "$srcdir/tests/lab/tap.sh"

table=$srcdir/SECURITY.md
suite=$(MAKEFLAGS='' make -s -C "$builddir" \
	--eval 'names-of-tests: ; @echo $(UNIT_TESTS) $(REPLAY_TESTS) $(WIRE_TESTS) $(RESCUE_TESTS) $(FAULT_TESTS) $(TREE_TESTS)' \
	names-of-tests | tr ' ' '\n')
rows() { grep '^|' "$table" | grep -vE '^\| (---|attacker) '; }
tests_of() { grep -oE '`tests/[^`]+`' | tr -d '`' | sort -u; }

four_columns() { ! rows | awk -F'|' 'NF != 6'  | grep .; }
each_shown() { ! rows | awk -F'|' '$5 !~ /`tests\//' | grep .; }
all_run() {
	local name missing=0
	for name in $(tests_of <"$table"); do
		grep -qxF "$name" <<<"$suite" || {
			echo "$name is not in the suite"
			missing=1
		}
	done
	return "$missing"
}
all_there() {
	local name missing=0
	for name in $(rows | grep -oE '`(base|rules|proof|dns|judge|db|milter|cli|packaging)/[^`]*`' | tr -d '`' | sort -u); do
		[[ -e $srcdir/$name ]] || {
			echo "$name is not there"
			missing=1
		}
	done
	return "$missing"
}

tap_plan 4
tap_ok 'each row has four columns' four_columns
tap_ok 'each names a test in the last' each_shown
tap_ok 'each test that is named is in the suite' all_run
tap_ok 'each source that is named is there' all_there
tap_end
