#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A shipped list that has changed has a new number: one that kept it would never reach a site that has the old one.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/tap.sh
. "$srcdir/tests/lab/tap.sh"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
raise() { "$srcdir/scripts/raise-release" --lists "$folder" "$@"; }
number() { sed -n 's/^Release: //p' "$folder/release.list"; }
tap_plan 12
tap_ok 'the shipped list is the one that its number was given for: else run scripts/raise-release' \
	"$srcdir/scripts/raise-release" --lists "$srcdir/rules/lists" --check
cp "$srcdir"/rules/lists/*.list "$folder/"
chmod -R u+w "$folder"
before=$(number)
tap_is 'what has not changed keeps its number' "$(raise)$(number)" "$before"
echo '# more' >>"$folder/enom.list"
tap_ok 'a changed list is noticed' eval '! raise --check 2>/dev/null'
tap_is 'and gets the next number' "$(raise)" "release $((before + 1))"
tap_ok 'then it is in order' raise --check
mv "$folder/enom.list" "$folder/enon.list"
tap_ok 'a file of another name is a change' eval '! raise --check 2>/dev/null'
raise >/dev/null
rm "$folder/enon.list"
tap_ok 'one that is gone, too' eval '! raise --check 2>/dev/null'
raise >/dev/null
sed -i 's/^Release: .*/Release: 1/' "$folder/release.list"
tap_ok 'a number written by hand is noticed' eval '! raise --check 2>/dev/null'
raise --to 70 >/dev/null
tap_is 'a number of choice' "$(number)" 70
tap_ok 'but none that is not above' eval 'echo >>"$folder/wix.list"; ! raise --to 70 2>/dev/null'
tap_is 'which changes nothing' "$(number)" 70
rm "$folder/release.list"
tap_is 'the first number' "$(raise)" 'release 1'
tap_end
