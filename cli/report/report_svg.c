/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report_svg.c - pictures as SVG: bars, stacked. Each has a title and a description for who hears
 * the page, and the page has the same figures in a table. Colours are the page's, by class.
 */
#include "cli/report/report.h"

#include <time.h>

enum {
	WIDTH = 720,
	HEIGHT = 150, /* of the bars */
	FOOT = 26,
	WEEK = 604800,
};

const char report_style[] =
    "main{max-width:960px}\n"
    "svg{width:100%;min-width:560px;height:auto;background:#fff;border:1px solid "
    "#dfe3e8;border-radius:6px}\n"
    "svg text{font:12px system-ui,sans-serif;fill:#4a5360}\n"
    "table{border-collapse:collapse;width:100%;font-size:14px;background:#fff}\n"
    "th,td{text-align:left;padding:5px 8px;border-bottom:1px solid "
    "#dfe3e8;max-width:250px;overflow-wrap:break-word}\n"
    "th{color:#4a5360;font-weight:600}td.num{text-align:right;font-variant-numeric:tabular-nums}\n"
    ".wide{overflow-x:auto}.tiles{display:flex;flex-wrap:wrap;gap:10px;margin:14px 0}\n"
    ".tile{flex:1 1 120px;background:#fff;border:1px solid #dfe3e8;border-radius:6px;padding:10px "
    "14px}\n"
    ".tile b{display:block;font-size:26px;line-height:1.2}.bad b{color:#c62828}\n"
    ".genuine{fill:#3d7a3d}.known{fill:#5b7fb5}.unproven{fill:#b26a00}.forged{fill:#c62828}\n"
    ".lookalike{fill:#8e3bb0}.unlisted{fill:#6b7684}\n"
    "i.genuine{background:#3d7a3d}i.known{background:#5b7fb5}i.unproven{background:#b26a00}\n"
    "i.forged{background:#c62828}i.lookalike{background:#8e3bb0}i.unlisted{background:#6b7684}\n"
    ".key{font-size:13px}.key i{display:inline-block;width:11px;height:11px;border-radius:2px;"
    "margin:0 4px 0 12px}\n"
    "@media(prefers-color-scheme:dark){svg,table,.tile{background:#1e2329;border-color:#343b44}\n"
    "th,td{border-color:#343b44}th,svg text{color:#a9b2be;fill:#a9b2be}.bad b{color:#ff6b5e}\n"
    ".genuine{fill:#6fae6f}.known{fill:#86a9dc}.unproven{fill:#f0a040}.forged{fill:#ff6b5e}\n"
    ".lookalike{fill:#c98be0}.unlisted{fill:#97a1ad}\n"
    "i.genuine{background:#6fae6f}i.known{background:#86a9dc}i.unproven{background:#f0a040}\n"
    "i.forged{background:#ff6b5e}i.lookalike{background:#c98be0}i.unlisted{background:#97a1ad}}\n"
    "@media print{body{background:#fff}.card,svg,table{break-inside:avoid}}\n";

static void begin(struct str *to, const char *id, const char *title, const char *description)
{
	str_printf(to,
		   "<div class=\"wide\" tabindex=\"0\"><svg role=\"img\" aria-labelledby=\"%s-t "
		   "%s-d\" viewBox=\"0 0 %d %d\" "
		   "xmlns=\"http://www.w3.org/2000/svg\">\n<title id=\"%s-t\">%s</title>\n"
		   "<desc id=\"%s-d\">%s</desc>\n",
		   id, id, WIDTH, HEIGHT + FOOT, id, title, id, description);
}

static void bar(struct str *to, const char *class, double x, double width, double bottom,
		double height)
{
	if (height > 0)
		str_printf(
		    to,
		    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n",
		    class, x, bottom - height, width, height);
}

static void foot(struct str *to, double x, const char *text)
{
	str_printf(to, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", x,
		   HEIGHT + FOOT - 8, text);
}

void report_due_svg(const struct report_due *due, struct str *to)
{
	const double step = (double)(WIDTH - 20) / (REPORT_DAYS + 1);
	char description[128], text[16];
	size_t most = 1, all = 0;

	for (int i = 0; i <= REPORT_DAYS; i++) {
		const size_t n = due->proved[i] + due->review[i];

		most = n > most ? n : most;
		all += n;
	}
	snprintf(description, sizeof(description),
		 "%zu matters are due within %d days, %zu of them today or already over.", all,
		 REPORT_DAYS, due->proved[0] + due->review[0]);
	begin(to, "due", "What is due, by day", description);
	for (int i = 0; i <= REPORT_DAYS; i++) {
		const double x = 10 + step * i, unit = (HEIGHT - 12) / (double)most;
		const double proved = unit * (double)due->proved[i];

		bar(to,
		    i <= 3   ? "forged"
		    : i <= 7 ? "unproven"
			     : "genuine",
		    x + 2, step - 4, HEIGHT, proved);
		bar(to, "unlisted", x + 2, step - 4, HEIGHT - proved,
		    unit * (double)due->review[i]);
		if (i % 5 == 0) {
			snprintf(text, sizeof(text), "%d", i);
			foot(to, x + step / 2, i == 0 ? "today" : text);
		}
	}
	str_puts(to, "</svg></div>\n");
}

void report_weeks_svg(const struct report_weeks *weeks, struct str *to)
{
	const double step = (double)(WIDTH - 20) / REPORT_WEEKS;
	char description[128], text[16];
	int64_t most = 1, all = 0;

	for (int i = 0; i < REPORT_WEEKS; i++) {
		int64_t n = 0;

		for (int v = 0; v < VERDICT_COUNT; v++)
			n += weeks->mails[i][v];
		most = n > most ? n : most;
		all += n;
	}
	snprintf(description, sizeof(description), "%lld mails in %d weeks, at most %lld in one.",
		 (long long)all, REPORT_WEEKS, (long long)most);
	begin(to, "weeks", "Verdicts, by week", description);
	for (int i = 0; i < REPORT_WEEKS; i++) {
		const double x = 10 + step * i;
		double bottom = HEIGHT;

		for (int v = 0; v < VERDICT_COUNT; v++) {
			const double height =
			    (HEIGHT - 12) * (double)weeks->mails[i][v] / (double)most;

			bar(to, verdict_name((enum verdict)v), x + 2, step - 4, bottom, height);
			bottom -= height;
		}
		if (i % 5 == 0) {
			const time_t start = (time_t)((weeks->first + i) * WEEK);
			struct tm tm;

			gmtime_r(&start, &tm);
			strftime(text, sizeof(text), "%d %b", &tm);
			foot(to, x + step / 2, text);
		}
	}
	str_puts(to, "</svg></div>\n");
}
