#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Each program's dependences prove the rooms: what a process does not link, it cannot be made to run.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/tap.sh
. "$srcdir/tests/lab/tap.sh"

# needs_none PROGRAM LIBRARY-PATTERN: no NEEDED library of the program matches.
needs_none() {
	local needed
	needed=$(readelf -d "$builddir/progs/$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
	[[ -n $needed ]] || return 1
	! grep -E "$2" <<<"$needed"
}

# The undefined symbols of an archive that no member of it (nor base) defines.
undefined() {
	nm -u "$@" | sed -n 's/^ *U //p' | sort -u
}

names_none() { # ARCHIVE PATTERN
	local symbols
	symbols=$(undefined "$builddir/$1")
	[[ -n $symbols ]] || return 1
	! grep -E "$2" <<<"$symbols"
}

tap_plan 11
letters='gmime|libxml2|opendkim|spf2'
tap_ok 'the supervisor parses no mail, asks no DNS, knows no SQL' \
	needs_none keepname-milter "$letters|milter|unbound|sqlite|pcre2|psl|libc(rypto|url)"
tap_ok 'the listener has no GMime, libxml2, libopendkim or libspf2' needs_none keepname-listener "$letters"
tap_ok 'the listener asks no DNS itself' needs_none keepname-listener 'unbound'
tap_ok 'the judge has no SQLite, libmilter or libunbound' needs_none keepname-judge 'sqlite|milter|unbound'
tap_ok 'the resolver has nothing but libunbound' needs_none keepname-resolver "$letters|milter|sqlite|pcre2|psl"
tap_ok 'the inquirer has nothing but the C library and its seal' \
	needs_none keepname-inquirer "$letters|milter|sqlite|pcre2|psl|unbound|curl|jansson"
tap_ok 'the command parses no mail itself' needs_none keepname "$letters|milter|unbound"
only_the_command_inflates() {
	local program
	for program in keepname-milter keepname-listener keepname-resolver keepname-judge; do
		needs_none "$program" 'libz|libbz2|liblzma|libzstd' || return 1
	done
	! needs_none keepname 'libzstd'
}
tap_ok 'compressed mail is the command'\''s alone' only_the_command_inflates
clock='^(time|clock_gettime|gettimeofday|localtime(_r)?)$'
files='^(open|open64|openat|fopen|fopen64|read|write|fread|fwrite|opendir|scandir|stat|unlink)(@.*)?$'
sockets='^(socket|connect|send|sendto|sendmsg|recv|recvfrom|recvmsg|poll|select|getaddrinfo|gethostbyname)$'
others='^(syslog|vsyslog|openlog|sqlite3_.*|smfi_.*|ub_.*|fork|exec.*|system|popen|getenv)$'
tap_ok 'rules/core names no clock, socket, file, log or SQL' \
	names_none rules/libcore.a "$clock|$files|$sockets|$others"
tap_ok 'rules/letter names none either' names_none rules/libletter.a "$clock|$files|$sockets|$others"
tap_ok 'proof names no clock, socket, file, log or SQL' \
	names_none proof/libproof.a "$clock|$files|$sockets|$others"
tap_end
