"""The workbook's own formulas where they depart from METHOD: used only to explain a difference, never to expect."""

from fractions import Fraction

from workbook import tidy


def excel_number(raw):
    return Fraction(str(raw)) if isinstance(raw, (int, float)) and not isinstance(raw, bool) else None


def two_phases_away(cells, preliminary):
    """`FILTER(cells, cells<>"") <= p-2` or `>= p+2`: Excel ranks every text above every number."""
    if preliminary is None:
        return False  # an error inside IFERROR
    filled = [raw for raw in cells if raw not in (None, "")]
    if any(excel_number(raw) is None for raw in filled):
        return True
    return any(abs(excel_number(raw) - preliminary) >= 2 for raw in filled)


def one_phase_away(cells, preliminary):
    """Two COUNTIFs with a number as criterion: they count numbers and pass over text."""
    if preliminary is None:
        return False
    values = [v for v in map(excel_number, cells) if v is not None]
    above = sum(1 for v in values if v >= preliminary + 1)
    below = sum(1 for v in values if v <= preliminary - 1)
    return above >= 2 or below >= 2


def first_row_of_area(table, pcode):
    """What `MATCH(ID, table[ID], 0)` finds when the ID holds the p-code alone."""
    return next((key for key in table.rows if key[0] == pcode), None)


def looked_up_change(source, key, tied):
    """Columns BA and BC: `INDEX(% columns, MATCH(ID), MATCH(FILTER(sectors of that place)))`.

    Several sectors give an array, which the cell shows as #VALUE!. In an empty row the place is an empty
    text, equal to every blank sector: an array again. Returns the cell's content, '' for blank.
    """
    if len(tied) != 1:
        return "#VALUE!"
    first = first_row_of_area(source.previous, key[0])
    raw = source.previous.rows[first].get(source.layout.sectors[tied[0]]) if first else None
    return raw if isinstance(raw, (int, float)) else tidy(raw)


def looked_up_flag(source, key, tied, threshold):
    """Columns BB and BD: any of the looked-up changes whose size reaches the threshold (text: an error, no flag)."""
    first = first_row_of_area(source.previous, key[0])
    cells = [source.previous.rows[first].get(source.layout.sectors[sector]) for sector in tied] if first else []
    values = [excel_number(raw) for raw in cells]
    if any(value is None for value in values):
        return False
    return any(abs(value) >= threshold for value in values)
