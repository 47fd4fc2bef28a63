#!/usr/bin/env python3
"""Makes a changed copy of a real workbook, so that no figure of the original can be known by heart.

  python3 tests/real/perturb.py --kind moz|col --workbook FILE --context CONTEXT.toml --seed N --out DIR

writes DIR/workbook.xlsx (values only; the sheets the context names and the thresholds; only the columns it maps)
and DIR/context.toml. Sheets are renamed and re-ordered, the rows of each sheet shuffled by themselves, and values
changed at random: people in need (whole and broken numbers, ties, zeros, blanks, absent groups that appear),
populations raised to hold them, phases (0 and blank too), outcome indicators on and beside their bounds, last
year's figures, thresholds (in the sheet and in the context alike). Preliminary and final values are then computed
from METHOD, and some final ones set otherwise: decisions. The same seed gives the same values.

Two things keep the copy free of input errors: phases stay whole, coping shares add up. A final PiN is changed only
where the severity is 3 or worse.
"""

import argparse
from fractions import Fraction
import math
from pathlib import Path
import random
import re
import tomllib

import openpyxl

from expected import expect
from workbook import HEADER_ROW, LAYOUTS, find_threshold_sheet, headers, number, open_book, phase, read_source
from workbook import threshold_cells, tidy

BAND_ROW = 2
MANUAL, REASON = "Manual Flag", {"moz": "Evidence & Comments", "col": "Pruebas y comentarios"}
NAMES = ("Tabelle", "Feuil", "Hoja (copia)", "Sheet ", "Página", "Données & co", "WS - 9.")
THRESHOLDS = {  # our key -> values to draw from, as the sheet and as the context write them
    "zero-or-missing-sectors": [(n, str(n)) for n in (2, 3, 4)],
    "first-over-second": [(p / 100, f'"{p}%"') for p in (20, 30, 45, 60)],
    "first-over-third": [(p / 100, f'"{p}%"') for p in (40, 50, 75)],
    "share-of-population": [(p / 100, f'"{p}%"') for p in (70, 80, 90)],
    "sectors-in-phase-5": [(n, str(n)) for n in (1, 2)],
    "sectors-in-phase-4-or-5": [(n, str(n)) for n in (4, 5)],
    "target-in-phase-3": [(p / 100, f'"{p}%"') for p in (40, 50)],
    "target-in-phase-4-or-5": [(p / 100, f'"{p}%"') for p in (90, 100)],
    "change-from-last-year": [(p / 100, f'"{p}%"') for p in (50, 100)],
}


class Sheet:
    """A sheet's kept columns, the bands above them and its rows as dictionaries."""

    def __init__(self, source, kept, pcode):
        columns = headers(source)
        self.title = source.title
        self.kept = [name for name in columns if name in kept]
        bands, band = {}, None
        for column in range(1, source.max_column + 1):
            band = source.cell(BAND_ROW, column).value or band
            bands[column] = band
        self.bands = [bands[columns[name]] for name in self.kept]
        self.rows = []
        for line in range(HEADER_ROW + 1, source.max_row + 1):
            row = {name: source.cell(line, columns[name]).value for name in self.kept}
            if not tidy(row[pcode]):
                break
            self.rows.append(row)


def kept_columns(context, sheets):
    """sheet -> headers that the context maps there; `Band / Header` counts by its header."""
    kept = {}
    for table in context["table"]:
        title = next(name for name in table["sheet"] if name in sheets)
        known = set(headers(sheets[title]))
        for names in table["columns"].values():
            for name in names:
                plain = name if name in known else name.split(" / ", 1)[-1]
                if plain not in known:
                    raise SystemExit(f"sheet `{title}` has no header `{name}`")
                kept.setdefault(title, set()).add(plain)
    return kept


# --- changes ------------------------------------------------------------------------------------------------


def some_people(rng, limit):
    limit = max(2, int(limit))
    style = rng.random()
    if style < 0.6:
        return rng.randint(0, limit)
    return round(rng.uniform(0, limit), rng.choice((1, 2, 6)))


def figure_headers(layout):
    return [*layout.sectors.values(), *layout.aor_in_need.values()]


def change_people(sheet, layout, rng):
    """Sector and AoR figures of the PiN sheet, and populations that hold them."""
    figures = list(dict.fromkeys(figure_headers(layout)))
    sectors = list(layout.sectors.values())
    for row in sheet.rows:
        if row[layout.population] is None:
            if rng.random() < 0.2:  # an absent group appears
                row[layout.population] = rng.randint(100, 90000)
                row.update({name: some_people(rng, row[layout.population]) for name in figures})
            continue
        for name in figures:
            draw = rng.random()
            if draw < 0.08:
                row[name] = some_people(rng, row[layout.population] * 1.1)
            elif draw < 0.11:
                row[name] = None
            elif draw < 0.13:
                row[name] = 0
        draw = rng.random()
        if draw < 0.15:  # a tie, often at the top
            one, other = rng.sample(sectors, 2)
            top = max((row[n] for n in sectors if is_number(row[n])), default=0)
            row[one] = row[other] = top if rng.random() < 0.7 else row[one]
        elif draw < 0.17:
            row.update({name: 0 for name in sectors})
        elif draw < 0.19:
            row.update({name: None for name in sectors[1:]})
        if MANUAL in row and rng.random() < 0.05:
            row[MANUAL] = "Flagged"
        largest = max((row[n] for n in figures if is_number(row[n])), default=0)
        row[layout.population] = max(row[layout.population], math.ceil(largest))


def is_number(raw):
    return isinstance(raw, (int, float))


def change_phases(sheet, layout, rng):
    """Phases of the sectors and AoRs; in some rows only a few sectors stay known."""
    sectors = list(layout.sectors.values())
    names = [name for name in dict.fromkeys([*sectors, *layout.aor_phase.values()]) if name in sheet.kept]
    outcomes = [name for name in layout.outcomes.values() if name in sheet.kept]
    aors = set(layout.aor_phase.values()) - set(sectors)
    for row in sheet.rows:
        # A unit that no AoR assessed has no population in the PiN sheet: a phase there would be an input error.
        assessed = any(number(row[name]) not in (None, 0) for name in aors if name in row)
        for name in names:
            draw = rng.random()
            if name in aors and not assessed:
                continue
            if draw < 0.15:
                row[name] = rng.randint(1, 5)
            elif draw < 0.19:
                row[name] = None
            elif draw < 0.20:
                row[name] = 0
            elif number(row[name]) not in (None, 0) and phase(row[name]) is None:
                row[name] = int(number(row[name]))
        for name in outcomes:
            if rng.random() < 0.1:
                row[name] = rng.choice((rng.randint(1, 5), "-", None, f"\u00a0\u00a0 {rng.randint(1, 5)}"))
        if rng.random() < 0.04:
            for name in rng.sample(sectors, rng.randint(len(sectors) - 3, len(sectors))):
                row[name] = None
        if MANUAL in row and rng.random() < 0.03:
            row[MANUAL] = "Flagged"


SHARES = (  # minimal to catastrophic, some exactly on 20 %
    (0.5, 0.3, 0.18, 0.02, None),
    (0.2, 0.6, 0, 0.01, 0.19),
    (0.3, 0.5, 0.1, 0.05, 0.05),
    (0.8, 0.2, None, None, None),
    (0.6, 0.1999, 0.1001, 0.05, 0.05),
    (0.25, 0.25, 0.2999, 0.2, None),
    (0.1, 0.1, 0.1, 0.1, 0.6),
    (0.4, 0.3, 0.099, 0.1, 0.101),
    (0.3917, 0.3022, 0.2457, 0.0605, None),
)


def change_outcomes(sheet, layout, rng):
    """Raw outcome indicators, on their bounds and beside them."""
    at = layout.reference
    choices = {
        at["whz"]: (None, 0.03, 0.0499, 0.05, 0.1, 0.15, 0.2999, 0.3, 0.31),
        at["muac"]: (None, None, 0, 0.05, 0.0501, 0.1, 0.1001, 0.15, 0.16),
        at["crude_death_rate"]: (None, None, None, 0, 0.4, 0.5, 1, 1.9, 2),
        at["under5_death_rate"]: (None, None, None, 0.9, 1, 2, 3.99, 4),
        at["civilian_casualties"]: (None, None, None, 0.1, 0.5, 1, 2, 7),
        at["epidemics"]: (None, 0, 1, 2.5, 3, 4, 4.75, 5),
        at["hr_ihl_violations"]: (None, 0, 1, 2, 3, 4, 5),
    }
    for row in sheet.rows:
        for name, values in choices.items():
            if rng.random() < 0.2:
                row[name] = rng.choice(values)
        if rng.random() < 0.3:
            row.update({at[f"coping{n + 1}"]: share for n, share in enumerate(rng.choice(SHARES))})


def change_history(sheet, pin, layout, rng):
    """Last year's figures: some exactly half of this year's (a change of 100 %), zeros, blanks, rows gone."""
    current = {(tidy(row[layout.pcode]), tidy(row[layout.group])): row for row in pin.rows}
    sheet.rows = [row for row in sheet.rows if rng.random() < 0.97]
    for row in sheet.rows:
        now = current[(tidy(row[layout.pcode]), tidy(row[layout.group]))]
        for sector, header in layout.previous.items():
            draw, new = rng.random(), now[layout.sectors[sector]]
            if draw < 0.1 and is_number(new):
                row[header] = new / 2
            elif draw < 0.2:
                row[header] = some_people(rng, 40000)
            elif draw < 0.24:
                row[header] = rng.choice((0, None))


def raw(value):
    """A fraction as the cell it came from: the shortest decimal is the same float again."""
    return int(value) if value.denominator == 1 else float(value)


def set_final_severity(sheet, expected, layout, kind, rng):
    for row in sheet.rows:
        unit = expected.severity[(tidy(row[layout.pcode]), tidy(row.get(layout.group)))]
        row[layout.final_severity] = unit.preliminary if rng.random() < 0.97 else None
        if unit.preliminary is not None and rng.random() < 0.08:
            row[layout.final_severity] = rng.choice([p for p in (1, 2, 3, 4, 5) if p != unit.preliminary])
            give_reason(row, kind, rng)


def set_final_in_need(sheet, expected, layout, kind, rng):
    for row in sheet.rows:
        unit = expected.pin[(tidy(row[layout.pcode]), tidy(row.get(layout.group)))]
        known = unit.preliminary is not None and unit.present
        row[layout.final_in_need] = raw(unit.preliminary) if known and rng.random() < 0.97 else None
        if known and unit.places and (unit.severity or 0) >= 3 and rng.random() < 0.1:
            other = unit.places[1][0] if len(unit.places) > 1 else unit.preliminary / 2
            if unit.preliminary - other >= 1:
                row[layout.final_in_need] = raw(other)
                give_reason(row, kind, rng)


def give_reason(row, kind, rng):
    row[REASON[kind]] = "changed for this test" if rng.random() < 0.6 else None


# --- writing ------------------------------------------------------------------------------------------------


def write_sheet(book, sheet, title):
    """Plain cells from column A, row 1 left empty, a band's title over its first kept column."""
    target = book.create_sheet(title)
    for column, (name, band) in enumerate(zip(sheet.kept, sheet.bands), start=1):
        if column == 1 or band != sheet.bands[column - 2]:
            target.cell(BAND_ROW, column, band)
        target.cell(HEADER_ROW, column, name)
        for line, row in enumerate(sheet.rows, start=HEADER_ROW + 1):
            cell = target.cell(line, column, row[name])
            if isinstance(row[name], str) and row[name].startswith("="):
                cell.data_type = "s"


def write_thresholds(book, source, title, changed, layout):
    target = book.create_sheet(title)
    for line in source.iter_rows():
        for cell in line:
            if cell.value is not None:
                target.cell(cell.row, cell.column, cell.value)
    cells = threshold_cells(target, layout)
    for name, (value, _) in changed.items():
        cells[name].value = value


def write_book(path, sheets, titles, thresholds, changed, layout, order):
    book = openpyxl.Workbook()
    book.remove(book.active)
    by_title = {sheet.title: sheet for sheet in sheets}
    for title in order:
        if title == thresholds.title:
            write_thresholds(book, thresholds, titles[title], changed, layout)
        else:
            write_sheet(book, by_title[title], titles[title])
    book.save(path)


def rewritten(text, titles, changed):
    """The context's text with the new sheet names and thresholds."""
    for old, new in titles.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    for name, (_, written) in changed.items():
        line = f"{name} = {written}"
        text, count = re.subn(rf"(?m)^{re.escape(name)} = .*$", line, text)
        if not count:
            text = text.replace("[intersectoral]\n", f"[intersectoral]\n{line}\n", 1)
    return text


def new_titles(titles, rng):
    numbers = rng.sample(range(10, 100), len(titles))
    return {title: f"{rng.choice(NAMES)} {number}" for title, number in zip(titles, numbers)}


def perturb(kind, workbook, context_path, seed, out):
    rng, layout = random.Random(seed), LAYOUTS[kind]
    context_text = Path(context_path).read_text(encoding="utf-8")
    book = open_book(workbook)
    by_title = {sheet.title: sheet for sheet in book.worksheets}
    kept = kept_columns(tomllib.loads(context_text), by_title)
    sheets = {title: Sheet(by_title[title], names, layout.pcode) for title, names in kept.items()}
    part = {
        name: next(sheet for sheet in sheets.values() if signature <= set(sheet.kept))
        for name, signature in layout.signatures.items()
    }

    change_people(part["pin"], layout, rng)
    change_phases(part["severity"], layout, rng)
    if "reference" in part:
        change_outcomes(part["reference"], layout, rng)
    if "previous" in part:
        change_history(part["previous"], part["pin"], layout, rng)
    for sheet in sheets.values():
        rng.shuffle(sheet.rows)
        for name in (layout.final_severity, layout.final_in_need):
            for row in sheet.rows:
                row.update({name: None} if name in row else {})

    thresholds = find_threshold_sheet(book, layout)
    changed = {name: rng.choice(values) for name, values in THRESHOLDS.items() if rng.random() < 0.5}
    order = [*sheets, thresholds.title]
    rng.shuffle(order)
    titles = new_titles(order, rng)
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    path = out / "workbook.xlsx"
    write = lambda: write_book(path, sheets.values(), titles, thresholds, changed, layout, order)

    write()  # with no final values: what METHOD says of the changed phases
    set_final_severity(part["severity"], expect(read_source(path, kind)), layout, kind, rng)
    write()  # with the final severities: what METHOD says of the people
    set_final_in_need(part["pin"], expect(read_source(path, kind)), layout, kind, rng)
    write()
    (out / "context.toml").write_text(rewritten(context_text, titles, changed), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", choices=("moz", "col"), required=True)
    for name in ("--workbook", "--context", "--out"):
        parser.add_argument(name, required=True)
    parser.add_argument("--seed", type=int, required=True)
    wanted = parser.parse_args()
    perturb(wanted.kind, wanted.workbook, wanted.context, wanted.seed, wanted.out)


if __name__ == "__main__":
    main()
