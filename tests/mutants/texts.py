"""Changes to tables as text, in any layout, and to contexts, which are TOML."""

import re

from any_bytes import (
    BYTE_CHANGES, CELLS, LINE, LONGEST_PART, NUMBERS, TEXTS, WORDS, many, pick, place, put, re_encode,
    replace_number, replace_one, swap_two,
)

# Words that the layouts look for.
LAYOUT_WORDS = [
    b"", b"ALL", b"PRO", b"PRO_CPM", b"PRO-GBV", b"Intersectoral", b"a", b"f", b"total", b"all", b"INN",
    b"TGT", b"0-17", b"<Null>", b"NA", b"XAA", b"XBB", b"XA", b"XA0101", b"xa0101", b"#adm1+code", b"#inneed",
    b"ADM2_PCODE", b"ADM3_PCODE", b"T_TL", b"F_00_04", b"F_80Plus", b"M_4_00", b"F_99999999999_1", b"F_17_05",
    b"F_TL", b"Admin 2 PCode", b"Sector", b"In Need", b"admin2_code", b"location_code", b"population",
]
FIELD = re.compile(rb"[^,;\t\r\n]+")
TOML_VALUE = re.compile(rb"(?<== )[^\n]+")

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


def replace_layout_word(rng, data):
    return replace_one(rng, data, FIELD, rng.choice(LAYOUT_WORDS))


def change_column(rng, data):
    """Drops, repeats, moves or fills the fields of a column, the header's too or not."""
    lines = [line.split(b",") for line in data.split(b"\n")]
    width = len(lines[0])
    first, second, times = rng.randrange(width), rng.randrange(width), rng.choice([2, 2, 30, 3000])
    way, filling = rng.choice(["drop", "repeat", "swap", "copy", "fill"]), rng.choice(LAYOUT_WORDS + NUMBERS)
    for line in lines[rng.randrange(2):]:
        if max(first, second) >= len(line):
            continue
        if way == "drop":
            del line[first]
        elif way == "repeat":
            line[first:first + 1] = [line[first]] * min(times, 1 + LONGEST_PART // len(lines) // 20)
        elif way == "swap":
            line[first], line[second] = line[second], line[first]
        else:
            line[first] = line[second] if way == "copy" else filling
    return b"\n".join(map(b",".join, lines))


LAYOUT_CHANGES = TEXT_CHANGES + [replace_layout_word, replace_layout_word, replace_layout_word] + [
    change_column] * 4


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
