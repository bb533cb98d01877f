#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The RFC 7208 test suite (203 cases of openspf.org, in Debian's source package pyspf) against our SPF
# adapter: never a "pass" that the suite denies. It is not ours to ship, so it is fetched when the
# test runs, once for a build folder, by apt from the system's own sources as deb-src; the system's
# configuration and lists are not touched. KEEPNAME_SPF_SUITE names a copy that is at hand.
#
# Skipped, with the reason, where it cannot be had.
set -u

here=${builddir:-.}/tests/proof
src=${srcdir:-.}/tests/proof
suite=${KEEPNAME_SPF_SUITE:-$here/rfc7208-tests.yml}

skip() {
	echo "1..0 # SKIP $*"
	exit 0
}

# Debian's sources of this system, with deb-src in place of deb, in a folder of its own.
source_lists() {
	local file
	mkdir -p "$work/parts" "$work/lists/partial" "$work/cache/archives/partial"
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[[ -r $file ]] && sed -n 's/^deb[[:space:]]/deb-src /p' "$file" >>"$work/parts/lines.list"
	done
	for file in /etc/apt/sources.list.d/*.sources; do
		[[ -r $file ]] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$work/parts/${file##*/}"
	done
}

own_apt() {
	timeout 120 apt-get -q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/parts" \
		-o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" \
		-o Debug::NoLocking=1 -o Acquire::Retries=1 -o Acquire::http::Timeout=10 \
		-o APT::Sandbox::User= "$@" >>"$work/log" 2>&1
}

fetch() {
	command -v apt-get >/dev/null || skip "no apt-get to fetch Debian's source package pyspf with"
	work=$(mktemp -d) || skip "no temporary folder"
	trap 'rm -rf "$work"' EXIT
	source_lists
	own_apt update || echo "# apt-get update failed; trying with what it got"
	(cd "$work" && own_apt source --download-only --tar-only pyspf) ||
		skip "Debian's source package pyspf cannot be fetched: $(tail -n 1 "$work/log")"
	tar -xOf "$work"/pyspf_*.orig.tar.* --wildcards '*/test/rfc7208-tests.yml' >"$suite.new" ||
		skip "no rfc7208-tests.yml in pyspf"
	mv "$suite.new" "$suite"
}

python3 -c 'import yaml' 2>/dev/null || skip "python3-yaml is not installed"
[[ -s $suite ]] || fetch

if ! cases=$(python3 "$src/spf_suite.py" "$suite"); then
	echo "Bail out! $suite cannot be read"
	exit 1
fi
"$here/spf_suite" <<<"$cases"
