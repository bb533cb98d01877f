#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
#
# web.py LOG FOLDER [CERTIFICATE]: an HTTP server on a free port of 127.0.0.1 that misbehaves as its
# paths say. Prints the port and serves until it is ended. With a certificate (with its key) by https.
#
#   /FILE                      that file of the folder, as application/rdap+json; 404 where there is none
#   /status/N[/FILE]           answers with that status (and that file)
#   /retry/N/SECONDS           status N with Retry-After
#   /times/N/STATUS/SECONDS/FILE   the first N times that status with Retry-After, then the file
#   /to/N?URL                  a redirect with that status to URL; {N} in it becomes the path's number
#   /tofile                    a redirect to a file
#   /loop/N                    a redirect to /loop/N+1
#   /hop/N/FILE                N redirects, then the file
#   /giant/OCTETS              a body of that size, its length said; /giant/OCTETS/chunked: not said
#   /deep/LEVELS               JSON arrays in arrays
#   /drip                      an octet each tenth of a second, for ever
#   /silent                    takes the question and never answers
#   /cut                       says more octets than it sends, and closes
#   /garbage                   no HTTP
#   /headers                   header after header, for ever
#   /gzip/FILE                 says that the body is compressed, which it is not
#   /accept                    says what the Accept header was
#
# LOG gets a line per request: time in ms, path.
import http.server
import os
import ssl
import sys
import threading
import time

log_path, folder = sys.argv[1], sys.argv[2]
counts = {}
lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", more=()):
        self.send_response(status)
        self.send_header("Content-Type", "application/rdap+json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in more:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def file(self, parts, status=200, more=()):
        path = os.path.join(folder, *[p for p in parts if p not in ("", "..")])
        if not os.path.isfile(path):
            self.answer(404, b'{"errorCode":404}')
            return
        with open(path, "rb") as f:
            self.answer(status, f.read(), more)

    def giant(self, octets, chunked):
        self.send_response(200)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(octets))
        self.end_headers()
        while octets > 0:
            n = min(octets, 65536)
            piece = b"x" * n
            self.wfile.write(b"%x\r\n%s\r\n" % (n, piece) if chunked else piece)
            octets -= n
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def raw(self, first, rest=None, pause=0.0):
        self.close_connection = True
        self.wfile.write(first)
        self.wfile.flush()
        while rest is not None:
            if pause:
                threading.Event().wait(pause)
            self.wfile.write(rest)
            self.wfile.flush()

    def times(self, parts):
        with lock:
            counts[self.path] = counts.get(self.path, 0) + 1
            seen = counts[self.path]
        if seen <= int(parts[0]):
            self.answer(int(parts[1]), b"", [("Retry-After", parts[2])])
        else:
            self.file(parts[3:])

    def do_GET(self):
        with lock, open(log_path, "a", encoding="ascii") as log:
            log.write("%d %s\n" % (time.monotonic() * 1000, self.path))
        path, _, query = self.path.partition("?")
        word, *parts = path.strip("/").split("/")
        try:
            self.serve(word, parts, query)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def serve(self, word, parts, query):
        if word == "status":
            self.file(parts[1:], int(parts[0])) if parts[1:] else self.answer(int(parts[0]))
        elif word == "retry":
            self.answer(int(parts[0]), b"", [("Retry-After", parts[1])])
        elif word == "times":
            self.times(parts)
        elif word == "to":
            self.answer(int(parts[0]), b"", [("Location", query)])
        elif word == "tofile":
            self.answer(302, b"", [("Location", "file://" + os.path.abspath(folder) + "/a")])
        elif word == "loop":
            self.answer(302, b"", [("Location", "/loop/%d" % (int(parts[0]) + 1))])
        elif word == "hop":
            n = int(parts[0])
            if n > 0:
                self.answer(301, b"", [("Location", "/hop/%d/%s" % (n - 1, "/".join(parts[1:])))])
            else:
                self.file(parts[1:])
        elif word == "giant":
            self.giant(int(parts[0]), parts[1:] == ["chunked"])
        elif word == "deep":
            self.answer(200, b"[" * int(parts[0]) + b"]" * int(parts[0]))
        elif word == "drip":
            self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x", 0.1)
        elif word == "silent":
            self.rfile.read(1)
        elif word == "cut":
            self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}")
        elif word == "garbage":
            self.raw(b"this is no HTTP\r\n\r\n")
        elif word == "headers":
            self.raw(b"HTTP/1.1 200 OK\r\n", b"X-More: %s\r\n" % (b"y" * 1000))
        elif word == "gzip":
            self.file(parts, more=[("Content-Encoding", "gzip")])
        elif word == "accept":
            self.answer(200, self.headers.get("Accept", "").encode())
        else:
            self.file([word] + parts)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("127.0.0.1", 0), Handler)
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3])
    # In the thread of the connection: a client that breaks off must not end us.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(server.server_address[1], flush=True)
server.serve_forever()
