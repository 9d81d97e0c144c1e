"""Decisions about places as an officer gives them: asked, listed, taken back, with exit codes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from service.cli.members import NOBODY_YET
from service.core.database import Database
from tests.command_line import Outcome, call
from tests.database import TestDatabase
from tests.factories import make_place
from tests.service.naming.houses import places

XIHU = "浙江省杭州市西湖区"
XIXI, SANDUN = "330106004000", "330106109000"
SHANGCHENG = "浙江省杭州市上城区"
QINGBO, HUBIN = "330102001000", "330102003000"


@pytest.fixture
def register(fresh_database: TestDatabase) -> Iterator[Database]:
    """Divisions with a town, a subdistrict beside it, and a subdistrict beside 清波街道."""
    database = Database(fresh_database.app_url)
    with database.session() as session:
        make_place(session)
        add = text(
            "insert into division (code, code_system, edition, level, name, parent_id) "
            "select cast(:code as text), 'nbs', '2023', 4, :name, id from division "
            "where code = rpad(left(cast(:code as text), 6), 12, '0')"
        )
        session.execute(add, {"code": XIXI, "name": "西溪街道"})
        session.execute(add, {"code": SANDUN, "name": "三墩镇"})
        session.execute(add, {"code": HUBIN, "name": "湖滨街道"})
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

    texts = [f"{XIHU}西溪街道河坊街{n}号" for n in (88, 90)]
    texts += [f"{XIHU}三墩镇河坊街{n}号" for n in (88, 1)]
    assert import_list(menpai, tmp_path, *texts).json["new"] == 4
    held = places(register, "330106")
    one, other = held[XIXI].number, held[SANDUN].number
    reason = ("--reason", "实地核查")
    stopped = menpai("placenames", "merge", other, "--into", one, *reason)
    assert stopped.code == 1
    (pair,) = stopped.json["undecided"]
    merged = menpai("addresses", "merge", pair["code"], "--into", pair["other"], *reason)
    assert merged.code == 0, merged.err
    done = menpai("placenames", "merge", other, "--into", one, *reason)
    assert (done.code, done.json["place"], done.json["doors"]) == (0, one, 2)
    (listed,) = menpai("placenames", "history", "--county", "330106").json["decisions"]
    assert (listed["number"], listed["into"]) == (done.json["decision"], one)
    back = menpai("placenames", "undo", str(listed["number"]), *reason)
    assert (back.code, back.json["place"]) == (0, other)
    again = menpai("placenames", "undo", str(listed["number"]), *reason)
    assert (again.code, "undone already" in again.err) == (2, True)
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

    texts = [f"{SHANGCHENG}{where}河坊街{n}号" for where, n in (("湖滨街道", 1), ("", 3))]
    texts.append(f"{SHANGCHENG}清波街道河坊街88号")
    assert import_list(menpai, tmp_path, *texts).json["new"] == 3
    number = places(register, "330102")[QINGBO].number
    done = menpai("placenames", "divide", number, "--township", HUBIN, "--reason", "x")
    assert (done.code, done.err) == (1, f"{NOBODY_YET}\n")
    assert done.json["doors"] == 1
    assert [one["text"] for one in done.json["unplaced"]] == [texts[1]]
    told = menpai("placenames", "suspects", "--county", "330102")
    assert told.code == 1
    (suspect,) = told.json["suspects"]
    assert suspect["text"] == texts[1]
    assert "本县有2处河坊街" in suspect["reasons"][0]
