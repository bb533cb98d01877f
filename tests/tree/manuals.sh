#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Manuals, --help and tables say the same: every option and command is in its manual.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/tap.sh
. "$srcdir/tests/lab/tap.sh"

keepname=$builddir/progs/keepname
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'socket = "local:%s/s"\ndatabase = "sqlite:%s/d"\n' "$work" "$work" >"$work/c"
ask() { "$keepname" -c "$work/c" "$@"; }

options_in_manual() {
	local option missing=0
	for option in $(ask config --json | sed -n 's/^ *"\([a-z_]*\)":.*/\1/p'); do
		grep -q "^\.It Ic $option No = " "$srcdir/man/keepname.conf.5" || {
			echo "keepname.conf(5) lacks $option"
			missing=1
		}
	done
	[[ -n ${option:-} ]] && return "$missing"
}

sample_has_options() {
	local option missing=0 sample
	sample=$(ask config --sample)
	for option in $(ask config --json | sed -n 's/^ *"\([a-z_]*\)":.*/\1/p'); do
		grep -q "^#\?$option = " <<<"$sample" || {
			echo "the sample lacks $option"
			missing=1
		}
	done
	[[ -n ${option:-} ]] && return "$missing"
}

commands() { "$keepname" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'; }

commands_in_manual() {
	local command option missing=0
	for command in $(commands); do
		grep -q "^\.It .*Cm $command\|^\.Op Fl.*Cm $command\|^\.Cm $command" "$srcdir/man/keepname.1" || {
			echo "keepname(1) lacks $command"
			missing=1
		}
		for option in $("$keepname" "$command" --help | grep -oE -- '--[a-z-]+' | sort -u); do
			[[ $option == --json ]] ||
				grep -q -- "Fl -${option#--}\b" "$srcdir/man/keepname.1" || {
				echo "keepname(1) lacks $option of $command"
				missing=1
			}
		done
	done
	[[ -n ${command:-} ]] && return "$missing"
}

daemon_options_in_manual() {
	local option missing=0
	for option in $("$builddir/progs/keepname-milter" --help | grep -oE -- '--[a-z-]+' | sort -u); do
		grep -q -- "Fl -${option#--}\b" "$srcdir/man/keepname-milter.8" || {
			echo "keepname-milter(8) lacks $option"
			missing=1
		}
	done
	[[ -n ${option:-} ]] && return "$missing"
}

# Reasons and verdicts are words of the header: the manual explains each.
words_in_manual() {
	local word missing=0
	for word in $(sed -n 's/^ *\[REASON_[A-Z_]*\] = {"\([a-z-]*\)",.*/\1/p' "$srcdir/rules/core/terms.c"); do
		grep -q "^\.It $word$" "$srcdir/man/keepname-verdict.7" || {
			echo "keepname-verdict(7) lacks the reason $word"
			missing=1
		}
	done
	[[ -n ${word:-} ]] && return "$missing"
}

lint_manuals() {
	local out
	out=$(mandoc -Tlint -W warning "$srcdir"/man/*.[1578]) || { echo "$out"; return 1; }
	[[ -z $out ]]
}

shipped_conf_is_good() {
	sed -e 's,/var/spool/postfix/keepname,'"$work"',' -e 's,/var/lib/keepname,'"$work"',' \
		-e 's,^#\([a-z_]* =\),\1,' "$srcdir/packaging/keepname.conf" >"$work/shipped"
	"$keepname" -c "$work/shipped" config
}

tap_plan 7
tap_ok 'keepname.conf(5) names every option' options_in_manual
tap_ok 'the sample has every option' sample_has_options
tap_ok 'keepname(1) names every command and its options' commands_in_manual
tap_ok 'keepname-milter(8) names every option' daemon_options_in_manual
tap_ok 'keepname-verdict(7) explains every reason' words_in_manual
if command -v mandoc >/dev/null; then
	tap_ok 'mandoc finds nothing to warn of' lint_manuals
else
	tap_skip 1 'no mandoc here'
fi
tap_ok 'the shipped keepname.conf is valid, its comments too' shipped_conf_is_good
tap_end
