#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname's command line as a whole: help of each command, wrong usage, the configuration and its
# errors, the sample file, which is a configuration.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

# As the table has them: what the help, and each command by itself, must agree with.
mapfile -t commands < <(sed -n 's/^    {"\([a-z]*\)".*/\1/p' "$srcdir/cli/keepname_main.c")
site_begin $((2 * ${#commands[@]} + 47))
keepname=$builddir/progs/keepname
bare() { # without any -c
	rc=0
	"$keepname" "$@" >"$LAB/out" 2>"$LAB/err" </dev/null || rc=$?
	out=$(<"$LAB/out") err=$(<"$LAB/err")
}

# -- help
bare --help
tap_is '--help' "$rc" 0
missing=
for command in "${commands[@]}"; do
	grep -qE "^ +$command +[a-z]" <<<"$out" || missing+=" $command"
done
tap_is 'names every command' "$missing" ''
tap_is 'and no other' "$(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' <<<"$out" | sort | tr '\n' ' ')" \
	"$(printf '%s\n' "${commands[@]}" | sort | tr '\n' ' ')"
help=$out
bare -h
tap_is '-h is the same' "$out" "$help"
for command in "${commands[@]}"; do
	bare "$command" --help
	tap_is "$command --help, without a configuration" "$rc" 0
	tap_like "$command: its usage" "$out" "^Usage: keepname \[-c FILE\] \[--json\] $command"
done
bare --version
tap_like '--version' "$rc $out" '^0 keepname [0-9]+\.[0-9]+'

# -- wrong usage
bare
tap_is 'no command' "$rc" 2
tap_like 'shows the help' "$out$err" '^Usage: keepname'
bare frobnicate
tap_is 'a command that is none' "$rc" 2
tap_like 'is named, and where help is' "$err" 'no command "frobnicate".*--help'
bare --frobnicate stats
tap_is 'an option that is none' "$rc" 2
bare -c
tap_is '-c without a file' "$rc" 2
for command in show 'done' reopen check scan senders; do
	exits "$command without what it needs" 2 "$command"
done
exits 'stats takes nothing' 2 stats all
exits 'config takes nothing' 2 config all

# -- configuration
exits 'config' 0 config
tap_like 'shows what is in use' "$out" "database = \"sqlite:$site_database\""
tap_like 'defaults included' "$out" 'dns_timeout = 5'
tap_like 'lists too' "$out" 'boost = \{"verification", "suspension", "transfer-out", "change-of-registrant", "renewal"\}'
printf '%s\n' "$out" >"$LAB/printed.conf"
first=$out
bare -c "$LAB/printed.conf" config
tap_is 'what it prints is a configuration' "$rc" 0
tap_is 'and the same one' "$out" "$first"
exits 'config --json' 0 config --json
json_is 'one object' type '"object"'
json_is 'with the same keys' 'keys | sort | join(" ")' "\"$(sed 's/ =.*//' <<<"$first" | sort | tr '\n' ' ' | sed 's/ $//')\""
json_is 'a value' '.dns_timeout' '"5"'

bare -c "$LAB/none.conf" config --sample
tap_is 'config --sample needs no configuration' "$rc" 0
printf '%s\n' "$out" >"$LAB/sample.conf"
tap_is 'it names every option' "$(sed -n 's/^#*\([a-z_]*\) = .*/\1/p' "$LAB/sample.conf" | sort | tr '\n' ' ')" \
	"$(sed 's/ =.*//' <<<"$first" | sort | tr '\n' ' ')"
tap_is 'each with its help' "$(grep -c '^# [A-Z]' "$LAB/sample.conf" | awk -v n="$(wc -l <<<"$first")" '{ print ($1 >= n) }')" 1
bare -c "$LAB/sample.conf" config
tap_is 'it is a configuration as it is' "$rc" 0
defaults=$out
sed 's/^#\([a-z_]* = \)/\1/' "$LAB/sample.conf" >"$LAB/whole.conf"
bare -c "$LAB/whole.conf" config
tap_is 'and with every line put in force it is the same' "$out" "$defaults"

cat >"$LAB/bad.conf" <<-END
	socket = "local:$LAB/keepname/milter.sock"
	database = "mysql:$LAB/x"
	dns_timeout = 99
	no_such_option = 1
END
bare -c "$LAB/bad.conf" stats
tap_is 'a faulty configuration is trouble' "$rc" 2
tap_like 'every error has file, line and column' "$err" \
	"$LAB/bad\\.conf:2:[0-9]+: error: .*$LAB/bad\\.conf:3:[0-9]+: error: .*$LAB/bad\\.conf:4:[0-9]+: error: "
tap_like 'the value and what was expected' "$err" '99.*1 to 30'
bare -c "$LAB/none.conf" stats
tap_is 'a missing one too' "$rc" 2
tap_like 'with its name' "$err" "$LAB/none\\.conf"
bare stats
tap_is 'without -c the installed one is read' "$rc" 2
tap_like 'whose name is said' "$err" '/keepname/keepname\.conf'

# -- output
site_records </dev/null
exits '--json goes before the command' 0 --json stats
before=$out
exits 'or behind it' 0 stats --json
tap_is 'which is the same' "$out" "$before"
rc=0
lab_keepname senders list >/dev/full 2>"$LAB/err" || rc=$?
tap_is 'output that cannot be written is trouble' "$rc" 2
tap_like 'which is said' "$(<"$LAB/err")" 'cannot write'
rc=0
lab_keepname senders list --json >/dev/full 2>"$LAB/err" || rc=$?
tap_is 'JSON too' "$rc" 2
tap_end
