"""The seeds: which files are mutated, how each is checked, and whether the program reads it unmutated."""

import collections
import functools
import itertools
import pathlib
import subprocess
import sys

from any_bytes import BYTE_CHANGES, LONGEST_PART, flip_bytes
from packages import mutate_package, read_package, write_package
from plans import PLAN_CHANGES
from texts import CONTEXT_CHANGES, LAYOUT_CHANGES, TEXT_CHANGES
from xls import XLS_CHANGES

LONGEST_SEED = 30_000
TEXT, ZIPPED = ("csv", "tsv", "txt"), ("xlsx", "xlsm", "ods", "xlsb")
# Seeds in a layout that the program ships, with the arguments they get in place of a framework and a context.
LAYOUTS = {"a2sit.xlsx": [], "cod-ps.csv": [], "form.xlsx": ["--drop-identifiers"], "hapi.csv": [],
           "hno.csv": []}
HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = next(folder / "fixtures" for folder in (HERE.parent.parent,)
                if (folder / "fixtures").is_dir())
FRAMEWORK = ["--framework", FIXTURES / "corpus" / "framework"]
CONTEXT = ["--context", FIXTURES / "corpus" / "context.toml"]


class Seed:
    """A seed file, read once. Its kind is how it is mutated and checked, and often its extension."""

    def __init__(self, path):
        self.path, self.extension, self.data = path, path.suffix[1:].lower(), path.read_bytes()
        self.kind = {"json": "plan", "toml": "context"}.get(self.extension, self.extension)
        self.arguments = [*FRAMEWORK, *CONTEXT]
        if path.name in LAYOUTS:
            self.kind, self.arguments = "layout", LAYOUTS[path.name]
        elif self.kind == "plan":
            self.arguments = []
        self.alone = self.kind in ("layout", "plan")

    @functools.cached_property
    def parts(self):
        return read_package(self.path) if self.extension in ZIPPED else []

    def formats(self):
        """The formats it is a seed of: the same text is tried under every name that text has."""
        return TEXT if self.kind in TEXT else [self.kind]

    def mutate(self, rng):
        times = rng.choice([1, 1, 1, 2, 2, 3, 4])
        if self.parts:
            return mutate_package(rng, self, times)
        changes = {"xls": XLS_CHANGES, "parquet": [*BYTE_CHANGES, *[flip_bytes] * 9], "context": CONTEXT_CHANGES, "plan": PLAN_CHANGES,
                   "layout": LAYOUT_CHANGES}.get(self.kind, TEXT_CHANGES)
        return mutate_bytes(rng, self.data, changes, times)


def mutate_bytes(rng, data, changes, times):
    names = []
    for _ in range(times):
        change = rng.choice(changes)
        data = change(rng, data)[:LONGEST_PART]
        names.append(change.__name__)
    return data, names


def seed_files(folder):
    known = (".xls", ".json", ".parquet", *(f".{name}" for name in ZIPPED + TEXT))
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in known
                  and path.stat().st_size < LONGEST_SEED)


def readable(pinpoint, path, seed):
    result = subprocess.run([pinpoint, "check", path, *seed.arguments], capture_output=True)
    return result.returncode in (0, 1) and (not seed.alone or b"layout-chosen" in result.stdout)


def read_seed(pinpoint, path, base):
    """The seed, if the program reads it, as it is and packed anew by this script; else None."""
    seed, packed = Seed(path), base / path.name
    if not readable(pinpoint, path, seed):
        return None
    packed.write_bytes(write_package(seed.parts) if seed.parts else seed.data)
    return seed if readable(pinpoint, packed, seed) else None


def find_seeds(pinpoint, more_seeds, base):
    """The seeds by format. A seed of the project that cannot be read ends the run."""
    own = [*seed_files(FIXTURES / "formats"), *seed_files(FIXTURES / "surveys" / "parquet"), *seed_files(FIXTURES / "two-islands" / "sheets"),
           FIXTURES / "two-islands" / "workbook.xlsx"]
    more = itertools.chain.from_iterable(seed_files(pathlib.Path(folder)) for folder in more_seeds)
    read = {path: read_seed(pinpoint, path, base) for path in [*own, *more]}
    bad = [str(path) for path in own if not read[path]]
    if bad:
        sys.exit(f"seeds not readable: {', '.join(bad)}")
    seeds = collections.defaultdict(list)
    for seed in filter(None, read.values()):
        for name in seed.formats():
            seeds[name].append(seed)
    folders = [FIXTURES / name for name in ("corpus", "contexts", "two-islands")]
    seeds["context"] = [Seed(path) for folder in folders for path in sorted(folder.glob("*.toml"))]
    return dict(seeds)
