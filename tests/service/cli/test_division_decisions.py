from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from tests.command_line import menpai
from tests.database import TestDatabase
from tests.factories import make_draft, make_place


def test_an_officer_renames_a_township_and_its_addresses_follow(
    fresh_database: TestDatabase,
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        place = make_place(session)
        drafts = [make_draft(place, number) for number in ("1", "3")]
        codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
    database.dispose()
    notice = ("--source", "示例政发〔2026〕1号", "--on", "2026-11-01")
    renamed = menpai(
        "divisions", "rename", "330102001000", "示例门街道", *notice, database=fresh_database
    )
    assert renamed.code == 0, renamed.err
    assert "清波街道 → 示例门街道" in renamed.out
    assert "2 changed" in renamed.out
    found = menpai(
        "resolve", "浙江省杭州市上城区清波街道河坊街3号", "--json", database=fresh_database
    )
    assert found.json["code"] == codes[1]
    assert "示例门街道" in found.json["standard_text"]
    refused = menpai(
        "divisions", "merge", "330102001000", "--into", "330106001000", *notice,
        database=fresh_database,
    )  # fmt: skip
    assert refused.code == 2
    assert "one county" in refused.err
