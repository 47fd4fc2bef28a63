#!/usr/bin/env python3
"""An independent oracle for the two real JIAF 2 tool 3 workbooks (Mozambique and Colombia 2026).

It reads a workbook itself, computes what METHOD says in plain loops with exact fractions, and

  facts  compares METHOD with what the sheet computed for itself, listing every departure with its cause;
  check  compares the engine's figures.csv, severity.csv and analysis.json with METHOD.

  python3 tests/real/oracle.py facts --kind moz --workbook FILE [--published] [--full]
  python3 tests/real/oracle.py check --kind moz --workbook FILE --out ENGINE_OUT_DIR
                                     [--published] [--blank-muac missing|zero] [--full]

`--published` also asserts the published figures and the sheet's own cached values; it fits the unchanged
workbooks only. `--blank-muac` says with which setting the engine was run. Every point is printed as
`ok   name: n of n` or `FAIL name: n of m`; `note` lines are departures that are listed, counted and explained.
Exit code 1 when a point fails.

The parts: workbook.py reads, method.py holds METHOD's rules, expected.py applies them to each unit,
sheet.py repeats the sheet's own formulas where these depart, facts.py and engine.py hold the points.
"""

import argparse
import sys

import engine
import facts
from report import Report
from workbook import read_source


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("facts", "check"):
        command = commands.add_parser(name)
        command.add_argument("--kind", choices=("moz", "col"), required=True)
        command.add_argument("--workbook", required=True)
        command.add_argument("--published", action="store_true", help="assert the published figures too")
        command.add_argument("--full", action="store_true", help="list every difference, not the first 20")
        if name == "check":
            command.add_argument("--out", required=True, help="the engine's output folder")
            command.add_argument("--blank-muac", choices=("missing", "zero"), default="missing")
    return parser.parse_args()


def main():
    wanted = arguments()
    source, report = read_source(wanted.workbook, wanted.kind), Report(wanted.full)
    if wanted.command == "facts" or wanted.published:
        facts.compare_with_sheet(source, report)
    if wanted.published:
        facts.compare_with_published(source, report)
    if wanted.command == "check":
        engine.compare_with_engine(source, wanted.out, wanted.blank_muac, report)
    sys.exit(report.close())


if __name__ == "__main__":
    main()
