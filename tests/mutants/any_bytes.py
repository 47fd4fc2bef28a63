"""Changes to bytes of any kind, and the odd values that several formats get.

Each change takes the random numbers and the bytes, and gives the bytes changed.
"""

import re

LONGEST_PART = 4_000_000
NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
LINE = re.compile(rb"[^\n]+\n?")

NUMBERS = [
    b"0", b"-1", b"1", b"-0", b"0.1", b"1e309", b"-1e309", b"1e-400", b"4294967295", b"4294967296",
    b"2147483648", b"18446744073709551615", b"18446744073709551616", b"9223372036854775807",
    b"-9223372036854775808", b"65535", b"65536", b"1048576", b"1048577", b"16384", b"16385", b"2958466",
    b"-693594", b"1e15", b"0.000000001", b"NaN", b"INF", b"-inf", b"1,5", b"1 000", b"0x10", b"", b"+5",
    b"1.2.3", b"9" * 400, b"0." + b"1" * 5000, b"\xd9\xa1\xd9\xa2", b"50%", b"1/3", b"99999999999999999999",
    b"1.7976931348623157e308", b"5e-324",
]
CELLS = [
    b"XFD1048576", b"A1048576", b"A0", b"A1048577", b"XFE1", b"ZZZZZZ99", b"A4294967297",
    b"A18446744073709551617", b"1A", b"A", b"1", b"", b"A-1", b"$A$1", b"a1", b"A1:XFD1048576",
    b"XFD1048576:A1", b"A1:A1048576", b"A1:B2:C3", b"A1:", b":", b"IV65536", b"A" * 3000 + b"1",
    b"A" + b"1" * 3000, b"A1:A4294967295", b"B2 C3 A1:XFD9",
]
WORDS = [
    b"s", b"n", b"b", b"e", b"d", b"str", b"inlineStr", b"shared", b"array", b"dataTable", b"true", b"false",
    b"1", b"hidden", b"veryHidden", b"collapse", b"filter", b"preserve", b"float", b"percentage", b"date",
    b"time", b"boolean", b"currency", b"string", b"rId1", b"rId2", b"rId99", b"../../../etc/hosts", b"/",
    b"..", b"worksheets/sheet1.xml", b"External", b"population", b"indicators", b"households", b"areas",
    b"context", b"2026-02-30", b"9999-12-31", b"-0001-01-01", b"0000-00-00T99:99:99", b"PT999999999999H",
    b"P1Y", b"PT-1S", b"of:=SUM([.A1:.XFD1048576])", b"#REF!", b"Err:502", b"#N/A", b"[h]:mm:ss", b"0.0%",
    b"yyyy", b"@", b"General",
]
TEXTS = [
    b"XA0101", b"XA01", b"XA", b"IDP", b"RET", b"HOST", b"idp ", b"=1+1", b"#N/A", b"#DIV/0!", b"50 %", b"-",
    b"n/a", b"12.500,75", b"1'234", b"31/12/2026", b"2026-13-45", b"true", b" ", b"\xc2\xa0", b"&amp;",
    b"&#0;", b"&#x110000;", b"&#xD800;", b"&a;", b"&", b"&#99999999999;", b"_x0000_", b"_xD83D_",
    b"<![CDATA[<c>]]>", b"<!-- -- -->", b"<?x?>", b"a" * 40_000, b"\xd8\xa5" * 3000,
    b"\xf0\x9f\x98\x80" * 999, b"e\xcc\x81" * 999, b"\n" * 999, b"admin2_pcode", b"population_group",
    b"population", b"phase1", b"aor", b"sex", b"household_id", b"weight",
]
ODD_BYTES = [
    b"\0", b"\x01", b"\x07", b"\x08", b"\x1b[2J", b"\x1b]0;x\x07", b"\x7f", b"\xc2\x85", b"\xc2\x9b",
    b"\xe2\x80\xae", b"\xe2\x81\xa6", b"\xe2\x80\x8b", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\xef\xbf\xbe",
    b"\xff", b"\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf0\x9f\x98", b"\xe2\x80",
    b"\x80", b"\r", b"\x0b", b"\x0c", b"\x1a", b"\xcc\x80" * 500,
]
CODECS = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "cp1256", "utf-8-sig", "cp037",
          "utf-7"]


def place(rng, data):
    return rng.randrange(len(data) + 1)


def span(rng, data, longest):
    start = place(rng, data)
    return start, min(len(data), start + rng.randint(1, longest))


def put(data, start, end, new):
    return data[:start] + new + data[end:]


def many(piece, times):
    """The piece that many times, or as often as a part may hold it."""
    return piece * max(1, min(times, LONGEST_PART // max(1, len(piece))))


def pick(rng, pattern, data):
    return pattern.search(data, place(rng, data)) or pattern.search(data)


def replace_one(rng, data, pattern, new):
    found = pick(rng, pattern, data)
    return put(data, found.start(), found.end(), new) if found else data


def swap_two(rng, data, pattern):
    first, second = pick(rng, pattern, data), pick(rng, pattern, data)
    if not first or not second:
        return data
    first, second = sorted([first, second], key=lambda found: found.start())
    if first.end() > second.start():
        return data
    return b"".join([data[:first.start()], second[0], data[first.end():second.start()], first[0],
                     data[second.end():]])


def flip_bytes(rng, data):
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 8, 50]) if data else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def insert_bytes(rng, data):
    at = place(rng, data)
    return put(data, at, at, rng.randbytes(rng.choice([1, 2, 4, 30, 600])))


def delete_bytes(rng, data):
    return put(data, *span(rng, data, rng.choice([1, 4, 60, 3000])), b"")


def duplicate_bytes(rng, data):
    start, end = span(rng, data, rng.choice([4, 60, 3000]))
    return put(data, start, start, data[start:end])


def repeat_chunk(rng, data):
    start, end = span(rng, data, rng.choice([1, 8, 60, 400]))
    return put(data, start, end, many(data[start:end], rng.choice([2, 3, 10, 100, 1000, 5000])))


def insert_odd_bytes(rng, data):
    at = place(rng, data)
    return put(data, at, at, rng.choice(ODD_BYTES) * rng.choice([1, 1, 1, 20]))


def truncate(rng, data):
    return data[:place(rng, data)]


def replace_number(rng, data):
    return replace_one(rng, data, NUMBER, rng.choice(NUMBERS))


def re_encode(rng, data):
    return data.decode("utf-8", "replace").encode(rng.choice(CODECS), "replace")


BYTE_CHANGES = [flip_bytes, insert_bytes, delete_bytes, duplicate_bytes, repeat_chunk, insert_odd_bytes,
                truncate]
