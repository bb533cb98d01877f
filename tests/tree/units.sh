#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The systemd units: right, as closed as systemd calls "OK", and each closed door explained beside it.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/tap.sh
. "$srcdir/tests/lab/tap.sh"

units=$(mktemp -d "${TMPDIR:-/tmp}/keepname-units.XXXXXX")
trap 'rm -rf "$units"' EXIT
for unit in "$srcdir"/packaging/*.service.in; do
	name=${unit##*/}
	sed "s#@s\?bindir@#$builddir/progs#" "$unit" >"$units/${name%.in}"
done
cp "$srcdir"/packaging/*.timer "$units/"
mapfile -t services < <(cd "$units" && ls -- *.service)

# Behind the plain facts (what is run, when, as whom) each paragraph begins with a comment, and no
# comment speaks for more than seven lines.
explained() {
	awk '/^\[/ { closing = 0 }
		/^StateDirectory=/ { closing = 1 }
		/^#/ { said = 7; next }
		/^$/ { said = 0; next }
		closing && said-- <= 0 { print "not explained: " $0; bad = 1 }
		END { exit bad }' "$1"
}
runs_as_keepname() { grep -q '^User=keepname$' "$1" && grep -q '^Group=keepname$' "$1"; }
offline() { systemd-analyze --offline=yes security --no-pager --threshold=49 "$1"; }
# Set-group-id, which Postfix's postdrop is, without any capability that could be had.
takes_a_group() {
	cp "$(command -v id)" "$units/id"
	chgrp 65533 "$units/id"
	chmod 755 "$units"
	chmod 2755 "$units/id"
	[[ $(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all "$units/id" -g) == 65533 ]]
}
right() {
	local said
	said=$(SYSTEMD_UNIT_PATH=$units: systemd-analyze verify --man=no "$@" 2>&1) && [[ -z $said ]] || {
		echo "$said"
		return 1
	}
}
no_new_privileges() { grep -hE '^(NoNewPrivileges|SystemCall|Restrict|MemoryDeny|LockPers|PrivateDevices|ProtectKernel|ProtectClock|ProtectHostname)' "$1"; }

tap_plan $((3 * ${#services[@]} + 3))
for unit in "${services[@]}"; do
	tap_ok "$unit runs as keepname" runs_as_keepname "$units/$unit"
	tap_ok "$unit: what it is closed off from is explained" explained "$srcdir/packaging/$unit.in"
	if systemd-analyze --help 2>/dev/null | grep -q -- --offline; then
		tap_ok "$unit: exposure is \"OK\" or better" offline "$units/$unit"
	else
		tap_skip 1 'this systemd-analyze looks at no unit that is not loaded'
	fi
done
if command -v systemd-analyze >/dev/null; then
	tap_ok 'systemd reads all of them without a word' right "$units"/*.service "$units"/*.timer
else
	tap_skip 1 'no systemd-analyze here'
fi
tap_fails 'the digest keeps the right to be given a group by the sendmail command' \
	no_new_privileges "$units/keepname-digest.service"
if ((EUID == 0)) && command -v setpriv >/dev/null; then
	tap_ok 'which an empty bounding set does not take away' takes_a_group
else
	tap_skip 1 'only root can empty the bounding set'
fi
tap_end
