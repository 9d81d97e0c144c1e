from collections.abc import Iterator
from pathlib import Path

import pytest

from address_model.codes import parse_code
from service.addresses.commands import reserve_codes
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.errors import BadRequest, DivisionNotFound
from tests.command_line import Outcome, call
from tests.database import TestDatabase
from tests.factories.divisions import make_place

HEADINGS = "code,省,市,县,乡镇街道,街路巷,门牌号\n"
ROW = "{code},浙江省,杭州市,{county},{township},河坊街,{number}号\n"


@pytest.fixture
def register(fresh_database: TestDatabase) -> Iterator[Database]:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        make_place(session)
    yield database
    database.dispose()


def row(code: str, number: int, county: str = "上城区", township: str = "清波街道") -> str:
    return ROW.format(code=code, number=number, county=county, township=township)


def test_reserved_codes_are_given_to_the_rows_that_bring_them_and_to_no_other(
    register: Database, fresh_database: TestDatabase, tmp_path: Path
) -> None:
    def menpai(*arguments: str) -> Outcome:
        return call(*arguments, "--json", database=fresh_database)

    taken = menpai("codes", "reserve", "--county", "330102", "--count", "3", "--for", "某楼盘")
    codes = taken.json["codes"]
    assert len({parse_code(code).digits for code in codes}) == 3
    assert menpai("codes", "explain", codes[0]).json["reserved_for"] == "某楼盘"

    file, errors = tmp_path / "list.csv", tmp_path / "errors.csv"
    file.write_text(
        HEADINGS
        + row(codes[0], 1)
        + row("", 2)
        + row(codes[0], 3)  # used above
        + row(codes[1], 1)  # its address is above
        + row(codes[2], 5, "西湖区", "北山街道")  # of another county
        + row("3301020000000098", 7)  # never given out
    )
    done = menpai("addresses", "import", str(file), "--errors", str(errors))
    assert done.code == 1
    assert (done.json["new"], done.json["conflicts"], done.json["errors"]) == (2, 2, 2)
    used = menpai("codes", "explain", codes[0]).json
    assert used["address"] == "浙江省杭州市上城区清波街道河坊街1号"
    assert used["reserved_for"] is None
    again = menpai("addresses", "import", str(file), "--errors", str(errors)).json
    assert (again["new"], again["same"]) == (0, 2)


def test_codes_are_reserved_for_somebody_in_a_county_that_is_there(register: Database) -> None:
    with register.session() as session:
        with pytest.raises(BadRequest, match="needs a purpose"):
            reserve_codes(session, "330102", 1, " ", COMMAND_LINE)
        with pytest.raises(DivisionNotFound):
            reserve_codes(session, "990000", 1, "某楼盘", COMMAND_LINE)
