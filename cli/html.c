/* SPDX-License-Identifier: BSD-2-Clause */
/* html.c - what pages of ours share; see html.h. */
#include "cli/html.h"

#include <string.h>

#include "cli/command.h"
#include "cli/words.h"

enum {
	VALUE_MOST = 4096, /* octets of one text */
};

void html_escape(const char *text, size_t n, struct str *to)
{
	for (size_t i = 0; i < n; i++)
		switch (text[i]) {
		case '<': str_puts(to, "&lt;"); break;
		case '>': str_puts(to, "&gt;"); break;
		case '&': str_puts(to, "&amp;"); break;
		case '"': str_puts(to, "&quot;"); break;
		default: str_add(to, text + i, 1); break;
		}
}

void html_text(const char *text, struct str *to)
{
	struct str plain = {0};

	cli_plain(text, VALUE_MOST, &plain);
	html_escape(str_text(&plain), plain.n, to);
	str_free(&plain);
}

/* Light and dark by who reads it; what a client that drops this still shows is plain and readable.
 */
static const char style[] =
    "<style>\n"
    ":root{color-scheme:light dark}\n"
    "body{margin:0;background:#f4f5f7;color:#1b1f24;"
    "font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,Helvetica,Arial,sans-serif}\n"
    "main{max-width:680px;margin:0 auto;padding:20px 16px 32px}\n"
    "h1{font-size:20px;margin:8px 0 4px}h2{font-size:17px;margin:32px 0 4px}\n"
    "h3{font-size:16px;margin:0 0 8px;overflow-wrap:anywhere}\n"
    "p{margin:4px 0 12px;color:#4a5360}\n"
    ".n{display:inline-block;min-width:18px;padding:0 7px;border-radius:11px;text-align:center;"
    "font-size:14px;background:#dfe3e8;color:#1b1f24}\n"
    ".card{background:#fff;border:1px solid #dfe3e8;border-left:5px solid "
    "#6b7684;border-radius:6px;"
    "padding:12px 14px;margin:10px 0}\n"
    ".soon{border-left-color:#b26a00}.urgent{border-left-color:#c62828}\n"
    "dl{margin:0;font-size:14px}dt{color:#4a5360;float:left;clear:left;width:92px}\n"
    "dd{margin:0 0 2px 96px;overflow-wrap:anywhere}\n"
    "@media(max-width:420px){dt{float:none;width:auto}dd{margin:0 0 6px}}\n"
    "@media(prefers-color-scheme:dark){body{background:#14171b;color:#e6e9ed}\n"
    "p,dt{color:#a9b2be}.card{background:#1e2329;border-color:#343b44;"
    "border-left-color:#7d8896}\n"
    ".n{background:#343b44;color:#e6e9ed}.bar td{background:#4a535f!important}\n"
    ".card{border-left-color:#7fb37f!important}.soon{border-left-color:#f0a040!important}\n"
    ".urgent{border-left-color:#ff6b5e!important}.bar td.left{background:#7fb37f!important}\n"
    ".soon .bar td.left{background:#f0a040!important}\n"
    ".urgent .bar td.left{background:#ff6b5e!important}}\n"
    "</style>\n";

void html_begin(const char *title, const char *more, struct str *to)
{
	str_puts(to, "<!DOCTYPE html>\n<html lang=\"");
	str_puts(to, /* the language */ _("en"));
	str_puts(to, "\">\n<head>\n<meta charset=\"utf-8\">\n"
		     "<meta name=\"viewport\" content=\"width=device-width\">\n"
		     "<meta name=\"color-scheme\" content=\"light dark\">\n"
		     "<meta name=\"supported-color-schemes\" content=\"light dark\">\n"
		     "<meta http-equiv=\"Content-Security-Policy\" "
		     "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>");
	html_text(title, to);
	str_puts(to, "</title>\n");
	str_puts(to, style);
	if (more[0] != '\0')
		str_printf(to, "<style>\n%s</style>\n", more);
	str_puts(to, "</head>\n<body>\n<main>\n<h1>");
	html_text(title, to);
	str_puts(to, "</h1>\n");
}

void html_end(struct str *to)
{
	str_puts(to, "</main>\n</body>\n</html>\n");
}
