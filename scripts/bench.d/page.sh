# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Of scripts/bench: --all, the page BENCHMARKS.md: each section is a command that repeats it, and what it printed.

version_of() {
	dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo 'not from a package'
}

# section TITLE OPTION…: the text of standard input stands before its figures.
section() {
	local title=$1
	shift
	echo "bench: $title" >&2
	printf '\n## %s\n' "$title"
	cat
	printf '\n    scripts/bench%s\n\n```\n' "$(printf ' %s' "$@")"
	"$source/scripts/bench" --build "$build" "$@" 2>&1 || echo "left out: it failed"
	printf '```\n'
}

page_head() {
	cat <<END
# Benchmarks

Written by \`scripts/bench --all\`, which runs the command of each section and prints what it says. Ratios are taken
within rounds in which every subject has the same messages, one round forwards and the next backwards; a ratio's
middle half says how far to trust it, and an empty filter against its own copy what the machine's noise does.

    scripts/bench --all${brief[*]:+ ${brief[*]}} --page BENCHMARKS.md

What else ran on the machine meanwhile shows in the load average of each section; times grow with it, ratios hardly.

| | |
| --- | --- |
| date | $(date -u +%F) |
| machine | $(nproc) x $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(awk '/MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo), Linux $(uname -r) |
| load average | $(cut -d' ' -f1-3 /proc/loadavg) when it began |
| system | $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release) |
| compiler | $(gcc --version | head -n 1), $(sed -n 's/^CFLAGS = //p' "$build/Makefile") |
| libmilter | $(version_of libmilter1.0.1) |
| SQLite | $(version_of libsqlite3-0) |
| opendkim | $(version_of opendkim) |
| rspamd | $(version_of rspamd) |
END
}

page_ordinary() {
	section 'Ordinary mail' --ordinary "${brief[@]}" <<'END'

Nearly all mail: accepted at the end of its headers. `empty` is a libmilter filter that asks for the same steps and
accepts unseen, so the ratio is what keepname adds to libmilter. The aim is 1.10, whatever the size of the body.
END
	section 'Ordinary mail over TCP' --ordinary --inet "${brief[@]}" </dev/null
	section 'Ordinary mail in instructions' --instructions <<'END'

Without noise, but without the kernel, which is most of what a message costs either program: the ratio here is of the
small part that is the programs' own.
END
	section 'Ordinary mail in other filters' --others "${brief[@]}" <<'END'

opendkim verifying and rspamd as its package configures it, on the same messages. They read all of them: that is their
work. The figure says what keepname adds to a site that runs them.
END
}

page_registrar() {
	section "A registrar's mail" --only empty,empty2,keepname,registrar,opendkim "${brief[@]}" <<'END'

Proved by DKIM and SPF, read, and on disk, with DNS answers cached, against opendkim verifying its signature. The aim is
1.5.
END
	section "Where a registrar's mail goes" --profile "${brief[@]}" </dev/null
	section 'Group commit' --commits "${brief[@]}" <<'END'

One transaction takes all records that came while the one before was written. With the database in memory the disk
is left out.
END
}

page_growth() {
	section '30,000 senders' --senders 30000 "${brief[@]}" </dev/null
	section '300,000 senders' --senders 300000 "${brief[@]}" </dev/null
	section 'Pendings' --pendings "${brief[@]}" </dev/null
	section 'Connections' --idle </dev/null
	section 'Scan' --scan "${brief[@]}" </dev/null
}

page() {
	page_head
	page_ordinary
	page_registrar
	page_growth
}

all_bench() {
	local brief=()
	[ "$quick" = no ] || brief=(--quick)
	[ -z "$page" ] || page=$(realpath "$page")
	build_all
	if [ -z "$page" ]; then
		page
		return
	fi
	page | sed 's/ *$//' >"$page.new"
	mv "$page.new" "$page"
}
