#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# scripts/bench prints what it says, section by section, in rounds that are far too short to be believed: no time
# is asserted here.
set -u
: "${srcdir:?}" "${builddir:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0

# prints OPTIONS LINE…: bench with these options ends well, and prints lines that match each.
prints() {
	local line options=$1 status=0
	shift
	number=$((number + 1))
	# shellcheck disable=SC2086 # options are words
	TMPDIR=$work "$srcdir/scripts/bench" --build "$builddir" --rounds 1 --messages 20 --registrar 10 $options \
		>"$work/out" 2>&1 </dev/null || status=$?
	for line in "$@"; do
		grep -Eq "^left out: (profile|syncs|opendkim|pendings):|$line" "$work/out" || { status=1; echo "no line like $line" >>"$work/out"; }
	done
	if [ $status -eq 0 ]; then
		echo "ok $number - bench $options"
	else
		echo "not ok $number - bench $options"
		sed 's/^/# /' "$work/out"
	fi
}

if ! command -v unbound >/dev/null; then
	echo '1..0 # SKIP unbound is not installed'
	exit 0
fi
echo 1..7
prints '--only empty,empty2,keepname,registrar,opendkim' '^empty2 +/ empty .*noise' '^keepname +/ empty' '^registrar '
prints '--ordinary' '^ +64 +10 +0 .*[0-9]\.[0-9]{3}' '^ +8 +10 +10000000 '
prints '--commits' '^disk +64 .*[0-9]\.[0-9]{2}$'
prints '--profile' '% +judge: fork and exit' '% +judge: DKIM'
prints '--pendings --most 10000' '^ +10000( +[0-9.]+){12}$' '^many-record +/ few-record'
prints '--idle --inet' '^keepname +1000( +[0-9]+){3}'
prints '--scan --mails 30' '^scan / headers'
