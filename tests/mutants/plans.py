"""Changes to plans of the planning system, which are JSON: as text, and to the tree of values in it."""

import functools
import json

from any_bytes import BYTE_CHANGES, LONGEST_PART, many, re_encode, replace_number
from texts import drop_line, insert_run, prepend, repeat_line, swap_lines

JSON_NUMBERS = [
    b"0", b"-1", b"1", b"-0", b"0.5", b"-0.0", b"1E+2", b"1e15", b"1e308", b"1e309", b"-1e309", b"1e-400",
    b"1e999999999999", b"5e-324", b"65536", b"2147483648", b"4294967295", b"4294967296", b"9007199254740993",
    b"9223372036854775807", b"9223372036854775808", b"-9223372036854775808", b"-9223372036854775809",
    b"18446744073709551615", b"18446744073709551616", b"9" * 400, b"0." + b"1" * 5000, b"1" + b"0" * 20_000,
]
PLAN_TEXTS = [
    "", " ", "XA", "XA01", "XA0101", "xa0101", "XB0101", "plan", "cluster", "global", "aor", "PRO", "PRO-CPN",
    "PRO_GBV", "PRO-HLP", "PRO-MIN", "ALL", "EDU", "Protection", "Protection (overall)", "General Protection",
    "Total", "total", "inNeed", "target", "affected", "totalPopulation", "expectedReach", "5", "1e5", "50 %",
    "NaN", "null", "=1+1", "#N/A", "#adm1+code", "a,b\n\"c\";d\t", "\0", "\x1b[2J", "\u202e", "\ufeff",
    "\ud800", "\U0001f600" * 999, "e\u0301" * 999,
]
PLAN_KEYS = [
    "", "data", "locations", "caseloads", "planGlobalClusters", "planClusters", "globalClusterCode", "id",
    "name", "pcode", "adminLevel", "parentLocationId", "locationId", "entityId", "caseloadId", "caseloadType",
    "inNeed", "target", "dataMatrix", "metricType", "value", "disaggregatedAttachments", "x" * 50_000,
    "\ud800", "\0",
]


class Keys(list):
    """An object as a list of [key, value], in which a key may stand twice."""


class Raw(bytes):
    """JSON that is written as it stands, as numbers are."""


def as_raw(text):
    return Raw(text.encode())


def parse(data):
    def keys(pairs):
        return Keys(map(list, pairs))
    return json.loads(data, object_pairs_hook=keys, parse_int=as_raw, parse_float=as_raw,
                      parse_constant=as_raw)


def write(value):
    if isinstance(value, Raw):
        return value
    if isinstance(value, Keys):
        return b"{" + b",\n".join(write(key) + b":" + write(inner) for key, inner in value) + b"}"
    if isinstance(value, list):
        return b"[" + b",\n".join(map(write, value)) + b"]"
    return json.dumps(value).encode()


def places(value):
    """Where values stand below this one: each as a list and the index in it."""
    found, todo = [], [value]
    while todo:
        value = todo.pop()
        if isinstance(value, Keys):
            inner = [(pair, 1) for pair in value]
        else:
            inner = [(value, index) for index in range(len(value))]
        found += inner
        todo += [holder[index] for holder, index in inner if isinstance(holder[index], list)]
    return found


def some(rng, tree, kind=object):
    """A place that holds a value of that kind, or where the tree begins."""
    found = [place for place in places(tree) if isinstance(place[0][place[1]], kind)]
    return rng.choice(found or [(tree, 0)])


def lists(tree, kind):
    return [holder[index] for holder, index in places(tree) if type(holder[index]) is kind and holder[index]]


def on_tree(change):
    """The change to a tree as one to bytes. Those that are no JSON, or too deep, stay as they are."""
    @functools.wraps(change)
    def changed(rng, data):
        try:
            tree = [parse(data)]
            change(rng, tree)
            return write(tree[0])
        except (ValueError, RecursionError):
            return data
    return changed


def set_some(rng, tree, kind, new):
    holder, index = some(rng, tree, kind)
    holder[index] = new


@on_tree
def set_number(rng, tree):
    set_some(rng, tree, Raw, Raw(rng.choice(JSON_NUMBERS)))


@on_tree
def set_text(rng, tree):
    set_some(rng, tree, str, rng.choice(PLAN_TEXTS))


@on_tree
def set_long_text(rng, tree):
    piece = rng.choice([b"x", b"\\n", b"\\u0000", b"\\ud83d", b"\xd8\xa5", b"9"])
    set_some(rng, tree, str, Raw(b'"' + many(piece, rng.choice([300, 3000, 70_000, 700_000])) + b'"'))


@on_tree
def set_other_kind(rng, tree):
    new = [None, True, False, [], Keys(), "", "5", Raw(b"5"), [Raw(b"5")], Keys([["value", Raw(b"5")]])]
    set_some(rng, tree, object, rng.choice(new))


@on_tree
def quote_number(rng, tree):
    holder, index = some(rng, tree, Raw)
    holder[index] = str(write(holder[index]), "utf-8")


@on_tree
def link_elsewhere(rng, tree):
    """A number in place of another: places that lie in themselves, caseloads of another cluster."""
    (holder, index), (other, at) = some(rng, tree, Raw), some(rng, tree, Raw)
    holder[index] = other[at]


@on_tree
def link_places(rng, tree):
    """Parents of places: another place, so that some of them lie in each other, or one that is not there."""
    pairs = [pair for keys in lists(tree, Keys) for pair in keys if pair[0] in ("id", "parentLocationId")]
    for pair in pairs:
        if pair[0] == "parentLocationId" and rng.random() < 0.5:
            pair[1] = rng.choice(pairs)[1]


@on_tree
def move_value(rng, tree):
    holder, index = some(rng, tree)
    moved = Raw(write(holder[index]))
    set_some(rng, tree, rng.choice([list, object]), moved)


@on_tree
def drop_key(rng, tree):
    if found := lists(tree, Keys):
        keys = rng.choice(found)
        del keys[rng.randrange(len(keys))]


@on_tree
def drop_key_everywhere(rng, tree):
    found = lists(tree, Keys)
    name = rng.choice(rng.choice(found))[0] if found else None
    for keys in found:
        keys[:] = [pair for pair in keys if pair[0] != name]


@on_tree
def rename_key(rng, tree):
    if found := lists(tree, Keys):
        rng.choice(rng.choice(found))[0] = rng.choice(PLAN_KEYS)


@on_tree
def repeat_key(rng, tree):
    """The same key once more or very often, at times with another value."""
    if found := lists(tree, Keys):
        keys = rng.choice(found)
        name, value = rng.choice(keys)
        value = rng.choice([value, None, Raw(b"7"), "", Raw(write(rng.choice(keys)[1]))])
        keys += [[name, value]] * rng.choice([1, 1, 2, 5000])


@on_tree
def add_keys(rng, tree):
    if found := lists(tree, Keys):
        rng.choice(found).extend([f"x{number}", Raw(b"1")] for number in range(rng.choice([1, 100, 30_000])))


@on_tree
def repeat_item(rng, tree):
    """A very long array: an item of it many times, with its numbers as they are."""
    if found := lists(tree, list):
        items = rng.choice(found)
        index = rng.randrange(len(items))
        item = write(items[index])
        items[index] = Raw(item + many(b",\n" + item, rng.choice([1, 2, 50, 1000, 20_000, 400_000])))


def renewed(keys, number):
    """The object anew, told apart from the others by its number and its texts."""
    new = Keys(list(pair) for pair in keys)
    for pair in new:
        if pair[0] in ("id", "caseloadId"):
            pair[1] = as_raw(str(1000 + number))
        elif pair[0] in ("pcode", "categoryLabel", "metricType", "caseloadCustomRef"):
            pair[1] = f"{pair[1]}{number}"
    return new


@on_tree
def repeat_place(rng, tree):
    """Many places, caseloads or parts of one, which are told apart."""
    found = [items for items in lists(tree, list) if type(items) is list and isinstance(items[0], Keys)]
    if found:
        items, more = rng.choice(found), rng.choice([2, 60, 1000, 9000])
        item = rng.choice(items)
        more = min(more, LONGEST_PART // (len(write(item)) + 20))
        if isinstance(item, Keys):
            items += [renewed(item, number) for number in range(more)]


@on_tree
def drop_item(rng, tree):
    if found := lists(tree, list):
        items = rng.choice(found)
        del items[rng.randrange(len(items))]


@on_tree
def nest_value(rng, tree):
    """A value in many arrays or objects, which at times are not closed."""
    holder, index = some(rng, tree)
    depth, inner = rng.choice([1, 2, 100, 127, 128, 129, 5000, 100_000, 1_000_000]), write(holder[index])
    opening, closing = rng.choice([(b"[", b"]"), (b'{"a":', b"}"), (b'[{"data":', b"}]")])
    holder[index] = Raw(many(opening, depth) + inner + rng.choice([many(closing, depth)] * 3 + [b""]))


TREE_CHANGES = [
    set_number, set_number, set_number, set_text, set_text, set_long_text, set_other_kind, set_other_kind,
    quote_number, link_elsewhere, link_elsewhere, link_places, move_value, drop_key, drop_key,
    drop_key_everywhere, rename_key, repeat_key, add_keys, repeat_item, repeat_item, repeat_place,
    repeat_place, drop_item, nest_value, nest_value,
]
PLAN_CHANGES = BYTE_CHANGES + TREE_CHANGES * 2 + [
    replace_number, replace_number, drop_line, repeat_line, swap_lines, insert_run, prepend, re_encode,
]
