"""Holds what `pinpoint dump` reads from messy files against what they mean, worked out by another hand.

    python3 tests/messy.py PINPOINT FOLDER

FOLDER holds pairs of a file and its `.expected.json`: for each table the rows that count, field by field. Numbers may differ
by 1e-9.
"""

import json
import pathlib
import subprocess
import sys
import unicodedata

CORPUS = pathlib.Path(__file__).parent.parent / "fixtures/corpus"
OURS = {"population_group": "group"}
QUESTIONS = {"prt01", "prt02", "prt03", "prt04"}


def shaped(value):
    """A value as it is compared: numbers to nine places, texts in one form."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return round(float(value), 9)
    return unicodedata.normalize("NFC", value.strip())


def read(program, path, hints):
    context = "context.toml"
    if hints.get("decimal") == ",":
        context = "context-comma.toml"
    if hints.get("strip_group_prefix"):
        context = "context-form.toml"
    command = [program, "dump", "--households", path, "--framework", CORPUS / "framework", "--context", CORPUS / context]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if not done.stdout:
        sys.exit(f"{path.name}: {done.stderr}")
    return json.loads(done.stdout)["tables"]


def ours(field, kind):
    """Our name of a field; questions to households have names of their own in the framework."""
    field = OURS.get(field, field.lower())
    field = field.replace("_pct", "_percent")
    return f"hh_{field}" if kind == "households" and field in QUESTIONS else field


def rows_of(table, fields, kind):
    named = lambda values: {name.lower().replace("-", "_"): value for name, value in values.items()}
    rows = []
    for row in table["rows"]:
        values = named(row["values"])
        rows.append({field: shaped(values.get(ours(field, kind))) for field in fields})
    return rows


def main(program, folder):
    files, wrong = 0, 0
    for expected in sorted(pathlib.Path(folder).glob("*.expected.json")):
        case = json.loads(expected.read_text(encoding="utf-8"))
        hints = case["reader_hints"]
        tables = {table["table"]: table for table in read(program, expected.parent / case["file"], hints)}
        files += 1
        for kind, want in case["data"].items():
            fields = list(want[0])
            want = [{field: shaped(value) for field, value in row.items()} for row in want]
            got = rows_of(tables[kind], fields, kind) if kind in tables else []
            if hints.get("order") == "ignore":
                order = lambda row: json.dumps(row, sort_keys=True)
                got, want = sorted(got, key=order), sorted(want, key=order)
            if got != want:
                wrong += 1
                first = next((pair for pair in zip(got, want) if pair[0] != pair[1]), (len(got), len(want)))
                print(f"{case['file']}, {kind}: {len(got)} rows, {len(want)} wanted; {first}")
            aside = {f"{kind}!{row['row']}" for row in tables.get(kind, {}).get("set_aside", [])}
            for ignored in case["rows_ignored"]:
                sheet, row = ignored.split("!")
                if sheet == kind and f"{sheet}!{row.lstrip('ABCDEFGHIJ')}" not in aside:
                    wrong += 1
                    print(f"{case['file']}: {ignored} is not among the rows set aside")
    print(f"{files} files read, {wrong} differences")
    sys.exit(bool(wrong) or not files)


if __name__ == "__main__":
    main(*sys.argv[1:])
