from pathlib import Path

from service.addresses.commands import enter_addresses
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.plates.queries import get_plate
from service.worklists.queries import list_items_of
from tests.command_line import Outcome, call, menpai
from tests.database import TestDatabase
from tests.factories import make_draft, make_place, make_plates


def test_an_officer_names_freezes_and_retires_addresses(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        place = make_place(session)
        drafts = [make_draft(place, number) for number in ("1", "3")]
        old, new = map(str, enter_addresses(session, drafts, COMMAND_LINE))
    database.dispose()

    def addresses(*arguments: str) -> tuple[int, object]:
        done = menpai("addresses", *arguments, database=fresh_database)
        return done.code, done.json if "--json" in arguments else done.err

    code, _ = addresses("name", new, "--text", "东方示例大厦", "--kind", "alias", "--json")
    assert code == 0
    assert addresses("freeze", old, "--reason", "争议", "--json")[1]["status"] == "frozen"  # type: ignore[index]
    refused = addresses("move", old, "--lon", "120.16", "--lat", "30.24")
    assert refused[0] == 2
    assert "unfreeze" in str(refused[1])
    stale = addresses("retire", old, "--reason", "并户", "--seen", "1")
    assert stale[0] == 2
    assert "you saw version 1, the current version is 2" in str(stale[1])
    known = ("--seen", "2", "--successor", new, "--json")
    ended = addresses("retire", old, "--reason", "并户", *known)[1]
    assert ended["version"] == 3  # type: ignore[index]
    assert (ended["status"], ended["successor"]) == ("replaced", new)  # type: ignore[index]


def test_what_an_officer_does_to_an_address_reaches_its_plate_and_its_parts(
    fresh_database: TestDatabase,
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        (token,) = make_plates(session, status="in_use")
        code = get_plate(session, token).code

    def run(*arguments: str) -> object:
        return menpai("addresses", *arguments, "--json", database=fresh_database).json

    def work() -> list[str]:
        with database.reading() as session:
            return [item.kind for item in list_items_of(session, token, state="open")]

    street = "浙江省杭州市上城区河坊街"
    corrected = run("correct", code, "--text", f"{street}8号")
    assert corrected["after"] == "浙江省杭州市上城区清波街道河坊街8号"  # type: ignore[index]
    assert work() == ["replace"]
    texts = [f"{street}8号{suffix}" for suffix in ("之一", "之二")]
    parts = run("split", code, "--text", texts[0], "--text", texts[1], "--reason", "分户")
    assert [one["standard_text"] for one in parts["successors"]] == [  # type: ignore[index]
        f"浙江省杭州市上城区清波街道河坊街8号{suffix}" for suffix in ("之一", "之二")
    ]
    assert work() == ["take_down"]
    with database.reading() as session:
        assert get_address(session, code).successor_code is None
        made = [get_address(session, one["code"]) for one in parts["successors"]]  # type: ignore[index]
        assert {one.division_code for one in made} == {"330102001000"}
        assert all(one.point for one in made)
    database.dispose()


def test_an_officer_sets_lists_and_withdraws_positions(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        (code,) = map(str, enter_addresses(session, [make_draft(make_place(session))], ME))
    database.dispose()

    def position(*arguments: str) -> Outcome:
        return call("addresses", "position", *arguments, database=fresh_database)

    gate = ("--lon", "120.1655", "--lat", "30.2402")
    done = position("set", code, *gate, "--accuracy", "3米", "--label", "东门", "--json")
    assert (done.code, done.json["kind"], done.json["accuracy"]) == (0, "entrance", "C")
    own = ("--lon", "120.1649", "--lat", "30.2401", "--kind", "代表点", "--source", "测绘院")
    assert position("set", code, *own, "--accuracy", "A").code == 0
    found = position("list", code, "--json").json
    assert (found["shown"], found["centre"]) == ("entrance", [120.1649, 30.2401])
    assert "页面所指：入口东门" in position("list", code).out
    assert "测绘院" in position("list", code).out

    for wrong in (("--kind", "屋顶"), ("--accuracy", "很准")):
        refused = position("set", code, *gate, *wrong)
        assert refused.code == 2
        assert "写" in refused.err
    assert position("set", code, "--lon", "121.5", "--lat", "30.2").code == 2

    out = tmp_path / "positions.csv"
    assert position("export", str(out), "--json").json["positions"] == 2
    taken = position("import", str(out), "--json")
    assert (taken.code, taken.json["same"], taken.json["refused"]) == (0, 2, 0)
    bad = tmp_path / "bad.csv"
    bad.write_text(f"code,kind,lon,lat\n{code},屋顶,120.1655,30.2402\n", encoding="utf-8")
    refused = position("import", str(bad), "--dry-run")
    assert (refused.code, (tmp_path / "bad-errors.csv").exists()) == (1, True)
    assert "would be" in refused.out

    move = ("move", code, "--lon", "120.169", "--lat", "30.2401", "--json")
    moved = call("addresses", *move, database=fresh_database)
    assert moved.json["left_behind"] == "入口东门 337 m"

    assert position("withdraw", code, "--label", "东门", "--reason", "封门").code == 0
    assert position("withdraw", code, "--label", "东门", "--reason", "封门").code == 2
    assert position("list", code, "--json").json["shown"] == "centre"
    history = position("list", code, "--history", "--json").json["positions"]
    assert [one["valid_to"] is None for one in history] == [False] * len(history)
