# Instead of 10-keepname.sieve: mail that keepname proved genuine is put into the inbox, flagged, and no
# further script runs, the user's own neither: no filing, vacation or reject of theirs. It never does so for
# mail in which a scanner found a virus, that has another verdict, or that is marked ours=no.
require ["fileinto", "imap4flags"];

if allof (header :matches "X-Keepname" "genuine;*",
          not header :contains "X-Keepname" "ours=no",
          not exists "X-Virus",
          not header :contains ["X-Virus-Status", "X-Amavis-Alert"] "infected") {
    addflag ["\\Flagged", "$Important"];
    fileinto "INBOX";
    stop;
}
