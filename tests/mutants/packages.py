"""Zip packages (.xlsx, .xlsm, .ods, .xlsb): their parts, their headers, and changes to both."""

import re
import struct
import zipfile
import zlib

from any_bytes import (
    LONGEST_PART, delete_bytes, duplicate_bytes, flip_bytes, insert_bytes, place, put, truncate,
)
from markup import ODS_CHANGES, XML_CHANGES
from texts import prepend
from xls import U32, XLSB_CHANGES, set_word


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
