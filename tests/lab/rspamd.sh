# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # lab.sh and its callers share variables
#
# rspamd of the lab: the configuration that its package ships, with a local.d of ours; rspamd_proxy in
# milter mode, scanning by itself, and a normal worker for rspamc. It asks the lab's DNS alone, so its maps
# and lists on the network do not exist.
#
#   lab_rspamd_missing              why it cannot run here; nothing where it can
#   lab_rspamd_local FILE <TEXT     appends to a file of its configuration folder: local.d/multimap.conf
#   lab_rspamd_piece FOLDER         puts every file of packaging/setup/rspamd there, as marked blocks
#   lab_rspamd_configtest           rspamadm configtest on the result, strict
#   lab_rspamd_start                after lab_dns_start
#   lab_rspamd_stop
#   lab_rspamd_milter               prints its socket as smtpd_milters wants it
#   lab_rspamc [OPTION]... FILE     what rspamd finds, without Postfix, as JSON
#   lab_rspamd_score FILE           the score in a delivered mail's X-Spamd-Result
#   lab_rspamd_symbols FILE         its symbols with their scores, one a line
#   lab_redis_start                 a Redis on a socket of its own, $LAB/rspamd/redis.sock, that writes nothing

LAB_RSPAMD_PID=
lab_rspamd_port=

lab_rspamd_missing() {
	local program
	for program in rspamd rspamadm rspamc redis-server jq; do
		if ! command -v "$program" >/dev/null; then
			echo "$program is not installed (scripts/install-deps --tests)"
			return
		fi
	done
	getent passwd _rspamd >/dev/null || echo 'there is no user _rspamd (scripts/install-deps --tests)'
}

lab_rspamd_folders() {
	local home=$LAB/rspamd
	[[ ! -d $home ]] || return 0
	mkdir -p "$home/etc/local.d/maps.d" "$home/etc/override.d"
	install -d -m 711 -o _rspamd "$home/db" "$home/log" "$home/run"
	cat >"$home/etc/override.d/logging.inc" <<-'END'
		type = "console";
		level = "info";
	END
	echo 'enabled = false;' | tee "$home/etc/override.d/"{worker-controller.inc,fuzzy_check.conf} >/dev/null
	# The whole list of suffixes takes many seconds to compile at every start.
	printf '%s\n' com info net org example test invalid >"$home/suffixes"
	# What a site turns on to see why a mail was tagged.
	echo 'extended_spam_headers = true;' >"$home/etc/local.d/milter_headers.conf"
}

# What depends on ports and on the resolver: written at each start.
lab_rspamd_workers() {
	local etc=$LAB/rspamd/etc/override.d
	cat >"$etc/worker-proxy.inc" <<-END
		bind_socket = "$LAB/rspamd/run/milter.sock mode=0666";
		upstream "local" {
		  default = yes;
		  self_scan = yes;
		}
	END
	printf 'bind_socket = "127.0.0.1:%s";\n' "$lab_rspamd_port" >"$etc/worker-normal.inc"
	cat >"$etc/options.inc" <<-END
		url_tld = "$LAB/rspamd/suffixes";
		disable_hyperscan = true;
		dns {
		  nameserver = ["127.0.0.1:$LAB_DNS_PORT:1"];
		}
	END
}

lab_rspamd_vars() {
	local home=$LAB/rspamd
	printf '%s\n' "--var=LOCAL_CONFDIR=$home/etc" "--var=DBDIR=$home/db" "--var=RUNDIR=$home/run" "--var=LOGDIR=$home/log"
}

lab_rspamd_local() {
	lab_rspamd_folders
	cat >>"$LAB/rspamd/etc/$1"
}

lab_rspamd_piece() {
	local from=$1 file
	lab_rspamd_folders
	while IFS= read -r file; do
		{
			echo '# keepname: begin'
			cat "$from/$file"
			echo '# keepname: end'
		} | lab_rspamd_local "$file"
	done < <(cd "$from" && find local.d -type f)
}

lab_rspamd_configtest() {
	local vars
	mapfile -t vars < <(lab_rspamd_vars)
	rspamadm "${vars[@]}" configtest -s -c /etc/rspamd/rspamd.conf
}

lab_rspamd_start() {
	local vars
	lab_rspamd_folders
	lab_rspamd_port=$(lab_port)
	lab_rspamd_workers
	chmod -R a+rX "$LAB/rspamd/etc"
	mapfile -t vars < <(lab_rspamd_vars)
	lab_spawn rspamd setsid rspamd -f -u _rspamd -g _rspamd -c /etc/rspamd/rspamd.conf "${vars[@]}"
	LAB_RSPAMD_PID=$LAB_PID
	lab_groups+=("$LAB_PID")
	lab_await -p "$LAB_RSPAMD_PID" -m 'rspamd to listen' connect "$LAB/rspamd/run/milter.sock" &&
		lab_await -p "$LAB_RSPAMD_PID" -m 'rspamd to listen' connect "$lab_rspamd_port"
}

lab_rspamd_stop() { lab_stop "$LAB_RSPAMD_PID"; }

lab_rspamd_milter() { printf 'unix:%s' "$LAB/rspamd/run/milter.sock"; }

lab_rspamc() { rspamc -h "127.0.0.1:$lab_rspamd_port" --json "$@"; }

lab_rspamd_score() {
	lab_header "$1" X-Spamd-Result | sed -n 's/^default: [^[]*\[\(-\{0,1\}[0-9.]*\) .*/\1/p'
}

lab_rspamd_symbols() {
	lab_header "$1" X-Spamd-Result | grep -oE '[A-Z][A-Z0-9_]+\(-?[0-9.]+\)' | tr '()' '  '
}

lab_redis_start() {
	install -d -m 711 -o _rspamd "$LAB/rspamd/db"
	lab_spawn redis redis-server --port 0 --unixsocket "$LAB/rspamd/redis.sock" --unixsocketperm 777 \
		--save '' --appendonly no --dir "$LAB/rspamd/db"
	lab_await -p "$LAB_PID" connect "$LAB/rspamd/redis.sock"
}
