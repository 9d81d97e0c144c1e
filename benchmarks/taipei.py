"""The door plates of Taipei as addresses of twelve counties 990101 … 990112, for volume only.

They come from a parquet file with columns ``town``, ``full_addr``, ``road``, ``section``,
``lane``, ``alley`` and ``number`` (``MENPAI_BENCH_POINTS``); texts are read by our own parser, over
a gazetteer of these twelve counties.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from address_model.elements import Elements
from address_model.gazetteer import Gazetteer, build_gazetteer
from address_model.normal_form import normalise
from address_model.parsing import Verdict, parse
from address_model.places import counting_of

DEFAULT_FILE = Path(__file__).parents[2] / "shared" / "data" / "volume_taiwan" / "63_taipei.parquet"
PROVINCE, CITY = ("990000000000", "示例省"), ("990100000000", "示例市")
_PARTS = ("road", "section", "lane", "alley", "number")
Door = tuple[str, Elements]
"""County (six digits) and text."""


def read_table(columns: Sequence[str]) -> Any:
    """Columns of the file as an Arrow table; prints the reason and returns None without it."""
    file = Path(os.environ.get("MENPAI_BENCH_POINTS", DEFAULT_FILE))
    try:
        import pyarrow.parquet
    except ImportError:
        print("skipped: pyarrow is not installed (uv pip install pyarrow)")
        return None
    if not file.is_file():
        print(f"skipped: there is no file {file} (set MENPAI_BENCH_POINTS)")
        return None
    return pyarrow.parquet.read_table(file, columns=list(columns))


def read_rows() -> list[dict[str, str]] | None:
    """The plates in a fixed random order; None when they cannot be read."""
    table = read_table(("town", "full_addr", *_PARTS))
    if table is None:
        return None
    rows: list[dict[str, str]] = table.to_pylist()
    Random(1).shuffle(rows)
    return rows


def county_names(rows: list[dict[str, str]]) -> dict[str, tuple[str, str]]:
    """The county (six digits) and name assigned to each town of the file."""
    towns = {row["town"]: normalise(row["full_addr"][3:6]).text for row in rows}
    return {town: (f"9901{n:02d}", towns[town]) for n, town in enumerate(sorted(towns), start=1)}


def make_gazetteer(counties: dict[str, tuple[str, str]]) -> Gazetteer:
    """A gazetteer of only these counties."""
    rows = [
        {"code12": PROVINCE[0], "name": PROVINCE[1], "level": "province", "parent_code12": ""},
        {"code12": CITY[0], "name": CITY[1], "level": "city", "parent_code12": PROVINCE[0]},
    ]
    rows += [
        {"code12": f"{code}000000", "name": name, "level": "county", "parent_code12": CITY[0]}
        for code, name in counties.values()
    ]
    return build_gazetteer(register=rows)


def read_doors(rows: list[dict[str, str]], gazetteer: Gazetteer) -> Iterator[Door]:
    """The distinct doors of a place that our parser reads: 1之1幢 and 1之1号楼 are equal."""
    counties = county_names(rows)
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        code, name = counties[row["town"]]
        text = "".join((PROVINCE[1], CITY[1], name, *(row[part] for part in _PARTS)))
        reading = parse(text, gazetteer)
        if reading.verdict is not Verdict.OK or reading.county != code:
            continue
        counting = counting_of(reading.plates[0])
        key = (code, counting.kind, counting.folded, counting.local) if counting else None
        if key is not None and key not in seen:
            seen.add(key)
            yield code, reading.plates[0]
