# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Of scripts/bench: what is measured, each started in a folder of its own, on a socket of its own.

# -- subjects -------------------------------------------------------------------------------------

declare -A socket subject_pid
subjects=()

# socket_of NAME: sets spec (libmilter's syntax).
socket_of() {
	if [ "$inet" = yes ]; then
		spec=inet:$("$build/tests/tools/freeport")@127.0.0.1
	else
		spec=local:$work/$1/sock
	fi
}

# ready NAME SPEC: waits until it answers, and takes it among the subjects.
ready() {
	if "$load" --socket "$2" --wait 15 --probe >/dev/null 2>"$work/$1/probe"; then
		socket[$1]=$2 subject_pid[$1]=$pid
		return 0
	fi
	left_out "$1" "$(cat "$work/$1/probe"); $(tail -n 1 "$work/$1/log")"
	return 1
}

start_empty() {
	socket_of "$1"
	start "$1" "$build/tests/bench/empty_filter" "$spec"
	ready "$1" "$spec" && subjects+=("$1")
}

# As Debian configures it, but verifying only, and asking our name server (so without the trust anchor;
# by Nameservers, since ResolverConfiguration is read anew for every message, and two at once crash).
start_opendkim() {
	command -v opendkim >/dev/null || { left_out opendkim 'not installed'; return 1; }
	mkdir -p "$work/opendkim"
	socket_of opendkim
	cat >"$work/opendkim/opendkim.conf" <<END
Syslog yes
SyslogSuccess yes
Canonicalization relaxed/simple
OversignHeaders From
UMask 007
Mode v
AuthservID mx.example.net
Socket $spec
Nameservers 127.0.0.1@$port
END
	start opendkim opendkim -f -x "$work/opendkim/opendkim.conf"
	ready opendkim "$spec" && subjects+=(opendkim)
}

# As its package configures it, but with our name server alone and without a controller or fuzzy storage.
start_rspamd() {
	local dir=$work/rspamd
	command -v rspamd >/dev/null || { left_out rspamd 'not installed'; return 1; }
	getent passwd _rspamd >/dev/null || { left_out rspamd 'there is no user _rspamd'; return 1; }
	mkdir -p "$dir/etc/local.d/maps.d" "$dir/etc/override.d"
	chmod 711 "$work"
	install -d -m 711 -o _rspamd "$dir/db" "$dir/logs" "$dir/run"
	spec=unix:$dir/run/sock
	[ "$inet" = no ] || { left_out rspamd 'here by a unix socket alone'; return 1; }
	printf 'type = "console";\nlevel = "error";\n' >"$dir/etc/override.d/logging.inc"
	echo 'enabled = false;' | tee "$dir/etc/override.d/"{worker-controller.inc,worker-normal.inc,fuzzy_check.conf} >/dev/null
	printf '%s\n' com info net org example >"$dir/suffixes"
	printf 'bind_socket = "%s mode=0666";\nupstream "local" { default = yes; self_scan = yes; }\n' "$dir/run/sock" \
		>"$dir/etc/override.d/worker-proxy.inc"
	printf 'url_tld = "%s";\ndns { nameserver = ["127.0.0.1:%s:1"]; }\n' "$dir/suffixes" "$port" >"$dir/etc/override.d/options.inc"
	start rspamd rspamd -f -u _rspamd -g _rspamd -c /etc/rspamd/rspamd.conf --var=LOCAL_CONFDIR="$dir/etc" \
		--var=DBDIR="$dir/db" --var=RUNDIR="$dir/run" --var=LOGDIR="$dir/logs"
	ready rspamd "$spec"
}

# start_daemon NAME LISTS
libexec=$build/progs database_home='' extra=''
start_daemon() {
	local dir=$work/$1
	mkdir -p "$dir"
	socket_of "$1"
	cat >"$dir/keepname.conf" <<END
socket = "$spec"
user = ""
pid_file = ""
database = "sqlite:${database_home:-$dir}/keepname.db"
spool = "$dir/spool"
lists = "$2"
libexec_dir = "$libexec"
nameservers = {"127.0.0.1@$port"}
authserv_id = {"mx.example.net"}
$extra
END
	start "$1" "$build/progs/keepname-milter" -f -c "$dir/keepname.conf"
	ready "$1" "$spec"
}

# One daemon serves both keepname and registrar: the store it fills must not burden ordinary mail.
start_keepname() {
	if [ "$have_keepname" = no ]; then
		left_out 'keepname, registrar' "not built: see $build/make-keepname.out"
		return 1
	fi
	start_daemon keepname "$source/rules/lists" || return 1
	if wanted keepname; then subjects+=(keepname); fi
	if wanted registrar; then
		socket[registrar]=$spec subject_pid[registrar]=$pid
		subjects+=(registrar)
	fi
}

# start_list NAME N: a daemon with the shipped list and N senders more, over three kinds of mail.
start_list() {
	local kind
	mkdir -p "$work/lists-$1"
	cp "$source"/rules/lists/* "$work/lists-$1"
	"$build/tests/tools/senderlist" "$2" >"$work/lists-$1/generated.list"
	start_daemon "$1" "$work/lists-$1" || die "no keepname with $2 senders"
	for kind in ordinary listed wording; do
		socket[$1-$kind]=$spec subject_pid[$1-$kind]=$pid
		if wanted "$kind"; then subjects+=("$1-$kind"); fi
	done
}

# CPU of a process, its descendants and those of them that have ended, in clock ticks.
ticks_of() {
	local pid sum=0 field
	for pid in $(tree_of "$1" | tr , ' '); do
		read -ra field < <(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null) || continue
		sum=$((sum + field[11] + field[12] + field[13] + field[14]))
	done
	echo "$sum"
}

# reload_times NAME: five reloads of an idle daemon, from the signal to its line in the log; and what they
# take of a CPU, since a busy machine says nothing by the time.
reload_times() {
	local i before ticks pid=${subject_pid[$1-ordinary]} times=''
	ticks=$(ticks_of "$pid")
	for ((i = 1; i <= 5; i++)); do
		before=$(date +%s%N)
		kill -HUP "$pid"
		"$build/tests/tools/await" -t 60 -p "$pid" text -n "$i" "$work/$1/log" ': reloaded' >/dev/null
		times+=" $((($(date +%s%N) - before) / 1000000))"
	done
	ticks=$((($(ticks_of "$pid") - ticks) * 1000 / $(getconf CLK_TCK) / 5))
	echo "$1: reloads in$times ms, $ticks ms of CPU each;" \
		"resident: $(ps -o rss= -o comm= -p "$(tree_of "$pid")" | awk '{ printf "%s %d MB  ", $2, $1 / 1024 }')"
}

# Descendants of a process, itself first, separated by commas.
tree_of() {
	ps -e -o pid= -o ppid= | awk -v root="$1" '
		{ parent[$1] = $2 }
		END {
			list = root
			for (p in parent) {
				for (q = parent[p]; q in parent && q != root && q > 1;) q = parent[q]
				if (q == root) list = list "," p
			}
			print list
		}'
}
