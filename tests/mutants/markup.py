"""Changes to XML: the parts of .xlsx, .xlsm and .ods."""

import re

from any_bytes import (
    BYTE_CHANGES, CELLS, NUMBERS, TEXTS, WORDS, insert_odd_bytes, many, pick, put, re_encode, replace_number,
    replace_one, swap_two,
)

TAG = re.compile(rb"<[^<>]+>")
OPEN_TAG = re.compile(rb"<([A-Za-z][\w:.-]*)[^<>]*>")
ATTRIBUTE = re.compile(rb'\s[\w:.-]+="[^"<>]*"')
VALUE = re.compile(rb'(?<==")[^"<>]*(?=")')
INNER_TEXT = re.compile(rb"(?<=>)[^<>]+(?=<)")
CELL = re.compile(rb"\$?\b[A-Z]{1,3}\$?\d{1,7}\b")
REPEATED = re.compile(rb'(?<=(?:repeated|.spanned)=")\d+')
CELL_OR_ROW = re.compile(rb"<table:table-(?:cell|row|column)")

ENCODINGS = [b"UTF-16", b"utf-16le", b"UTF-32", b"ISO-8859-1", b"windows-1256", b"UTF-7", b"EBCDIC-CP-US",
             b"x" * 999]
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
