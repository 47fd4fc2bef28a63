"""Runs pinpoint on many broken files and fails if it ever crashes, hangs or eats the memory.

    python3 tests/mutants PINPOINT COUNT [--seed N] [--jobs N] [--keep DIR] [--only INDEX] [MORE_SEEDS ...]

PINPOINT is the program, COUNT how many mutants to make. Each mutant is a seed file with 1 to 4 random
changes, or a sound input with a changed context. The seeds are fixtures/formats and the sheets of
fixtures/two-islands, which have to be readable. Plans (.json), and tables in layouts that the program ships,
are checked without a framework or context. MORE_SEEDS are folders with further seeds (give one with .xlsb
files: the project has none); those over 30 kB, and those the program does not read, are left out.

The same --seed, seeds and INDEX give the same mutant, whatever --jobs is. A failing mutant is printed with
the way to make it again, and --keep DIR saves it there, with the command and its output. --only INDEX runs
that single mutant, which --keep then saves even if it does not fail.

A mutant fails if the program ends with anything but 0, 1, 2 or 3, says `panicked at`, takes over 5 s (twice,
if less than 5 s of that was work), or it or a child of it holds over 500 MB. Ends with 1 if a mutant failed,
or a seed of the project is not readable. Linux only; needs nothing but Python.
"""

import argparse
import collections
import multiprocessing
import os
import pathlib
import shutil
import sys
import tempfile
import time

from running import WORKER, run_mutant
from seeds import find_seeds


def again(options, index):
    words = ["python3 tests/mutants", options.pinpoint, str(options.count), f"--seed {options.seed}",
             f"--only {index}", f"--keep {options.keep or 'DIR'}", *options.more_seeds]
    return " ".join(words)


def print_failure(options, report):
    print(f"FAILED seed {options.seed}, mutant {report.index}, {report.format} from {report.seed} by "
          f"{', '.join(report.changes)}: {report.trouble}\n    again: {again(options, report.index)}",
          flush=True)


class Summary:
    """What all runs came to."""

    def __init__(self):
        self.formats, self.codes, self.failed = collections.Counter(), collections.Counter(), 0
        self.slowest = self.largest = None
        self.start = time.monotonic()

    def add(self, report):
        self.formats[report.format] += 1
        self.codes[report.result.code] += 1
        self.failed += report.trouble is not None
        if not self.slowest or report.result.seconds > self.slowest.result.seconds:
            self.slowest = report
        if not self.largest or report.result.megabytes > self.largest.result.megabytes:
            self.largest = report

    def line(self):
        formats = ", ".join(f"{count} {name}" for name, count in sorted(self.formats.items()))
        codes = ", ".join(f"{code}: {count}" for code, count in sorted(self.codes.items()))
        slowest, largest = self.slowest, self.largest
        return (f"{self.formats.total()} mutants in {time.monotonic() - self.start:.0f} s ({formats}); "
                f"slowest {slowest.result.seconds:.2f} s ({slowest.format}, mutant {slowest.index}); "
                f"largest {largest.result.megabytes:.0f} MB ({largest.format}, mutant {largest.index}); "
                f"exit codes {codes}; {self.failed} failed")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pinpoint")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", metavar="DIR", help="save failing mutants here")
    parser.add_argument("--only", metavar="INDEX", type=int, help="run this single mutant")
    parser.add_argument("more_seeds", nargs="*", metavar="MORE_SEEDS")
    options = parser.parse_intermixed_args()
    options.pinpoint = os.path.abspath(options.pinpoint)
    return options


def run_all(options, base):
    seeds = find_seeds(options.pinpoint, options.more_seeds, base)
    indexes = range(options.count) if options.only is None else [options.only]
    summary = Summary()
    with multiprocessing.get_context("fork").Pool(options.jobs, WORKER.start, (options, seeds, base)) as pool:
        for report in pool.imap_unordered(run_mutant, indexes, chunksize=10):
            summary.add(report)
            if report.trouble:
                print_failure(options, report)
    print(summary.line())
    return summary.failed


def main():
    options = parse_options()
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    base = pathlib.Path(tempfile.mkdtemp(prefix="mutants-", dir=memory))
    try:
        return 1 if run_all(options, base) else 0
    finally:
        shutil.rmtree(base)


if __name__ == "__main__":
    sys.exit(main())
