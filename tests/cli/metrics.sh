#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# keepname stats --prometheus, and the shipped alerts: both as Prometheus' own tool sees them.
set -euo pipefail
: "${srcdir:?}" "${builddir:?}"
# shellcheck source=tests/lab/lab.sh
. "$srcdir/tests/lab/lab.sh"
# shellcheck source=tests/wire/registrar.sh
. "$srcdir/tests/wire/registrar.sh"
# shellcheck source=tests/cli/site.sh
. "$srcdir/tests/cli/site.sh"

command -v promtool >/dev/null || tap_skip_all 'promtool is not installed (scripts/install-deps --tests)'
registrar_begin 28
site_database=$LAB/keepname/keepname.db
metric() { sed -n "s/^$1 //p" "$LAB/metrics"; }
registrar_mail >"$LAB/message"
registrar_deliver "$LAB/message"
tap_is 'a message is judged' "$(verdict_of "$LAB_MAIL")" genuine
lab_keepname_stop
exits 'metrics' 0 stats --prometheus "$LAB/metrics"
tap_is 'say nothing' "$out$err" ''
tap_ok 'promtool finds nothing wrong' promtool check metrics <"$LAB/metrics"
tap_is 'verdicts' "$(metric 'keepname_verdicts_total{verdict="genuine"}')" 1
tap_is 'classes' "$(metric 'keepname_classes_total{class="verification"}')" 1
tap_is 'all were judged within some time' "$(metric 'keepname_judging_seconds_bucket{le="+Inf"}')" 1
tap_ok 'cumulative' test "$(metric 'keepname_judging_seconds_bucket{le="5"}')" -ge "$(metric 'keepname_judging_seconds_bucket{le="0.005"}')"
tap_is 'nothing was unjudged, for no reason that there is' "$(sed -n 's/^keepname_unjudged_total{why="\(.*\)"} 0$/\1/p' "$LAB/metrics" | xargs)" \
	'gone busy late nonsense no-memory limit'
tap_is 'every verdict is there from zero' "$(grep -c '^keepname_verdicts_total{' "$LAB/metrics") $(metric 'keepname_verdicts_total{verdict="forged"}')" '7 0'
tap_ok 'answers of the DNS' test "$(metric 'keepname_dns_answers_total{answer="data"}')" -ge 2
tap_is 'one was marked urgent' "$(metric 'keepname_boosts_total{outcome="marked"}') $(metric 'keepname_boosts_total{outcome="sender-rate"}')" '1 0'
tap_ok 'the senders in use' test "$(metric 'keepname_senders{state="enabled"}')" -gt 20
tap_ok 'the number of their list' test "$(metric keepname_list_release)" -gt 0
tap_is 'nothing waits in the spool' "$(metric keepname_spool_records)" 0
tap_is 'pendings by state' "$(metric 'keepname_pendings{state="open"}') $(metric 'keepname_pendings{state="held"}')" '1 0'
tap_is 'the next deadline' "$(metric keepname_next_deadline_timestamp_seconds)" "$(ask 'SELECT deadline FROM pending')"
tap_is 'no alarm' "$(metric keepname_alarms)" 0
lab_keepname backup "$LAB/backup"
exits 'after a backup' 0 stats --prometheus "$LAB/metrics"
tap_is 'its time' "$(metric 'keepname_job_success_timestamp_seconds{job="backup"}')" "$(ask 'SELECT good_at FROM run')"
tap_is 'written as a whole: nothing stays beside it' "$(find "$LAB" -maxdepth 1 -name 'metrics.*' | wc -l)" 0
exits 'where nothing can be written' 2 stats --prometheus "$LAB/nofolder/metrics"
exits 'metrics are no JSON' 2 stats --prometheus --json
tap_is 'to standard output' "$(lab_keepname stats --prometheus | sed '/^keepname_metrics_timestamp/d')" "$(sed '/^keepname_metrics_timestamp/d' "$LAB/metrics")"
lab_keepname_conf "metrics_file = \"$LAB/by-timer\"" 'digest_hour = 0'
exits 'the timer of the digest' 0 digest --due
tap_ok 'writes them too' promtool check metrics <"$LAB/by-timer"
# The alerts.
cp "$srcdir/packaging/keepname.rules.yml" "$srcdir/tests/cli/keepname_rules_test.yml" "$LAB/"
tap_ok 'the shipped alerts are rules' promtool check rules "$LAB/keepname.rules.yml"
tap_ok 'and say what they should' promtool test rules "$LAB/keepname_rules_test.yml"
tap_end
