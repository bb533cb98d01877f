#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Every text that people are told in their own language has its translation in each catalogue: what the
# sources mark, and the sentences of reasons and risks, which are tables.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/tap.sh
. "$srcdir/tests/lab/tap.sh"

command -v xgettext >/dev/null || tap_skip_all 'gettext is not installed (scripts/install-deps --tests)'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
xgettext --from-code=UTF-8 -k_ -kN_ -o "$work/marked.pot" "$srcdir"/cli/*.c "$srcdir"/cli/*/*.c
# The sentences of the two tables: each begins with a capital and ends with a full stop.
sentences() { # FILE FROM TO
	sed -n "/$2/,/$3/p" "$1" | tr -d '\n' | sed 's/"[[:space:]]*"//g' | grep -oE '"[A-Z][^"]*\."' | sort -u
}
tables=$( (sentences "$srcdir/rules/core/terms.c" 'reasons\[' 'deadline_sources\[' && sentences "$srcdir/cli/senders/suggested_risk.c" '{"freemail"' '^};') | sort -u)
tap_plan "$((3 + $(find "$srcdir/po" -name '*.po' | wc -l) * 4))"
tap_ok 'texts are marked' test "$(grep -c '^msgid' "$work/marked.pot")" -gt 50
tap_ok 'sentences are found' test "$(wc -l <<<"$tables")" -gt 35
tap_is 'one catalogue at least' "$(find "$srcdir/po" -name de.po | wc -l)" 1
for po in "$srcdir"/po/*.po; do
	name=${po##*/}
	msgattrib --translated --no-fuzzy --no-obsolete "$po" >"$work/$name"
	tap_ok "$name: is whole" msgfmt --check -o /dev/null "$po"
	tap_is "$name: has each marked text" "$(msgcmp "$work/$name" "$work/marked.pot" 2>&1 | grep -c 'not been defined\|untranslated' || true)" 0
	msgcat --no-wrap "$work/$name" >"$work/flat"
	tap_is "$name: has each sentence of the tables" "$(while read -r text; do grep -qF "msgid $text" "$work/flat" || echo "$text"; done <<<"$tables")" ''
	msgcat --no-wrap "$work/marked.pot" | grep '^msgid "[^"]' | sed 's/^msgid //' | sort >"$work/said"
	tap_is "$name: has nothing that is no longer said" \
		"$(grep '^msgid "[^"]' "$work/flat" | sed 's/^msgid //' | sort | comm -23 - <(sort -u "$work/said" - <<<"$tables"))" ''
done
tap_end
