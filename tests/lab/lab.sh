# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034
#
# The lab: private servers on loopback in one temporary folder, for the wire tests and for
# scripts/quickstart. Source this file, which sources the others:
#
#   dns.sh       an unbound that serves zones of ours alone and never asks outside
#   nsd.sh       registries' name servers, each at an address of its own
#   postfix.sh   a Postfix, from the system's package or from an unpacked one, plain or chrooted
#   sendmail.sh  a Sendmail, from an unpacked package
#   dovecot.sh   a Dovecot that takes Postfix's mail by LMTP and files it by Sieve
#   spamd.sh     SpamAssassin: a spamd with a site's rules of the test's own
#   spamass_milter.sh   the milter in front of it
#   rspamd.sh    an rspamd as a milter, with the configuration of its package
#   clamd.sh     a clamd with a signature made by hand
#   amavis.sh    an amavisd-new, a filter after the queue, with ClamAV's scanner
#   web.sh       web servers that misbehave as they are told, by http and https
#   keepname.sh  keepname-milter as built, with a configuration of its own
#   browser.sh   pages in a headless Chromium, light and dark, at any width
#   mail.sh      keys, signing, sending by swaks, awaiting and reading what was delivered
#   tap.sh       TAP output for the tests
#
# Contract: lab_begin makes the folder ($LAB) and lab_end ends every process by its id and removes
# the folder; it also runs on exit, on signals and on failure (then the servers' logs are shown
# first). Nothing outside the folder is written, no user made, no service touched, nothing asked of
# the network. All waiting is for events (tests/tools/await). Functions print what they answer, or set
# the variable that is named; they return 1, with a line on stderr, where it did not work.
#
# From the caller: srcdir and builddir (absolute). From the environment: POSTFIX_ROOT, the folder of
# an unpacked Postfix (scripts/install-deps --private-postfix); LAB_KEEP=yes leaves the folder;
# LAB_SECONDS, after which a caller that hangs is ended (400).

: "${srcdir:?the lab needs srcdir}" "${builddir:?the lab needs builddir}"
lab_tools=$builddir/tests/tools
PATH=$PATH:/usr/sbin:/sbin

# shellcheck source=tests/lab/dns.sh
. "$srcdir/tests/lab/dns.sh"
# shellcheck source=tests/lab/nsd.sh
. "$srcdir/tests/lab/nsd.sh"
# shellcheck source=tests/lab/postfix.sh
. "$srcdir/tests/lab/postfix.sh"
# shellcheck source=tests/lab/sendmail.sh
. "$srcdir/tests/lab/sendmail.sh"
# shellcheck source=tests/lab/dovecot.sh
. "$srcdir/tests/lab/dovecot.sh"
# shellcheck source=tests/lab/spamd.sh
. "$srcdir/tests/lab/spamd.sh"
# shellcheck source=tests/lab/spamass_milter.sh
. "$srcdir/tests/lab/spamass_milter.sh"
# shellcheck source=tests/lab/clamd.sh
. "$srcdir/tests/lab/clamd.sh"
# shellcheck source=tests/lab/rspamd.sh
. "$srcdir/tests/lab/rspamd.sh"
# shellcheck source=tests/lab/amavis.sh
. "$srcdir/tests/lab/amavis.sh"
# shellcheck source=tests/lab/web.sh
. "$srcdir/tests/lab/web.sh"
# shellcheck source=tests/lab/keepname.sh
. "$srcdir/tests/lab/keepname.sh"
# shellcheck source=tests/lab/mail.sh
. "$srcdir/tests/lab/mail.sh"
# shellcheck source=tests/lab/browser.sh
. "$srcdir/tests/lab/browser.sh"
# shellcheck source=tests/lab/tap.sh
. "$srcdir/tests/lab/tap.sh"

LAB=
lab_pids=() lab_groups=()

lab_say() { printf 'lab: %s\n' "$*" >&2; }
lab_await() { "$lab_tools/await" "$@"; }

# Prints why the lab cannot run on this host; nothing where it can.
lab_missing() {
	local program
	if ((EUID != 0)); then
		echo "Postfix can only be started by root"
		return
	fi
	for program in swaks unbound unbound-control; do
		if ! command -v "$program" >/dev/null; then
			echo "$program is not installed (scripts/install-deps --tests)"
			return
		fi
	done
	if [[ ! -x ${POSTFIX_ROOT-}/usr/sbin/postfix ]]; then
		echo "no Postfix in ${POSTFIX_ROOT:-/usr/sbin} (scripts/install-deps --tests, or --private-postfix DIR and POSTFIX_ROOT=DIR)"
	fi
}

lab_begin() {
	local parent=${LAB_PARENT:-${TMPDIR:-/tmp}}
	# A unix socket's path has room for 107 bytes.
	((${#parent} <= 40)) || parent=/tmp
	LAB=$(mktemp -d "$parent/keepname-lab.XXXXXX")
	chmod 711 "$LAB"
	mkdir -m 700 "$LAB/bin" "$LAB/log" "$LAB/keys" "$LAB/run"
	trap 'lab_leave $?' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	lab_watch "$$" </dev/null >"$LAB/log/watch.log" 2>&1 &
	disown
}

# A caller that hangs is ended like one that was told to, and its logs are shown. What it waits for goes
# first, or bash would not come to its trap.
lab_watch() {
	trap - EXIT INT TERM HUP
	"$lab_tools/await" -t "${LAB_SECONDS:-400}" end "$1" 2>/dev/null && exit
	echo "no end after ${LAB_SECONDS:-400} s: told to end"
	kill -TERM "$1"
	pkill -TERM -P "$1"
}

# The exit trap. A failure shows what the servers said.
lab_leave() {
	trap - EXIT
	trap '' INT TERM HUP PIPE
	if (($1 != 0)) && [[ ! ${lab_quiet-} ]]; then
		lab_logs
	fi
	lab_end
	exit "$1"
}

lab_end() {
	local i
	[[ $LAB ]] || return 0
	lab_find_strays
	for ((i = ${#lab_pids[@]} - 1; i >= 0; i--)); do
		lab_stop "${lab_pids[i]}"
	done
	lab_pids=()
	lab_reap
	if [[ ${LAB_KEEP-} ]]; then
		lab_say "left as it is: $LAB"
	else
		rm -rf "$LAB"
	fi
	LAB=
}

# A signal may come between the start of a daemon and our noting its id: it has a file by then.
lab_find_strays() {
	local file pid
	for file in "$LAB"/run/*.pid "$LAB"/postfix*/queue/pid/master.pid; do
		[[ -s $file ]] || continue
		pid=$(tr -d ' ' <"$file")
		[[ " ${lab_pids[*]} " != *" $pid "* ]] || continue
		# Ours alone: its command line or environment names this very folder.
		grep -qsF "$LAB/" "/proc/$pid/cmdline" "/proc/$pid/environ" || continue
		lab_remember "$pid"
		lab_groups+=("$pid")
	done
}

# Remembers a process for lab_end.
lab_remember() { lab_pids+=("$1"); }

lab_forget() {
	local p left=()
	for p in "${lab_pids[@]}"; do
		[[ $p == "$1" ]] || left+=("$p")
	done
	lab_pids=("${left[@]}")
}

# Ends a process and its wait; by force where it does not obey within 10 s.
lab_stop() {
	lab_forget "$1"
	kill -TERM "$1" 2>/dev/null || return 0
	if ! "$lab_tools/await" -t 10 end "$1" 2>/dev/null; then
		lab_say "process $1 did not end when told to; killed"
		kill -KILL "$1" 2>/dev/null || true
		"$lab_tools/await" -t 10 end "$1" || true
	fi
}

# Ends a process by force and awaits its end: for what is slow to obey, and for the tests of faults.
lab_kill() {
	lab_forget "$1"
	kill -KILL "$1" 2>/dev/null || return 0
	"$lab_tools/await" -t 10 end "$1"
}

# Ends what is left of the process groups of our daemons, such as children of one that was killed.
lab_reap() {
	local group
	for group in "${lab_groups[@]}"; do
		lab_reap_group "$group"
	done
	lab_groups=()
}

lab_reap_group() {
	local pid
	for pid in $(pgrep -r D,R,S,T -g "$1" || true); do
		lab_stop "$pid"
	done
}

# lab_spawn NAME COMMAND...: starts it with its output in $LAB/log/NAME.log; its id in LAB_PID.
lab_spawn() {
	local name=$1
	shift
	"$@" </dev/null >>"$LAB/log/$name.log" 2>&1 &
	disown
	LAB_PID=$!
	lab_remember "$LAB_PID"
}

# lab_spawn_ready NAME COMMAND...: the same, and waits for its READY=1. All that it tells by
# sd_notify afterwards is in $LAB/log/NAME.notify, a line each.
lab_spawn_ready() {
	local name=$1
	shift
	if ! LAB_PID=$(lab_await -m "$name to be ready" notify -l "$LAB/log/$name.log" \
		-r "$LAB/log/$name.notify" -f "$LAB/run/$name.pid" -- "$@"); then
		LAB_PID=
		return 1
	fi
	lab_remember "$LAB_PID"
	lab_groups+=("$LAB_PID")
}

# lab_port: prints a free port.
lab_port() { "$lab_tools/freeport"; }

# The ends of all logs, marked as comments so that TAP output stays TAP.
lab_logs() {
	local log
	for log in "$LAB"/log/*; do
		[[ -s $log ]] || continue
		printf '# ---- %s\n' "${log##*/}" >&2
		tail -n "${LAB_LOG_LINES:-40}" "$log" | tr -d '\000' | sed 's/^/# /' >&2
	done
}
