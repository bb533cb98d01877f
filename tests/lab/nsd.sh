# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2154 # lab.sh and its callers share variables
#
# Name servers of registries: an NSD for each, on an address of its own in 127/8, since a zone's servers
# are told apart by their addresses. All have one port, LAB_NSD_PORT.
#
#   lab_nsd NAME ADDRESS ZONE...      starts one that serves these zones
#   lab_nsd_zone NAME ZONE RECORD...  what it says of a zone; SOA and NS are made here. One that runs
#                                     says so from then on.
#                                     LAB_NSD_NAMES: all that serve it, where others do, too.
#   lab_nsd_stop NAME
#   lab_nsd_bad MODE ADDRESS [N]      one that misbehaves (tests/tools/baddns.c), in front of the one at
#                                     127.0.0.2 where the mode needs one. Sets LAB_BADDNS_PID.

LAB_NSD_PORT=
declare -A lab_nsd_pids=()

lab_nsd_zone() {
	local name=$1 zone=$2
	mkdir -p "$LAB/nsd-$name"
	{
		# shellcheck disable=SC2016 # a zone file's own word
		printf '$TTL 5\n%s. IN SOA ns.%s.test. root.%s.test. 1 3600 600 86400 5\n' "$zone" "$name" "$name"
		printf "$zone. IN NS ns.%s.test.\n" ${LAB_NSD_NAMES:-$name}
		(($# < 3)) || printf '%s\n' "${@:3}"
	} >"$LAB/nsd-$name/$zone.zone"
	[[ -z ${lab_nsd_pids[$name]-} ]] || { lab_nsd_stop "$name" && lab_nsd_run "$name"; }
}

lab_nsd_conf() {
	local zone
	cat <<-END
		server:
		  ip-address: $2
		  port: $LAB_NSD_PORT
		  server-count: 1
		  username: ""
		  chroot: ""
		  database: ""
		  zonesdir: "$LAB/nsd-$1"
		  pidfile: "$LAB/nsd-$1/pid"
		  xfrdfile: "$LAB/nsd-$1/xfrd"
		  zonelistfile: "$LAB/nsd-$1/zones"
		  xfrdir: "$LAB/nsd-$1"
		  rrl-ratelimit: 0
		remote-control:
		  control-enable: no
	END
	for zone in "${@:3}"; do
		printf 'zone:\n  name: "%s."\n  zonefile: "%s.zone"\n' "$zone" "$zone"
	done
}

lab_nsd_run() {
	lab_spawn_ready "nsd-$1" nsd -d -c "$LAB/nsd-$1/nsd.conf" || return 1
	lab_nsd_pids[$1]=$LAB_PID
}

lab_nsd() {
	local zone
	LAB_NSD_PORT=${LAB_NSD_PORT:-$(lab_port)}
	for zone in "${@:3}"; do
		[[ -e $LAB/nsd-$1/$zone.zone ]] || lab_nsd_zone "$1" "$zone"
	done
	lab_nsd_conf "$@" >"$LAB/nsd-$1/nsd.conf"
	lab_nsd_run "$1"
}

lab_nsd_stop() {
	lab_stop "${lab_nsd_pids[$1]}"
	unset "lab_nsd_pids[$1]"
}

lab_nsd_bad() {
	local out=$LAB/log/baddns.$2.port
	rm -f "$out"
	"$lab_tools/baddns" -a "$2" -p "$LAB_NSD_PORT" -U 127.0.0.2 -u "$LAB_NSD_PORT" "$1" "${@:3}" \
		</dev/null >"$out" 2>>"$LAB/log/baddns.log" &
	disown
	LAB_BADDNS_PID=$!
	lab_remember "$LAB_BADDNS_PID"
	lab_await -p "$LAB_BADDNS_PID" -m "baddns $1" text "$out" $'\n'
}
