"""The six sample lists are imported as their expected files say, twice."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from address_model.elements import numbered_from_plain
from benchmarks.accuracy.real_data import find_data
from service.core.database import Database
from tests.command_line import Outcome, menpai
from tests.database import TestDatabase, database_with_divisions

LISTS = {
    "1-street-office-form.xlsx": ["--crs", "gcj02"],
    "2-cover-sheet-two-towns.xlsx": [],
    "4-property-rooms.xlsx": ["--division", "330106"],
    "5-two-thousand.csv": [],
    "3-other-system.csv": ["--crs", "bd09", "--map", "地址编码(省厅)=id:provincial"],
    "6-district-form.csv": [],
}
"""With the options of their README; 5 before 3."""

Told = tuple[str, str, str, str, str, str]
"""The place of a row, and its number, building, unit, floor and room."""

_STORED = text(
    "select p.standard_name as place, a.elements from address a "
    "join place_name p on p.id = a.place_id where a.source = :source"
)


@pytest.fixture(scope="module")
def register() -> Iterator[TestDatabase]:
    with database_with_divisions() as database:
        yield database


@pytest.fixture(scope="module")
def outcomes(
    register: TestDatabase, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Outcome, Path]]:
    """The first import of each list, and its errors file."""
    folder = tmp_path_factory.mktemp("lists")
    return {name: take_in(register, name, folder / f"{name}-errors.csv") for name in LISTS}


def take_in(register: TestDatabase, name: str, errors: Path) -> tuple[Outcome, Path]:
    file = find_data(f"lists/{name}")
    if file is None:
        pytest.skip("the office lists are not on this machine")
    done = menpai(
        "addresses", "import", str(file), "--json", "--errors", str(errors), *LISTS[name],
        database=register,
    )  # fmt: skip
    return done, errors


def read_expected(name: str) -> list[dict[str, str]]:
    file = find_data(f"lists/{Path(name).stem}.expected.csv")
    assert file is not None
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def read_refused(errors: Path) -> dict[str, str]:
    """The rules of refused rows by their numbers; no file, no row."""
    if not errors.exists():
        return {}
    with errors.open(encoding="utf-8-sig", newline="") as lines:
        return {row["menpai_row"]: row["menpai_rule"] for row in csv.DictReader(lines)}


def told(row: dict[str, str]) -> Told:
    levels = ("place", "number", "building", "unit", "floor", "room")
    return tuple(row[level].replace("栋", "幢") for level in levels)  # type: ignore[return-value]


def stored(register: TestDatabase, source: str) -> Counter[Told]:
    """The places and numbers of the addresses of a source."""
    database = Database(register.app_url)
    found: Counter[Told] = Counter()
    with database.reading() as session:
        for place, elements in session.execute(_STORED, {"source": source}):
            numbers = [
                shown(elements.get(level)) for level in ("building", "unit", "floor", "room")
            ]
            within = any(numbers) and elements.get("estate") == place
            number = "" if within else shown(elements.get("number"))
            found[(place, number, *numbers)] += 1
    database.dispose()
    return found


def shown(plain: dict[str, str] | None) -> str:
    if plain is None:
        return ""
    number, quantifier, prefix, suffix = numbered_from_plain(plain)
    if suffix.startswith("之"):
        return f"{prefix}{number}{quantifier}{suffix}"
    return f"{prefix}{number}{'-' if suffix[:1].isdigit() else ''}{suffix}{quantifier}".replace(
        "栋", "幢"
    )


@pytest.mark.parametrize("name", LISTS)
def test_a_list_comes_in_as_expected(
    register: TestDatabase, outcomes: dict[str, tuple[Outcome, Path]], name: str
) -> None:
    done, errors = outcomes[name]
    assert done.code in (0, 1), done.err
    expected = read_expected(name)
    refused = read_refused(errors)
    must = {row["row"] for row in expected if row["outcome"] == "refused"}
    may = {row["row"] for row in expected if row["outcome"] == "new|refused"}
    assert must <= refused.keys() <= must | may, refused
    wanted = Counter(
        told(row)
        for row in expected
        if row["outcome"].startswith("new") and row["row"] not in refused
    )
    assert stored(register, Path(name).stem) == wanted


@pytest.mark.parametrize("name", LISTS)
def test_the_second_time_nothing_is_new(
    register: TestDatabase,
    outcomes: dict[str, tuple[Outcome, Path]],
    tmp_path: Path,
    name: str,
) -> None:
    first = outcomes[name][0].json
    again = take_in(register, name, tmp_path / "errors.csv")[0].json
    assert (again["new"], again["changed"]) == (0, 0)
    assert again["same"] == first["new"] + first["same"] + first["changed"]
    assert again["errors"] == first["errors"]
