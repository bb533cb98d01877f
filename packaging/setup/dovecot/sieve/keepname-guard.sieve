# To be put into the site's own script that files tagged mail into Junk, after its "require": there the script
# ends for mail that keepname proved genuine, and the next ones run. It never files mail, and does nothing for
# mail in which a scanner found a virus, of another verdict, or marked ours=no.
if allof (header :matches "X-Keepname" "genuine;*",
          not header :contains "X-Keepname" "ours=no",
          not exists "X-Virus",
          not header :contains ["X-Virus-Status", "X-Amavis-Alert"] "infected") {
    stop;
}
