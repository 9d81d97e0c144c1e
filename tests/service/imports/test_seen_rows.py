"""Rows that were seen and are unchanged are not read again; all others are."""

from pathlib import Path

import pytest
from sqlalchemy import text

from address_model.coordinates import CoordinateSystem
from service.addresses.commands import correct_address, freeze_address
from service.addresses.drafts import draft_of
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.imports.commands import row_store
from service.imports.placed_chunks import ChunkPlacer, PlacedChunk, ReadRow
from tests.factories.lists import HEADINGS, codes_of, counts, door, take_in

BASE = "浙江省杭州市上城区清波街道河坊街"
LIST = HEADINGS + "".join(door(f"{number}号") for number in (1, 3, 5, 7))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the rows that imports read."""
    numbers: list[int] = []
    place = ChunkPlacer.place

    def noted(placer: ChunkPlacer, rows: list[ReadRow]) -> PlacedChunk:
        numbers.extend(row.number for row, _ in rows)
        return place(placer, rows)

    monkeypatch.setattr(ChunkPlacer, "place", noted)
    return numbers


@pytest.fixture
def held(database: Database, tmp_path: Path, read: list[int]) -> dict[str, str]:
    """The codes of a list that was imported once, by number."""
    assert counts(take_in(database, tmp_path, LIST)) == (4, 0, 0, 0, 0)
    read.clear()
    return {text.removeprefix(BASE): code for text, code in codes_of(database).items()}


def test_an_unchanged_list_is_not_read_again(
    database: Database, tmp_path: Path, held: dict[str, str], read: list[int]
) -> None:
    for _ in range(2):
        assert counts(take_in(database, tmp_path, LIST)) == (0, 0, 4, 0, 0)
    assert read == []
    assert len(held) == 4


def test_only_rows_that_changed_are_read(
    database: Database, tmp_path: Path, held: dict[str, str], read: list[int]
) -> None:
    changed = LIST.replace("3号", "9号") + door("11号")
    assert counts(take_in(database, tmp_path, changed)) == (2, 0, 3, 0, 0)
    assert read == [3, 6]
    assert held


def test_an_address_that_changed_since_is_compared_anew(
    database: Database, tmp_path: Path, held: dict[str, str], read: list[int]
) -> None:
    with database.session() as session:
        row = get_address(session, held["3号"])
        number = row.elements.number
        assert number is not None
        draft = draft_of(row)
        moved = type(draft)(
            row.county,
            row.division_id,
            row.division_code,
            row.elements._replace(number=number._replace(number="99")),
        )
        correct_address(session, row, moved, COMMAND_LINE)
    assert counts(take_in(database, tmp_path, LIST)) == (0, 0, 3, 1, 0)
    assert read == [3]


def test_an_address_that_was_frozen_is_compared_anew(
    database: Database, tmp_path: Path, held: dict[str, str], read: list[int]
) -> None:
    with database.session() as session:
        freeze_address(session, held["5号"], COMMAND_LINE, reason="争议")
    take_in(database, tmp_path, LIST)
    assert read == [4]


@pytest.mark.parametrize(
    "statement",
    [
        "with moved as (update place_township set folded = '河坊老街' where folded = '河坊街') "
        "update place_name set standard_name = '河坊老街' where standard_name = '河坊街'",
        "insert into place_name_form (place_name_id, position, text, kind) "
        "select id, 1, '清河坊', 'former' from place_name where standard_name = '河坊街'",
        "update place_township set valid_to = current_date",
        "insert into place_decision (county, kind, from_id, to_id, moved) "
        "select '330102', 'merged', id, id, '{}' from place_name where standard_name = '河坊街'",
    ],
    ids=["renamed", "former name", "township", "decision"],
)
def test_a_place_that_changed_has_all_rows_of_its_county_read(
    database: Database, tmp_path: Path, held: dict[str, str], read: list[int], statement: str
) -> None:
    owner = Database(database.url.replace("menpai_app", "menpai_owner"))
    with owner.session() as session:
        session.execute(text(statement))
    owner.dispose()
    take_in(database, tmp_path, LIST)
    assert read == [2, 3, 4, 5]
    assert held


def test_a_new_place_of_the_county_has_its_rows_read_once_more(
    database: Database, tmp_path: Path, held: dict[str, str], read: list[int]
) -> None:
    more = LIST + door("1号").replace("河坊街", "竹竿街")
    assert counts(take_in(database, tmp_path, more)) == (1, 0, 4, 0, 0)
    assert read == [6]
    read.clear()
    assert counts(take_in(database, tmp_path, more)) == (0, 0, 5, 0, 0)
    assert read == [2, 3, 4, 5]
    read.clear()
    assert counts(take_in(database, tmp_path, more)) == (0, 0, 5, 0, 0)
    assert read == []
    assert held


def test_a_decision_about_a_division_has_all_rows_read(
    database: Database,
    tmp_path: Path,
    held: dict[str, str],
    read: list[int],
) -> None:
    values = {"code": "330102001000", "name": "清波街道"}
    insert = text(
        "insert into division_change (kind, year, old_code, old_name, new_code, new_name) "
        "values ('renamed', 2026, :code, '旧街道', :code, :name)"
    )
    owner = Database(database.url.replace("menpai_app", "menpai_owner"))
    try:
        with owner.session() as session:
            session.execute(insert, values)
        take_in(database, tmp_path, LIST)
        assert read == [2, 3, 4, 5]
        assert held
    finally:
        with owner.session() as session:
            session.execute(text("delete from division_change where old_code = :code"), values)
        owner.dispose()


@pytest.mark.parametrize(
    "options",
    [
        {"system": CoordinateSystem.WGS84},
        {"is_sample": True},
        {"reuse_texts": True},
        {"division": "330102"},
        {"with_parents": True},
    ],
    ids=lambda one: next(iter(one)),
)
def test_other_options_have_all_rows_read(
    database: Database,
    tmp_path: Path,
    held: dict[str, str],
    read: list[int],
    options: dict[str, object],
) -> None:
    take_in(database, tmp_path, LIST, **options)  # type: ignore[arg-type]
    assert read == [2, 3, 4, 5]
    assert held


def test_another_reader_has_all_rows_read(
    database: Database,
    tmp_path: Path,
    held: dict[str, str],
    read: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(row_store, "reading_version", lambda: 7)
    take_in(database, tmp_path, LIST)
    assert read == [2, 3, 4, 5]
    assert held


def test_another_meaning_of_a_column_has_all_rows_read(
    database: Database, tmp_path: Path, held: dict[str, str], read: list[int]
) -> None:
    take_in(database, tmp_path, LIST, maps=["室=unit"])
    assert read == [2, 3, 4, 5]
    assert held


def test_refused_waiting_and_noted_rows_are_read_each_time(
    database: Database, tmp_path: Path, read: list[int]
) -> None:
    street = "浙江省金华市义乌市{}丹溪北路{}号"
    places = [("稠城街道", 1), ("稠城街道", 3), ("北苑街道", 3), ("北苑街道", 5)]
    rows = [street.format(*one) for one in places] + [f"{BASE}对面"]
    content = "地址\n" + "\n".join(rows) + "\n"
    first = take_in(database, tmp_path, content)
    read.clear()
    again = take_in(database, tmp_path, content)
    assert (again.same, again.waiting, again.errors) == (first.new, first.waiting, first.errors)
    assert (again.waiting, again.errors) == (2, 1)
    assert read == [4, 5, 6]


def test_a_row_of_several_plates_is_seen_when_each_stands(
    database: Database, tmp_path: Path, read: list[int]
) -> None:
    content = f"地址\n{BASE}3、5、7号\n"
    assert counts(take_in(database, tmp_path, content)) == (3, 0, 0, 0, 0)
    read.clear()
    again = take_in(database, tmp_path, content)
    assert (counts(again), again.expanded, read) == ((0, 0, 3, 0, 0), 1, [])
    code = codes_of(database)[f"{BASE}5号"]
    with database.session() as session:
        freeze_address(session, code, COMMAND_LINE, reason="争议")
    take_in(database, tmp_path, content)
    assert read == [2]


def test_a_dry_run_sees_and_keeps_nothing(
    database: Database, tmp_path: Path, read: list[int]
) -> None:
    take_in(database, tmp_path, LIST, dry_run=True)
    assert counts(take_in(database, tmp_path, LIST, dry_run=True)) == (4, 0, 0, 0, 0)
    assert read == [2, 3, 4, 5] * 2
