"""What METHOD says about each unit of a workbook: computed once, used by `facts` and by `check`."""

from dataclasses import dataclass, field
from fractions import Fraction

import method
from workbook import is_odd_phase, is_zero, number, phase, tidy

TWENTY_PERCENT = Fraction(1, 5)


@dataclass
class SeverityUnit:
    """One row of the severity sheet."""

    phases: dict  # sector -> phase or None
    odd: list  # sectors whose phase is no whole number
    preliminary: int | None
    given_final: int | None
    outcomes: dict
    flags: set
    manual: bool

    @property
    def final(self):
        return self.preliminary if self.given_final is None else self.given_final

    @property
    def known(self):
        return [p for p in self.phases.values() if p is not None]


@dataclass
class PinUnit:
    """One row of the PiN sheet."""

    population: Fraction | None
    in_need: dict  # sector -> people or None
    aors: dict  # AoR -> people or None
    overall: Fraction | None
    severity: int | None
    changes: dict  # sector -> (old, new, change or None)
    places: list
    flags: set
    preliminary: Fraction | None
    given_final: Fraction | None
    targeted: Fraction | None
    prioritised: Fraction | None

    @property
    def final(self):
        return self.preliminary if self.given_final is None else self.given_final

    @property
    def present(self):
        """METHOD 14.9: population and all figures blank = the group is not there."""
        return self.population is not None or any(v is not None for v in [*self.in_need.values(), *self.aors.values()])


@dataclass
class Expected:
    severity: dict  # (p-code, group) -> SeverityUnit
    pin: dict  # (p-code, group) -> PinUnit
    aor_phases: dict  # (p-code, group) -> {aor: phase or None}
    overall_phases: dict  # (p-code, group) -> phase or None
    parent: dict = field(default_factory=dict)  # p-code -> admin 1 p-code


def outcomes_of(source, key, blank_muac):
    """The five outcome indicators: phases given in the severity sheet, or scored from the reference sheet."""
    if source.reference is None:
        row = source.severity.rows[key]
        return {name: non_zero(row.get(header)) for name, header in source.layout.outcomes.items()}
    raw = {name: source.reference.number(key, header) for name, header in source.layout.reference.items()}
    shares = [raw[f"coping{n}"] for n in (1, 2, 3, 4, 5)]
    return {
        "mortality": method.mortality(raw["crude_death_rate"], raw["under5_death_rate"], raw["civilian_casualties"]),
        "malnutrition": method.malnutrition(raw["whz"], raw["muac"], blank_muac),
        "epidemics": raw["epidemics"] or None,  # METHOD 4: a phase entered as 0 is unknown
        "livelihood_coping": method.phase_from_shares(shares, TWENTY_PERCENT, "more-than"),
        "hr_ihl_violations": raw["hr_ihl_violations"] or None,
    }


def non_zero(raw):
    return None if is_zero(raw) else number(raw)


def severity_unit(source, key, blank_muac):
    row, layout = source.severity.rows[key], source.layout
    phases = {sector: phase(row.get(header)) for sector, header in layout.sectors.items()}
    known = method.known(phases.values())
    preliminary = method.preliminary_severity(known)
    outcomes = outcomes_of(source, key, blank_muac)
    return SeverityUnit(
        phases=phases,
        odd=[sector for sector, header in layout.sectors.items() if is_odd_phase(row.get(header))],
        preliminary=preliminary,
        given_final=phase(row.get(layout.final_severity)),
        outcomes=outcomes,
        flags=method.severity_flags(known, preliminary, outcomes.values(), source.thresholds),
        manual=bool(tidy(row.get("Manual Flag"))),
    )


def overall_in_need(source, row, aors):
    """Mozambique: the cell mosaic (METHOD 7). Colombia: the figure given (METHOD 6.4)."""
    if source.kind == "moz":
        return method.worst(aors.values())
    return number(row.get(source.layout.overall_in_need))


def changes_of(source, key, in_need):
    """METHOD 8, last item: joined by p-code and group, unrounded. sector -> (old, new, change)."""
    found = {}
    for sector, header in source.layout.previous.items():
        old = source.previous.number(key, header)
        found[sector] = (old, in_need[sector], method.change(old, in_need[sector]))
    return found


def pin_unit(source, key, severity):
    row, layout = source.pin.rows[key], source.layout
    population = number(row.get(layout.population))
    in_need = {sector: number(row.get(header)) for sector, header in layout.sectors.items()}
    aors = {aor: number(row.get(header)) for aor, header in layout.aor_in_need.items()}
    changes = changes_of(source, key, in_need)
    ranked = method.places(in_need)
    preliminary = method.preliminary_in_need(severity, ranked)
    given_final = number(row.get(layout.final_in_need))
    final = preliminary if given_final is None else given_final
    return PinUnit(
        population=population,
        in_need=in_need,
        aors=aors,
        overall=overall_in_need(source, row, aors),
        severity=severity,
        changes=changes,
        places=ranked,
        flags=method.in_need_flags(
            in_need,
            population,
            {sector: c for sector, (_, _, c) in changes.items()},
            bool(tidy(row.get("Manual Flag"))),
            source.thresholds,
            source.sub_population_sectors,
        ),
        preliminary=preliminary,
        given_final=given_final,
        targeted=method.targeted(severity, final, source.thresholds),
        prioritised=method.prioritised(severity, final),
    )


def expect(source, blank_muac="missing"):
    layout = source.layout
    severity = {key: severity_unit(source, key, blank_muac) for key in source.severity.rows}
    final = {key: unit.final for key, unit in severity.items()}
    pin = {key: pin_unit(source, key, final.get((key[0], ""))) for key in source.pin.rows}
    aor_phases = {
        key: {aor: phase(row.get(header)) for aor, header in layout.aor_phase.items()}
        for key, row in source.severity.rows.items()
    }
    given = {key: phase(row.get(layout.overall_phase)) for key, row in source.severity.rows.items()}
    worst = {key: method.worst(phases.values()) for key, phases in aor_phases.items()}
    tables = [source.severity, source.pin]  # the PiN sheet last: Colombia's other sheet has lost zeros (MESS M31)
    return Expected(
        severity=severity,
        pin=pin,
        aor_phases=aor_phases,
        # Colombia gives the overall phase; where it is blank, METHOD 5 takes the worst AoR.
        overall_phases=worst if source.kind == "moz" else {key: phase or worst[key] for key, phase in given.items()},
        parent={
            key[0]: tidy(row[layout.admin1])
            for table in tables
            for key, row in table.rows.items()
            if tidy(row.get(layout.admin1))
        },
    )
