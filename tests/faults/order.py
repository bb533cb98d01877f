# SPDX-License-Identifier: BSD-2-Clause
"""order.py TRACE FILE: of the answers "genuine" that a listener gave, how many came after its record was synced.

TRACE is strace's (-f -y -s 8192); FILE is the end of the name of the file that holds the record. A message is
known by its id, *@courier.test: it is read from the connection that is later answered, and is in the record as
it is written. A record is synced when an fsync or fdatasync of its file began after it was written, and has
ended well. Calls of several threads are cut in two by strace (unfinished, resumed): a write counts when it has
ended, a sync for what was written before it began, an answer when it begins.
"""
import re
import sys

ID = re.compile(r"[a-z]+\.\d+@courier\.test")
CALL = re.compile(r"^(\d+) +(\w+)\((\d+)<([^>]*)>(.*)")
RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)")
SYNC = ("fsync", "fdatasync")
WRITE = ("pwrite64", "pwritev", "write", "writev")
IN = ("read", "recvfrom", "recvmsg")
OUT = ("write", "writev", "sendto", "sendmsg")


def result(rest):
    found = re.search(r"= (-?\d+)[^=]*$", rest)
    return int(found.group(1)) if found else -1


class Order:
    def __init__(self, name):
        self.name = name
        self.pending = {}  # by thread: the call that has begun
        self.message = {}  # by connection: the id that was read last
        self.written, self.synced = set(), set()
        self.answers = self.good = 0

    def begin(self, call, fd, path, rest):
        if call in SYNC and path.endswith(self.name):
            return frozenset(self.written)
        if call in OUT and re.search(r"X-Keepname\\0 ?genuine", rest):
            self.answers += 1
            self.good += self.message.get(fd) in self.synced
        return frozenset()

    def end(self, call, fd, path, rest, before):
        if result(rest) < 0:
            return
        ids = ID.findall(rest)
        if call in SYNC and path.endswith(self.name):
            self.synced |= before
        elif call in WRITE and path.endswith(self.name):
            self.written.update(ids)
        elif call in IN and ids and not path.endswith(self.name):
            self.message[fd] = ids[-1]

    def line(self, text):
        call = CALL.match(text)
        if call:
            thread, name, fd, path, rest = call.groups()
            before = self.begin(name, fd, path, rest)
            if rest.endswith("<unfinished ...>"):
                self.pending[thread] = (name, fd, path, rest, before)
            else:
                self.end(name, fd, path, rest, before)
            return
        resumed = RESUMED.match(text)
        if resumed and resumed.group(1) in self.pending:
            name, fd, path, rest, before = self.pending.pop(resumed.group(1))
            self.end(name, fd, path, rest + resumed.group(3), before)


order = Order(sys.argv[2])
with open(sys.argv[1], errors="replace") as trace:
    for text in trace:
        order.line(text.rstrip("\n"))
print(f"answers {order.answers}, synced before {order.good}")
