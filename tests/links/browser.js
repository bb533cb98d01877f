// SPDX-License-Identifier: BSD-2-Clause
//
// What a browser takes for a link. links_asked.c puts this script into one page, after `pages` and
// `urls` (base64 of octets); the answer is left in <pre id=answer>, as base64 of JSON.
//
// Each page is parsed three ways: as a document without scripting (what mail programs do: <noscript>
// is markup), as a document with scripting (<noscript> is text), and as a fragment within a <div>
// (webmail). Nothing is ever loaded or run: the page's own policy forbids it.
"use strict";

const nowhere = "https://base.invalid/here/";
const octets = coded => Uint8Array.from(atob(coded), c => c.charCodeAt(0));
const decode = coded => new TextDecoder("utf-8", {ignoreBOM: true}).decode(octets(coded));

// "protocol host path", or null where a browser could not follow it.
function place(url, base) {
	try {
		const u = new URL(url, base);
		return [u.protocol, u.host, u.protocol.match(/^https?:$/) ? u.pathname + (u.search || (/\?(#|$)/.test(u.href) ? "?" : "")) : ""].join("\t");
	} catch {
		return null;
	}
}

// WHATWG HTML, "shared declarative refresh steps".
function refresh(content) {
	let s = content.replace(/^[\t\n\f\r ]+/, "");
	const digits = s.match(/^[0-9]*/)[0];
	s = s.slice(digits.length);
	if (digits === "" && s[0] !== ".")
		return null;
	s = s.replace(/^[0-9.]*/, "");
	if (s === "")
		return null;
	if (!/^[;,\t\n\f\r ]/.test(s))
		return null;
	s = s.replace(/^[\t\n\f\r ]*[;,]?[\t\n\f\r ]*/, "");
	if (s === "")
		return null;
	const named = s.match(/^url[\t\n\f\r ]*=[\t\n\f\r ]*/i);
	if (named)
		s = s.slice(named[0].length);
	if (s[0] === "'" || s[0] === '"') {
		const quote = s[0];
		s = s.slice(1);
		const end = s.indexOf(quote);
		if (end >= 0)
			s = s.slice(0, end);
	}
	return s;
}

const xlink = "http://www.w3.org/1999/xlink";
const embedded = {iframe: "src", frame: "src", embed: "src", object: "data"};

// kind and URL of everything that leads from this element.
function* leads(e) {
	const html = e.namespaceURI === "http://www.w3.org/1999/xhtml";
	const name = e.localName, get = n => e.getAttribute(n);
	if (html && (name === "a" || name === "area") && e.hasAttribute("href"))
		yield [name, get("href")];
	if (!html && (name === "a" || e.namespaceURI.endsWith("MathML"))) {
		if (e.hasAttribute("href"))
			yield ["a", get("href")];
		if (e.hasAttributeNS(xlink, "href"))
			yield ["a", e.getAttributeNS(xlink, "href")];
	}
	if (!html)
		return;
	if (name === "form" && get("action"))
		yield ["form", get("action")];
	if ((name === "button" || name === "input") && get("formaction"))
		yield ["form", get("formaction")];
	if (name === "base" && e.hasAttribute("href"))
		yield ["base", get("href")];
	if (name === "meta" && (get("http-equiv") || "").toLowerCase() === "refresh") {
		const url = refresh(get("content") || "");
		if (url !== null)
			yield ["meta", url];
	}
	if (embedded[name] && e.hasAttribute(embedded[name]))
		yield ["embed", get(embedded[name])];
}

// What programs make a link of in the text that is shown.
const unseen = new Set(["script", "style", "title", "noscript", "template", "noembed", "noframes", "iframe"]);
function* written(root) {
	for (const e of [root, ...root.querySelectorAll("*")]) {
		if (unseen.has(e.localName))
			continue;
		for (const t of e.childNodes) {
			if (t.nodeType !== Node.TEXT_NODE)
				continue;
			for (const m of t.data.matchAll(/(?<![a-z0-9@.\-_%\/\\])(https?:\/\/|www\.)[a-z0-9.-]+\.[a-z]{2,}(?![a-z0-9.@:%\\-]|[^\x00-\x7f])/gi))
				yield m[1].toLowerCase() === "www." ? "https://" + m[0] : m[0];
		}
	}
}

function collect(root, outer, out, depth) {
	const first = root.querySelector("base[href]");
	let base = outer;
	if (first) {
		const p = place(first.getAttribute("href"), outer);
		if (p !== null && !p.match(/^(data|javascript):/))
			base = new URL(first.getAttribute("href"), outer).href;
	}
	for (const e of root.querySelectorAll("*")) {
		for (const [kind, url] of leads(e)) {
			const p = place(url, kind === "base" ? outer : base);
			if (p !== null && !(p.startsWith("https:\tbase.invalid") && url.match(/^[\x00-\x20]*(#.*)?$/s)))
				out.add(kind + "\t" + p);
		}
		if (e.localName === "template" && e.content)
			collect(e.content, base, out, depth);
		if (e.localName === "iframe" && e.hasAttribute("srcdoc") && depth < 3)
			read(e.getAttribute("srcdoc"), base, out, depth + 1);
	}
	for (const url of written(root)) {
		const p = place(url, nowhere);
		if (p !== null)
			out.add("text\t" + p);
	}
}

// The comment keeps Chromium's quick parser out, which takes "&notify=1" for a "not" where some ";" follows.
function read(text, base, out, depth) {
	const slow = "<!---->" + text;
	collect(new DOMParser().parseFromString(slow, "text/html").documentElement, base, out, depth);
	for (const name of ["html", "div"]) {
		const e = document.createElement(name);
		e.innerHTML = slow;
		collect(e, base, out, depth);
	}
}

function answer() {
	const seen = pages.map(page => {
		const out = new Set();
		read(decode(page), nowhere, out, 0);
		return [...out];
	});
	const scripted = document.createElement("html");
	scripted.innerHTML = "<noscript><a>";
	return JSON.stringify({
		scripting: scripted.querySelector("a") === null,
		pages: seen,
		urls: urls.map(url => place(decode(url), nowhere)),
	});
}

const text = new TextEncoder().encode(answer());
let binary = "";
for (let i = 0; i < text.length; i += 32768)
	binary += String.fromCharCode(...text.subarray(i, i + 32768));
document.getElementById("answer").textContent = btoa(binary);
