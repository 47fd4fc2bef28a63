"""Holds the scores of the corpus of bad files against the list of cases that are known not to be right yet.

    python3 tests/corpus.py SCORES.csv

A case that fails and is not listed is a step back; a case that is listed and passes has to come off the list.
"""

import csv
import pathlib
import sys

LIST = pathlib.Path(__file__).parent.parent / "fixtures/corpus/not-yet.txt"


def main(scores):
    rows = list(csv.DictReader(open(scores, encoding="utf-8")))
    if not rows:
        sys.exit("the corpus gave no scores")
    lines = (line.split("#")[0].strip() for line in LIST.read_text(encoding="utf-8").splitlines())
    listed = {line.split()[0] for line in lines if line}
    failing = {row["id"]: row["why"] for row in rows if row["result"] != "PASS"}
    new = {case: why for case, why in failing.items() if case not in listed}
    mended = listed - failing.keys()
    for case, why in sorted(new.items()):
        print(f"{case}: {why}")
    for case in sorted(mended):
        print(f"{case} passes: take it off {LIST.name}")
    print(f"{len(rows) - len(failing)} of {len(rows)} cases are right, {len(failing)} are not yet")
    sys.exit(bool(new or mended))


if __name__ == "__main__":
    main(sys.argv[1])
