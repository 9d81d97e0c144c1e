"""`menpai service-items` and `menpai facilities`: lists from files, once."""

from pathlib import Path

from service.core.database import Database
from tests.command_line import menpai
from tests.database import TestDatabase
from tests.factories.addresses import enter_at


def test_an_old_services_file_is_entered_once_and_listed(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    file = tmp_path / "services.toml"
    file.write_text('[[service]]\nname="码上办"\nurl="https://a.cn/x"\n', encoding="utf-8")
    load = ("service-items", "load", str(file), "--json")
    first = menpai(*load, database=fresh_database)
    assert (first.code, first.json) == (0, {"new": 1, "same": 0}), first.err
    assert menpai(*load, database=fresh_database).json == {"new": 0, "same": 1}
    listed = menpai("service-items", "list", "--json", database=fresh_database).json
    assert [(one["name"], one["link"]) for one in listed["services"]] == [
        ("码上办", "https://a.cn/x")
    ]


def test_a_link_with_the_code_needs_the_setting(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    file = tmp_path / "services.toml"
    file.write_text('[[service]]\nname="码"\nurl="https://a.cn/{code}"\n', encoding="utf-8")
    refused = menpai("service-items", "load", str(file), database=fresh_database)
    assert refused.code == 2
    assert "MENPAI_CODE_LINK_HOSTS" in refused.err
    allowed = menpai(
        "service-items", "load", str(file), database=fresh_database, code_link_hosts="a.cn"
    )
    assert allowed.code == 0, allowed.err


def test_a_list_of_facilities_is_entered_and_refused_rows_go_to_a_file(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        (code,) = enter_at(session, [(16.5, 24)])
    database.dispose()
    file = tmp_path / "list.csv"
    file.write_text(
        f"类别,名称,地址\nAED,演示AED,{code}\n游泳池,演示池,{code}\nAED,演示二,河坊街9999号\n",
        encoding="utf-8",
    )
    done = menpai("facilities", "load", str(file), "--json", database=fresh_database)
    assert (done.code, done.json) == (1, {"new": 1, "same": 0, "refused": 2}), done.err
    errors = (tmp_path / "list-errors.csv").read_text(encoding="utf-8-sig")
    assert "演示池" in errors
    assert "演示二" in errors
    listed = menpai("facilities", "list", "--json", database=fresh_database).json
    assert [(one["kind"], one["code"]) for one in listed["facilities"]] == [("aed", code)]
