-- SPDX-License-Identifier: BSD-2-Clause
-- From, envelope and header names as an MTA other than our Postfix would hand them to a filter, since
-- Postfix refuses or mends them first. SPF proves each of these mails as far as it goes, so that nothing
-- but the oddity keeps it from being boosted; the plain mail is boosted before and after them.
-- Run by hostile_protocol.sh, which gives: socket, date, deadline.
local count = 0

local function ok(good, name)
	count = count + 1
	mt.echo((good and "ok " or "not ok ") .. count .. " - " .. name)
end

local registrar = "noreply@emailverification.info"
local path = "<bounce@emailverification.info>"

local function field(name, value)
	return { name, " " .. value }
end

local function mail(list)
	list[#list + 1] = field("To", "owner@example.com")
	list[#list + 1] = field("Date", date)
	list[#list + 1] = field("Message-ID", "<" .. count .. "." .. deadline:gsub("[^0-9]", "") .. "@emailverification.info>")
	return list
end

local text = "Please validate your email address:\r\n"
	.. "https://www.emailverification.info/?trigger=0123456789abcdef\r\n"
	.. deadline .. " example.com\r\n"

-- Whether the message is marked urgent.
local function boosted(list, from, ip)
	local conn = mt.connect(socket)
	if conn == nil then
		error("cannot connect to " .. socket)
	end
	if mt.negotiate(conn, 6, 0x1FF, 0xFF) ~= nil then
		error("negotiation failed")
	end
	mt.conninfo(conn, "mail.emailverification.info", ip or "192.0.2.10")
	mt.macro(conn, SMFIC_MAIL, "i", "LUA" .. count)
	mt.mailfrom(conn, from or path)
	mt.rcptto(conn, "<owner@example.com>")
	for _, h in ipairs(list) do
		mt.header(conn, h[1], h[2])
	end
	mt.eoh(conn)
	if mt.getreply(conn) == SMFIR_CONTINUE then
		mt.bodystring(conn, text)
		mt.eom(conn)
		mt.getreply(conn)
	end
	local urgent = mt.eom_check(conn, MT_HDRADD, "Importance", " high") or mt.eom_check(conn, MT_HDRADD, "Importance", "high")
	mt.disconnect(conn)
	return urgent
end

local subject = field("Subject", "Request for email address validation")
local plain = field("From", "Domain Services <" .. registrar .. ">")

local function never(name, list, from, ip)
	ok(not boosted(mail(list), from, ip), name)
end

ok(boosted(mail({ plain, subject })), "the plain mail, proved by SPF, is boosted")

-- The envelope.
for _, odd in ipairs({
	"<>", "< >", "", "<<bounce@emailverification.info>>", "<bounce@emailverification.info(comment)>",
	"<(comment)bounce@emailverification.info>", "<@evil.example:bounce@emailverification.info>",
	"<bounce@evil.example@emailverification.info>", "<bounce@emailverification.info@evil.example>",
	"<\"bounce@evil.example\"@emailverification.info>", "<bounce@emailverification.info> <x@evil.example>",
	"<bounce@emailverification.info.>", "<bounce@emailverification.info..>", "<bounce@[192.0.2.10]>",
	"<bounce@emailverification.info\t>", "<bounce@emailverification.info\r\n>", "<bounce%evil.example@emailverification.info>",
	"<evil.example!bounce@emailverification.info>", "<bounce@emailverification\\.info>", "<bounce@evil.example>",
	"<bounce@\xd0\xb5mailverification.info>", "<@emailverification.info>", "<bounce@emailverification.info", "bounce@",
}) do
	never("MAIL FROM " .. odd:gsub("[%c\x80-\xff]", "?"), { plain, subject }, odd, nil)
end
never("the registrar's path from another client", { plain, subject }, path, "198.51.100.66")

-- From.
for _, odd in ipairs({
	"<@evil.example:" .. registrar .. ">", registrar .. ".", registrar .. ",", registrar .. ";", "<" .. registrar,
	registrar .. ">", "<<" .. registrar .. ">>", registrar .. " " .. registrar, "x@evil.example, " .. registrar,
	registrar .. ", x@evil.example", "G: " .. registrar .. ";", "(a)" .. registrar, registrar .. "(b)",
	"noreply@(c)emailverification.info", "noreply (d)@emailverification.info", "\"noreply\"@emailverification.info",
	"nore\\ply@emailverification.info", "\"" .. registrar .. "\"", "\"" .. registrar .. "\" <x@evil.example>",
	"=?utf-8?q?" .. registrar .. "?=", "=?utf-8?q?x=00?= <" .. registrar .. "> <x@evil.example>",
	"\"unclosed <" .. registrar .. ">", "x <" .. registrar .. "> y", "<" .. registrar .. "> <x@evil.example>",
	"noreply@emailverification\\.info", "noreply@emailverification.info\t.evil.example", "noreply @ emailverification.info",
	"noreply%evil.example@emailverification.info", "evil.example!noreply@emailverification.info",
	"noreply@[emailverification.info]", "noreply@\xef\xbd\x85mailverification.info", "noreply@emailverification\xe3\x80\x82info",
	"\n \n " .. registrar, "", " ",
}) do
	never("From " .. odd:gsub("[%c\x80-\xff]", "?"), { { "From", " " .. odd }, subject })
end

-- Names of headers, and more of them.
local other = field("From", "x@evil.example")
ok(boosted(mail({ { "From", "\n " .. registrar }, subject })), "a From that is folded, and no more, is fine")
never("two From", { plain, other, subject })
never("two From, the other way round", { other, plain, subject })
for _, name in ipairs({ "From ", "From\t", "from ", "FROM ", "From\r", "From\n" }) do
	never("a second header " .. ("%q"):format(name):gsub("\n", "n"), { plain, { name, " x@evil.example" }, subject })
	never("only a header " .. ("%q"):format(name):gsub("\n", "n"), { { name, " x@evil.example" }, subject })
end
never("Sender alone", { field("Sender", registrar), subject })
never("Resent-From alone", { field("Resent-From", registrar), subject })
never("no From at all", { subject })
never("Reply-To of somebody else", { plain, field("Reply-To", "x@evil.example"), subject })
never("two Reply-To", { plain, field("Reply-To", registrar), field("Reply-To", "x@evil.example"), subject })
never("Reply-To that is a list", { plain, field("Reply-To", registrar .. ", x@evil.example"), subject })
never("Reply-To in an odd spelling", { plain, { "Reply-To ", " x@evil.example" }, subject })
never("a date of 40 days ago", { plain, subject, field("Date", "Mon, 01 Jan 2024 00:00:00 +0000") })

ok(boosted(mail({ plain, subject })), "the plain mail after all of that")
