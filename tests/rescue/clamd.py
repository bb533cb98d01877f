#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""clamd's INSTREAM answers on a unix socket, with the one signature that everybody may hold: EICAR.

usage: clamd.py SOCKET

The protocol is clamd's (clamd(8)): zINSTREAM, NUL, then chunks of a four-octet length and as many octets, ended by
a length of 0; the answer ends in NUL. Every connection carries one mail.
"""
import os
import socketserver
import struct
import sys

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scan(socketserver.StreamRequestHandler):
    def handle(self):
        if self.rfile.read(10) != b"zINSTREAM\0":
            return
        mail = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            mail += self.rfile.read(size)
        answer = b"Eicar-Test-Signature FOUND" if EICAR in mail else b"OK"
        self.wfile.write(b"stream: " + answer + b"\0")


with socketserver.ThreadingUnixStreamServer(sys.argv[1], Scan) as server:
    os.chmod(sys.argv[1], 0o666)
    server.serve_forever()
