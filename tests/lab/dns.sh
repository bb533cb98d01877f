# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # lab.sh and its callers share variables
#
# DNS of the lab: an unbound that is the authority for the root, so every name that we did not give it
# does not exist, at once, and nothing is asked outside. CNAMEs are followed as by any resolver. The
# program is copied into the folder first: AppArmor confines the one in /usr/sbin to /etc/unbound.
#
# LAB_DNS_MORE: further lines of its configuration. lab_dns_start sets LAB_DNS_PORT. lab_dns and lab_dns_txt may be called before and after it.

LAB_DNS_PORT=

lab_dns_zone() {
	mkdir -p "$LAB/dns"
	[[ -e $LAB/dns/root.zone ]] && return
	cat >"$LAB/dns/root.zone" <<-'END'
		. 5 IN SOA ns.lab.test. root.lab.test. 1 3600 600 86400 5
		. 5 IN NS ns.lab.test.
		ns.lab.test. 5 IN A 127.0.0.1
	END
}

lab_dns_conf() {
	cat <<-END
		server:
		  interface: 127.0.0.1
		  port: $1
		  access-control: 127.0.0.0/8 allow
		  do-daemonize: no
		  use-syslog: no
		  logfile: ""
		  verbosity: 1
		  chroot: ""
		  username: ""
		  pidfile: ""
		  directory: "$LAB/dns"
		  module-config: "iterator"
		  num-threads: 1
		  unblock-lan-zones: yes
		  local-zone: "test." nodefault
		  local-zone: "invalid." nodefault
		  cache-max-negative-ttl: 5
		  do-not-query-localhost: no
		remote-control:
		  control-enable: yes
		  control-interface: "$LAB/dns/control"
		  control-use-cert: no
		auth-zone:
		  name: "."
		  zonefile: "$LAB/dns/root.zone"
		  for-downstream: no
		  for-upstream: yes
		  fallback-enabled: no
	END
	printf '%s\n' "${LAB_DNS_MORE-}"
}

lab_dns_start() {
	local try
	lab_dns_zone
	cp "$(command -v unbound)" "$LAB/bin/unbound"
	for try in 1 2 3; do
		LAB_DNS_PORT=$(lab_port)
		lab_dns_conf "$LAB_DNS_PORT" >"$LAB/dns/unbound.conf"
		if lab_spawn_ready unbound "$LAB/bin/unbound" -d -c "$LAB/dns/unbound.conf"; then
			LAB_DNS_PID=$LAB_PID
			return 0
		fi
		grep -q 'Address already in use' "$LAB/log/unbound.log" || break
		lab_say "port $LAB_DNS_PORT was taken by somebody else (try $try)"
	done
	return 1
}

# Ends the resolver; lab_dns_start brings it back, on another port.
lab_dns_stop() { lab_stop "$LAB_DNS_PID"; }

lab_dns_control() { unbound-control -c "$LAB/dns/unbound.conf" "$@" >>"$LAB/log/unbound-control.log" 2>&1; }

# Makes a running resolver know what the zone file says now, and forget all that it answered.
lab_dns_reload() {
	[[ $LAB_DNS_PORT ]] || return 0
	lab_dns_control auth_zone_reload . && lab_dns_control flush_zone .
}

# lab_dns RECORD...: adds records, in zone file form with full names: 'a.example. 5 IN A 192.0.2.1'.
lab_dns() {
	lab_dns_zone
	printf '%s\n' "$@" >>"$LAB/dns/root.zone"
	lab_dns_reload
}

# lab_dns_txt NAME TEXT [TTL]: adds a TXT record, in as many strings as it needs.
lab_dns_txt() {
	local text=$2 strings=
	while [[ $text ]]; do
		strings+=" \"${text:0:250}\""
		text=${text:250}
	done
	lab_dns "$1. ${3-5} IN TXT$strings"
}

# lab_dns_drop NAME: removes all records of a name.
lab_dns_drop() {
	awk -v name="$1." '$1 != name' "$LAB/dns/root.zone" >"$LAB/dns/root.zone.new"
	mv "$LAB/dns/root.zone.new" "$LAB/dns/root.zone"
	lab_dns_reload
}

# lab_baddns MODE [N]: starts a server that misbehaves (tests/tools/baddns.c), in front of the
# resolver where the mode needs one. Sets LAB_BADDNS_PORT and LAB_BADDNS_PID.
lab_baddns() {
	local out=$LAB/log/baddns.$1.port
	rm -f "$out"
	"$lab_tools/baddns" ${LAB_DNS_PORT:+-u "$LAB_DNS_PORT"} "$@" </dev/null >"$out" 2>>"$LAB/log/baddns.log" &
	disown
	LAB_BADDNS_PID=$!
	lab_remember "$LAB_BADDNS_PID"
	lab_await -p "$LAB_BADDNS_PID" -m "baddns $1" text "$out" $'\n' || return 1
	# shellcheck disable=SC2034 # for the caller
	LAB_BADDNS_PORT=$(<"$out")
}
