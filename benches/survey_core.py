"""The core of `cargo bench --bench survey -- core` in polars, in memory, on as many numbers: python3 benches/survey_core.py

Needs polars and numpy. Prints the fastest of five runs.
"""
import time

import numpy as np
import polars as pl

ROWS, COLUMNS, GROUPS = 10_000_000, 15, 50_000
rng = np.random.default_rng(1)


def column():
    values = rng.integers(0, 1 << 20, ROWS) / 10_485.76
    values[rng.integers(0, 33, ROWS) == 0] = np.nan
    return values


data = pl.DataFrame({f"i{at}": column() for at in range(COLUMNS)}).with_columns(pl.all().fill_nan(None))
data = data.with_columns(g=pl.Series(rng.integers(0, GROUPS, ROWS).astype(np.uint32)), w=pl.Series(1.0 + rng.integers(0, 300_000, ROWS)))


def phase(name):
    phase = pl.when(pl.col(name).is_null()).then(None)
    for number, bound in [(5, 99.5), (4, 97.0), (3, 90.0), (2, 80.0)]:
        phase = phase.when(pl.col(name) >= bound).then(number)
    return phase.otherwise(1).cast(pl.Int8)


def run():
    worst = pl.max_horizontal([phase(f"i{at}") for at in range(COLUMNS)]).alias("p")
    weights = [(pl.col("w") * (pl.col("p") == number)).sum().alias(f"p{number}") for number in range(1, 6)]
    return data.lazy().select("g", "w", worst).group_by("g").agg(weights).collect(engine="streaming")


best = float("inf")
for _ in range(5):
    start = time.perf_counter()
    run()
    best = min(best, time.perf_counter() - start)
print(f"polars {pl.__version__}: {best:.3f} s")
