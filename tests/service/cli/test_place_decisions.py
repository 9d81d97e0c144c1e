"""Decisions about places as an officer gives them: asked, listed, taken back, with exit codes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from tests.command_line import Outcome, call
from tests.database import TestDatabase
from tests.factories import make_draft, make_place
from tests.service.naming.houses import places

EAST, WEST = "330102001000", "330102002000"


@pytest.fixture
def register(fresh_database: TestDatabase) -> Iterator[Database]:
    """河坊街 in 清波街道 with 88号 and 90号."""
    database = Database(fresh_database.app_url)
    with database.session() as session:
        place = make_place(session)
        enter_addresses(session, [make_draft(place, n) for n in ("88", "90")], COMMAND_LINE)
    yield database
    database.dispose()


def import_list(menpai: Callable[..., Outcome], folder: Path, *texts: str) -> Outcome:
    file = folder / "list.csv"
    file.write_text("地址\n" + "\n".join(texts) + "\n")
    return menpai("addresses", "import", str(file), "--source", "b")


def test_places_are_merged_listed_joined_and_taken_back(
    register: Database, fresh_database: TestDatabase, tmp_path: Path
) -> None:
    def menpai(*arguments: str) -> Outcome:
        return call(*arguments, "--json", database=fresh_database)

    with register.session() as session:
        _add_town(session)
    where = "浙江省杭州市上城区示例镇河坊街"
    assert import_list(menpai, tmp_path, f"{where}88号", f"{where}1号").json["new"] == 2
    held = places(register, "330102")
    one, other = held[EAST].number, held[WEST].number
    reason = ("--reason", "实地核查")
    stopped = menpai("placenames", "merge", other, "--into", one, *reason)
    assert stopped.code == 1
    (pair,) = stopped.json["undecided"]
    merged = menpai("addresses", "merge", pair["code"], "--into", pair["other"], *reason)
    assert merged.code == 0, merged.err
    done = menpai("placenames", "merge", other, "--into", one, *reason)
    assert (done.code, done.json["place"], done.json["doors"]) == (0, one, 2)
    (listed,) = menpai("placenames", "history", "--county", "330102").json["decisions"]
    assert (listed["number"], listed["into"]) == (done.json["decision"], one)
    back = menpai("placenames", "undo", str(listed["number"]), *reason)
    assert (back.code, back.json["place"]) == (0, other)
    again = menpai("placenames", "undo", str(listed["number"]), *reason)
    assert (again.code, "taken back already" in again.err) == (2, True)
    assert (
        f"merged  河坊街  {other} → {one}"
        in call("placenames", "history", database=fresh_database).out
    )
    joined = menpai("placenames", "join", one, "--continues", other)
    assert joined.code == 2
    assert "two counties" in joined.err


def test_a_street_is_divided_and_the_unplaced_are_told(
    register: Database, fresh_database: TestDatabase, tmp_path: Path
) -> None:
    def menpai(*arguments: str) -> Outcome:
        return call(*arguments, "--json", database=fresh_database)

    with register.session() as session:
        _add_town(session, name="示例街道")
    texts = ["浙江省杭州市上城区示例街道河坊街1号", "浙江省杭州市上城区河坊街3号"]
    assert import_list(menpai, tmp_path, *texts).json["new"] == 2
    number = places(register, "330102")[EAST].number
    done = menpai("placenames", "divide", number, "--township", WEST, "--reason", "x")
    assert (done.code, done.json["doors"]) == (1, 1)
    assert [one["text"] for one in done.json["unplaced"]] == texts[1:]
    told = menpai("placenames", "suspects", "--county", "330102")
    assert told.code == 1
    (suspect,) = told.json["suspects"]
    assert suspect["text"] == texts[1]
    assert "本县有2处河坊街" in suspect["reasons"][0]


def _add_town(session: Session, name: str = "示例镇") -> None:
    """A second township of 上城区."""
    session.execute(
        text(
            "insert into division (code, code_system, edition, level, name, parent_id) "
            "select :code, 'nbs', '2023', 4, :name, id from division where code = '330102000000'"
        ),
        {"code": WEST, "name": name},
    )
