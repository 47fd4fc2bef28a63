"""Reads a JIAF 2 tool 3 workbook for the oracle: sheets by their headers, columns by their names.

Nothing here looks at sheet names or row order, so a renamed and shuffled copy reads the same.
Rows are keyed by p-code and group (MESS M29, M30: the ID column is not unique, row order is no key).
Numbers are exact: each cell becomes the fraction of its shortest decimal (METHOD 14.2).
"""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
import warnings

import openpyxl

HEADER_ROW = 3
MISSING = {"", "-"}


@dataclass(frozen=True)
class Layout:
    """The header names of one country's workbook: our code on the left, its header on the right."""

    signatures: dict  # sheet's part -> headers that only this sheet has in row 3
    pcode: str
    admin1: str
    group: str
    population: str
    sectors: dict  # the same headers in the PiN and the severity sheet
    aor_in_need: dict
    aor_phase: dict
    overall_in_need: str
    overall_phase: str
    cached_preliminary: str
    final_severity: str
    final_in_need: str
    cached: dict  # what the sheet computed itself: our name -> its header
    outcomes: dict  # outcome phases that stand in the severity sheet
    reference: dict  # raw outcome indicators of the reference sheet
    previous: dict  # sector -> header of last year's figure
    thresholds: dict  # our name -> beginning of the label in columns A or B
    threshold_header: str


FLAG_OF_THE_SHEET = {
    "zero-or-missing-sectors": "Number of missing / zero PiNs greater than threshold - Data quality",
    "sub-population-sector": "Highest sector targets sub-population group(s)",
    "first-over-second": "% difference is over a specified threshold between Highest and 2nd Highest",
    "first-over-third": "% difference is over a specified threshold between Highest and 3rd Highest",
    "manual": "Manual Flag",
}
TWO_PHASES = "2+ phase variation between preliminary severity and severity of any of the outcome indicators"
ONE_PHASE = (
    "1+ phase variation between preliminary severity and severity of at least two"
    " of the outcome indicators - in the same direction"
)

MOZ = Layout(
    signatures={
        "pin": {"CP", "Admin 2 P-Code"},
        "severity": {"Child Protection (CP)", "Admin 2 P-Code"},
        "previous": {"CCCM - old"},
        "reference": {"WHZ", "MUAC"},
    },
    pcode="Admin 2 P-Code",
    admin1="Admin 1 P-Code",
    group="Population Group",
    population="Population",
    sectors={
        "cccm": "CCCM",
        "education": "Education",
        "nutrition": "Nutrition",
        "food-security": "Food Security",
        "health": "Health",
        "protection": "Overarching Protection",
        "shelter": "Shelter",
        "wash": "WASH",
    },
    aor_in_need={"CP": "CP", "GBV": "GBV", "GP": "GP", "HLP": "HLP"},
    aor_phase={
        "CP": "Child Protection (CP)",
        "GBV": "Gender-based Violence (GBV)",
        "GP": "GP",
        "HLP": "HLP",
    },
    overall_in_need="Overarching Protection",
    overall_phase="Overarching Protection",
    cached_preliminary="Preliminary Intersectoral Severity based on overlap of sectoral deprivations",
    final_severity="Final Severity",
    final_in_need="Final PiN",
    cached={
        "severity": "Severity",
        "in_need_preliminary": "Preliminary PiN",
        "targeted": "People targeted",
        "prioritised": "People prioritized",
        "places": [
            ("Highest PiN", "Highest sector(s)"),
            ("2nd Highest PiN", "2nd Highest sector(s)"),
            ("3rd Highest PiN", "3rd Highest sector(s)"),
        ],
        "change": [
            (
                "Change from last year for the highest sector(s)",
                "Change from last year for the highest sector(s) has significantly increased or decreased",
            ),
            (
                "Change from last year for the 2nd highest sector(s)",
                "Change from last year for the 2nd highest sector(s) has significantly increased or decreased",
            ),
        ],
        "in_need_flags": FLAG_OF_THE_SHEET
        | {"share-of-population": "Highest PiN greater than 90% of total affected population"},
        "severity_flags": {
            "sectors-in-phase-5": "1 sector in severity phase 5 [modify the threshold]",
            "sectors-in-phase-4-or-5": "More than 4 Sectors in 4 or worse while Preliminary is 4 ",
            "outcome-two-phases-away": TWO_PHASES,
            "outcomes-one-phase-away": ONE_PHASE,
        },
        "outcomes": {
            "mortality": "Mortality",
            "malnutrition": "Malnutrition",
            "epidemics": "Epidemics",
            "livelihood_coping": "Livelihood Coping",
            "hr_ihl_violations": "HR/IHL Violation",
        },
    },
    outcomes={},
    reference={
        "crude_death_rate": "CDR x/10,000/day",
        "under5_death_rate": "Under 5 Death Rate",
        "civilian_casualties": "Civilian Casualty",
        "whz": "WHZ",
        "muac": "MUAC",
        "epidemics": "Epidemic Severity",
        "hr_ihl_violations": "HR/IHL Violation",
        "coping1": "Coping Strategy (Minimal)",
        "coping2": "Coping Strategy (Stress)",
        "coping3": "Coping Strategy (Severe)",
        "coping4": "Coping Strategy (Extreme)",
        "coping5": "Coping Strategy (Catastrophic)",
    },
    previous={
        "cccm": "CCCM - old",
        "education": "Education - old",
        "nutrition": "Nutrition - old",
        "food-security": "Food Security - old",
        "health": "Health - old",
        "protection": "Overarching Protection - old",
        "shelter": "Shelter - old",
        "wash": "WASH - old",
    },
    thresholds={
        "zero-or-missing-sectors": "# Sectors with 0 PiN",
        "first-over-second": "% Difference between 1st and 2nd",
        "first-over-third": "% Difference between 1st and 3rd",
        "share-of-population": "PiN greater than 90%",
        "change-from-last-year": "Change from last year",
        "sectors-in-phase-5": "# of sectors in phase 5",
        "sectors-in-phase-4-or-5": "# of sectors in phase 4",
        "target-in-phase-3": "Areas in severity 3",
        "target-in-phase-4-or-5": "Areas in severity 4 & 5",
    },
    threshold_header="Country Threshold",
)

COL = Layout(
    signatures={
        "pin": {"Población 2026", "Admin 2 Código P"},
        "severity": {"Coping Mechanisms", "Admin 2 Código P"},
    },
    pcode="Admin 2 Código P",
    admin1="Admin 1 Código P",
    group="",
    population="Población 2026",
    sectors={
        "food-security": "Food Security and Nutrition",
        "health": "Health",
        "education": "Education",
        "protection": "Protection",
        "shelter": "Shelter / NFI",
        "wash": "WASH",
    },
    aor_in_need={"CP": "Child Protection", "GBV": "GBV", "MA": "Acción contra las minas", "HLP": "HLP"},
    aor_phase={"CP": "Child Protection", "GBV": "GBV", "MA": "Mine Action", "HLP": "HLP"},
    overall_in_need="Protection",
    overall_phase="Protection",
    cached_preliminary="Preliminary Severity based on overlap of sectoral deprivations",
    final_severity="Final Severity",
    final_in_need="PiN final",
    cached={
        "severity": "Severity",
        "in_need_preliminary": "Preliminary PiN",
        "places": [
            ("Highest PiN", "Highest sector(s)"),
            ("2nd Highest PiN", "2nd Highest sector(s)"),
            ("3rd Highest PiN", "3rd Highest sector(s)"),
        ],
        "change": [],
        "in_need_flags": FLAG_OF_THE_SHEET
        | {"share-of-population": "Highest PiN greater than 90% of total population"},
        "severity_flags": {
            "sectors-in-phase-5": "1 sectors in severity phase 5 [modify the threshold]",
            "sectors-in-phase-4-or-5": "More than 4 Sectors in 4 or worse while Preliminary is 4"
            " or lower [modify the threshold]",
            "outcome-two-phases-away": TWO_PHASES,
            "outcomes-one-phase-away": ONE_PHASE,
        },
        "outcomes": {},
    },
    outcomes={
        "mortality": "Mortality",
        "malnutrition": "Malnutrition",
        "epidemics": "Epidemics",
        "livelihood_coping": "Coping Mechanisms",
        "hr_ihl_violations": "HR/IHL Violation",
    },
    reference={},
    previous={},
    thresholds={
        "zero-or-missing-sectors": "Número de sectores con 0 PiN",
        "first-over-second": "% Diferencia entre el 1º y el 2º",
        "first-over-third": "% Diferencia entre el 1° y el 3°",
        "share-of-population": "PiN superior al 90 %",
        "change-from-last-year": "Variación respecto al año pasado",
        "sectors-in-phase-5": "Nº de sectores en fase 5",
        "sectors-in-phase-4-or-5": "Nº de sectores en fase 4",
        "target-in-phase-3": "Porcentage para areas en Severidad 3",
        "target-in-phase-4-or-5": "Porcentage para areas en Severidad 4 y 5",
    },
    threshold_header="Umbral País",
)

LAYOUTS = {"moz": MOZ, "col": COL}


@dataclass
class Table:
    """One sheet: its title, its columns (header -> column number) and its rows by (p-code, group)."""

    title: str
    columns: dict
    rows: dict = field(default_factory=dict)
    row_numbers: dict = field(default_factory=dict)

    def number(self, key, header):
        return number(self.rows.get(key, {}).get(header))

    def phase(self, key, header):
        return phase(self.rows.get(key, {}).get(header))

    def cell(self, key, header):
        letter = openpyxl.utils.get_column_letter(self.columns[header])
        return f"{letter}{self.row_numbers[key]}"


@dataclass
class Source:
    """What the oracle reads from the workbook handed to it."""

    kind: str
    layout: Layout
    pin: Table
    severity: Table
    previous: Table | None
    reference: Table | None
    thresholds: dict
    sub_population_sectors: list


def tidy(raw):
    """Text without outer blanks, no-break spaces included; blank for an empty cell."""
    return "" if raw is None else str(raw).replace("\u00a0", " ").strip()


def number(raw):
    """The cell as an exact fraction; None for blank, a missing token or an error cell (MESS M18-M20)."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return Fraction(Decimal(repr(raw)))
    text = tidy(raw)
    if text in MISSING or text.startswith("#"):
        return None
    return Fraction(Decimal(text))


def phase(raw):
    """A phase 1-5; None where it is blank, 0 (METHOD 4: unknown) or no whole number (section 12)."""
    value = number(raw)
    return int(value) if value in (1, 2, 3, 4, 5) else None


def is_zero(raw):
    return number(raw) == 0


def is_odd_phase(raw):
    """A number that is neither a phase nor 0: the file holds 1.5."""
    return number(raw) is not None and not is_zero(raw) and phase(raw) is None


def headers(sheet):
    """Header text -> column number; the first of equal headers."""
    found = {}
    for cell in sheet[HEADER_ROW]:
        if cell.value is not None:
            found.setdefault(str(cell.value), cell.column)
    return found


def find_sheet(book, signature):
    """The one sheet whose header row has all these headers."""
    fitting = [s for s in book.worksheets if signature <= set(headers(s))]
    if len(fitting) != 1:
        titles = [s.title for s in fitting]
        raise SystemExit(f"expected one sheet with the headers {sorted(signature)}, found {titles}")
    return fitting[0]


def read_table(sheet, layout):
    """All rows down to the first one without p-code (the notes and totals below are no data)."""
    table = Table(sheet.title, headers(sheet))
    for line in range(HEADER_ROW + 1, sheet.max_row + 1):
        row = {name: sheet.cell(line, column).value for name, column in table.columns.items()}
        if not tidy(row.get(layout.pcode)):
            break
        key = (tidy(row[layout.pcode]), tidy(row.get(layout.group)))
        if key in table.rows:
            raise SystemExit(f"sheet `{sheet.title}` row {line}: {key} stands twice")
        table.rows[key] = row
        table.row_numbers[key] = line
    return table


def find_threshold_sheet(book, layout):
    for sheet in book.worksheets:
        for row in sheet.iter_rows(min_row=1, max_row=10):
            if any(tidy(cell.value) == layout.threshold_header for cell in row):
                return sheet
    raise SystemExit(f"no sheet has the header `{layout.threshold_header}`")


def threshold_cells(sheet, layout):
    """Our name -> the cell of the country's threshold: the label's row, the column under that header."""
    column = next(
        cell.column for row in sheet.iter_rows() for cell in row if tidy(cell.value) == layout.threshold_header
    )
    found = {}
    for name, label in layout.thresholds.items():
        fitting = [
            sheet.cell(line, column)
            for line in range(1, sheet.max_row + 1)
            if any(tidy(sheet.cell(line, c).value).startswith(label) for c in (1, 2))
            and isinstance(sheet.cell(line, column).value, (int, float))
        ]
        if not fitting:
            raise SystemExit(f"sheet `{sheet.title}`: no threshold labelled `{label}`")
        found[name] = fitting[0]
    return found


def read_sub_population_sectors(sheet):
    """The names under the header `Sector`, down to the first blank."""
    line = next(n for n in range(1, sheet.max_row + 1) if tidy(sheet.cell(n, 2).value) == "Sector") + 1
    names = []
    while tidy(sheet.cell(line, 2).value):
        names.append(tidy(sheet.cell(line, 2).value))
        line += 1
    return names


def open_book(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # slicers and conditional formats that openpyxl does not keep
        return openpyxl.load_workbook(path, data_only=True)


def read_source(path, kind):
    book, layout = open_book(path), LAYOUTS[kind]
    tables = {part: read_table(find_sheet(book, names), layout) for part, names in layout.signatures.items()}
    threshold_sheet = find_threshold_sheet(book, layout)
    of_header = {header: sector for sector, header in layout.sectors.items()}
    return Source(
        kind=kind,
        layout=layout,
        pin=tables["pin"],
        severity=tables["severity"],
        previous=tables.get("previous"),
        reference=tables.get("reference"),
        thresholds={name: number(cell.value) for name, cell in threshold_cells(threshold_sheet, layout).items()},
        sub_population_sectors=[of_header[name] for name in read_sub_population_sectors(threshold_sheet)],
    )
