"""METHOD's rules in plain loops and exact fractions, written from the text and from nothing else."""

from fractions import Fraction
import math

BILLION = 10**9


def round9(value):
    """Half up at the ninth decimal place: the only rounding before the end (METHOD 14.2)."""
    return Fraction(math.floor(value * BILLION + Fraction(1, 2)), BILLION)


def at_least(value, bound):
    return round9(value) >= round9(Fraction(bound))


def more_than(value, bound):
    return round9(value) > round9(Fraction(bound))


def known(values):
    return [v for v in values if v is not None]


def worst(values):
    """The highest known phase; unknown when none is known (METHOD 5, 14.7)."""
    return max(known(values), default=None)


def total(values):
    """The sum of what is known; None when nothing is (missing is not zero)."""
    found = known(values)
    return sum(found) if found else None


# --- METHOD 7: AoRs into overall protection -------------------------------------------------------


def mosaic_levels(cells):
    """cells: (area, group) -> {aor: in need}. The overall figure by the level of the maximum."""
    by_group = total([worst(aors.values()) for aors in cells.values()])
    areas = sorted({area for area, _ in cells})
    codes = sorted({code for aors in cells.values() for code in aors})

    def in_need(code, wanted):
        return total([aors[code] for (area, _), aors in cells.items() if wanted(area)])

    by_area = total([worst([in_need(code, lambda a, here=area: a == here) for code in codes]) for area in areas])
    national = [in_need(code, lambda a: True) for code in codes]
    return {"group": by_group, "area": by_area, "country": worst(national), "sum": total(national)}


# --- METHOD 8: severity across sectors -------------------------------------------------------------


def preliminary_severity(phases):
    """phases: those known. Section 8, first list item."""
    if not phases:
        return None
    at = lambda bound: sum(1 for p in phases if p >= bound)
    if at(5) >= 2 and at(4) >= 4:
        return 5
    for bound in (4, 3, 2):
        if at(bound) >= 4:
            return bound
    return 1


def mortality(crude, under5, casualties):
    if crude is None and under5 is None and casualties is None:
        return None
    ladders = [(casualties, (2, 1, Fraction(1, 2))), (crude, (2, 1, Fraction(1, 2))), (under5, (4, 2, 1))]
    for place, reached in enumerate((5, 4, 3)):
        if any(value is not None and at_least(value, bounds[place]) for value, bounds in ladders):
            return reached
    return 2


def malnutrition(whz, muac, blank_muac):
    """whz and muac as shares of 1. blank_muac: `missing` (METHOD's default) or `zero` (the sheet's)."""
    if whz is None and muac is None:
        return None
    if muac is None and blank_muac == "zero":
        muac = Fraction(0)
    for reached, whz_bound, muac_bound in ((5, "0.30", "0.15"), (4, "0.15", "0.10"), (3, "0.10", "0.05")):
        if whz is not None and at_least(whz, whz_bound):
            return reached
        if muac is not None and more_than(muac, muac_bound):
            return reached
    if muac is not None or at_least(whz, "0.05"):
        return 2
    return 1


def phase_from_shares(shares, cut, comparator):
    """The 20 % rule (METHOD 5), exact: cumulated weight against cut x total weight (14.2)."""
    whole = total(shares)
    if whole is None or whole == 0 or abs(whole - 1) > Fraction(5, 1000):
        return None  # 14.3: blanks count as 0 only when the known shares add up
    cumulated = Fraction(0)
    for reached in (5, 4, 3, 2, 1):
        cumulated += shares[reached - 1] or 0
        passed = cumulated >= cut * whole if comparator == "at-least" else cumulated > cut * whole
        if passed:
            return reached
    return 1


def severity_flags(phases, preliminary, outcomes, thresholds):
    """phases: the known core phases. outcomes: phases or numbers, None where unknown."""
    flags = set()
    if sum(1 for p in phases if p == 5) >= thresholds["sectors-in-phase-5"]:
        flags.add("sectors-in-phase-5")
    if preliminary is None:
        return flags
    if preliminary == 4 and sum(1 for p in phases if p >= 4) >= thresholds["sectors-in-phase-4-or-5"]:
        flags.add("sectors-in-phase-4-or-5")
    distances = [value - preliminary for value in known(outcomes)]
    if any(at_least(abs(d), 2) for d in distances):
        flags.add("outcome-two-phases-away")
    above = sum(1 for d in distances if at_least(d, 1))
    below = sum(1 for d in distances if at_least(-d, 1))
    if above >= 2 or below >= 2:
        flags.add("outcomes-one-phase-away")
    return flags


# --- METHOD 8: people across sectors ----------------------------------------------------------------


def places(in_need):
    """Up to three distinct values, highest first, with every sector tied there (METHOD 8, 14.13)."""
    values = known(in_need.values())
    if not any(values):
        return []
    distinct = sorted(set(values), reverse=True)[:3]
    return [(value, [s for s, v in in_need.items() if v == value]) for value in distinct]


def over(first, other):
    """(first - other) / other; None where it cannot be computed (14.13)."""
    return (first - other) / other if other else None


def in_need_flags(in_need, population, changes, manual, thresholds, sub_population):
    """changes: sector -> change from last year, None where there is no number."""
    flags = {"manual"} if manual else set()
    ranked = places(in_need)
    if not ranked:
        return flags
    absent = sum(1 for value in in_need.values() if not value)
    if absent >= thresholds["zero-or-missing-sectors"]:
        flags.add("zero-or-missing-sectors")
    first, highest_sectors = ranked[0]
    if population and at_least(first / population, thresholds["share-of-population"]):
        flags.add("share-of-population")
    if any(sector in sub_population for sector in highest_sectors):
        flags.add("sub-population-sector")
    if len(highest_sectors) == 1:
        for place, flag in ((1, "first-over-second"), (2, "first-over-third")):
            excess = over(first, ranked[place][0]) if place < len(ranked) else None
            if excess is not None and at_least(excess, thresholds[flag]):
                flags.add(flag)
    looked_at = [s for _, tied in ranked[:2] for s in tied]
    sizes = [abs(c) for c in known([changes.get(s) for s in looked_at])]
    if any(at_least(size, thresholds["change-from-last-year"]) for size in sizes):
        flags.add("change-from-last-year")
    return flags


def change(old, new):
    """(new - old) / old; from 0 it is no number (METHOD 8, last item); None where a side is unknown."""
    if old is None or new is None or old == 0:
        return None
    return (new - old) / old


def preliminary_in_need(severity, ranked):
    """The highest if severity >= 3, else 0; unknown where the severity or every sector is unknown."""
    if severity is None:
        return None
    if severity < 3:
        return Fraction(0)
    return ranked[0][0] if ranked else None


def targeted(severity, final, thresholds):
    if severity is None or final is None:
        return None
    if severity >= 4:
        return final * thresholds["target-in-phase-4-or-5"]
    return final * thresholds["target-in-phase-3"] if severity == 3 else Fraction(0)


def prioritised(severity, final):
    if severity is None or final is None:
        return None
    return final if severity > 3 else Fraction(0)
