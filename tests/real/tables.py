"""What the tables of real files hold, by another reader: a line for each table, with rows and sums, as JSON.

    python3 tests/real/tables.py FOLDER

FOLDER holds the real files by family. Nothing of pinpoint is used. A line is
    {"file": ..., "table": ..., "rows": N, "sums": {column of pinpoint: sum}}
where the columns are called as `pinpoint dump` calls them.
"""

import csv
import io
import json
import pathlib
import re
import sys
import zipfile

import openpyxl

AORS = {"PRO_CPM": "CP", "PRO_CPN": "CP", "PRO-CPN": "CP", "PRO_GBV": "GBV", "PRO-GBV": "GBV",
        "PRO_HLP": "HLP", "PRO-HLP": "HLP", "PRO_MIN": "MA", "PRO-MIN": "MA"}


def number(value):
    """A number, be it written as a text; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return float(value)
    try:
        return float(str(value).strip())
    except ValueError:
        return None


def with_any(rows, *columns):
    """The rows that hold a figure in one of these columns."""
    return [row for row in rows if any(number(row.get(column)) is not None for column in columns)]


def tell(path, table, rows, columns):
    """Prints rows and sums; `columns` maps our names to functions of a row."""
    sums = {name: sum(filter(None, (number(of(row)) for row in rows))) for name, of in columns.items()}
    print(json.dumps({"file": path.name, "table": table, "rows": len(rows), "sums": sums}))


def text_rows(path):
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    return [row for row in rows if not str(next(iter(row.values()))).startswith("#")]


def jiaf(path, pin, severity):
    """Worksheets 3.1 and 3.2: headers in row 3, data until the first row without a p-code."""
    book = openpyxl.load_workbook(path, data_only=True)
    for sheet, code, kinds in ((pin, 4, "pin"), (severity, 4, "severity")):
        lines = list(book[sheet].iter_rows(min_row=3, values_only=True))
        headers = [str(cell).strip() if cell is not None else "" for cell in lines[0]]
        rows = []
        for line in lines[1:]:
            if line[code] in (None, ""):
                break
            rows.append(line)
        at = lambda name: (lambda row, index=headers.index(name): row[index])
        if kinds == "pin":
            tell(path, "population", rows, {"population": lambda row: row[8]})
            final = next(name for name in headers if name.lower() == "final pin" or name == "PiN final")
            tell(path, "sectors 3.1", rows, {"health.in-need": at(next(n for n in headers if n in ("Health", "Salud"))), "final-in-need": at(final)})
        else:
            tell(path, "sectors 3.2", rows, {"final-severity": at("Final Severity")})


def a2sit(path):
    sheet = openpyxl.load_workbook(path, data_only=True)["Data"]
    lines = list(sheet.iter_rows(min_row=5, values_only=True))
    names = [name for name in lines[0][2:] if name is not None]
    rows = [line for line in lines[1:] if line[0]]
    print(json.dumps({"file": path.name, "table": "columns", "rows": len(names), "sums": {}}))
    columns = {name: (lambda row, index=index: row[index]) for index, name in enumerate(lines[0]) if index > 1 and name}
    tell(path, "indicators", rows, columns)


def hno(path):
    rows = text_rows(path)
    whole = [row for row in rows if (row["Gender"], row["Age Range"], row["Population Group"]) == ("a", "ALL", "ALL")]
    of = lambda *sectors: [row for row in whole if row["Sector"] in sectors]
    tell(path, "population", of("ALL"), {"population": lambda row: row["Population"]})
    tell(path, "overall", with_any(of("PRO"), "In Need", "Affected"), {"overall.in-need": lambda row: row["In Need"]})
    tell(path, "aors", of(*AORS), {"in-need": lambda row: row["In Need"]})
    tell(path, "aors targeted", of(*AORS), {"targeted": lambda row: row["Targeted"]})


def cod(path):
    rows = text_rows(path)
    columns = {"population": lambda row: row["T_TL"]}
    names = [name for name in rows[0] if name]
    ages = [name for name in names if re.fullmatch(r"[FM]_(\d\d_\d\d|\d+Plus)", name)]
    for name in ages or ["F_TL", "M_TL"]:
        columns[name] = lambda row, name=name: row[name]
    tell(path, "population", rows, columns)


def needs(path, country=None):
    """The published needs tables, or a plan of the planning system as the same rows."""
    if path.suffix == ".json":
        rows = plan_rows(path)
    else:
        rows = [row for row in text_rows(path) if country is None or row["Country ISO3"] == country]
    whole = [row for row in rows if row["Category"] in ("", "total")]
    of = lambda *clusters: [row for row in whole if row["Cluster"] in clusters]
    tell(path, "population", of("ALL"), {"population": lambda row: row["Population"]})
    overall = [row for row in of("PRO") if row["Description"] in ("Protection (overall)", "Protection")]
    tell(path, "overall", overall, {"overall.in-need": lambda row: row["In Need"]})
    tell(path, "aors", of(*AORS), {"in-need": lambda row: row["In Need"]})
    tell(path, "aors targeted", of(*AORS), {"targeted": lambda row: row["Targeted"]})


def plan_rows(path):
    plan = json.loads(path.read_text(encoding="utf-8"))["data"]
    known = {cluster["globalClusterCode"] for cluster in plan["planGlobalClusters"]}
    rows = []
    for caseload in plan["caseloads"]:
        code = caseload["availableGlobalClusterCode"]
        cluster = "ALL" if caseload["caseloadType"] == "plan" else code if code in known else "?"
        base = {"Cluster": cluster, "Description": caseload["caseloadDescription"]}
        rows.append(base | {"Category": "", "Population": caseload.get("totalPopulation"),
                            "In Need": caseload.get("inNeed"), "Targeted": caseload.get("target")})
        for part in caseload["disaggregatedAttachments"]:
            values = {metric["metricType"]: metric["value"] for metric in part["dataMatrix"]}
            rows.append(base | {"Category": part["categoryLabel"], "Population": values.get("totalPopulation"),
                                "In Need": values.get("inNeed"), "Targeted": values.get("target")})
    return rows


def hapi(path, country):
    rows = [row for row in text_rows(path) if row["location_code"] == country and row["category"] in ("", "total")]
    of = lambda sectors, status: [row for row in rows if row["sector_code"] in sectors and row["population_status"] == status]
    tell(path, "population", of(["Intersectoral"], "all"), {"population": lambda row: row["population"]})
    tell(path, "overall", of(["PRO"], "INN"), {"overall.in-need": lambda row: row["population"]})
    tell(path, "aors", of(AORS, "INN"), {"in-need": lambda row: row["population"]})
    tell(path, "aors targeted", of(AORS, "TGT"), {"targeted": lambda row: row["population"]})


def msna(path):
    """The export names drawings that it does not have, which openpyxl does not open; they are left out."""
    whole, mended = zipfile.ZipFile(path), io.BytesIO()
    with zipfile.ZipFile(mended, "w") as out:
        for name in whole.namelist():
            data = whole.read(name)
            if name.startswith("xl/worksheets/_rels"):
                data = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"<(drawing|legacyDrawing)[^>]*/>", b"", data)
            out.writestr(name, data)
    lines = list(openpyxl.load_workbook(mended, data_only=True)["main"].iter_rows(values_only=True))
    at = lambda name: (lambda row, index=lines[0].index(name): row[index])
    tell(path, "households", lines[1:], {"weight": at("weight"), "household-size": at("hh_size")})


def main(folder):
    real = pathlib.Path(folder)
    jiaf(real / "jiaf_2026/MOZ_2026.xlsx", "WS - 3.1 Overall PiN", "WS - 3.2 Intersectoral Severity")
    jiaf(real / "jiaf_2026/COL_2026_ES.xlsx", "WS - 3.1 PiN Total", "WS - 3.2 Severidad Intersector")
    a2sit(real / "a2sit/A2SIT_data_input_template_GTM.xlsx")
    for name in ("mli", "nga"):
        hno(real / f"hno_2024/hno-data-{name}.csv")
    for name in ("population_mli_mli_pop_adm2_v2.csv", "population_nga_nga_admpop_adm2_2020.csv"):
        cod(real / "cod" / name)
    needs(real / "hpc/hpc_hno_2024.csv", "SDN")
    needs(real / "hpc/hpc_responsemonitoring_1188_SDN2024.json")
    hapi(real / "hpc/hdx_hapi_humanitarian_needs_global_2024.csv", "SDN")
    msna(real / "msna/dummy_raw_data.xlsx")


if __name__ == "__main__":
    main(sys.argv[1])
