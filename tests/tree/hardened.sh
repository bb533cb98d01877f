#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What makes a memory error harder to use, looked for in every program as it was built: configure asks for
# it by default, and the linker has the last word.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/tap.sh
. "$srcdir/tests/lab/tap.sh"

[[ ${SANITIZERS-no} != yes ]] || tap_skip_all 'the sanitizers have taken its place'
command -v readelf >/dev/null || tap_skip_all 'no readelf here'

mapfile -t programs < <(find "$builddir/progs" -maxdepth 1 -type f -perm -u+x | sort)

# each PATTERN COMMAND...: its output for every program has the pattern; those without are named.
each() {
	local pattern=$1 program missing=0
	shift
	for program in "${programs[@]}"; do
		"$@" "$program" | grep -E "$pattern" >/dev/null || {
			echo "not in ${program##*/}"
			missing=1
		}
	done
	return "$missing"
}
none() {
	local pattern=$1 program found=0
	shift
	for program in "${programs[@]}"; do
		! "$@" "$program" | grep -E "$pattern" || {
			echo "in ${program##*/}"
			found=1
		}
	done
	return "$found"
}
installed() { # as many as are installed
	local names
	names=$(sed -n 's/^\(bin\|sbin\|pkglibexec\)_PROGRAMS *+\?= *//p' "$srcdir"/*/local.mk | tr ' ' '\n' | grep -c '^progs/')
	echo "$names in local.mk, ${#programs[@]} built"
	((names == ${#programs[@]} && names > 0))
}
# Every object of ours notes that it may be run with the processor's control of jumps and returns.
every_object() {
	local archive members notes
	for archive in "$builddir"/{base,rules,proof,dns,judge,db,milter}/lib*.a; do
		members=$(ar t "$archive" | wc -l)
		notes=$(readelf -nW "$archive" | grep -c "$1" || true)
		((members == notes)) || {
			echo "${archive##*/}: $notes of $members"
			return 1
		}
	done
}

tap_plan 9
tap_ok 'all that is installed is looked at' installed
tap_ok 'position-independent: at other addresses at each start' each 'Flags:.* PIE' readelf -dW
tap_ok 'addresses of library functions are bound at the start' each 'BIND_NOW|Flags:.* NOW' readelf -dW
tap_ok 'and cannot be written after it' each 'GNU_RELRO' readelf -lW
tap_ok 'no stack or other memory is both written and executed' none 'GNU_STACK.* RWE|LOAD.* RWE' readelf -lW
tap_ok 'the stack is guarded' each '__stack_chk_fail' readelf --dyn-syms -W
tap_ok 'calls with buffers of known size are checked' each '__[a-z]+_chk(@|$)' readelf --dyn-syms -W
tap_ok 'no library is taken from a folder of the build' none 'RPATH|RUNPATH|TEXTREL' readelf -dW
flags=$(sed -n 's/^KN_HARDEN_CFLAGS = //p' "$builddir/Makefile")
case $flags in
*-fcf-protection*) tap_ok 'jumps and returns are marked for the processor' every_object 'IBT, SHSTK' ;;
*-mbranch-protection*) tap_ok 'jumps and returns are marked for the processor' every_object 'BTI, PAC' ;;
*) tap_skip 1 'this compiler marks no jumps for this machine' ;;
esac
tap_end
