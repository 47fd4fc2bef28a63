"""One mutant: how it comes of a seed, its run with limits on time and memory, what fails and what is kept."""

import collections
import os
import pathlib
import random
import resource
import signal
import subprocess
import tempfile
import time

from seeds import FRAMEWORK, TEXT, ZIPPED

SECONDS, KILL_AFTER = 5, 12
MEGABYTES, ADDRESS_SPACE = 500, 4 << 30
MUTANTS_PER_SEED = 1_000_000
# How often each format comes up; `context` is a sound input with a changed context, `layout` a table in a
# layout that the program ships, `plan` a plan of the planning system.
WEIGHTS = {"xlsx": 32, "xlsm": 4, "ods": 22, "xls": 14, "xlsb": 8, "csv": 9, "tsv": 4, "txt": 3, "context": 6,
           "layout": 22, "plan": 16, "parquet": 10}

Result = collections.namedtuple("Result", "code seconds work megabytes output")
Report = collections.namedtuple("Report", "index format seed changes result trouble")


class Mutant:
    """What to run: file names with their bytes, and how they came about."""

    def __init__(self, seeds, number, index):
        rng = random.Random(number * MUTANTS_PER_SEED + index)
        formats = [name for name in WEIGHTS if seeds.get(name)]
        self.index, self.context, self.framework = index, None, True
        self.format = rng.choices(formats, [WEIGHTS[name] for name in formats])[0]
        self.seed = rng.choice(seeds[self.format])
        data, self.changes = self.seed.mutate(rng)
        if self.format == "context":
            self.context, self.framework = data, rng.random() < 0.7
            source = rng.choice(seeds["xlsx"] + seeds["csv"])
            self.name, self.data = source.path.name, source.data
        else:
            self.name, self.data = f"{self.seed.path.stem}.{self.suffix(rng)}", data

    def suffix(self, rng):
        """The name's end: now and then that of another format."""
        if rng.random() < 0.01:
            return rng.choice([*TEXT, *ZIPPED, "xls", *(["json"] if self.seed.alone else [])])
        return self.seed.extension if self.seed.alone else self.format

    def files(self):
        context = {} if self.context is None else {"context.toml": self.context}
        return {self.name: self.data, **context}

    def write(self, folder):
        """Writes the files into the folder and gives the arguments that check them."""
        for name, data in self.files().items():
            (folder / name).write_bytes(data)
        return ["check", folder / self.name, *self.arguments(folder)]

    def arguments(self, folder):
        if self.context is None:
            return self.seed.arguments
        return [*(FRAMEWORK if self.framework else []), "--context", folder / "context.toml"]

    def remove(self, folder):
        """Removes the files: a context that stayed would count for the next mutant without one."""
        for name in self.files():
            (folder / name).unlink()


def run(command, output_path):
    """Runs the command in a session of its own, which is killed when it takes far too long."""
    with open(output_path, "w+b") as output:
        start = time.monotonic()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                 start_new_session=True)
        signal.signal(signal.SIGALRM, lambda *_: os.killpg(child.pid, signal.SIGKILL))
        signal.alarm(KILL_AFTER)
        _, status, usage = os.wait4(child.pid, 0)
        signal.alarm(0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - start
        output.seek(0)
        # wait4 counts the children that the program itself waited for, too; and, before the program begins,
        # this script, so that no result is below the script's own 50 MB or so.
        work = usage.ru_utime + usage.ru_stime
        return Result(child.returncode, seconds, work, usage.ru_maxrss / 1024, output.read(1_000_000))


def trouble_of(result):
    if result.seconds > KILL_AFTER:
        return f"was killed after {KILL_AFTER} s, of which it worked {result.work:.1f} s"
    if result.code not in (0, 1, 2, 3):
        return f"ends with {result.code}"
    if b"panicked at" in result.output:
        return "panics"
    if result.seconds > SECONDS:
        return f"takes {result.seconds:.1f} s, of which it works {result.work:.1f} s"
    return f"holds {result.megabytes:.0f} MB" if result.megabytes > MEGABYTES else None


class Worker:
    """Makes and runs mutants, in a process of the pool. `start` runs in each of them once."""

    def start(self, options, seeds, base):
        self.options, self.seeds = options, seeds
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=base))
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def check(self, arguments):
        return run([self.options.pinpoint, *arguments], self.folder / "output")

    def run_mutant(self, index):
        mutant = Mutant(self.seeds, self.options.seed, index)
        arguments = mutant.write(self.folder)
        result = self.check(arguments)
        if result.seconds > SECONDS > result.work:
            result = self.check(arguments)
        trouble = trouble_of(result)
        if self.options.keep and (trouble or self.options.only is not None):
            self.keep(mutant, result)
        mutant.remove(self.folder)
        return Report(index, mutant.format, mutant.seed.path.name, mutant.changes, result, trouble)

    def keep(self, mutant, result):
        folder = pathlib.Path(self.options.keep) / f"{self.options.seed}-{mutant.index}"
        folder.mkdir(parents=True, exist_ok=True)
        arguments = mutant.write(folder)
        (folder / "command").write_text(" ".join(map(str, [self.options.pinpoint, *arguments])) + "\n")
        (folder / "output").write_bytes(result.output)


WORKER = Worker()


def run_mutant(index):
    return WORKER.run_mutant(index)
