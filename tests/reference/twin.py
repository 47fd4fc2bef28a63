"""An independent twin of the engine: slow, plain, and written from docs/method.md, docs/formats.md and docs/frameworks.md alone.

It reads an example folder (`sheets/*.csv` and `context.toml`) and a framework folder, and writes what the engine is
expected to find: figures.csv, severity.csv, intersectoral.csv, changes.csv and priorities.csv.

    python3 tests/reference/twin.py fixtures/two-islands frameworks/area-coefficient/2026.1
    python3 tests/reference/twin.py fixtures/two-islands frameworks/area-coefficient/2026.1 SOME/OTHER/FOLDER

Only the standard library. Numbers are exact fractions. What a rule leaves open is marked SETTLED, with what was chosen.
What this twin does not cover (household tables, pockets, areas without groups, other ways to combine, derived figures,
sums beside their parts, leaves without people, affected people of the population, AoRs out of play) stops it with a
message; it never guesses.
"""

import csv
import sys
import tomllib
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path

AORS = ["GP", "CP", "GBV", "HLP", "MA"]
OVERALL = "PRO-OVE"
SECTORS = ["cccm", "education", "nutrition", "food-security", "health", "protection", "shelter", "wash"]
OUTCOMES = ["mortality", "malnutrition", "epidemics", "livelihood_coping", "hr_ihl_violations"]
WHOLE = ""  # the group of a row that speaks for the whole area


def stop(message):
    raise SystemExit("twin: " + message)


# --- numbers ---------------------------------------------------------------------------------------------------


def number(text):
    """A number as an exact fraction; blank is None, never 0."""
    return None if text == "" else Fraction(Decimal(text))


def percent(text):
    """A share of a framework file: always with its sign."""
    if not text.endswith("%"):
        stop("a share without its sign: " + text)
    return Fraction(Decimal(text[:-1])) / 100


def round_half_up(value, places):
    scale = 10**places
    return Fraction(floor(value * scale + Fraction(1, 2)), scale)


def people(product):
    """A product of people and a share: kept with twelve places, half up (method 15.1)."""
    return round_half_up(product, 12)


def written(value):
    """A number as the outputs write it: at most twelve places, no trailing zeros, no exponent; blank when not known."""
    if value is None:
        return ""
    if value < 0:
        return "-" + written(-value)
    units = floor(Fraction(value) * 10**12 + Fraction(1, 2))
    whole, rest = divmod(units, 10**12)
    decimals = f"{rest:012d}".rstrip("0")
    return f"{whole}.{decimals}" if decimals else str(whole)


def to_9_places(value):
    """Values are compared with bounds as decimals of nine places (method 14.2)."""
    return round_half_up(value, 9)


def known(values):
    return [value for value in values if value is not None]


def total(values):
    """The sum of what is known; unknown when nothing is."""
    found = known(values)
    return sum(found) if found else None


def worst(values):
    found = known(values)
    return max(found) if found else None


# --- reading ---------------------------------------------------------------------------------------------------


def read_toml(path):
    with open(path, "rb") as file:
        return tomllib.load(file, parse_float=Decimal)


class Row(dict):
    """A row of a sheet: header -> text. A column that the sheet does not have is blank."""

    def __missing__(self, header):
        return ""


def read_sheet(folder, name):
    path = folder / "sheets" / (name + ".csv")
    if not path.exists():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        rows = [Row((header, (text or "").strip()) for header, text in row.items()) for row in csv.DictReader(file)]
    for row in rows:
        if row["pocket"]:
            stop("pockets are not covered")
    return rows


def key_of(row):
    return (row["pcode"], row["population_group"])


def phase_of(text):
    """A phase that was entered. 0 is unknown (method 4)."""
    value = number(text)
    if value is None or value == 0:
        return None
    if value not in (1, 2, 3, 4, 5):
        stop("no phase: " + text)
    return int(value)


def read_areas(folder, country):
    """p-code -> (level, parent). The country is level 0."""
    areas = {country: (0, None)}
    for row in read_sheet(folder, "areas"):
        if row["pcode"] != country:
            areas[row["pcode"]] = (int(row["level"]), row["parent_pcode"] or country)
    return areas


def line_of(areas, pcode):
    """The area and all areas above it."""
    line = []
    while pcode is not None:
        line.append(pcode)
        pcode = areas[pcode][1]
    return line


def read_population(folder, areas):
    """(pcode, group) -> {"population": people, "leaves": {(sex, age): people}}.

    A row without a group is the whole area: never added to the groups (method 15.3). A group whose population is
    blank is not present (method 14.9).
    """
    cells = {}
    for row in read_sheet(folder, "population"):
        pcode, group = key_of(row)
        people_there = number(row["population"])
        if row["affected"] or row["disability"]:
            stop(f"affected people and people with disabilities of sheet population are not covered: {pcode}")
        if people_there is None and (row["sex"] or row["age"]):
            stop(f"leaves without people are not covered: {pcode} {group}")
        if group == WHOLE or people_there is None:
            continue
        cell = cells.setdefault((pcode, group), {"whole": None, "leaves": {}})
        leaf = (row["sex"], row["age"])
        if leaf == ("", ""):
            cell["whole"] = people_there
        else:
            if leaf in cell["leaves"]:
                stop(f"the leaf {leaf} of {pcode} {group} stands twice")
            cell["leaves"][leaf] = people_there
    for key, cell in cells.items():
        if cell["leaves"] and cell["whole"] is not None:
            stop(f"{key}: a total stands among the rows of a split")
        cell["population"] = sum(cell["leaves"].values()) if cell["leaves"] else cell["whole"]
    for pcode, _ in cells:
        if any(above in {area for area, _ in cells} for above in line_of(areas, pcode)[1:]):
            stop("a population of an area beside one of areas in it is not covered: " + pcode)
    whole_areas = {row["pcode"] for row in read_sheet(folder, "population") if row["population_group"] == WHOLE}
    for pcode in whole_areas:
        if not any(area == pcode for area, _ in cells):
            stop("areas without groups are not covered: " + pcode)
    return cells


# --- score: from values to phases (method 4) ----------------------------------------------------------------------


def ladder(value, rule, worse_when):
    """Lower bounds of the phases. On a bound: the worse phase. Below the lowest bound: unknown (method 15.6)."""
    found = None
    for phase in sorted(rule, key=int):
        bound = to_9_places(Fraction(rule[phase]))
        reached = to_9_places(value) >= bound if worse_when == "higher" else to_9_places(value) <= bound
        if reached:
            found = int(phase)
    return found


def phase_from_shares(shares, rule):
    """The 20 % rule: cumulate from phase 5 downward (method 5). Exact."""
    cut = percent(rule["share"])
    whole = sum(shares)
    cumulated = Fraction(0)
    for phase in (5, 4, 3, 2, 1):
        cumulated += shares[phase - 1]
        if rule["comparator"] == "at-least" and cumulated >= cut * whole:
            return phase
        if rule["comparator"] == "more-than" and cumulated > cut * whole:
            return phase
    return None


def shares_of(texts):
    """Five shares that add to 1 within 0.005; a blank is 0 when the known ones do (method 4, form 6, and 14.3)."""
    values = [number(text) for text in texts]
    if not known(values):
        return None
    if abs(sum(known(values)) - 1) > Fraction(5, 1000):
        return None
    return [value or Fraction(0) for value in values]


def cell_text(row, column, rule):
    """The text of a cell; blank when it is a token for missing."""
    text = row[column]
    return "" if text in rule.get("missing", []) else text


def condition_holds(row, test, rule):
    """Whether a test is met; None when its column is blank."""
    text = cell_text(row, test["column"], rule)
    if text == "":
        return None
    if "is" in test:
        return text == test["is"]
    if "any-of" in test:
        return text in test["any-of"]
    value = to_9_places(number(text))
    if "at-least" in test:
        return value >= to_9_places(Fraction(test["at-least"]))
    if "more-than" in test:
        return value > to_9_places(Fraction(test["more-than"]))
    if "at-most" in test:
        return value <= to_9_places(Fraction(test["at-most"]))
    if "less-than" in test:
        return value < to_9_places(Fraction(test["less-than"]))
    stop(f"a test that is not covered: {test}")


def score(row, name, rule, area_phase):
    """The phase of one indicator in one row of sheet `indicators`."""
    if "shares" in rule:
        shares = shares_of([cell_text(row, rule["shares"][phase], rule) for phase in "12345"])
        return None if shares is None else phase_from_shares(shares, area_phase)
    if "count" in rule:
        texts = [cell_text(row, column, rule) for column in rule["count"]["of"]]
        if not any(texts):
            return None
        if not all(texts):
            stop(f"{name}: some items of a count are missing; what that means is not settled")
        return ladder(Fraction(sum(text in rule["count"]["is"] for text in texts)), rule["phase-from"], "higher")
    if "conditions" in rule:
        is_open = False
        for condition in rule["conditions"]:
            tests = [condition_holds(row, test, rule) for test in condition["when"]]
            if all(tests):
                return condition["phase"]
            if False not in tests:
                is_open = True
        # 15.16: what a blank column leaves open may be worse than "otherwise".
        return None if is_open else rule.get("otherwise")

    text = cell_text(row, name, rule)
    if text == "":
        return None
    if "answers" in rule:
        for phase, spellings in rule["answers"].items():
            if text in spellings:
                return int(phase)
        stop(f"{name}: `{text}` stands under no phase")
    if "additive" in rule:
        form = rule["additive"]
        ticked = text.split()
        if len(ticked) == 1 and ticked[0] in form.get("exclusive", []):
            weight = 0
        else:
            weight = sum(form["options"][option] for option in ticked)
        return ladder(Fraction(min(weight, form["cap"])), rule["phase-from"], "higher")
    if "phase-from" in rule:
        return ladder(number(text), rule["phase-from"], rule["worse-when"])
    stop(f"{name}: its form is not covered")


# --- combine: from phases to a severity (method 5, 14.8, 15.2, 15.3) ------------------------------------------------


class Phase:
    """A phase with the kind of evidence that gave it, its place in the order of evidence, coverage and mark."""

    def __init__(self, phase=None, method="", place=None, coverage=None, mark=""):
        self.phase = phase
        self.method = method if phase is not None else ""
        self.place = place
        self.coverage = coverage
        self.mark = mark


def own_or_whole(table, key, code):
    """What stands for the group, else what the row of the whole area says (method 15.3)."""
    pcode, group = key
    own = table.get((pcode, group, code))
    return own if own is not None else table.get((pcode, WHOLE, code))


class Analysis:
    def __init__(self, folder, framework_folder):
        self.folder = Path(folder)
        self.context = read_toml(self.folder / "context.toml")
        self.read_framework(Path(framework_folder))
        self.country = self.context["context"]["country-pcode"]
        self.areas = read_areas(self.folder, self.country)
        self.cells = read_population(self.folder, self.areas)
        self.aors = self.context["context"].get("aors", AORS)
        self.read_evidence()
        self.read_decisions()

    # -- the rules

    def read_framework(self, folder):
        framework = read_toml(folder / "framework.toml")
        self.severity_rules = framework["severity"] | self.context.get("severity", {})
        self.people_rules = framework["people-in-need"] | self.context.get("people-in-need", {})
        self.coefficients = read_toml(folder / "coefficients.toml")["coefficient"]
        self.indicators = read_toml(folder / "indicators.toml")["indicator"]
        own_risks = folder / "risks.toml"
        risks = read_toml(own_risks if own_risks.exists() else folder.parent.parent / "risks.toml")["risk"]
        self.risk_aors = {risk["code"]: risk["aors"] for risk in risks}
        self.not_used = self.context.get("indicators", {}).get("not-used", [])
        self.order = self.severity_rules["evidence-order"]
        self.cut_rule = self.severity_rules["area-phase"]
        self.least_coverage = percent(self.severity_rules["least-coverage"])

        defaults = {
            "zero-or-missing-sectors": 2,
            "first-over-second": "30%",
            "first-over-third": "50%",
            "share-of-population": "90%",
            "sub-population-sectors": ["education", "nutrition"],
            "change-from-last-year": "100%",
            "change-in-standard-deviations": 2,
            "sectors-in-phase-5": 1,
            "sectors-in-phase-4-or-5": 5,
            "target-in-phase-3": "50%",
            "target-in-phase-4-or-5": "100%",
            "blank-muac": "missing",
        }
        self.thresholds = defaults | framework.get("intersectoral", {}) | self.context.get("intersectoral", {})
        self.sectors = [sector["code"] for sector in self.context.get("sector", [])] or SECTORS

        for step in ("risk", "aor", "overall"):
            if self.severity_rules[step]["combine"] != "worst" or self.severity_rules[step].get("missing", "any-known") != "any-known":
                stop("only `worst` over `any-known` is covered")
        if framework["framework"].get("use"):
            stop("indicators of a library are not covered")
        if self.severity_rules["above-the-unit"] != "none":
            stop("phases above the unit of analysis are not covered")
        if self.people_rules.get("aor") or not set(self.people_rules["rules"]) <= {"given", "shares", "coefficients"}:
            stop("only given figures, shares and coefficients are covered")
        if self.people_rules["across-aors"]["rule"] != "highest":
            stop("only the highest across the AoRs is covered")

    # -- the evidence: each kind is a table (pcode, group, code) -> value

    def read_evidence(self):
        self.spoken_for_whole = set()  # areas with a row that speaks for the whole area
        self.indicator_phase = {}
        for row in read_sheet(self.folder, "indicators"):
            self.note_whole(row)
            for name, rule in self.indicators.items():
                phase = score(row, name, rule, self.cut_rule)
                if phase is not None:
                    self.indicator_phase[(*key_of(row), name)] = phase

        self.shares = {}
        for row in read_sheet(self.folder, "shares"):
            self.note_whole(row)
            code = OVERALL if row["scope"] == "overall" else row["code"]
            shares = shares_of([row[f"phase{n}"] for n in range(1, 6)])
            if shares is not None:
                self.shares[(*key_of(row), code)] = shares

        self.given = {}
        self.given_phase = {}
        for row in read_sheet(self.folder, "estimates"):
            self.note_whole(row)
            if row["sex"] or row["age"]:
                stop("given figures by sex or age are not covered")
            code = OVERALL if row["aor"] == "overall" else row["aor"]
            if code != OVERALL and code not in self.aors:
                stop("an AoR that is not in play is not covered: " + code)
            figures = {"phase": phase_of(row["phase"]), "affected": number(row["affected"]), "in_need": number(row["in_need"])}
            if row["population_group"] != WHOLE and key_of(row) not in self.cells:
                stop(f"figures for a group without population: {key_of(row)}")
            self.given[(*key_of(row), code)] = figures
            if figures["phase"] is not None:
                self.given_phase[(*key_of(row), code)] = figures["phase"]

        self.judged = {}
        for row in read_sheet(self.folder, "judgements"):
            self.note_whole(row)
            code = row["risk"] or (OVERALL if row["aor"] == "overall" else row["aor"])
            for field in ("reason", "evidence", "decided_by", "date"):
                if row[field] == "":
                    stop(f"a judgement without {field}: {key_of(row)}")
            self.judged[(*key_of(row), code)] = phase_of(row["phase"])

        for row in read_sheet(self.folder, "sectors"):
            self.note_whole(row)

    def note_whole(self, row):
        if row["population_group"] == WHOLE:
            self.spoken_for_whole.add(row["pcode"])

    def read_decisions(self):
        self.decisions = {}
        for row in read_sheet(self.folder, "decisions"):
            for field in ("old", "new", "reason", "evidence", "decided_by", "date"):
                if row[field] == "":
                    stop(f"a decision without {field}: {key_of(row)}")
            code = {"overall": OVERALL, "intersectoral": "intersectoral"}.get(row["scope"], row["code"])
            self.decisions[(*key_of(row), code, row["what"])] = row
        self.decisions_used = set()

    @staticmethod
    def marked(mark, rests):
        """The mark of a value: changed by a decision, or resting on what a decision changed (method 11)."""
        return mark or ("rests-on-override" if rests else "")

    def decided(self, key, code, what, value):
        """The value after the decision on it, if there is one (method 14.8), and the mark."""
        row = self.decisions.get((*key, code, what))
        if row is None:
            return value, ""
        self.decisions_used.add((*key, code, what))
        if value is None or number(row["old"]) != value:
            stop(f"decision on {key} {code} {what}: the rules give {written(value)}, not {row['old']}")
        new = number(row["new"])
        return (int(new) if what == "phase" else new), "override"

    # -- indicators into risks, risks into AoRs, AoRs into overall

    def combine(self):
        """(pcode, group) -> {code: Phase}, for each unit and for each area that has a row for the whole area."""
        self.severity = {}
        keys = list(self.cells) + [(pcode, WHOLE) for pcode in self.spoken_for_whole]
        for key in keys:
            found = {}
            for name in self.indicators:
                phase = own_or_whole(self.indicator_phase, key, name)
                phase, mark = self.decided(key, name, "phase", phase)
                found[name] = Phase(phase, "area", mark=mark)
            for risk in self.risk_aors:
                found[risk] = self.combine_risk(key, risk, found)
            for aor in self.aors:
                parts = [found[risk] for risk in self.risk_aors if aor in self.risk_aors[risk]]
                found[aor] = self.combine_parts(key, aor, parts)
            found[OVERALL] = self.combine_parts(key, OVERALL, [found[aor] for aor in self.aors])
            self.severity[key] = found

    def direct_evidence(self, key, code):
        """kind -> phase: the evidence for this very scope."""
        direct = {}
        given = own_or_whole(self.given_phase, key, code)
        if given is not None:
            direct["given"] = given
        shares = own_or_whole(self.shares, key, code)
        if shares is not None:
            direct["shares"] = phase_from_shares(shares, self.cut_rule)
        judged = own_or_whole(self.judged, key, code)
        if judged is not None:
            direct["judgement"] = judged
        return direct

    def combine_risk(self, key, risk, found):
        expected = 0
        expected_known = 0
        phases = []
        decisive = False
        for name, rule in self.indicators.items():
            if risk not in rule["risks"]:
                continue
            phase = found[name].phase
            phases.append(phase)
            if rule.get("decisive") and phase == 5:
                decisive = True
            if rule.get("expected", True) and name not in self.not_used and rule["measured-on"] in ("area", "key-informants"):
                expected += 1
                expected_known += phase is not None
        coverage = Fraction(expected_known, expected) if expected else None

        evidence = self.direct_evidence(key, risk)
        enough = coverage is None or coverage >= self.least_coverage
        if decisive:
            evidence["area"] = 5
        elif enough and worst(phases) is not None:
            evidence["area"] = worst(phases)

        for kind in self.order:
            if kind in evidence:
                phase, mark = self.decided(key, risk, "phase", evidence[kind])
                of_risk = [found[name].mark for name, rule in self.indicators.items() if risk in rule["risks"]]
                mark = self.marked(mark, kind == "area" and any(of_risk))
                return Phase(phase, kind, self.order.index(kind), coverage, mark)
        return Phase(coverage=coverage)

    def combine_parts(self, key, code, parts):
        """Risks into an AoR, AoRs into overall: the evidence for the scope itself against the worst of its parts.

        What is combined stands at the place of the best kind among its parts; the scope's own evidence goes before it
        when both have the same place (method 15.2).
        """
        known_parts = [part for part in parts if part.phase is not None]
        coverage = Fraction(len(known_parts), len(parts))
        candidates = []
        for kind, phase in self.direct_evidence(key, code).items():
            candidates.append((self.order.index(kind), 0, kind, phase))
        if known_parts:
            best_place = min(part.place for part in known_parts)
            candidates.append((best_place, 1, "combined", worst([part.phase for part in known_parts])))
        if not candidates:
            return Phase(coverage=coverage)
        place, _, kind, phase = min(candidates)
        phase, mark = self.decided(key, code, "phase", phase)
        mark = self.marked(mark, kind == "combined" and any(part.mark for part in parts))
        return Phase(phase, kind, place, coverage, mark)

    # -- estimate: from phases to people (method 6 and 7)

    def estimate(self):
        """(pcode, group) -> {code: {"in_need", "affected", "method", "mark", "leaves"}}."""
        self.figures = {}
        for key, cell in self.cells.items():
            found = {}
            for aor in self.aors:
                figure = self.estimate_aor(key, cell, aor)
                figure["in_need"], mark = self.decided(key, aor, "in_need", figure["in_need"])
                figure["affected"], mark_affected = self.decided(key, aor, "affected", figure["affected"])
                figure["mark"] = mark or mark_affected
                if figure["mark"]:
                    figure["leaves"] = {}  # SETTLED: a decision on a cell's figure says nothing about its leaves
                phase_mark = self.severity[key][aor].mark if figure["method"] == "coefficients" else ""
                gated = "need-from-area-phase" in self.people_rules and figure["method"] not in ("", "given")
                gate_mark = self.severity[key][OVERALL].mark if gated else ""
                figure["mark"] = self.marked(figure["mark"], phase_mark or gate_mark)
                found[aor] = figure
            found[OVERALL] = self.across_aors(key, cell, found)
            found[OVERALL]["in_need"], mark = self.decided(key, OVERALL, "in_need", found[OVERALL]["in_need"])
            found[OVERALL]["mark"] = self.marked(mark, any(found[aor]["mark"] for aor in self.aors))
            self.figures[key] = found

    def estimate_aor(self, key, cell, aor):
        phase = self.severity[key][aor].phase
        gate = self.people_rules.get("need-from-area-phase")
        overall_phase = self.severity[key][OVERALL].phase
        for way in self.people_rules["rules"]:
            if way == "given":
                # A row of the whole area has no part in the people of the groups (method 15.3).
                row = self.given.get((*key, aor))
                if row is None or row["in_need"] is None:
                    continue
                figure = {"in_need": row["in_need"], "affected": row["affected"], "method": "given", "leaves": {}}
            elif way == "shares":
                shares = own_or_whole(self.shares, key, aor)
                if shares is None:
                    continue
                in_need_share = sum(shares[self.people_rules["from-phase"] - 1 :]) / sum(shares)
                affected_share = sum(shares[self.people_rules["affected-from-phase"] - 1 :]) / sum(shares)
                figure = self.by_leaf(cell, "shares", lambda leaf: (in_need_share, affected_share))
            else:
                if phase is None:
                    continue
                figure = self.by_leaf(cell, "coefficients", lambda leaf: self.coefficient(key, aor, phase, leaf))
            if gate is not None and overall_phase is not None and overall_phase < gate:
                figure["in_need"] = Fraction(0)
                figure["leaves"] = {leaf: (Fraction(0), row[1]) for leaf, row in figure["leaves"].items()}
            return figure
        return {"in_need": None, "affected": None, "method": "", "leaves": {}}

    def by_leaf(self, cell, method, shares_for):
        """People of a cell: per leaf where there are leaves, and summed; else for the cell."""
        parts = cell["leaves"] or {("", ""): cell["population"]}
        leaves = {}
        for leaf, there in parts.items():
            in_need_share, affected_share = shares_for(leaf)
            affected = None if affected_share is None else people(there * affected_share)
            leaves[leaf] = (people(there * in_need_share), affected)
        affected = [row[1] for row in leaves.values()]
        return {
            "in_need": sum(row[0] for row in leaves.values()),
            "affected": None if None in affected else sum(affected),
            "method": method,
            "leaves": leaves if cell["leaves"] else {},
        }

    def coefficient(self, key, aor, phase, leaf):
        """The row that names most keys and fits; two that name equally many and both fit are an error."""
        pcode, group = key
        tiers = [tier["code"] for tier in self.context.get("tier", []) if set(tier["areas"]) & set(line_of(self.areas, pcode))]
        best = []
        most = -1
        for row in self.coefficients:
            fits = (
                row.get("aor", aor) == aor
                and row.get("phase", phase) == phase
                and row.get("group", group) == group
                and row.get("sex", leaf[0]) == leaf[0]
                and row.get("age", leaf[1]) == leaf[1]
                and ("tier" not in row or row["tier"] in tiers)
            )
            if not fits:
                continue
            named = sum(name in row for name in ("aor", "phase", "group", "sex", "age", "tier"))
            if named > most:
                best, most = [row], named
            elif named == most:
                best.append(row)
        if len(best) > 1:
            stop(f"two coefficients fit equally: {key} {aor} {phase} {leaf}")
        if not best:
            if phase < self.people_rules["from-phase"]:
                return Fraction(0), None
            stop(f"no coefficient: {key} {aor} {phase} {leaf}")
        return percent(best[0]["in-need"]), (percent(best[0]["affected"]) if "affected" in best[0] else None)

    def across_aors(self, key, cell, figures):
        """AoRs into overall: the highest in each cell, or in each leaf where all AoRs with a figure have leaves."""
        with_figure = [figures[aor] for aor in self.aors if figures[aor]["in_need"] is not None]
        if not with_figure:
            return {"in_need": None, "affected": None, "method": "", "mosaic": "", "leaves": {}}
        level = self.people_rules["across-aors"]["cell"]
        if level == "leaf" and cell["leaves"] and all(figure["leaves"] for figure in with_figure):
            leaves = {}
            for leaf in cell["leaves"]:
                in_need = worst([figure["leaves"][leaf][0] for figure in with_figure])
                affected = worst([figure["leaves"][leaf][1] for figure in with_figure])
                leaves[leaf] = (in_need, affected)
            in_need = sum(row[0] for row in leaves.values())
            affected = total([row[1] for row in leaves.values()])
            return {"in_need": in_need, "affected": affected, "method": "highest", "mosaic": "leaf", "leaves": leaves}
        # SETTLED: where the maximum is taken over the whole cell, overall has no figure by sex and age. The maxima of
        # the leaves would not add up to it, and the leaves of the highest AoR may be lower than another AoR's.
        return {
            "in_need": worst([figures[aor]["in_need"] for aor in self.aors]),
            "affected": worst([figures[aor]["affected"] for aor in self.aors]),
            "method": "highest",
            "mosaic": "group",
            "leaves": {},
        }

    # -- the intersectoral step (method 8)

    def intersectoral(self):
        rows = {key_of(row): row for row in read_sheet(self.folder, "sectors")}
        previous = {}
        for row in read_sheet(self.folder, "previous"):
            if row["sector"]:
                previous[(*key_of(row), row["sector"])] = row
        self.sector_rows = {}
        for key, row in rows.items():
            self.sector_rows[key] = {
                "row": row,
                "phases": {sector: phase_of(row[sector + ".phase"]) for sector in self.sectors},
                "in_need": {sector: number(row[sector + ".in_need"]) for sector in self.sectors},
            }
        # All changes of the sectors' people from last year that can be computed.
        self.sector_change = {}
        for key, entry in self.sector_rows.items():
            for sector in self.sectors:
                old_row = previous.get((*key, sector))
                old = number(old_row["in_need"]) if old_row else None
                new = entry["in_need"][sector]
                if old is not None and old != 0 and new is not None:
                    self.sector_change[(*key, sector)] = (new - old) / old

        for (pcode, group), entry in sorted(self.sector_rows.items()):
            if group == WHOLE:
                self.severity_of(entry)
        for (pcode, group), entry in sorted(self.sector_rows.items()):
            if group != WHOLE:
                area = self.sector_rows.get((pcode, WHOLE))
                for name in ("preliminary", "final", "low_coverage", "mark"):
                    entry[name] = area[name] if area else None
                entry["severity_flags"] = []
            self.places_of((pcode, group), entry)

    def severity_of(self, entry):
        row = entry["row"]
        phases = known(entry["phases"].values())

        def at_or_above(phase):
            return sum(found >= phase for found in phases)

        if not phases:
            severity = None
        elif at_or_above(5) >= 2 and at_or_above(4) >= 4:
            severity = 5
        elif at_or_above(4) >= 4:
            severity = 4
        elif at_or_above(3) >= 4:
            severity = 3
        elif at_or_above(2) >= 4:
            severity = 2
        else:
            severity = 1
        final = phase_of(row["final_severity"])
        if final is not None and final != severity and row["final_severity_reason"] == "":
            stop(f"a final severity without a reason: {row['pcode']}")
        entry["preliminary"] = severity
        entry["final"] = severity if final is None else final
        entry["low_coverage"] = 0 < len(phases) < 4  # method 14.4, 15.15
        marks = ["override"] if final is not None and final != severity else []
        if entry["low_coverage"]:
            marks.append("low-coverage")
        entry["mark"] = "|".join(marks)

        flags = []
        limits = self.thresholds
        if severity is not None:
            if at_or_above(5) >= limits["sectors-in-phase-5"]:
                flags.append("sectors-in-phase-5")
            if severity == 4 and at_or_above(4) >= limits["sectors-in-phase-4-or-5"]:
                flags.append("sectors-in-phase-4-or-5")
            away = [outcome - severity for outcome in known(self.outcomes(row))]
            if any(abs(distance) >= 2 for distance in away):
                flags.append("outcome-two-phases-away")
            if sum(distance >= 1 for distance in away) >= 2 or sum(distance <= -1 for distance in away) >= 2:
                flags.append("outcomes-one-phase-away")
        if row["manual_flag"]:
            flags.append("manual")
        entry["severity_flags"] = flags

    def outcomes(self, row):
        """Mortality, malnutrition, epidemics, livelihood coping, HR/IHL violations: a phase or number each, or unknown."""
        casualties = number(row["civilian_casualties"])
        crude = number(row["crude_death_rate"])
        under5 = number(row["under5_death_rate"])
        mortality = None
        if known([casualties, crude, under5]):
            mortality = 2
            for phase, bounds in ((5, (2, 2, 4)), (4, (1, 1, 2)), (3, (Fraction(1, 2), Fraction(1, 2), 1))):
                if any(value is not None and value >= bound for value, bound in zip((casualties, crude, under5), bounds)):
                    mortality = phase
                    break
        whz = number(row["whz"])
        muac = number(row["muac"])
        if self.thresholds["blank-muac"] != "missing":
            stop("`blank-muac` other than missing is not covered")
        malnutrition = None
        if whz is not None or muac is not None:
            malnutrition = 1
            if (whz is not None and whz >= 5) or muac is not None:
                malnutrition = 2
            for phase, whz_bound, muac_bound in ((3, 10, 5), (4, 15, 10), (5, 30, 15)):
                if (whz is not None and whz >= whz_bound) or (muac is not None and muac > muac_bound):
                    malnutrition = phase
        coping = None
        shares = shares_of([row[f"coping_phase{n}"] for n in range(1, 6)])
        if shares is not None:
            coping = phase_from_shares(shares, self.cut_rule | {"comparator": "more-than"})
        for name in ("mortality", "malnutrition", "livelihood_coping"):
            if row[name]:
                stop("phases of outcomes that are entered are not covered")
        epidemics = number(row["epidemics"])  # may lie between two phases; 0 is unknown (method 4)
        if epidemics and not 1 <= epidemics <= 5:
            stop(f"no phase of epidemics: {row['epidemics']}")
        return [mortality, malnutrition, epidemics or None, coping, phase_of(row["hr_ihl_violations"])]

    def places_of(self, key, entry):
        limits = self.thresholds
        figures = entry["in_need"]
        values = sorted(set(known(figures.values())), reverse=True)
        all_zero = not any(known(figures.values()))
        places = []
        if not all_zero:  # method 14.13: all zero or blank, no place at all
            for value in values[:3]:
                places.append((value, [sector for sector in self.sectors if figures[sector] == value]))
        entry["places"] = places

        flags = []
        if places:
            if sum(not value for value in figures.values()) >= limits["zero-or-missing-sectors"]:
                flags.append("zero-or-missing-sectors")
            first, first_sectors = places[0]
            if len(first_sectors) == 1:
                for place, name in ((1, "first-over-second"), (2, "first-over-third")):
                    if len(places) > place and places[place][0] != 0:
                        other = places[place][0]
                        if (first - other) / other >= percent(limits[name]):
                            flags.append(name)
            population = number(entry["row"]["population"])
            if population and first / population >= percent(limits["share-of-population"]):
                flags.append("share-of-population")
            if any(sector in limits["sub-population-sectors"] for sector in first_sectors):
                flags.append("sub-population-sector")
            # SETTLED: both flags on changes look at every sector that holds the first or the second place.
            changes = known([self.sector_change.get((*key, sector)) for _, sectors in places[:2] for sector in sectors])
            if any(abs(change) >= percent(limits["change-from-last-year"]) for change in changes):
                flags.append("change-from-last-year")
            if any(self.is_outlier(change) for change in changes):
                flags.append("change-in-standard-deviations")
        if key[1] != WHOLE and entry["row"]["manual_flag"]:
            flags.append("manual")
        entry["in_need_flags"] = flags

        severity = entry["final"]  # SETTLED: the final severity counts from here on (method 14.8)
        entry["in_need_preliminary"] = None
        if places and severity is not None:
            entry["in_need_preliminary"] = places[0][0] if severity >= 3 else Fraction(0)
        final = number(entry["row"]["final_in_need"])
        if final is not None:
            stop("a final PiN that is entered is not covered")
        entry["in_need_final"] = entry["in_need_preliminary"]
        entry["targeted"] = None
        entry["prioritised"] = None
        if entry["in_need_final"] is not None:
            if severity >= 4:
                share = percent(limits["target-in-phase-4-or-5"])
            elif severity == 3:
                share = percent(limits["target-in-phase-3"])
            else:
                share = Fraction(0)
            entry["targeted"] = people(entry["in_need_final"] * share)
            entry["prioritised"] = entry["in_need_final"] if severity > 3 else Fraction(0)

    def is_outlier(self, change):
        """Beyond k sample standard deviations from the mean of all changes. Compared as squares, so that it is exact."""
        changes = list(self.sector_change.values())
        if len(changes) < 2:
            return False
        mean = sum(changes) / len(changes)
        variance = sum((one - mean) ** 2 for one in changes) / (len(changes) - 1)
        k = Fraction(self.thresholds["change-in-standard-deviations"])
        return (change - mean) ** 2 > k**2 * variance

    # -- changes from last year

    def changes(self):
        rows = []
        for row in read_sheet(self.folder, "previous"):
            key = key_of(row)
            if row["sector"]:
                scope, code = "sector", row["sector"]
                entry = self.sector_rows.get(key)
                new_in_need = entry["in_need"][code] if entry else None
                new_phase = entry["phases"][code] if entry else None
            else:
                scope, code = ("overall", OVERALL) if row["aor"] == "overall" else ("aor", row["aor"])
                if key not in self.figures:
                    stop(f"last year's figure of a group that is not there: {key}")
                new_in_need = self.figures[key][code]["in_need"]
                new_phase = self.severity[key][code].phase
            for figure, old, new in (("in-need", number(row["in_need"]), new_in_need), ("phase", phase_of(row["phase"]), new_phase)):
                # SETTLED: a row of `previous` yields an entry for each figure of which either year is known.
                change = None
                if old is None and new is None:
                    continue
                if old is None:
                    status = "not-computable"
                elif new is None:
                    status = "gone"
                elif old == 0 and new == 0:
                    status = "not-computable"
                elif old == 0:
                    status = "new"
                else:
                    status = "compared"
                    change = Fraction(new - old) / old
                values = [written(old), written(new), written(change), status]
                rows.append(((row["pcode"], row["population_group"], scope_order(scope), self.code_order(code), figure),
                             [row["pcode"], "", row["population_group"], scope, code, figure, *values]))
        return [row for _, row in sorted(rows)]

    def code_order(self, code):
        return self.all_codes().index(code)

    def all_codes(self):
        return [OVERALL, *AORS, *sorted(self.risk_aors), *sorted(self.indicators), *self.sectors, "intersectoral"]

    # -- the priority list (method 3)

    def priorities(self):
        rows = []
        for risk in sorted(self.risk_aors):
            in_4 = Fraction(0)
            in_3 = Fraction(0)
            areas = set()
            for key, cell in self.cells.items():
                phase = self.severity[key][risk].phase
                if phase is not None and phase >= 4:
                    in_4 += cell["population"]
                if phase is not None and phase >= 3:
                    in_3 += cell["population"]
                    areas.add(key[0])
            rows.append((-in_4, -in_3, -len(areas), risk))
        found = []
        for rank, (in_4, in_3, areas, risk) in enumerate(sorted(rows), start=1):
            found.append([str(rank), risk, written(-in_4), written(-in_3), str(-areas)])
        return found

    # -- the outputs

    def severity_table(self):
        rows = []
        for key in sorted(self.severity):
            for scope, code in self.scopes():
                if scope == "intersectoral":
                    entry = self.intersectoral_of(key)
                    method = "combined" if entry["final"] is not None else ""
                    rows.append([key[0], "", key[1], scope, code, written(entry["final"]), "", method, "", "", entry["mark"] or ""])
                    continue
                found = self.severity[key][code]
                row = [key[0], "", key[1], scope, code, written(found.phase), written(found.coverage)]
                rows.append([*row, found.method, "", "", found.mark])
        return rows

    def intersectoral_of(self, key):
        """The intersectoral entry of a unit; where the unit has no row, the severity of its area and no people."""
        if key in self.sector_rows:
            return self.sector_rows[key]
        area = self.sector_rows.get((key[0], WHOLE))
        blank = {"final": None, "mark": "", "low_coverage": False, "in_need_final": None, "targeted": None}
        return blank | {name: area[name] for name in ("final", "mark", "low_coverage")} if area else blank

    def scopes(self):
        yield ("overall", OVERALL)
        for aor in self.aors:
            yield ("aor", aor)
        for risk in sorted(self.risk_aors):
            yield ("risk", risk)
        for name in sorted(self.indicators):
            yield ("indicator", name)
        yield ("intersectoral", "intersectoral")

    def figures_table(self):
        response = {}
        for row in read_sheet(self.folder, "response"):
            code = OVERALL if row["aor"] == "overall" else row["aor"]
            response[(*key_of(row), code)] = (number(row["targeted"]), number(row["reached"]))

        # One record for each unit (and leaf) and scope; the areas above add these up.
        records = []
        for key, cell in self.cells.items():
            for scope, code in self.scopes():
                record = {"pcode": key[0], "group": key[1], "leaf": ("", ""), "scope": scope, "code": code}
                record |= {"population": cell["population"], "affected": None, "in_need": None, "phase": None, "coverage": None}
                record |= {"method": "", "mosaic": "", "targeted": None, "reached": None, "mark": "", "counts": True}
                if scope == "intersectoral":
                    entry = self.intersectoral_of(key)
                    record["phase"] = entry["final"]
                    record["in_need"] = entry["in_need_final"]
                    record["targeted"] = entry["targeted"]
                    record["mark"] = entry["mark"] or ""
                    # Method 14.4: a unit with fewer than four known sectors is not assessed in the sums.
                    record["counts"] = not entry["low_coverage"]
                    record["method"] = "highest" if entry["in_need_final"] is not None else "combined" if entry["final"] is not None else ""
                    records.append(record)
                    continue
                found = self.severity[key][code]
                record |= {"phase": found.phase, "coverage": found.coverage, "mark": found.mark, "method": found.method}
                if scope in ("overall", "aor"):
                    figure = self.figures[key][code]
                    record |= {"affected": figure["affected"], "in_need": figure["in_need"]}
                    record["method"] = figure["method"] if figure["in_need"] is not None else found.method
                    record["mosaic"] = figure.get("mosaic", "")
                    marks = (found.mark, figure["mark"])
                    record["mark"] = self.marked("override" if "override" in marks else "", any(marks))
                    record["targeted"], record["reached"] = response.get((*key, code), (None, None))
                    for leaf, there in cell["leaves"].items():
                        in_need, affected = figure["leaves"].get(leaf, (None, None))
                        # SETTLED: a leaf carries the phase and coverage of its cell.
                        of_leaf = record | {"leaf": leaf, "population": there, "affected": affected, "in_need": in_need}
                        of_leaf |= {"targeted": None, "reached": None}
                        of_leaf["mark"] = self.marked("override" if found.mark == "override" else "", record["mark"])
                        if in_need is None:
                            of_leaf |= {"method": found.method, "mosaic": ""}
                        records.append(of_leaf)
                records.append(record)

        rows = []
        for record in records:
            rows.append(self.figure_row(record, self.areas[record["pcode"]][0]))
        for area in self.areas:
            rows.extend(self.sums_of(area, records))
        rows.sort(key=self.place_of_row)
        return rows

    def sums_of(self, area, records):
        """Sums of the children (method 14.6): the area's total, and above the unit each group; each with its leaves."""
        level = self.areas[area][0]
        is_unit = any(record["pcode"] == area for record in records)
        sums = {}
        for record in records:
            if record["scope"] in ("risk", "indicator") or area not in line_of(self.areas, record["pcode"]):
                continue
            groups = [WHOLE] if is_unit else [WHOLE, record["group"]]
            for group in groups:
                sums.setdefault((group, record["leaf"], record["scope"], record["code"]), []).append(record)
        rows = []
        for (group, leaf, scope, code), parts in sums.items():
            people_there = sum(part["population"] for part in parts)
            counted = [part for part in parts if part["counts"] and part["in_need"] is not None]
            covered = sum(part["population"] for part in counted)
            record = {"pcode": area, "group": group, "leaf": leaf, "scope": scope, "code": code}
            record["population"] = people_there
            record["in_need"] = total([part["in_need"] for part in counted])
            record["affected"] = total([part["affected"] for part in parts])
            record["coverage"] = Fraction(covered) / people_there if people_there else None
            record["method"] = "sum" if record["in_need"] is not None else ""
            record["targeted"] = total([part["targeted"] for part in parts if part["counts"]])
            record["reached"] = total([part["reached"] for part in parts])
            record |= {"phase": None, "mosaic": "", "mark": ""}
            # Method 15.5: a sum that leaves out people whose in need is known says so.
            partial = [
                f"partial-{name}"
                for name in ("affected", "targeted", "reached")
                if record[name] is not None and any(part[name] is None and part["population"] > 0 for part in counted)
            ]
            of_whole = ""
            whole = self.sector_rows.get((area, WHOLE))
            if scope == "intersectoral" and is_unit and whole:
                # The row of the whole area carries the severity across sectors (method 8).
                record["phase"] = whole["final"]
                of_whole = whole["mark"]
                if record["method"] == "" and whole["final"] is not None:
                    record["method"] = "combined"
            # Method 15.3: evidence for the whole area speaks of the area.
            area_phase = self.severity.get((area, WHOLE), {}).get(code)
            if area_phase and is_unit and group == WHOLE and leaf == ("", "") and (area, WHOLE) not in self.cells:
                record["phase"] = area_phase.phase
                of_whole = area_phase.mark
            rests = any("override" in part["mark"] for part in parts if part["counts"]) or of_whole == "rests-on-override"
            own = of_whole.split("|")
            marks = [self.marked("override" if "override" in own else "", rests), "low-coverage" if "low-coverage" in own else ""]
            record["mark"] = "|".join([mark for mark in marks if mark] + partial)
            rows.append(self.figure_row(record, level))
        return rows

    def figure_row(self, record, level):
        sex, age = record["leaf"]
        return [
            record["pcode"], str(level), "", record["group"], sex, age, record["scope"], record["code"],
            written(record["population"]), written(record["affected"]), written(record["in_need"]), "", "",
            written(record["phase"]), written(record["coverage"]), "", record["method"], record["mosaic"],
            written(record["targeted"]), written(record["reached"]), record["mark"],
        ]  # fmt: skip

    def place_of_row(self, row):
        pcode, _, _, group, sex, age, scope, code = row[:8]
        return (pcode != self.country, pcode, group, sex, age, scope_order(scope), self.code_order(code))

    def intersectoral_table(self):
        rows = []
        for (pcode, group), entry in sorted(self.sector_rows.items()):
            row = [pcode, "", group, written(entry["preliminary"]), written(entry["final"])]
            for place in range(3):
                if place < len(entry["places"]):
                    value, sectors = entry["places"][place]
                    row += [written(value), "|".join(sectors)]
                else:
                    row += ["", ""]
            row += ["|".join(entry["severity_flags"]), "|".join(entry["in_need_flags"])]
            row += [written(entry[name]) for name in ("in_need_preliminary", "in_need_final", "targeted", "prioritised")]
            rows.append(row)
        return rows

    def run(self):
        self.combine()
        self.estimate()
        self.intersectoral()
        unused = set(self.decisions) - self.decisions_used
        if unused:
            stop(f"decisions without a target: {sorted(unused)}")


def scope_order(scope):
    return ["overall", "aor", "risk", "indicator", "sector", "intersectoral"].index(scope)


def write_table(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def main():
    if len(sys.argv) not in (3, 4):
        stop("say: twin.py EXAMPLE_FOLDER FRAMEWORK_FOLDER [OUTPUT_FOLDER]")
    out = Path(sys.argv[3]) if len(sys.argv) == 4 else Path(sys.argv[1]) / "expected"
    analysis = Analysis(sys.argv[1], sys.argv[2])
    analysis.run()
    out.mkdir(parents=True, exist_ok=True)
    write_table(
        out / "figures.csv",
        "pcode,level,pocket,population_group,sex,age,scope,code,population,affected,in_need,in_need_low,in_need_high,"
        "phase,coverage,households,method,mosaic,targeted,reached,mark",
        analysis.figures_table(),
    )
    write_table(
        out / "severity.csv",
        "pcode,pocket,population_group,scope,code,phase,coverage,method,low,high,mark",
        analysis.severity_table(),
    )
    write_table(
        out / "intersectoral.csv",
        "pcode,pocket,population_group,severity_preliminary,severity_final,in_need_1,sectors_1,in_need_2,sectors_2,"
        "in_need_3,sectors_3,severity_flags,in_need_flags,in_need_preliminary,in_need_final,targeted,prioritised",
        analysis.intersectoral_table(),
    )
    write_table(
        out / "changes.csv",
        "pcode,pocket,population_group,scope,code,figure,old,new,change,status",
        analysis.changes(),
    )
    write_table(out / "priorities.csv", "rank,risk,people_phase4,people_phase3,areas_phase3", analysis.priorities())


if __name__ == "__main__":
    main()
