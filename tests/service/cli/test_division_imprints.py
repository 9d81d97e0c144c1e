from pathlib import Path

from service.core.database import Database
from tests.command_line import menpai
from tests.database import TestDatabase
from tests.factories import make_place


def test_an_officer_gives_a_county_its_issuer_and_postcode(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        make_place(session)
    database.dispose()
    issuer = ("--issuer", "示例区地名办公室监制")
    given = menpai("divisions", "imprint", "330102", *issuer, database=fresh_database)
    assert given.code == 0, given.err
    postcode = ("--postcode", "310002")
    menpai("divisions", "imprint", "330102000000", *postcode, database=fresh_database)
    shown = menpai("divisions", "imprint", "330102001000", "--json", database=fresh_database)
    assert shown.json["issuer"] == "示例区地名办公室监制"
    assert shown.json["postcode"] == "310002"
    sheet = tmp_path / "imprints.csv"
    sheet.write_text("区划,监制,邮政编码\n330102001000,,310009\n", encoding="utf-8")
    loaded = menpai("divisions", "imprints", str(sheet), database=fresh_database)
    assert loaded.code == 0, loaded.err
    shown = menpai("divisions", "imprint", "330102001000", "--json", database=fresh_database)
    assert shown.json["postcode"] == "310009"
    sheet.write_text("division,issuer,postcode\n330102001000,,31\n", encoding="utf-8")
    refused = menpai("divisions", "imprints", str(sheet), database=fresh_database)
    assert refused.code == 2
    assert "six digits" in refused.err
