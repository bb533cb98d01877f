# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # lab.sh and its callers share variables
#
# amavisd-new of the lab, a content filter after Postfix's queue: SpamAssassin in its own process, with the
# site's folder of spamd.sh, and ClamAV's clamscan with one signature made by hand, of EICAR's test file. It
# runs as nobody in $LAB/amavis. What it does with spam and viruses is what Debian's package has it do: spam
# passes tagged, at 6.31 and more; a virus is not delivered.
#
#   lab_amavis_missing     why it cannot run here; nothing where it can
#   lab_amavis_start       starts it; LAB_AMAVIS_PORT, and LAB_REFILE_PORT, to which it gives mail back
#   lab_amavis_services    Postfix's services for it, lines of master.cf, for --services

LAB_AMAVIS_PORT=
LAB_REFILE_PORT=

lab_amavis_missing() {
	local program
	for program in amavisd clamscan spamassassin; do
		if ! command -v "$program" >/dev/null; then
			echo "$program is not installed (scripts/install-deps --tests)"
			return
		fi
	done
}

# A signature of any file: NAME:TARGET:OFFSET:HEX, the text in hexadecimal.
lab_amavis_signature() {
	printf 'Eicar-By-Hand:0:*:%s\n' "$(printf 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE' | od -An -v -tx1 | tr -d ' \n')"
}

lab_amavis_conf() {
	local home=$LAB/amavis/home
	cat <<-END
		use strict;
		\$MYHOME = '$home'; \$TEMPBASE = '$home/tmp'; \$ENV{TMPDIR} = \$TEMPBASE;
		\$QUARANTINEDIR = undef; \$lock_file = '$home/lock'; \$pid_file = '$home/pid';
		\$daemon_user = undef; \$daemon_group = undef; \$max_servers = 1; \$nanny_details_level = 0;
		\$enable_db = 0; \$enable_zmq = 0; \$do_syslog = 0; \$log_level = 1;
		\$mydomain = 'example.com'; \$myhostname = 'mx.lab.test'; \$path = '/usr/sbin:/sbin:/usr/bin:/bin';
		@local_domains_maps = ( ['.example.com'] ); @mynetworks = qw( 127.0.0.0/8 );
		\$inet_socket_bind = '127.0.0.1'; \$inet_socket_port = $LAB_AMAVIS_PORT; @inet_acl = qw( 127.0.0.1 );
		\$forward_method = 'smtp:[127.0.0.1]:$LAB_REFILE_PORT'; \$notify_method = \$forward_method;
		\$smtp_connection_cache_enable = 0; \$smtp_connection_cache_on_demand = 0; # the lab starts Postfix anew
		\$sa_siteconfigpath = '$LAB/spamd/etc'; \$sa_local_tests_only = 1;
		\$sa_tag_level_deflt = -999; \$sa_tag2_level_deflt = 6.31; \$sa_kill_level_deflt = 6.31;
		\$final_spam_destiny = D_PASS; \$final_virus_destiny = D_DISCARD; \$final_banned_destiny = D_DISCARD;
		\$final_bad_header_destiny = D_PASS;
		\$virus_admin = undef; \$spam_admin = undef; \$banned_admin = undef; \$bad_header_admin = undef;
		\$virus_quarantine_method = undef; \$spam_quarantine_method = undef; \$banned_files_quarantine_method = undef;
		\$bad_header_quarantine_method = undef; \$enable_dkim_verification = 0; \$enable_dkim_signing = 0;
		@bypass_virus_checks_maps = (0); @bypass_spam_checks_maps = (0);
		@av_scanners_backup = ();
		@av_scanners = ( ['ClamAV-clamscan', 'clamscan',
		    "--stdout --no-summary -r -d $LAB/amavis/eicar.ndb --tempdir=\$TEMPBASE {}",
		    [0], qr/:.*\sFOUND\$/m, qr/^.*?: (?!Infected Archive)(.*) FOUND\$/m ] );
		1;
	END
}

lab_amavis_start() {
	local try
	lab_spamd_folders
	install -d -m 711 "$LAB/amavis"
	install -d -m 700 -o nobody "$LAB/amavis/home" "$LAB/amavis/home/tmp"
	lab_amavis_signature >"$LAB/amavis/eicar.ndb"
	LAB_REFILE_PORT=$(lab_port)
	for try in 1 2 3; do
		LAB_AMAVIS_PORT=$(lab_port)
		lab_amavis_conf >"$LAB/amavis/amavisd.conf"
		chmod 644 "$LAB/amavis/amavisd.conf" "$LAB/amavis/eicar.ndb"
		lab_spawn_ready amavis setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups \
			env HOME="$LAB/amavis/home" amavisd -c "$LAB/amavis/amavisd.conf" foreground && return 0
		grep -q 'Address already in use' "$LAB/log/amavis.log" || break
		lab_say "port $LAB_AMAVIS_PORT was taken by somebody else (try $try)"
	done
	return 1
}

# As its README.postfix has them.
lab_amavis_services() {
	cat <<-END
		smtp-amavis unix - - n - 2 smtp -o smtp_data_done_timeout=1200 -o smtp_send_xforward_command=yes
		127.0.0.1:$LAB_REFILE_PORT inet n - n - - smtpd -o content_filter= -o smtpd_milters= -o mynetworks=127.0.0.0/8 -o receive_override_options=no_header_body_checks,no_unknown_recipient_checks,no_milters
	END
}
