# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Of scripts/bench: the programs are built, the work folder and its processes, mails, keys and the name server.

# -- building -------------------------------------------------------------------------------------

load=$build/tests/bench/load have_keepname=yes

build_all() {
	mkdir -p "$build"
	cd "$build"
	if [ ! -x config.status ]; then
		[ -x "$source/configure" ] || (cd "$source" && autoreconf -fi) >configure.out 2>&1 ||
			die "autoreconf failed: see $build/configure.out"
		"$source/configure" >configure.out 2>&1 || die "configure failed: see $build/configure.out"
	fi
	make tests/bench/load tests/bench/empty_filter tests/tools/dkimsign tests/tools/freeport tests/tools/await \
		tests/tools/senderlist progs/keepname \
		>make.out 2>&1 || die "make failed: see $build/make.out"
	if [ "$kind" != compare ] || [ "$senders" -gt 0 ] || wanted keepname || wanted registrar; then
		make progs/keepname-milter progs/keepname-listener progs/keepname-resolver \
			progs/keepname-judge >make-keepname.out 2>&1 || have_keepname=no
	fi
}

# -- the work folder, and its end -----------------------------------------------------------------

pids=() shm=''
prepare_work() {
	umask 022
	work=$(mktemp -d "${TMPDIR:-/tmp}/keepname-bench.XXXXXX")
	trap finish EXIT
	trap 'exit 2' INT TERM
}

finish() {
	local pid
	for pid in ${pids[@]+"${pids[@]}"}; do kill "$pid" 2>/dev/null || :; done
	# libmilter takes up to 5 s to end.
	for pid in ${pids[@]+"${pids[@]}"}; do
		"$build/tests/tools/await" -t 10 end "$pid" 2>/dev/null || :
		kill -KILL "$pid" 2>/dev/null || :
	done
	wait
	rm -rf ${shm:+"$shm"}
	if [ "$keep" = yes ]; then echo "work folder: $work"; else rm -rf "$work"; fi
}

# start NAME COMMAND…: in the folder of that name, its output in the file log; $pid is the process.
start() {
	local name=$1
	shift
	mkdir -p "$work/$name"
	"$@" >"$work/$name/log" 2>&1 </dev/null &
	pid=$!
	pids+=("$pid")
}

# await_log NAME TEXT: until the subject's log has the line; fails when it ends before.
await_log() {
	"$build/tests/tools/await" -t 10 -p "$pid" text "$work/$1/log" "$2"
}

# -- messages and keys ----------------------------------------------------------------------------

domain=emailverification.info selector=bench
ordinary_mails=("$source"/tests/bench/mails/*.eml)

# The registrar's mail, dated now and signed now. It has no Message-ID of its own: the load client
# gives it a fresh, unsigned one each time, so that each is a new message for the record.
prepare_registrar() {
	local sign=$build/tests/tools/dkimsign
	"$sign" --make rsa:2048 -k "$work/key"
	sed -e "s/@DATE@/$(date -uR)/" \
		-e "s/@DEADLINE@/$(date -ud '+12 days' '+%Y-%m-%d %H:%M:%S')/" \
		"$source/tests/bench/mails/verification.in" |
		"$sign" -d $domain -s $selector -k "$work/key" -t now >"$work/verification.eml"
}

# The same mail from the last sender of a generated list, and from a stranger.
last=last-of-the-list.example stranger=white-label.example
prepare_generated() {
	local name
	for name in $last $stranger; do
		sed -e "s/@DATE@/$(date -uR)/" -e "s/$domain/$name/g" -e "s,http://$name,http://www.$name,g" \
			-e "s/@DEADLINE@/$(date -ud '+12 days' '+%Y-%m-%d %H:%M:%S')/" \
			"$source/tests/bench/mails/verification.in" |
			"$build/tests/tools/dkimsign" -d "$name" -s $selector -k "$work/key" -t now >"$work/$name.eml"
	done
}

# A TXT record for unbound: strings of at most 250 octets.
txt_record() {
	local text=$2 strings=''
	while [ -n "$text" ]; do
		strings+=" \"${text:0:250}\""
		text=${text:250}
	done
	echo "  local-data: '$1. 3600 IN TXT$strings'"
}

start_nameserver() {
	port=$("$build/tests/tools/freeport")
	mkdir -p "$work/dns"
	{
		cat <<END
server:
  interface: 127.0.0.1
  port: $port
  access-control: 127.0.0.0/8 allow
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "$work/dns"
  pidfile: ""
  use-syslog: no
  logfile: ""
  verbosity: 1
  module-config: "iterator"
  local-zone: "." static
END
		for name in $domain $last $stranger; do
			txt_record "$selector._domainkey.$name" \
				"$("$build/tests/tools/dkimsign" --dns -k "$work/key")"
			txt_record "$name" 'v=spf1 ip4:192.0.2.10 -all'
			txt_record "_dmarc.$name" 'v=DMARC1; p=quarantine'
		done
		echo 'remote-control:'
		echo '  control-enable: no'
	} >"$work/dns/unbound.conf"
	start dns unbound -d -c "$work/dns/unbound.conf"
	dns_pid=$pid
	await_log dns 'start of service' || die "unbound did not start: $(tail -n 3 "$work/dns/log")"
}
