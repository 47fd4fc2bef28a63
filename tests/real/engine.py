"""The engine's figures.csv, severity.csv and analysis.json against METHOD."""

import csv
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import method
from expected import expect
from facts import in_need_decisions, mosaic_levels, phase_cells, severity_decisions
from report import close, label, text
from workbook import is_zero, number, tidy

OVERALL = ("overall", "PRO-OVE")
INTERSECTORAL = ("intersectoral", "intersectoral")


class Outputs:
    """What the engine wrote, keyed by p-code and group; rows of leaves and pockets are left aside."""

    def __init__(self, folder):
        folder = Path(folder)
        self.figures, self.levels = {}, {}
        for row in read_csv(folder / "figures.csv"):
            self.levels[row["pcode"]] = int(row["level"])
            if not (row["sex"] or row["age"] or row["pocket"]):
                self.figures[(row["pcode"], row["population_group"], row["scope"], row["code"])] = row
        self.severity = {
            (row["pcode"], row["population_group"], row["scope"], row["code"]): row
            for row in read_csv(folder / "severity.csv")
            if not row["pocket"]
        }
        self.analysis = read_json(folder / "analysis.json")
        self.units = {(u["pcode"], u.get("group") or ""): u for u in self.analysis["intersectoral"]}

    def figure(self, key, scope_and_code, column="in_need"):
        row = self.figures.get((*key, *scope_and_code))
        return None if row is None else number(row[column])

    def phase(self, key, scope_and_code):
        row = self.severity.get((*key, *scope_and_code))
        return None if row is None else number(row["phase"])

    def unit(self, key):
        return self.units.get(key, {})


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file, parse_float=lambda digits: Fraction(Decimal(digits)))


def compare_with_engine(source, folder, blank_muac, report):
    outputs, expected = Outputs(folder), expect(source, blank_muac)
    compare_figures(expected, outputs, source, report)
    compare_totals(expected, outputs, source, report)
    if source.kind == "moz":
        compare_mosaic_levels(expected, outputs, report)
    compare_phases(expected, outputs, report)
    compare_severity_units(expected, outputs, report)
    compare_pin_units(expected, outputs, report)
    if source.previous is not None:
        compare_changes(source, expected, outputs, report)
    compare_decisions(expected, outputs, report)
    compare_zero_phases(source, outputs, report)


# --- figures.csv: METHOD 6.4, 7, 9 -------------------------------------------------------------------


def series(expected, source):
    """(scope, code) -> {unit: people}: each AoR as given, overall, the final PiN across sectors."""
    found = {OVERALL: {key: unit.overall for key, unit in expected.pin.items()}}
    for aor in source.layout.aor_in_need:
        found[("aor", aor)] = {key: unit.aors[aor] for key, unit in expected.pin.items()}
    # No place at all (every sector zero or blank, METHOD 14.13): unknown and 0 both say that nobody is counted.
    # A group that is not there has no row of its own (METHOD 14.9).
    found[INTERSECTORAL] = {
        key: unit.final if unit.present else None for key, unit in expected.pin.items() if unit.places or not unit.present
    }
    return found


def is_assessed(expected, key):
    """METHOD 14.4: a unit with one to three known core phases is left out of summaries."""
    area = expected.severity.get((key[0], "")) or expected.severity.get(key)
    known = sum(phase is not None for phase in area.phases.values()) if area else 0
    return not 0 < known < 4


def compare_figures(expected, outputs, source, report):
    """METHOD 6.4 and 7: each cell's figure, unrounded; an unknown figure is an empty field, never 0."""
    for (scope, code), figures in series(expected, source).items():
        with report.point(f"figures.csv: in need {code} per cell") as point:
            for key, value in figures.items():
                point.same(key, value, outputs.figure(key, (scope, code)))
    with report.point("figures.csv: population per cell") as point:
        for key, unit in expected.pin.items():
            if unit.overall is not None:
                point.same(key, unit.population, outputs.figure(key, OVERALL, "population"))
    wanted = "group" if source.kind == "moz" else "independent"
    with report.point(f"figures.csv: overall is marked `{wanted}`") as point:
        for key, unit in expected.pin.items():
            if unit.overall is not None:
                row = outputs.figures.get((*key, *OVERALL), {})
                point.same(key, wanted, row.get("mosaic"))


def compare_totals(expected, outputs, source, report):
    """METHOD 14.6: above the unit a figure is the sum of the children."""
    countries = [pcode for pcode, level in outputs.levels.items() if level == 0]
    with report.point("figures.csv: one country row") as point:
        point.same("level 0", 1, len(countries))
    if len(countries) != 1:
        return
    for scope_and_code, figures in series(expected, source).items():
        with report.point(f"figures.csv: in need {scope_and_code[1]} summed up to the country") as point:
            if scope_and_code == INTERSECTORAL:
                figures = {key: value for key, value in figures.items() if is_assessed(expected, key)}
            for place, value in sums_above(figures, expected.parent, countries[0]).items():
                point.same(place, value, outputs.figure(place, scope_and_code))
            country = outputs.figure((countries[0], ""), scope_and_code)
        report.note(f"country figure {scope_and_code[1]}: {text(country)}")
    with report.point("figures.csv: targeted across sectors summed up to the country") as point:
        targeted = {key: unit.targeted for key, unit in expected.pin.items() if unit.places and is_assessed(expected, key)}
        for place, value in sums_above(targeted, expected.parent, countries[0]).items():
            point.same(place, value, outputs.figure(place, INTERSECTORAL, "targeted"))


def sums_above(figures, parent, country):
    """(area, group) -> sum, for the area's own total, admin 1 and the country, with and without the group."""
    sums = {(country, ""): None}
    for (area, group), value in figures.items():
        above = {(area, ""), (parent[area], group), (parent[area], ""), (country, group), (country, "")}
        for place in above - {(area, group)}:
            if value is not None:
                sums[place] = (sums.get(place) or 0) + value
    return sums


def compare_mosaic_levels(expected, outputs, report):
    """METHOD 7: the level at which the maximum is taken changes the figure; all are printed."""
    found = outputs.analysis.get("mosaic_levels") or {}
    with report.point("analysis.json: mosaic_levels") as point:
        for name, value in mosaic_levels(expected).items():
            point.same(name, value, found.get(name))


# --- severity.csv: METHOD 5 --------------------------------------------------------------------------


def compare_phases(expected, outputs, report):
    """METHOD 5: AoR phases as given, overall the worst AoR (or given), the final intersectoral severity."""
    with report.point("severity.csv: AoR phases") as point:
        for key, phases in expected.aor_phases.items():
            for aor, value in phases.items():
                point.same((*key, aor), value, outputs.phase(key, ("aor", aor)))
    with report.point("severity.csv: overall protection phase") as point:
        for key, value in expected.overall_phases.items():
            point.same(key, value, outputs.phase(key, OVERALL))
    with report.point("severity.csv: final intersectoral severity") as point:
        for key, unit in expected.severity.items():
            if unit.preliminary is not None:
                point.same(key, unit.final, outputs.phase(key, INTERSECTORAL))
    groups = [key for key, unit in expected.pin.items() if key[1] and unit.overall is not None]
    if groups:
        with report.point("severity.csv: the area's overall phase holds for its groups") as point:
            for key in groups:
                point.same(key, expected.overall_phases.get((key[0], "")), outputs.phase(key, OVERALL))


# --- analysis.json, intersectoral: METHOD 8 ------------------------------------------------------------


def compare_severity_units(expected, outputs, report):
    with report.point("intersectoral: preliminary severity") as point:
        for key, unit in expected.severity.items():
            point.same(key, unit.preliminary, outputs.unit(key).get("severity_preliminary"))
    with report.point("intersectoral: final severity") as point:
        for key, unit in expected.severity.items():
            found = outputs.unit(key).get("severity_final")
            # A final severity on a unit that the rule leaves unknown: recorded as a decision or left unknown.
            allowed = {unit.final} if unit.preliminary is not None else {None, unit.given_final}
            point.same(key, unit.final, found, equal=found in allowed)
    with report.point("intersectoral: sector phases") as point:
        for key, unit in expected.severity.items():
            found = outputs.unit(key).get("sector_phases") or {}
            for sector, value in unit.phases.items():
                if sector not in unit.odd:
                    point.same((*key, sector), value, found.get(sector))
    with report.point("intersectoral: number of known sectors and low coverage") as point:
        for key, unit in expected.severity.items():
            compare_coverage(point, key, unit, outputs.unit(key))
    compare_outcomes(expected, outputs, report)
    for flag in ("sectors-in-phase-5", "sectors-in-phase-4-or-5", "outcome-two-phases-away", "outcomes-one-phase-away"):
        with report.point(f"intersectoral: severity flag {flag}") as point:
            for key, unit in expected.severity.items():
                found = flag in (outputs.unit(key).get("severity_flags") or [])
                point.same(key, flag in unit.flags, found)


def compare_coverage(point, key, unit, found):
    """METHOD 14.4. Phases that are no whole number (the file holds three) may be counted or not."""
    known = len(unit.known)
    counted = found.get("known_sectors")
    counted = len(counted) if isinstance(counted, list) else counted
    point.same(key, known, counted, equal=counted in range(known, known + len(unit.odd) + 1))
    if known and not unit.odd:
        point.same((*key, "low coverage"), known < 4, found.get("low_coverage"))


def compare_outcomes(expected, outputs, report):
    names = next(iter(expected.severity.values())).outcomes
    for name in names:
        with report.point(f"intersectoral: outcome {name}") as point:
            for key, unit in expected.severity.items():
                found = (outputs.unit(key).get("outcomes") or {}).get(name)
                point.same(key, unit.outcomes[name], found)


def compare_pin_units(expected, outputs, report):
    present = {key: unit for key, unit in expected.pin.items() if unit.present}
    with report.point("intersectoral: sector PiN as given") as point:
        for key, unit in present.items():
            found = outputs.unit(key).get("sector_in_need") or {}
            for sector, value in unit.in_need.items():
                point.same((*key, sector), value, found.get(sector))
    compare_places(present, outputs, report)
    for name, attribute in (
        ("in_need_preliminary", "preliminary"),
        ("in_need_final", "final"),
        ("targeted", "targeted"),
        ("prioritised", "prioritised"),
    ):
        with report.point(f"intersectoral: {name}") as point:
            for key, unit in present.items():
                value, found = getattr(unit, attribute), outputs.unit(key).get(name)
                nobody = not unit.places and value in (None, 0) and found in (None, 0)
                point.same(key, value, found, equal=True if nobody else None)
    for flag in (
        "zero-or-missing-sectors",
        "first-over-second",
        "first-over-third",
        "share-of-population",
        "sub-population-sector",
        "change-from-last-year",
    ):
        with report.point(f"intersectoral: in-need flag {flag}") as point:
            for key, unit in present.items():
                found = flag in (outputs.unit(key).get("in_need_flags") or [])
                point.same(key, flag in unit.flags, found)
    with report.point("intersectoral: manual flag") as point:
        for key in sorted({*present, *expected.severity}):
            found = outputs.unit(key)
            raised = "manual" in [*(found.get("in_need_flags") or []), *(found.get("severity_flags") or [])]
            point.same(key, is_manual(expected, key), raised)


def is_manual(expected, key):
    by_people = key in expected.pin and "manual" in expected.pin[key].flags
    return by_people or (key in expected.severity and expected.severity[key].manual)


def compare_places(present, outputs, report):
    """METHOD 8 and 14.13: the places, the sectors tied there, share of population, excess of the first."""
    names = ("places of PiN", "share of population", "difference to the first")
    points = [report.point(f"intersectoral: {name}") for name in names]
    for key, unit in present.items():
        found = outputs.unit(key).get("places") or []
        values = [(place.get("in_need"), sorted(place.get("sectors") or [])) for place in found]
        wanted = [(value, sorted(sectors)) for value, sectors in unit.places]
        alike = len(values) == len(wanted) and all(same_place(a, b) for a, b in zip(wanted, values))
        points[0].same(key, wanted, values, equal=alike)
        for number_of_place, (value, _) in enumerate(unit.places[: len(found)]):
            where = (*key, f"place {number_of_place + 1}")
            share = value / unit.population if unit.population else None
            points[1].same(where, share, found[number_of_place].get("share_of_population"))
            if number_of_place:
                excess = method.over(unit.places[0][0], value)
                points[2].same(where, excess, found[number_of_place].get("difference"))
    for point in points:
        report.print_point(point)


def same_place(wanted, found):
    return wanted[1] == found[1] and found[0] is not None and close(wanted[0], Fraction(found[0]))


# --- changes, decisions, findings -------------------------------------------------------------------------


def compare_changes(source, expected, outputs, report):
    """METHOD 8, last item: joined by p-code and group, unrounded; from 0 it is `new`, not a number."""
    found = {
        (c["pcode"], c.get("group") or "", c["scope"], c["code"]): c
        for c in outputs.analysis["changes"]
        if c["figure"] == "in-need" and not c.get("pocket")
    }
    with report.point("changes: each sector's change from last year") as point:
        for key, unit in expected.pin.items():
            for sector, (old, new, _) in unit.changes.items():
                compare_change(point, found, (*key, "sector", sector), old, new)
    with report.point("changes: overall protection's change from last year") as point:
        header = source.layout.previous["protection"]
        for key, unit in expected.pin.items():
            compare_change(point, found, (*key, *OVERALL), source.previous.number(key, header), unit.overall)


def compare_change(point, found, where, old, new):
    entry = found.get(where, {})
    wanted = method.change(old, new)
    point.same(where, wanted, entry.get("change"))
    if wanted is not None:
        point.same((*where, "status"), "compared", entry.get("status"))
    elif old == 0 and new:
        point.same((*where, "status"), "new", entry.get("status"))


def compare_decisions(expected, outputs, report):
    """METHOD 11: a final value that differs from its rule is a decision, both values kept."""
    found = {"phase": {}, "in-need": {}}
    for d in outputs.analysis["decisions"]:
        if d["scope"] == "intersectoral":
            what = d["what"].replace("_", "-")
            found.setdefault(what, {})[(d["pcode"], d.get("group") or "")] = (value_of(d["old"]), value_of(d["new"]))
    wanted = {key: (unit.preliminary, unit.given_final) for key, unit in severity_decisions(expected)}
    unruled = {key for key, unit in expected.severity.items() if unit.preliminary is None and unit.given_final}
    extra = sorted(label(key) for key in found["phase"] if key in unruled)
    ruled = {key: pair for key, pair in found["phase"].items() if key not in unruled}
    compare_decision_sets("decisions: severity", wanted, ruled, report)
    if unruled:
        report.note(f"units with a final severity where the rule knows none: {len(unruled)}; as decisions:", extra)
    wanted = {key: (unit.preliminary, unit.given_final) for key, unit in in_need_decisions(expected)}
    placeless = {key for key, unit in expected.pin.items() if not unit.places}
    placed = {key: pair for key, pair in found["in-need"].items() if key not in placeless}
    compare_decision_sets("decisions: in need", wanted, placed, report)


def value_of(raw):
    """A decision's old or new value: a JSON number, or its text."""
    return number(raw) if isinstance(raw, str) else None if raw is None else Fraction(raw)


def compare_decision_sets(name, wanted, found, report):
    with report.point(f"{name}: {len(wanted)} decisions, no more") as point:
        point.same("number of decisions", len(wanted), len(found))
        for key, (old, new) in wanted.items():
            pair = found.get(key, (None, None))
            point.same((*key, "old"), old, pair[0])
            point.same((*key, "new"), new, pair[1])
        for key in sorted(set(found) - set(wanted)):
            point.failed(f"{label(key)}: {text(found[key])} is no decision")


def compare_zero_phases(source, outputs, report):
    """METHOD 4: a phase entered as 0 is unknown, with a warning at its cell."""
    wanted = {cell for _, cell in phase_cells(source, is_zero)}
    found = [f for f in outputs.analysis["findings"] if f["code"] == "phase-zero"]
    cells = {tidy(f.get("cell")) for f in found if f.get("sheet") == source.severity.title}
    with report.point("findings: phase-zero, one at each cell") as point:
        point.same("number of cells", len(wanted), len(cells))
        for cell in sorted(wanted | cells):
            point.same(f"zero at {cell}", cell in wanted, cell in cells)
    elsewhere = [f for f in found if f.get("sheet") != source.severity.title]
    if elsewhere:
        report.note("phase-zero findings in other sheets", [f"{f.get('sheet')} {f.get('cell')}" for f in elsewhere])
