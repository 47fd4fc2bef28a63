"""Changes to binary records: old .xls files, which are compound files, and the parts of .xlsb."""

import struct

from any_bytes import BYTE_CHANGES, many, put

U16 = [0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0x2024, 0xFFFE, 0xFFFF]
U32 = [0, 1, 2, 0xFF, 0xFFFF, 0x10000, 0xFFFFF, 0x100000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF,
       0xFFFFFFFD]


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
