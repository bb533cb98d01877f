-- SPDX-License-Identifier: BSD-2-Clause
-- matters.sql: fills a database of keepname with @n pendings, their mails and events, as years of a
-- provider with @n / 20 customers leave them: of ten, five are settled, three open (one of them past its
-- deadline), one to be reviewed, one expired.
--   sqlite3 -cmd '.parameter set @n 100000' -cmd ".parameter set @now $(date +%s)" FILE <matters.sql
PRAGMA synchronous = OFF;
PRAGMA cache_size = -200000;
BEGIN;
CREATE TEMP TABLE made AS
	WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @n)
	SELECT i, 'customer' || (i * 7919 % (@n / 20 + 1)) || '@example.com' AS recipient,
	 'name' || i || '.example' AS domain, printf('<%d.bench@registrar.example>', i) AS message_id,
	 -- The settled ones are spread over three years, the others over the last six weeks.
	 CASE WHEN i % 10 < 5 THEN 'done' WHEN i % 10 < 8 THEN 'open' WHEN i % 10 = 8 THEN 'review' ELSE 'expired' END
	  AS state,
	 @now - CASE WHEN i % 10 < 5 THEN 5000000 + i * 104729 % 90000000 ELSE i * 7907 % 1200000 END AS seen,
	 CASE i % 3 WHEN 0 THEN 'verification' WHEN 1 THEN 'renewal' ELSE 'transfer-out' END AS class,
	 'Registrar ' || (i % 50) AS registrar
	FROM n;
INSERT INTO pending (id, state, recipient, class, domain, mail, registrar, sender, from_address, subject, message_id,
  reasons, deadline, deadline_source, ours, first_seen, last_seen, mails, origin)
	SELECT i, state, recipient, class, domain, '', registrar, registrar, 'noreply@registrar.example',
	 'Please verify the contact data of ' || domain, message_id, iif(state = 'review', 'proof', ''),
	 CASE state WHEN 'expired' THEN @now - 86400 - i % 2000000 WHEN 'open' THEN seen + 1150000 + i % 400000
	  ELSE seen + 1296000 END,
	 'stated', 'unset', seen, seen, 1, iif(state = 'review', 'review', 'open') FROM made;
INSERT INTO message (received_at, recipient, message_id, queue_id, verdict, class, from_address, sender, registrar,
  proof, reasons, ours, date, subject, deadline, deadline_source, domains, domain_count)
	SELECT seen, recipient, message_id, printf('%016X', i), iif(state = 'review', 'unproven', 'genuine'), class,
	 'noreply@registrar.example', registrar, registrar, 'dkim:registrar.example', '', 'unset', seen,
	 'Please verify the contact data of ' || domain, seen + 1296000, 'stated', domain, 1 FROM made;
INSERT INTO event (at, actor, kind, pending, detail)
	SELECT seen, 'mail', 'opened', i, iif(state = 'review', 'unproven ', 'genuine ') || message_id FROM made;
INSERT INTO event (at, actor, kind, pending, detail)
	SELECT seen + 86400, 'root', 'done', i, 'answered' FROM made WHERE state = 'done';
COMMIT;
