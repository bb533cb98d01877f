-- SPDX-License-Identifier: BSD-2-Clause
-- What an MTA other than our Postfix may ask of the milter: negotiation, odd header names as no MTA
-- would pass them on, an MTA without the newer protocol steps. Run by protocol.sh.
local count = 0

local function ok(good, name)
	count = count + 1
	mt.echo((good and "ok " or "not ok ") .. count .. " - " .. name)
end

local function is(got, want, name)
	ok(got == want, name)
	if got ~= want then
		mt.echo("# got " .. tostring(got) .. ", want " .. tostring(want))
	end
end

local function connect(actions, steps)
	local conn = mt.connect(socket)
	if conn == nil then
		error("cannot connect to " .. socket)
	end
	if mt.negotiate(conn, 6, actions, steps) ~= nil then
		error("negotiation failed")
	end
	return conn
end

-- A message up to the end of its headers; the reply there.
local function headers(conn, list)
	mt.conninfo(conn, "client.example", "192.0.2.77")
	mt.macro(conn, SMFIC_MAIL, "i", "LUA1")
	mt.mailfrom(conn, "<somebody@sender.example>")
	mt.rcptto(conn, "<owner@example.com>")
	if data then
		mt.data(conn)
	end
	for _, h in ipairs(list) do
		mt.header(conn, h[1], h[2])
	end
	mt.eoh(conn)
	return mt.getreply(conn)
end

local ordinary = {
	{ "From", " Somebody <somebody@sender.example>" },
	{ "Subject", " Lunch on Friday" },
	{ "Date", " Sun, 22 Nov 2026 10:00:00 +0000" },
}

local function with(more)
	local list = {}
	for _, h in ipairs(more) do
		list[#list + 1] = h
	end
	for _, h in ipairs(ordinary) do
		list[#list + 1] = h
	end
	return list
end

-- miltertest knows the steps of protocol 2 and SMFIP_NR_HDR; protocol.sh looks at the others.
local conn = connect(0x1FF, 0xFF)
ok(mt.test_option(conn, SMFIP_NOHELO), "HELO is not asked for")
ok(mt.test_option(conn, SMFIP_NOBODY) == false, "the body may be")
ok(mt.test_action(conn, SMFIF_CHGHDRS) and mt.test_action(conn, SMFIF_ADDHDRS), "headers may be added and changed")
ok(not mt.test_action(conn, SMFIF_CHGBODY) and not mt.test_action(conn, SMFIF_ADDRCPT),
	"body and recipients may not")
is(headers(conn, ordinary), SMFIR_ACCEPT, "ordinary mail is accepted at the end of its headers")
mt.disconnect(conn)

-- Names as no MTA should pass them on.
for _, name in ipairs({ "X-Keepname", "x-kEEPNAME", "X-Keepname ", "X-Keepname\t" }) do
	conn = connect(0x1FF, 0xFF)
	local reply = headers(conn, with({ { name, " genuine; by=mx.lab.test" } }))
	is(reply, SMFIR_CONTINUE, "a forged header keeps the message to its end: '" .. name .. "'")
	mt.bodystring(conn, "Hello\r\n")
	mt.eom(conn)
	is(mt.getreply(conn), SMFIR_ACCEPT, "it is accepted")
	ok(mt.eom_check(conn, MT_HDRDELETE, "X-Keepname"), "and the header deleted")
	mt.disconnect(conn)
end

-- An old MTA: no skipping, no unanswered steps, no leading space.
conn = connect(0x3F, 0x7F)
is(headers(conn, ordinary), SMFIR_ACCEPT, "an MTA with the steps of protocol 2 only is served")
mt.disconnect(conn)
conn = connect(0x3F, 0x7F)
headers(conn, with({ { "X-Keepname", "genuine" } }))
mt.bodystring(conn, "Hello\r\n")
is(mt.getreply(conn), SMFIR_CONTINUE, "and is not told to skip what it does not know")
mt.eom(conn)
ok(mt.eom_check(conn, MT_HDRDELETE, "X-Keepname"), "its forged header is deleted")
mt.disconnect(conn)

-- Hanging up in the middle.
conn = connect(0x1FF, 0xFF)
headers(conn, with({ { "X-Keepname", " genuine" } }))
mt.disconnect(conn, false)
conn = connect(0x1FF, 0xFF)
is(headers(conn, ordinary), SMFIR_ACCEPT, "after a client that hung up the next one is served")
mt.disconnect(conn)
