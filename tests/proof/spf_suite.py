# SPDX-License-Identifier: BSD-2-Clause
"""Prints the RFC 7208 test suite (rfc7208-tests.yml) as lines for the program spf_suite.

Fields are separated by tabs; octets of records are in hexadecimal:
  S scenario
  R name type data      type A AAAA MX PTR TXT CNAME; TROUBLE has a type as its data
  T id ip helo mailfrom result[,result]
As the suite asks of its drivers, records of type SPF stand for TXT where a name has no TXT, and
TIMEOUT is the answer for every type that the name has no record of before it.
"""
import sys

import yaml

TYPES = ("A", "AAAA", "MX", "PTR", "TXT")


def octets(text):
    try:
        return text.encode("latin-1").hex()
    except UnicodeEncodeError:
        return text.encode("utf-8").hex()


def data_of(kind, value):
    if kind == "MX":
        return octets("%d %s" % (value[0], value[1]))
    return octets("".join(value) if isinstance(value, list) else value)


def zone(name, records):
    kinds = [next(iter(r)) for r in records if isinstance(r, dict)]
    seen = set()
    for record in records:
        if record == "TIMEOUT":
            for kind in TYPES:
                if kind not in seen:
                    yield name, "TROUBLE", octets(kind)
            continue
        kind, value = next(iter(record.items()))
        if kind == "SPF":
            if "TXT" in kinds:
                continue
            kind = "TXT"
        if kind == "TXT" and value == "NONE":
            continue
        seen.add(kind)
        yield name, kind, data_of(kind, value)


def main():
    out = sys.stdout
    with open(sys.argv[1], encoding="utf-8") as suite:
        for scenario in yaml.safe_load_all(suite):
            if not scenario:
                continue
            out.write("S\t%s\n" % scenario["description"])
            for name, records in scenario["zonedata"].items():
                for fields in zone(name, records or []):
                    out.write("R\t%s\t%s\t%s\n" % fields)
            for name, test in scenario["tests"].items():
                results = test["result"]
                if not isinstance(results, list):
                    results = [results]
                out.write("T\t%s\t%s\t%s\t%s\t%s\n" % (
                    name, test["host"], test.get("helo") or "", test.get("mailfrom") or "",
                    ",".join(results)))


main()
