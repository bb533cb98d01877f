# Mail that keepname proved genuine is flagged; the scripts after this one, the user's own too, then run as
# ever: who files, rejects or discards it still does. It never moves or holds back mail, and does nothing for
# mail in which a scanner found a virus, of another verdict, or marked ours=no.
require ["imap4flags"];

if allof (header :matches "X-Keepname" "genuine;*",
          not header :contains "X-Keepname" "ours=no",
          not exists "X-Virus",
          not header :contains ["X-Virus-Status", "X-Amavis-Alert"] "infected") {
    addflag ["\\Flagged", "$Important"];
}
