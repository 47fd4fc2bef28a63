"""What the oracle prints: points that hold or fail, and departures that are listed with their cause."""

from fractions import Fraction

SHOWN = 20


def text(value):
    """A value for a reader: fractions as decimals."""
    if isinstance(value, Fraction):
        return f"{float(value):.12g}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(text(v) for v in value) + "]"
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(sorted(value)) + "}"
    return "unknown" if value is None else str(value)


def close(a, b, tolerance=Fraction(1, 10**9)):
    """Equal to 1e-9 of their size (the engine may compute in floating point); unknown equals unknown."""
    if a is None or b is None:
        return a is None and b is None
    return abs(a - b) <= tolerance * max(1, abs(a), abs(b))


class Point:
    """One named comparison over many items."""

    def __init__(self, report, name):
        self.report, self.name, self.total, self.wrong = report, name, 0, []

    def same(self, where, expected, found, equal=None):
        """Counts one item; `equal` overrides the plain comparison of numbers."""
        self.total += 1
        holds = equal if equal is not None else compare(expected, found)
        if not holds:
            self.wrong.append(f"{label(where)}: expected {text(expected)}, found {text(found)}")

    def failed(self, message):
        self.total += 1
        self.wrong.append(message)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.report.print_point(self)


def compare(expected, found):
    numbers = (int, float, Fraction, type(None))
    if isinstance(expected, numbers) and isinstance(found, numbers):
        exact = lambda v: None if v is None else Fraction(v)
        return close(exact(expected), exact(found))
    return expected == found


def label(where):
    return where if isinstance(where, str) else " / ".join(str(part) for part in where if part != "")


class Report:
    def __init__(self, full=False):
        self.full, self.points, self.failures = full, 0, 0

    def point(self, name):
        return Point(self, name)

    def print_point(self, point):
        self.points += 1
        good = point.total - len(point.wrong)
        if point.total == 0:
            point.wrong.append("nothing to compare")
        if not point.wrong:
            print(f"ok   {point.name}: {good} of {point.total}")
            return
        self.failures += 1
        print(f"FAIL {point.name}: {good} of {point.total}")
        self.lines(point.wrong)

    def note(self, name, items=()):
        """A departure or a count that is no failure; `items` are listed."""
        print(f"note {name}")
        self.lines(list(items))

    def lines(self, items):
        shown = items if self.full else items[:SHOWN]
        for item in shown:
            print(f"       {item}")
        if len(items) > len(shown):
            print(f"       ... {len(items) - len(shown)} more (--full lists them)")

    def close(self):
        print(f"{self.points} points, {self.failures} failed")
        return 1 if self.failures else 0
