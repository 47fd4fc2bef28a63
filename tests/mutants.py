"""Runs pinpoint on many broken files and fails if it ever crashes, hangs or eats the memory.

    python3 tests/mutants.py PINPOINT COUNT [--seed N] [--jobs N] [--keep DIR] [--only INDEX] [MORE_SEEDS ...]

PINPOINT is the program, COUNT how many mutants to make. Each mutant is a seed file with 1 to 4 random
changes, or a sound input with a changed context. The seeds are fixtures/formats and the sheets of
fixtures/two-islands, which have to be readable. MORE_SEEDS are folders with further ones (give one with
.xlsb files: the project has none); those over 30 kB, and those the program does not read, are left out.

The same --seed, seeds and INDEX give the same mutant, whatever --jobs is. A failing mutant is printed with
the way to make it again, and --keep DIR saves it there, with the command and its output. --only INDEX runs
that single mutant, which --keep then saves even if it does not fail.

A mutant fails if the program ends with anything but 0, 1, 2 or 3, says `panicked at`, takes over 5 s (twice,
if less than 5 s of that was work), or it or a child of it holds over 500 MB. Ends with 1 if a mutant failed,
or a seed of the project is not readable. Linux only; needs nothing but Python.
"""

import argparse
import collections
import itertools
import multiprocessing
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib

SECONDS, KILL_AFTER = 5, 12
MEGABYTES, ADDRESS_SPACE = 500, 4 << 30
LONGEST_SEED, LONGEST_PART = 30_000, 4_000_000
MUTANTS_PER_SEED = 1_000_000
TEXT, ZIPPED = ("csv", "tsv", "txt"), ("xlsx", "xlsm", "ods", "xlsb")
# How often each format comes up; `context` is a sound input with a changed context.
WEIGHTS = {"xlsx": 32, "xlsm": 4, "ods": 22, "xls": 14, "xlsb": 8, "csv": 9, "tsv": 4, "txt": 3, "context": 6}

TAG = re.compile(rb"<[^<>]+>")
OPEN_TAG = re.compile(rb"<([A-Za-z][\w:.-]*)[^<>]*>")
ATTRIBUTE = re.compile(rb'\s[\w:.-]+="[^"<>]*"')
VALUE = re.compile(rb'(?<==")[^"<>]*(?=")')
INNER_TEXT = re.compile(rb"(?<=>)[^<>]+(?=<)")
NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
CELL = re.compile(rb"\$?\b[A-Z]{1,3}\$?\d{1,7}\b")
REPEATED = re.compile(rb'(?<=(?:repeated|.spanned)=")\d+')
CELL_OR_ROW = re.compile(rb"<table:table-(?:cell|row|column)")
FIELD = re.compile(rb"[^,;\t\r\n]+")
LINE = re.compile(rb"[^\n]+\n?")
TOML_VALUE = re.compile(rb"(?<== )[^\n]+")

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
ENCODINGS = [b"UTF-16", b"utf-16le", b"UTF-32", b"ISO-8859-1", b"windows-1256", b"UTF-7", b"EBCDIC-CP-US",
             b"x" * 999]
CODECS = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "cp1256", "utf-8-sig", "cp037",
          "utf-7"]
SNIPPETS = [
    b'<c r="XFD1048576"><v>1</v></c>', b'<row r="1048576"><c r="A1048576" t="s"><v>0</v></c></row>',
    b'<row r="0"/>', b"<row/>", b"<c/>", b"<c><v>5</v></c>", b'<c r="A1" t="s"><v>4294967295</v></c>',
    b'<c r="B2" t="inlineStr"><is><r><t>XA</t></r><r><t>01</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>',
    b'<c r="A1" t="d"><v>9999-99-99T25:61:61</v></c>', b'<c r="C3" s="4294967295"><v>1</v></c>',
    b'<c r="C4"><f t="shared" si="0" ref="C4:XFD1048576">A1</f></c>', b'<c r="C5" t="e"><v>#N/A</v></c>',
    b'<mergeCell ref="A1:XFD1048576"/>', b'<mergeCells count="9"><mergeCell ref="A1:A1048576"/></mergeCells>',
    b'<mergeCell ref="B2:B1048576"/><mergeCell ref="A2:C1048576"/>', b'<dimension ref="A1:XFD1048576"/>',
    b'<cols><col min="1" max="4294967295" hidden="1"/></cols>', b'<col min="16384" max="1" hidden="1"/>',
    b'<autoFilter ref="A1:XFD1048576"/>', b'<sheet name="x" sheetId="9" r:id="rId1"/>', b"<sheet/>", b"<si/>",
    b'<sheet name="population" sheetId="1" r:id="rId1" state="veryHidden"/>', b'<workbookPr date1904="1"/>',
    b'<si><t xml:space="preserve">  XA0101  </t></si>',
    b'<numFmt numFmtId="164" formatCode="[$-F800]0%;\\"/>', b'<xf numFmtId="10"/>',
    b'<tableColumn id="1" name="PRT01"/>', b"<sheetData>", b"</sheetData>", b"</worksheet>",
    b'<definedName name="x">population!$A$1:$XFD$1048576</definedName>', b"<mc:AlternateContent/>",
    b'<table:table-cell table:number-columns-repeated="4294967295" office:value-type="float"/>',
    b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string">'
    b"<text:p>x</text:p></table:table-cell></table:table-row>",
    b'<table:table-cell table:number-columns-spanned="16384" table:number-rows-spanned="1048576"/>',
    b'<table:covered-table-cell table:number-columns-repeated="16384"/>', b'<text:s text:c="4294967295"/>',
    b'<text:s text:c="99999999"/>', b"<text:tab/>", b"<text:line-break/>",
    b'<table:table table:name="population">',
    b'<table:table-column table:visibility="collapse" table:number-columns-repeated="99999999"/>',
    b"</table:table>", b'<office:annotation><text:p>x</text:p></office:annotation>',
    b"<table:table-header-rows>",
    b'<table:table-cell office:value-type="date" office:date-value="99999-99-99"/>',
    b'<table:table-cell office:value-type="time" office:time-value="PT99999999999999999999H"/>',
]
CONTEXT_LINES = [
    b'country = "XAA"', b'framework = "nowhere"', b'framework = "../framework"', b"format = 99",
    b'as-of = "2026-02-30"', b"header-row = 4294967296", b"header-row = 0", b"header-row = 1048576",
    b"band-row = -1", b'decimal-mark = ","', b'decimal-mark = "\\u0000"',
    b'data-ends = "first-row-without-pcode"', b'percent-scale = "0-1"', b'missing = [""]',
    b'error-cells = "missing"', b'header-prefixes = "drop"', b"sheet = []", b'sheet = ["population"]',
    b"[table.columns]", b"[[table]]", b'role = "population"', b'role = "households"', b"[context]",
    b"[[group]]", b"[[sector]]", b"[intersectoral]", b"[people-in-need]",
    b'rules = ["coefficients", "given", "shares"]', b"group = 5",
    b"reference-period = { start = 9999-12-31, end = 0000-01-01 }", b"x = nan", b"x = -inf", b'"" = ""',
    b'first-over-second = "1e309%"', b"zero-or-missing-sectors = 18446744073709551615",
    b'aors = ["CP", "CP", ""]', b'country-pcode = "\\uFFFF"', b"population-drop = 1e308",
    b"weight = 0x7fffffffffffffff",
]
CONTEXT_VALUES = [
    b"[]", b"{}", b"true", b"nan", b"inf", b'""', b"-1", b"9223372036854775808", b"1e400", b"2026-02-30",
    b"00:00:60", b"'''", b'"""', b'"\\U00110000"', b'"\\ud800"', b"{ a = { a = 1 } }", b"[[], [1, [2]]]",
    b'["*"]', b'["", " "]', b'"' + b"x" * 50_000 + b'"', b"[" + b'"a",' * 9000 + b"]", b"0b2", b"1_",
    b"'\x01'", b'"\\u202e"',
]
U16 = [0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0x2024, 0xFFFE, 0xFFFF]
U32 = [0, 1, 2, 0xFF, 0xFFFF, 0x10000, 0xFFFFF, 0x100000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF,
       0xFFFFFFFD]


# Changes to bytes of any kind: each takes the random numbers and the bytes, and gives the bytes changed.


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


BYTE_CHANGES = [flip_bytes, insert_bytes, delete_bytes, duplicate_bytes, repeat_chunk, insert_odd_bytes,
                truncate]


# Changes to XML.


def replace_cell(rng, data):
    return replace_one(rng, data, CELL, rng.choice(CELLS))


def drop_tag(rng, data):
    return replace_one(rng, data, TAG, b"")


def duplicate_tag(rng, data):
    found = pick(rng, TAG, data)
    return put(data, found.end(), found.end(), found[0]) if found else data


def swap_tags(rng, data):
    return swap_two(rng, data, TAG)


def element(rng, data):
    """Where an element stands: up to the first end tag of its name, which is exact if it holds none such."""
    found = pick(rng, OPEN_TAG, data)
    if not found:
        return 0, 0
    if found[0].endswith(b"/>"):
        return found.span()
    close = b"</" + found[1] + b">"
    end = data.find(close, found.end())
    return found.start(), end + len(close) if end >= 0 else found.end()


def drop_element(rng, data):
    return put(data, *element(rng, data), b"")


def repeat_element(rng, data):
    start, end = element(rng, data)
    return put(data, start, end, many(data[start:end], rng.choice([2, 2, 3, 20, 300, 5000])))


def move_element(rng, data):
    start, end = element(rng, data)
    found = pick(rng, TAG, data)
    return put(data, found.end(), found.end(), data[start:end]) if found else data


def empty_element(rng, data):
    found = pick(rng, OPEN_TAG, data)
    return put(data, found.end() - 1, found.end(), b"/>") if found else data


def drop_attribute(rng, data):
    return replace_one(rng, data, ATTRIBUTE, b"")


def duplicate_attribute(rng, data):
    found = pick(rng, ATTRIBUTE, data)
    return put(data, found.end(), found.end(), found[0]) if found else data


def swap_attributes(rng, data):
    return swap_two(rng, data, ATTRIBUTE)


def swap_values(rng, data):
    return swap_two(rng, data, VALUE)


def replace_value(rng, data):
    return replace_one(rng, data, VALUE, rng.choice(rng.choice([WORDS, NUMBERS, CELLS])))


def replace_text(rng, data):
    return replace_one(rng, data, INNER_TEXT, rng.choice(rng.choice([TEXTS, TEXTS, WORDS, NUMBERS])))


def swap_texts(rng, data):
    return swap_two(rng, data, INNER_TEXT)


def insert_snippet(rng, data):
    found = pick(rng, TAG, data)
    new = rng.choice(SNIPPETS) * rng.choice([1, 1, 1, 2, 50, 2000])
    return put(data, found.end(), found.end(), new) if found else data


def nest_deeply(rng, data):
    found = pick(rng, OPEN_TAG, data)
    if not found:
        return data
    depth = rng.choice([3, 100, 1000, 10_000, 100_000])
    close = rng.choice([b"", b"</" + found[1] + b">"])
    nested = many(b"<" + found[1] + b">", depth) + b"x" + many(close, depth)
    return put(data, found.end(), found.end(), nested)


def laughs(levels, width):
    lines = [b'<!ENTITY a0 "ha">']
    for level in range(1, levels):
        lines.append(b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * width))
    return b"".join(lines) + b'<!ENTITY a "&a%d;">' % (levels - 1)


def insert_doctype(rng, data):
    entities = rng.choice([
        b'<!ENTITY a "IDP">', b'<!ENTITY a SYSTEM "other.xml">', b'<!ENTITY % a SYSTEM "other.dtd">%a;',
        b'<!ENTITY a "&a;">', laughs(10, 10), laughs(40, 2), b'<!ENTITY a "' + b"x" * 50_000 + b'">',
        b"<!ENTITY",
    ])
    doctype = b"<!DOCTYPE x [" + entities + b"]>"
    at = data.find(b"?>") + 2 if data.startswith(b"<?xml") else 0
    data = replace_one(rng, data, INNER_TEXT, b"&a;" * rng.choice([0, 1, 1000]))
    return put(data, at, at, doctype)


def change_encoding(rng, data):
    name = rng.choice(ENCODINGS)
    declared = re.sub(rb'encoding=(["\']).*?\1', b'encoding="' + name + b'"', data, count=1)
    return declared if declared != data else b'<?xml version="1.0" encoding="' + name + b'"?>' + data


def re_encode(rng, data):
    return data.decode("utf-8", "replace").encode(rng.choice(CODECS), "replace")


def repeat_cells(rng, data):
    """For .ods: a cell, row or column that says it stands there many times."""
    number = rng.choice(NUMBERS[:22] + [b"300", b"5000", b"99999999"])
    if rng.random() < 0.5:
        return replace_one(rng, data, REPEATED, number)
    found = pick(rng, CELL_OR_ROW, data)
    if not found:
        return data
    way = b"rows" if found[0].endswith(b"row") else b"columns"
    return put(data, found.end(), found.end(), b' table:number-%s-repeated="%s"' % (way, number))


BREAKING = BYTE_CHANGES + [
    insert_odd_bytes, drop_tag, duplicate_tag, swap_tags, empty_element, duplicate_attribute, insert_doctype,
    change_encoding, re_encode,
]
# Those that mostly leave sound XML come up more often: they get further into the program.
KEEPING = [
    replace_number, replace_number, replace_cell, replace_cell, drop_element, repeat_element, repeat_element,
    move_element, drop_attribute, swap_attributes, swap_values, replace_value, replace_value, replace_text,
    replace_text, swap_texts, insert_snippet, insert_snippet, nest_deeply,
]
XML_CHANGES = BREAKING + KEEPING * 2
ODS_CHANGES = XML_CHANGES + [repeat_cells] * 6


# Changes to binary records: .xls, and the parts of .xlsb.


def set_word(rng, data, start, end):
    """An extreme number in place of 2 or 4 bytes between start and end, or the number there one off."""
    code, values = rng.choice([("<H", U16), ("<I", U32)])
    at, size = rng.randrange(start, max(start + 1, end)), struct.calcsize(code)
    if at + size > len(data):
        return data
    near = struct.unpack_from(code, data, at)[0] + rng.choice([-1, 1])
    new = rng.choice([rng.choice(values), near % 256 ** size])
    return put(data, at, at + size, struct.pack(code, new))


def set_any_word(rng, data):
    return set_word(rng, data, 0, len(data))


def set_header_word(rng, data):
    """In the header of a compound file: sector sizes, counts, where the tables begin."""
    return set_word(rng, data, 24, 120)


def sector(data, number):
    start = 512 * (number + 1)
    return (start, start + 512) if start + 512 <= len(data) else (0, 0)


def header_number(data, at):
    return struct.unpack_from("<I", data, at)[0] if len(data) >= at + 4 else 0


def set_chain(rng, data):
    """An entry of the sector table: a cycle, an early end, a sector that is not there."""
    start, end = sector(data, header_number(data, 76))
    if not end:
        return data
    at = start + 4 * rng.randrange(0, min(128, len(data) // 512 + 2))
    new = rng.choice([rng.randrange(len(data) // 512 + 2), rng.choice(U32), 0xFFFFFFFE])
    return put(data, at, at + 4, struct.pack("<I", new))


def set_directory(rng, data):
    """A number in the directory: kinds, siblings, where a stream begins, how long it is."""
    start, end = sector(data, header_number(data, 48))
    entry = start + 128 * rng.randrange(4)
    return set_word(rng, data, entry + 64, entry + 128) if end else data


def xls_records(data):
    """Where the records of the workbook begin, if its sectors follow each other, as they mostly do."""
    at, found = data.find(b"\x09\x08\x10\x00"), []
    while 0 <= at <= len(data) - 4:
        found.append((at, at + 2, at + 4, at + 4 + struct.unpack_from("<H", data, at + 2)[0]))
        at = found[-1][3]
    return found


def varint(data, at, longest):
    number = 0
    for shift in range(longest):
        if at >= len(data):
            return number, at
        number |= (data[at] & 0x7F) << 7 * shift
        at += 1
        if data[at - 1] < 0x80:
            break
    return number, at


def xlsb_records(data):
    at, found = 0, []
    while at < len(data):
        _, length_at = varint(data, at, 2)
        length, body = varint(data, length_at, 4)
        found.append((at, length_at, body, body + length))
        at = body + length
    return found


def change_record(rng, data, records):
    """Drops, repeats, moves or renames a record, or changes its length or a number in it."""
    if not records:
        return data
    start, length_at, body, end = rng.choice(records)
    other = rng.choice(records)[0]
    return rng.choice([
        lambda: put(data, start, end, b""),
        lambda: put(data, start, start, many(data[start:end], rng.choice([1, 2, 50, 1000]))),
        lambda: put(data, other, other, data[start:end]),
        lambda: put(data, start, length_at, rng.randbytes(length_at - start)),
        lambda: put(data, start, length_at, data[other:other + length_at - start]),
        lambda: put(data, length_at, body, rng.randbytes(body - length_at)),
        lambda: put(data, length_at, length_at + 1, bytes([rng.randrange(256)])),
        lambda: set_word(rng, data, body, end),
        lambda: set_word(rng, data, body, min(end, body + 12)),
        lambda: set_word(rng, data, body, min(end, body + 12)),
        lambda: set_word(rng, set_word(rng, data, body, end), body, end),
        lambda: put(data, body, min(end, len(data)), rng.randbytes(max(0, min(end, len(data)) - body))),
    ])()


def change_xls_record(rng, data):
    return change_record(rng, data, xls_records(data))


def change_xlsb_record(rng, data):
    return change_record(rng, data, xlsb_records(data))


XLS_CHANGES = BYTE_CHANGES + [set_any_word, set_header_word, set_chain, set_chain, set_directory] + [
    change_xls_record] * 8
XLSB_CHANGES = BYTE_CHANGES + [set_any_word] * 2 + [change_xlsb_record] * 8


# Changes to tables as text.


def replace_field(rng, data):
    return replace_one(rng, data, FIELD, rng.choice(rng.choice([TEXTS, NUMBERS, WORDS, CELLS])))


def swap_fields(rng, data):
    return swap_two(rng, data, FIELD)


def repeat_line(rng, data):
    found = pick(rng, LINE, data)
    if not found:
        return data
    return put(data, found.end(), found.end(), many(found[0], rng.choice([1, 2, 50, 5000])))


def drop_line(rng, data):
    return replace_one(rng, data, LINE, b"")


def swap_lines(rng, data):
    return swap_two(rng, data, LINE)


def insert_run(rng, data):
    """Many quotes, separators, line ends or letters in a row."""
    at = place(rng, data)
    run = rng.choice([b'"', b'""', b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\0", b"x", b",\n",
                      b'"\n', b"'"])
    return put(data, at, at, run * rng.choice([1, 3, 100, 20_000, 200_000]))


def change_line_ends(rng, data):
    ends = [b"\n", b"\r", b"\r\n", b"\n\r", b"\x0b", b"\xe2\x80\xa8", b"\xc2\x85"]
    return re.sub(rb"\r?\n", lambda _: rng.choice(ends), data)


def change_separators(rng, data):
    new = rng.choice([b",", b";", b"\t", b"|", b":", b" ", b"^", b"\0", b'","'])
    return re.sub(rb"[,;\t]", lambda found: rng.choice([new, new, new, found[0]]), data)


def prepend(rng, data):
    return rng.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"sep=;\n", b"sep=\n",
                       b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>", b"<?xml?>", b"\n\n\n",
                       b"# x\n"]) + data


TEXT_CHANGES = BYTE_CHANGES + [
    replace_field, replace_field, replace_field, replace_number, replace_number, swap_fields, repeat_line,
    drop_line, swap_lines, insert_run, insert_run, insert_run, change_line_ends, change_separators, prepend,
    re_encode,
]


# Changes to contexts.


def insert_context_line(rng, data):
    found = pick(rng, LINE, data)
    at = found.end() if found else 0
    return put(data, at, at, b"\n" + rng.choice(CONTEXT_LINES) + b"\n")


def replace_context_value(rng, data):
    return replace_one(rng, data, TOML_VALUE, rng.choice(CONTEXT_VALUES))


def swap_context_values(rng, data):
    return swap_two(rng, data, TOML_VALUE)


def nest_context(rng, data):
    found = pick(rng, LINE, data)
    depth, at = rng.choice([10, 100, 1000, 50_000]), found.end() if found else 0
    new = rng.choice([
        b"x = " + b"[" * depth + b"]" * depth, b"x = " + b"{a=" * depth + b"1" + b"}" * depth,
        b"x" + b".x" * depth + b" = 1", b"[x" + b".x" * depth + b"]",
        b"".join(b"[a%d]\n" % number for number in range(depth)), b"[[group]]\n" * depth,
        b"[[table]]\n" * depth,
    ])
    return put(data, at, at, b"\n" + new + b"\n")


CONTEXT_CHANGES = BYTE_CHANGES + [
    repeat_line, drop_line, swap_lines, replace_number, nest_context, insert_context_line,
    insert_context_line, insert_context_line, replace_context_value, replace_context_value,
    replace_context_value, swap_context_values,
]


# Zip packages.


class Part:
    """A file in a package. `says` holds what its headers say in place of the truth."""

    def __init__(self, name, data, method, packed=None):
        self.name, self.data, self.packed, self.method, self.says = name, data, packed, method, {}

    def copy(self):
        part = Part(self.name, self.data, self.method, self.packed)
        part.says = dict(self.says)
        return part

    def change(self, data):
        self.data, self.packed = data[:LONGEST_PART], None

    def body(self):
        if self.method == 0:
            return self.data
        return self.packed or deflate(self.data)

    def fields(self, body):
        truth = {"version": 20, "flags": 0x800, "method": self.method, "time": 0, "date": 0x5A3F,
                 "crc": zlib.crc32(self.data), "packed": len(body), "size": len(self.data)}
        return list({**truth, **self.says}.values())


def deflate(data):
    worker = zlib.compressobj(1, zlib.DEFLATED, -15)
    return worker.compress(data) + worker.flush()


def read_package(path):
    with zipfile.ZipFile(path) as package:
        parts = [(entry, package.read(entry)) for entry in package.infolist()]
    return [Part(entry.filename.encode(), data, entry.compress_type, deflate(data)) for entry, data in parts]


def write_package(parts):
    bodies, directory, at = [], [], 0
    for part in parts:
        body = part.body()
        fields, length = part.fields(body), len(part.name)
        directory.append(struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, *fields, length, 0, 0, 0, 0, 0, at)
                         + part.name)
        bodies.append(struct.pack("<4sHHHHHIIIHH", b"PK\3\4", *fields, length, 0) + part.name + body)
        at += len(bodies[-1])
    listed, count = b"".join(directory), min(len(parts), 0xFFFF)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(listed), at, 0)
    return b"".join(bodies) + listed + end


def part_weight(part):
    if re.search(rb"sheet\d+\.(xml|bin)$|^content\.xml", part.name):
        return 12
    if re.search(rb"sharedStrings|workbook\.|styles|table\d", part.name):
        return 4
    return 2 if re.search(rb"rels|Content_Types|manifest|mimetype", part.name) else 0.2


def some_part(rng, parts):
    return rng.choices(parts, [part_weight(part) for part in parts])[0]


def drop_part(rng, parts):
    if len(parts) > 1:
        parts.remove(some_part(rng, parts))


def rename_part(rng, parts):
    part = some_part(rng, parts)
    name = part.name
    part.name = rng.choice([
        b"", name.upper(), name[:-1], name + b"/", name + b"\0", b"/" + name, b"../" + name, b"\xff" + name,
        name.replace(b"/", b"\\"), b"x" * 40_000, some_part(rng, parts).name,
    ])


def duplicate_part(rng, parts):
    part = some_part(rng, parts).copy()
    part.name = rng.choice([part.name, part.name, part.name.upper(), b"/" + part.name])
    parts.insert(rng.randrange(len(parts) + 1), part)


def add_parts(rng, parts):
    for number in range(rng.choice([1, 100, 3000])):
        parts.append(Part(b"xl/worksheets/sheet%d.xml" % (100 + number), b"", 8))


def swap_parts(rng, parts):
    first, second = some_part(rng, parts), some_part(rng, parts)
    first.name, second.name = second.name, first.name


def store_part(rng, parts):
    part = some_part(rng, parts)
    part.method = 8 - part.method


def lie_in_header(rng, parts):
    fields = ["packed", "size", "size", "crc", "flags", "method", "version", "date"]
    part, field = some_part(rng, parts), rng.choice(fields)
    if field in ("packed", "size", "crc"):
        part.says[field] = rng.choice([*U32, max(0, len(part.data) - 1), len(part.data) + 1])
    else:
        part.says[field] = rng.choice([0, 1, 8, 9, 12, 14, 93, 95, 99, 0x808, 0x41, 0xFFFF])


def fill_part(rng, parts):
    """Much of the same, which packs well: spaces, or zeros."""
    part = some_part(rng, parts)
    at, filling = place(rng, part.data), rng.choice([b" ", b"\0", b"x", b"\n"])
    part.change(put(part.data, at, at, filling * rng.choice([100_000, LONGEST_PART])))


PACKAGE_CHANGES = [drop_part, rename_part, duplicate_part, add_parts, swap_parts, store_part, lie_in_header,
                   lie_in_header, fill_part]


def end_record(data):
    return max(0, data.rfind(b"PK\5\6"))


def change_end_record(rng, data):
    return set_word(rng, data, end_record(data), len(data))


def change_directory(rng, data):
    return set_word(rng, data, max(0, data.find(b"PK\1\2")), end_record(data))


RAW_CHANGES = [flip_bytes, insert_bytes, delete_bytes, duplicate_bytes, truncate, change_end_record,
               change_directory, change_directory, prepend]


# Mutants.


def part_changes(name, extension):
    if name.endswith(b".bin"):
        return XLSB_CHANGES
    return ODS_CHANGES if extension == "ods" else XML_CHANGES


def mutate_package(rng, seed, times):
    parts, names = [part.copy() for part in seed.parts], []
    target = some_part(rng, parts)
    for _ in range(times):
        if rng.random() < 0.15:
            change = rng.choice(PACKAGE_CHANGES)
            change(rng, parts)
        else:
            change = rng.choice(part_changes(target.name, seed.extension))
            target.change(change(rng, target.data))
        names.append(change.__name__)
    data = write_package(parts)
    if rng.random() < 0.1:
        change = rng.choice(RAW_CHANGES)
        data = change(rng, data)
        names.append(change.__name__)
    return data, names


def mutate_bytes(rng, data, changes, times):
    names = []
    for _ in range(times):
        change = rng.choice(changes)
        data = change(rng, data)[:LONGEST_PART]
        names.append(change.__name__)
    return data, names


class Seed:
    """A seed file, read once."""

    def __init__(self, path):
        self.path, self.extension, self.data = path, path.suffix[1:].lower(), path.read_bytes()
        self.parts = read_package(path) if self.extension in ZIPPED else []

    def mutate(self, rng):
        times = rng.choice([1, 1, 1, 2, 2, 3, 4])
        if self.parts:
            return mutate_package(rng, self, times)
        changes = {"xls": XLS_CHANGES, "toml": CONTEXT_CHANGES}.get(self.extension, TEXT_CHANGES)
        return mutate_bytes(rng, self.data, changes, times)


class Mutant:
    """What to run: file names with their bytes, and how they came about."""

    def __init__(self, seeds, number, index):
        rng = random.Random(number * MUTANTS_PER_SEED + index)
        formats = [name for name in WEIGHTS if seeds.get(name)]
        self.index, self.context, self.framework = index, None, True
        self.format = rng.choices(formats, [WEIGHTS[name] for name in formats])[0]
        self.seed = rng.choice(seeds[self.format])
        data, self.changes = self.seed.mutate(rng)
        if self.format == "context":
            self.context, self.framework = data, rng.random() < 0.7
            source = rng.choice(seeds["xlsx"] + seeds["csv"])
            self.name, self.data = source.path.name, source.data
        else:
            suffix = rng.choice([*TEXT, *ZIPPED, "xls"]) if rng.random() < 0.01 else self.format
            self.name, self.data = f"{self.seed.path.stem}.{suffix}", data

    def write(self, folder, fixtures):
        """Writes the files into the folder and gives the arguments that check them."""
        (folder / self.name).write_bytes(self.data)
        context = fixtures / "corpus" / "context.toml"
        if self.context is not None:
            context = folder / "context.toml"
            context.write_bytes(self.context)
        framework = ["--framework", fixtures / "corpus" / "framework"] if self.framework else []
        return ["check", folder / self.name, *framework, "--context", context]


Result = collections.namedtuple("Result", "code seconds work megabytes output")
Report = collections.namedtuple("Report", "index format seed changes result trouble")


def run(command, output_path):
    """Runs the command in a session of its own, which is killed when it takes far too long."""
    with open(output_path, "w+b") as output:
        start = time.monotonic()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                 start_new_session=True)
        signal.signal(signal.SIGALRM, lambda *_: os.killpg(child.pid, signal.SIGKILL))
        signal.alarm(KILL_AFTER)
        _, status, usage = os.wait4(child.pid, 0)
        signal.alarm(0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - start
        output.seek(0)
        # wait4 counts the children that the program itself waited for, too; and, before the program begins,
        # this script, so that no result is below the script's own 50 MB or so.
        work = usage.ru_utime + usage.ru_stime
        return Result(child.returncode, seconds, work, usage.ru_maxrss / 1024, output.read(1_000_000))


def trouble_of(result):
    if result.seconds > KILL_AFTER:
        return f"was killed after {KILL_AFTER} s, of which it worked {result.work:.1f} s"
    if result.code not in (0, 1, 2, 3):
        return f"ends with {result.code}"
    if b"panicked at" in result.output:
        return "panics"
    if result.seconds > SECONDS:
        return f"takes {result.seconds:.1f} s, of which it works {result.work:.1f} s"
    return f"holds {result.megabytes:.0f} MB" if result.megabytes > MEGABYTES else None


class Worker:
    """Makes and runs mutants, in a process of the pool. `start` runs in each of them once."""

    def start(self, options, fixtures, seeds, base):
        self.options, self.fixtures, self.seeds = options, fixtures, seeds
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=base))
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def check(self, arguments):
        return run([self.options.pinpoint, *arguments], self.folder / "output")

    def run_mutant(self, index):
        mutant = Mutant(self.seeds, self.options.seed, index)
        arguments = mutant.write(self.folder, self.fixtures)
        result = self.check(arguments)
        if result.seconds > SECONDS > result.work:
            result = self.check(arguments)
        trouble = trouble_of(result)
        if self.options.keep and (trouble or self.options.only is not None):
            self.keep(mutant, result)
        (self.folder / mutant.name).unlink()
        return Report(index, mutant.format, mutant.seed.path.name, mutant.changes, result, trouble)

    def keep(self, mutant, result):
        folder = pathlib.Path(self.options.keep) / f"{self.options.seed}-{mutant.index}"
        folder.mkdir(parents=True, exist_ok=True)
        arguments = mutant.write(folder, self.fixtures)
        (folder / "command").write_text(" ".join(map(str, [self.options.pinpoint, *arguments])) + "\n")
        (folder / "output").write_bytes(result.output)


WORKER = Worker()


def run_mutant(index):
    return WORKER.run_mutant(index)


# The whole run.


def find_fixtures():
    here = pathlib.Path(__file__).resolve().parent
    return next(folder for folder in (here.parent / "fixtures", here / "fixtures") if folder.is_dir())


def seed_files(folder):
    known = (".xls", *(f".{name}" for name in ZIPPED + TEXT))
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in known
                  and path.stat().st_size < LONGEST_SEED)


def readable(options, fixtures, path):
    command = [options.pinpoint, "check", path, "--framework", fixtures / "corpus" / "framework",
               "--context", fixtures / "corpus" / "context.toml"]
    return subprocess.run(command, capture_output=True).returncode in (0, 1)


def read_seed(options, fixtures, path, base):
    """The seed, if the program reads it, as it is and packed anew by this script; else None."""
    if not readable(options, fixtures, path):
        return None
    seed, packed = Seed(path), base / path.name
    packed.write_bytes(write_package(seed.parts) if seed.parts else seed.data)
    return seed if readable(options, fixtures, packed) else None


def find_seeds(options, fixtures, base):
    """The seeds by format. A seed of the project that cannot be read ends the run."""
    own = [*seed_files(fixtures / "formats"), *seed_files(fixtures / "two-islands" / "sheets"),
           fixtures / "two-islands" / "workbook.xlsx"]
    more = itertools.chain.from_iterable(seed_files(pathlib.Path(folder)) for folder in options.more_seeds)
    read = {path: read_seed(options, fixtures, path, base) for path in [*own, *more]}
    bad = [str(path) for path in own if not read[path]]
    if bad:
        sys.exit(f"seeds not readable: {', '.join(bad)}")
    seeds = collections.defaultdict(list)
    for seed in filter(None, read.values()):
        for name in TEXT if seed.extension in TEXT else [seed.extension]:
            seeds[name].append(seed)
    folders = [fixtures / name for name in ("corpus", "contexts", "two-islands")]
    seeds["context"] = [Seed(path) for folder in folders for path in sorted(folder.glob("*.toml"))]
    return dict(seeds)


def again(options, index):
    words = ["python3 tests/mutants.py", options.pinpoint, str(options.count), f"--seed {options.seed}",
             f"--only {index}", f"--keep {options.keep or 'DIR'}", *options.more_seeds]
    return " ".join(words)


def print_failure(options, report):
    print(f"FAILED seed {options.seed}, mutant {report.index}, {report.format} from {report.seed} by "
          f"{', '.join(report.changes)}: {report.trouble}\n    again: {again(options, report.index)}",
          flush=True)


class Summary:
    """What all runs came to."""

    def __init__(self):
        self.formats, self.codes, self.failed = collections.Counter(), collections.Counter(), 0
        self.slowest = self.largest = None
        self.start = time.monotonic()

    def add(self, report):
        self.formats[report.format] += 1
        self.codes[report.result.code] += 1
        self.failed += report.trouble is not None
        if not self.slowest or report.result.seconds > self.slowest.result.seconds:
            self.slowest = report
        if not self.largest or report.result.megabytes > self.largest.result.megabytes:
            self.largest = report

    def line(self):
        formats = ", ".join(f"{count} {name}" for name, count in sorted(self.formats.items()))
        codes = ", ".join(f"{code}: {count}" for code, count in sorted(self.codes.items()))
        slowest, largest = self.slowest, self.largest
        return (f"{self.formats.total()} mutants in {time.monotonic() - self.start:.0f} s ({formats}); "
                f"slowest {slowest.result.seconds:.2f} s ({slowest.format}, mutant {slowest.index}); "
                f"largest {largest.result.megabytes:.0f} MB ({largest.format}, mutant {largest.index}); "
                f"exit codes {codes}; {self.failed} failed")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pinpoint")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", metavar="DIR", help="save failing mutants here")
    parser.add_argument("--only", metavar="INDEX", type=int, help="run this single mutant")
    parser.add_argument("more_seeds", nargs="*", metavar="MORE_SEEDS")
    options = parser.parse_intermixed_args()
    options.pinpoint = os.path.abspath(options.pinpoint)
    return options


def run_all(options, base):
    fixtures = find_fixtures()
    seeds = find_seeds(options, fixtures, base)
    indexes = range(options.count) if options.only is None else [options.only]
    summary = Summary()
    start = (options, fixtures, seeds, base)
    with multiprocessing.get_context("fork").Pool(options.jobs, WORKER.start, start) as pool:
        for report in pool.imap_unordered(run_mutant, indexes, chunksize=10):
            summary.add(report)
            if report.trouble:
                print_failure(options, report)
    print(summary.line())
    return summary.failed


def main():
    options = parse_options()
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    base = pathlib.Path(tempfile.mkdtemp(prefix="mutants-", dir=memory))
    try:
        return 1 if run_all(options, base) else 0
    finally:
        shutil.rmtree(base)


if __name__ == "__main__":
    sys.exit(main())
