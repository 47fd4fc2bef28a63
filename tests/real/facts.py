"""METHOD against the sheet's own cached values, and both against the published figures."""

from collections import Counter
from fractions import Fraction

import method
import sheet
from expected import expect
from report import close, label
from workbook import is_odd_phase, is_zero, number, phase, tidy

# Published or standing in the workbook (METHOD 7, VECTORS 9.1 and 9.4): asserted with --published only.
PUBLISHED = {
    "moz": {
        "in need PRO-OVE": "890740",
        "in need GP": "606688",
        "in need CP": "553104",
        "in need GBV": "470555",
        "in need HLP": "283651",
        "mosaic group": "890740",
        "mosaic area": "836712",
        "mosaic country": "606688",
        "mosaic sum": "1913998",
        "cells with figures": "51",
        "districts where overall is the worst AoR": "20",
        "units with a preliminary severity": "159",
        "severity decisions": "0",
        "in-need decisions": "1",
        "units where a blank MUAC moves the malnutrition phase": "24",
        "units with a coping phase": "63",
        "zero phases": "139",
        "phases that are no whole number": "3",
    },
    "col": {
        "in need PRO-OVE": "6045891.252",
        "in need CP": "3871202.63",
        "in need GBV": "4104416.892",
        "units with a preliminary severity": "1121",
        "districts where overall is the worst AoR": "896",
        "severity decisions": "197",
        "in-need decisions": "0",
        "zero phases": "521",
        "phases that are no whole number": "0",
    },
}


def compare_with_sheet(source, report):
    if source.layout.cached_preliminary not in source.severity.columns:
        raise SystemExit("no cached results here: `facts` and `--published` fit the unchanged workbooks only")
    as_sheet = expect(source, blank_muac="zero")
    by_default = expect(source)
    report_phases(source, report)
    compare_overall(source, as_sheet, report)
    compare_severity(source, as_sheet, report)
    if source.reference is not None:
        compare_outcomes(source, as_sheet, by_default, report)
    compare_severity_flags(source, as_sheet, by_default, report)
    compare_places(source, as_sheet, report)
    compare_in_need(source, as_sheet, report)
    compare_in_need_flags(source, as_sheet, report)
    if source.layout.cached["change"]:
        compare_changes(source, as_sheet, report)
    else:
        report.note("change from last year: this sheet's look-up finds nothing (p-codes without letters)")


def phase_headers(source):
    """Every phase column of the severity sheet, each once: core sectors and AoRs."""
    layout = source.layout
    return list(dict.fromkeys([*layout.sectors.values(), *layout.aor_phase.values()]))


def phase_cells(source, wanted):
    """Addresses of the phase cells for which `wanted` holds."""
    table = source.severity
    return [
        (header, table.cell(key, header))
        for header in phase_headers(source)
        for key, row in table.rows.items()
        if header in row and wanted(row[header])
    ]


def report_phases(source, report):
    for name, wanted in (("0 (unknown, METHOD 4)", is_zero), ("no whole number (taken as unknown)", is_odd_phase)):
        cells = phase_cells(source, wanted)
        by_column = Counter(header for header, _ in cells)
        report.note(f"phases entered as {name}: {len(cells)}", [f"column `{h}`: {n}" for h, n in by_column.items()])


def compare_overall(source, expected, report):
    """METHOD 7: the overall figure of each cell; METHOD 5: the overall phase is the worst AoR."""
    layout = source.layout
    if source.kind == "moz":
        with report.point("overall in need = highest AoR of the cell, against the sheet") as point:
            for key, unit in expected.pin.items():
                if unit.present:
                    point.same(key, unit.overall, unit.in_need["protection"])
        for name, figure in mosaic_levels(expected).items():
            report.note(f"mosaic by {name}: {float(figure):,.0f}")
    else:
        larger = [label(key) for key, unit in expected.pin.items() if largest_aor(unit) > (unit.overall or 0)]
        report.note(f"an AoR above the overall figure given: {len(larger)} units (METHOD 12, a warning)", larger)
    equal, other = [], []
    for key, row in source.severity.rows.items():
        given, worst = phase(row.get(layout.overall_phase)), method.worst(expected.aor_phases[key].values())
        if given is not None:
            (equal if given == worst else other).append(f"{label(key)}: sheet {given}, worst AoR {worst}")
    report.note(f"overall phase = worst AoR: {len(equal)} of {len(equal) + len(other)} units with a phase", other)


def largest_aor(unit):
    return method.worst(unit.aors.values()) or Fraction(0)


def mosaic_levels(expected):
    return method.mosaic_levels({key: unit.aors for key, unit in expected.pin.items()})


def compare_severity(source, expected, report):
    """METHOD 8: the preliminary severity; METHOD 11: a final one that differs is a decision."""
    layout = source.layout
    with report.point("preliminary severity of the units with a known phase, against the sheet") as point:
        for key, unit in expected.severity.items():
            if unit.preliminary is not None:
                point.same(key, unit.preliminary, phase(source.severity.rows[key].get(layout.cached_preliminary)))
    unknown = {key: unit for key, unit in expected.severity.items() if unit.preliminary is None}
    with_final = [f"{label(key)}: final {unit.given_final}" for key, unit in unknown.items() if unit.given_final]
    report.note(f"units with no known phase: {len(unknown)}, of which the sheet gives a final severity to", with_final)
    few = sum(1 for unit in expected.severity.values() if 0 < len(unit.known) < 4)
    report.note(f"units with one to three known core phases (low coverage, METHOD 14.4): {few}")
    pairs = Counter((unit.preliminary, unit.final) for _, unit in severity_decisions(expected))
    items = [f"{old} -> {new}: {n}" for (old, new), n in sorted(pairs.items())]
    report.note(f"severity decisions (final differs from preliminary, both known): {sum(pairs.values())}", items)
    with report.point("severity of the PiN sheet = final severity joined by p-code") as point:
        for key, unit in expected.pin.items():
            point.same(key, unit.severity, phase(source.pin.rows[key].get(layout.cached["severity"])))


def severity_decisions(expected):
    return [
        (key, unit)
        for key, unit in expected.severity.items()
        if None not in (unit.preliminary, unit.given_final) and unit.preliminary != unit.given_final
    ]


def in_need_decisions(expected):
    return [
        (key, unit)
        for key, unit in expected.pin.items()
        if None not in (unit.preliminary, unit.given_final) and not close(unit.preliminary, unit.given_final)
    ]


def compare_outcomes(source, as_sheet, by_default, report):
    """METHOD 8, outcome indicators; METHOD 5, the 20 % rule with `more-than`."""
    for name, header in source.layout.cached["outcomes"].items():
        known = 0
        with report.point(f"outcome {name}, a blank MUAC as zero, against the sheet") as point:
            for key, unit in as_sheet.severity.items():
                point.same(key, unit.outcomes[name], number(source.severity.rows[key].get(header)))
                known += unit.outcomes[name] is not None
        report.note(f"outcome {name}: known in {known} units")
    items = [
        f"{label(key)}: METHOD {unit.outcomes['malnutrition']}, sheet {as_sheet.severity[key].outcomes['malnutrition']}"
        for key, unit in by_default.severity.items()
        if unit.outcomes["malnutrition"] != as_sheet.severity[key].outcomes["malnutrition"]
    ]
    report.note(f"malnutrition by METHOD's default (a blank MUAC is missing) differs: {len(items)} units", items)


def compare_severity_flags(source, as_sheet, by_default, report):
    """METHOD 8, flags on severity. Where the sheet ranks text above numbers, its formula is repeated to explain it."""
    for flag, header in source.layout.cached["severity_flags"].items():
        differing = []
        with report.point(f"severity flag {flag}, each difference from the sheet explained") as point:
            for key, unit in as_sheet.severity.items():
                in_sheet = source.severity.rows[key].get(header) == "Flagged"
                in_method = flag in unit.flags
                if in_method == in_sheet:
                    point.same(key, in_method, in_sheet)
                    continue
                why = explain_severity_flag(source, key, unit, flag)
                point.same(key, why, in_sheet, equal=why == in_sheet)
                differing.append(f"{label(key)}: METHOD {in_method}, sheet {in_sheet} ({raw_outcomes(source, key)})")
        counts = f"METHOD flags {sum(flag in u.flags for u in as_sheet.severity.values())}"
        if differing:
            differ = f"{len(differing)} units differ: text where numbers belong"
            report.note(f"severity flag {flag}: {counts}, {differ}", differing)
            causes = Counter(line.partition(": ")[2].partition(";")[0] for line in differing)
            report.note(f"severity flag {flag}: these by cause", [f"{cause}): {n}" for cause, n in causes.items()])
        moved = [
            label(key)
            for key, unit in by_default.severity.items()
            if (flag in unit.flags) != (flag in as_sheet.severity[key].flags)
        ]
        if moved:
            report.note(f"severity flag {flag}: a missing MUAC taken as missing moves {len(moved)} units", moved)


def explain_severity_flag(source, key, unit, flag):
    """What the sheet's formula gives when its text cells count as Excel counts them; None: not explained."""
    cells = [source.severity.rows[key].get(header) for header in source.layout.outcomes.values()]
    if not any(isinstance(raw, str) and raw for raw in cells):
        return None
    if flag == "outcome-two-phases-away":
        return sheet.two_phases_away(cells, unit.preliminary)
    if flag == "outcomes-one-phase-away":
        return sheet.one_phase_away(cells, unit.preliminary)
    return None


def raw_outcomes(source, key):
    """The outcome cells with what is wrong about them, and the preliminary severity."""
    row = source.severity.rows[key]
    words = [
        f"{name} `{tidy(row.get(header))}` as text"
        for name, header in source.layout.outcomes.items()
        if isinstance(row.get(header), str)
    ]
    return f"{', '.join(words)}; preliminary {phase(row.get(source.layout.cached_preliminary))}"


def compare_places(source, expected, report):
    """METHOD 8: highest, second and third PiN, all tied sectors named."""
    without = []
    for place, (value_header, sectors_header) in enumerate(source.layout.cached["places"]):
        with report.point(f"place {place + 1} of PiN with its sectors, against the sheet") as point:
            for key, unit in expected.pin.items():
                row = source.pin.rows[key]
                if not unit.places and not any(unit.in_need.values()) and unit.present:
                    without.append(f"{label(key)}: the sheet's place {place + 1} is `{tidy(row.get(value_header))}`")
                    continue
                value, sectors = unit.places[place] if place < len(unit.places) else (None, [])
                names = [source.layout.sectors[s] for s in sectors]
                in_sheet = (number(row.get(value_header)), tidy(row.get(sectors_header)).split("\n"))
                point.same(key, (value, names or [""]), in_sheet)
    if without:
        report.note("every sector is zero: METHOD 14.13 names no place, the sheet ranks the zeros", without)


def compare_in_need(source, expected, report):
    """METHOD 8: preliminary PiN, targets; METHOD 11: the decisions on PiN."""
    for name in ("in_need_preliminary", "targeted", "prioritised"):
        header = source.layout.cached.get(name)
        if header is None:
            continue
        attribute = name.removeprefix("in_need_")
        with report.point(f"{name}, against the sheet") as point:
            for key, unit in expected.pin.items():
                value = getattr(unit, attribute)
                point.same(key, value or Fraction(0), number(source.pin.rows[key].get(header)) or Fraction(0))
    decisions = in_need_decisions(expected)
    items = [f"{label(k)}: {float(u.preliminary):,.0f} -> {float(u.given_final):,.0f}" for k, u in decisions]
    report.note(f"in-need decisions (final differs from preliminary): {len(items)}", items)


def compare_in_need_flags(source, expected, report):
    """METHOD 8: the flags that do not look back a year, at the sheet's own thresholds."""
    for flag, header in source.layout.cached["in_need_flags"].items():
        with report.point(f"in-need flag {flag}, against the sheet") as point:
            for key, unit in expected.pin.items():
                point.same(key, flag in unit.flags, source.pin.rows[key].get(header) == "Flagged")


def compare_changes(source, expected, report):
    """METHOD 8, last item, against the sheet's look-up of the highest and second highest sectors."""
    compare_history(source, expected, report)
    for place, (header, _) in enumerate(source.layout.cached["change"]):
        causes, agreed = {}, 0
        with report.point(f"the sheet's look-up of change for place {place + 1}, repeated") as point:
            for key, unit in expected.pin.items():
                tied = unit.places[place][1] if place < len(unit.places) else []
                cached = source.pin.rows[key].get(header)
                repeated = sheet.looked_up_change(source, key, tied)
                point.same(key, as_number_or_text(repeated), as_number_or_text(cached))
                cause = departure(source, key, unit, tied, cached)
                if cause is None:
                    agreed += 1
                else:
                    causes.setdefault(cause, []).append(departure_line(key, unit, tied, cached))
        report.note(f"change for place {place + 1}: sheet and METHOD agree in {agreed} of {len(expected.pin)} rows")
        for cause, items in causes.items():
            report.note(f"change for place {place + 1}, {cause}: {len(items)} rows", items)
    compare_change_flags(source, expected, report)


def compare_history(source, expected, report):
    """The history sheet's own figures of this year against the PiN sheet."""
    items = []
    for key, unit in expected.pin.items():
        for sector, header in source.layout.previous.items():
            new = source.previous.number(key, header.replace(" - old", " - new")) or 0
            now = unit.in_need[sector] or 0
            if not close(Fraction(now), Fraction(new)):
                items.append(f"{label(key)} {sector}: history {show(new)}, PiN sheet {show(now)}")
    report.note(f"this year's figures in the history sheet that differ from the PiN sheet: {len(items)}", items)


def as_number_or_text(raw):
    value = number(raw)
    return tidy(raw) if value is None else value


def departure(source, key, unit, tied, cached):
    """Why the sheet's cell is not METHOD's change; None when they agree."""
    changes = [unit.changes[sector][2] for sector in tied]
    if not tied:
        return "group not present: blanks equal blanks and the cell shows an error"
    if len(tied) > 1:
        return "several sectors tied: the look-up gives an array and the cell shows an error"
    if close(changes[0], number(cached)):
        return None
    first = sheet.first_row_of_area(source.previous, key[0])
    if first != key:
        return "ID not unique: the first row of the district was read, another group's"
    if changes[0] is None:
        return f"no change can be computed, the sheet shows `{tidy(cached)}`"
    if number(cached) is None:
        return "text in the history sheet"
    return "the same row, rounded to one decimal"


def departure_line(key, unit, tied, cached):
    parts = []
    for sector in tied:
        old, new, change = unit.changes[sector]
        shown = "no number" if change is None else f"{float(change):.4f}"
        parts.append(f"{sector} {shown} ({show(old)} -> {show(new)})")
    return f"{label(key)}: METHOD {'; '.join(parts) or 'nothing'}; sheet `{tidy(cached)}`"


def show(value):
    return "blank" if value is None else f"{float(value):g}"


def compare_change_flags(source, expected, report):
    """The flag on change: METHOD's (either place) against the sheet's two columns."""
    threshold = source.thresholds["change-from-last-year"]
    items, agreed = [], 0
    with report.point("the sheet's flags on change, repeated from its look-up") as point:
        for key, unit in expected.pin.items():
            row, in_sheet, repeated = source.pin.rows[key], [], []
            for place, (_, header) in enumerate(source.layout.cached["change"]):
                tied = unit.places[place][1] if place < len(unit.places) else list(blank_sectors(unit))
                in_sheet.append(row.get(header) == "Flagged")
                repeated.append(sheet.looked_up_flag(source, key, tied, threshold))
            point.same(key, repeated, in_sheet)
            in_method = "change-from-last-year" in unit.flags
            if in_method == any(in_sheet):
                agreed += 1
                continue
            first = sheet.first_row_of_area(source.previous, key[0])
            other_row = first != key
            cause = "the first row of the district was read" if other_row else "text among ties, or rounding"
            items.append(f"{label(key)}: METHOD {in_method}, sheet {any(in_sheet)} ({cause})")
    report.note(f"flag change-from-last-year: agrees in {agreed} of {len(expected.pin)} rows, differs in", items)


def blank_sectors(unit):
    return [sector for sector, value in unit.in_need.items() if value is None]


def measured(source):
    """The figures that were published, computed from the workbook handed in."""
    expected, by_default = expect(source, "zero"), expect(source)
    units = expected.pin.values()
    found = {"in need PRO-OVE": method.total([u.overall for u in units])}
    for aor in source.layout.aor_in_need:
        found[f"in need {aor}"] = method.total([u.aors[aor] for u in units])
    for name, figure in mosaic_levels(expected).items():
        found[f"mosaic {name}"] = figure
    found["cells with figures"] = sum(u.present for u in units)
    found["districts where overall is the worst AoR"] = sum(
        1
        for key, row in source.severity.rows.items()
        if phase(row.get(source.layout.overall_phase)) is not None
        and phase(row.get(source.layout.overall_phase)) == method.worst(expected.aor_phases[key].values())
    )
    severities = expected.severity.values()
    found["units with a preliminary severity"] = sum(u.preliminary is not None for u in severities)
    found["severity decisions"] = len(severity_decisions(expected))
    found["in-need decisions"] = len(in_need_decisions(expected))
    found["units with a coping phase"] = sum(u.outcomes["livelihood_coping"] is not None for u in severities)
    found["units where a blank MUAC moves the malnutrition phase"] = sum(
        u.outcomes["malnutrition"] != by_default.severity[key].outcomes["malnutrition"]
        for key, u in expected.severity.items()
    )
    found["zero phases"] = len(phase_cells(source, is_zero))
    found["phases that are no whole number"] = len(phase_cells(source, is_odd_phase))
    return found


def compare_with_published(source, report):
    found = measured(source)
    for name, figure in PUBLISHED[source.kind].items():
        with report.point(f"published: {name} = {figure}") as point:
            point.same(source.kind, Fraction(figure), found[name])
