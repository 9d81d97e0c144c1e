"""An address as it stood on a day, and its history, over the API."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from address_model.coordinates import Point
from address_model.positions import Accuracy, Position, PositionKind
from service.addresses.commands import (
    PositionDraft,
    correct_address,
    freeze_address,
    move_address,
    set_position,
    withdraw_position,
)
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import today
from tests.factories import make_draft
from tests.factories.divisions import Place
from tests.factories.streets_served import ServedStreets, served_streets

LONG_AGO = timedelta(days=200)


def day(days: int) -> str:
    return (today() - timedelta(days=days)).isoformat()


@pytest.fixture(scope="module")
def streets() -> Iterator[ServedStreets]:
    """Entered 200 days ago; today 7 was moved and renumbered, 8 renumbered, 9 frozen."""
    with served_streets() as made:
        codes = made.codes
        with made.database.session() as session:
            begun = {"begun": today() - LONG_AGO}
            session.execute(text("update address set created_at = :begun"), begun)
            session.execute(text("update address_name set valid_from = :begun"), begun)
            gate = Position(PositionKind.ENTRANCE, Point(120.1671, 30.24), Accuracy.HANDHELD)
            set_position(session, PositionDraft(codes["10"], gate), ME)
        with made.database.session() as session:
            session.execute(
                text("update address_position set valid_from = :begun"),
                {"begun": today() - LONG_AGO / 2},
            )
            rows = session.execute(text("select code, id from division")).all()
            place = Place({str(code): int(id_) for code, id_ in rows})
            move_address(session, codes["7"], Point(120.2, 30.24), ME)
            for name in ("7", "8"):
                held = get_address(session, codes[name])
                draft = make_draft(place, f"10{name}", point=None)
                correct_address(session, held, draft, ME, reason="改号")
            freeze_address(session, codes["9"], ME, reason="核实")
            withdraw_position(session, codes["10"], PositionKind.ENTRANCE, ME, reason="封闭")
        yield made


def test_what_has_not_changed_stood_then_as_now(streets: ServedStreets) -> None:
    path = f"/addresses/{streets.codes['5']}"
    now, then = streets.get(path).json(), streets.get(path, params={"at": day(3)}).json()
    assert (then["at"], then["unknown"]) == (day(3), ["parent_code", "version"])
    shared = then.keys() & now.keys()
    assert {name: then[name] for name in shared} == {name: now[name] for name in shared}
    assert now.keys() - then.keys() == {"parent_code", "version", "successors"}


def test_text_point_and_state_are_those_before_later_changes(streets: ServedStreets) -> None:
    seven = streets.get(f"/addresses/{streets.codes['7']}", params={"at": day(3)}).json()
    assert seven["standard_text"].endswith("河坊街7号")
    assert seven["geometry"]["coordinates"] == [120.167, 30.24]
    assert set(seven["unknown"]) == {
        "parent_code", "version", "elements", "division", "level", "position", "point_note",
    }  # fmt: skip
    eight = streets.get(f"/addresses/{streets.codes['8']}", params={"at": day(3)}).json()
    assert eight["standard_text"].endswith("河坊街8号")
    assert {"geometry", "position"} <= set(eight["unknown"]) - eight.keys()
    nine = streets.get(f"/addresses/{streets.codes['9']}", params={"at": day(3)}).json()
    assert (nine["status"], "status_reason" in nine["unknown"]) == ("active", True)
    assert streets.get(f"/addresses/{streets.codes['9']}").json()["status"] == "frozen"


def test_an_entrance_counts_on_the_days_that_it_had(streets: ServedStreets) -> None:
    path = f"/addresses/{streets.codes['10']}"

    def shown(days: int) -> tuple[str, list[str]]:
        asked = {"at": day(days), "include": "positions"}
        one = streets.get(path, params=asked).json()
        return one["position"]["kind"], [position["kind"] for position in one["positions"]]

    assert shown(150) == ("centre", ["centre"])
    assert shown(3) == ("entrance", ["centre", "entrance"])
    assert shown(0) == ("centre", ["centre"])


def test_names_and_identifiers_are_those_of_the_day(streets: ServedStreets) -> None:
    asked = {"include": "names,identifiers", "fields": "code"}
    path = f"/addresses/{streets.codes['7']}"
    then = streets.get(path, params=asked | {"at": day(3)}).json()
    assert [one["kind"] for one in then["names"]] == ["former"]
    assert then.keys() == {"code", "names", "identifiers", "at", "unknown"}
    now = streets.get(path, params=asked | {"at": day(0)}).json()
    assert [one["text"][-4:] for one in now["names"]] == ["107号"]


def test_days_without_the_address_or_to_come_are_refused(streets: ServedStreets) -> None:
    path = f"/addresses/{streets.codes['5']}"
    early = streets.get(path, params={"at": day(300)})
    assert (early.status_code, day(200) in early.json()["hint"]) == (404, True)
    late = streets.get(path, params={"at": (today() + timedelta(days=1)).isoformat()})
    assert (late.status_code, "still to come" in late.json()["detail"]) == (422, True)
    areas = streets.get(path, params={"at": day(3), "include": "areas"})
    assert (areas.status_code, areas.json()["hint"]) == (
        422,
        "one of positions, names, identifiers",
    )


def test_the_history_has_every_text_position_and_change(streets: ServedStreets) -> None:
    path = f"/addresses/{streets.codes['7']}/history"
    found = streets.get(path).json()
    assert [one["text"][-4:] for one in found["names"]] == ["坊街7号", "107号"]
    assert [one["valid_to"] for one in found["names"]] == [today().isoformat(), None]
    actions = [one["action"] for one in found["events"]]
    assert (actions[0], "moved" in actions, "corrected" in actions) == ("new", True, True)
    assert [one["version"] for one in found["events"]] == sorted(
        one["version"] for one in found["events"]
    )
    assert found["kept_since"] <= found["events"][0]["at"]
    assert date.fromisoformat(found["registered_at"][:10]) <= today() - LONG_AGO
    first = streets.get(path, params={"limit": 1})
    assert [one["action"] for one in first.json()["events"]] == ["new"]
    assert f"after={first.json()['next']}" in first.headers["link"]
    rest = streets.get(path, params={"after": first.json()["next"]}).json()
    assert rest["events"] == found["events"][1:]


def test_the_history_names_relatives_and_ended_positions(streets: ServedStreets) -> None:
    one = streets.get(f"/addresses/{streets.codes['1']}/history").json()
    three = streets.get(f"/addresses/{streets.codes['3']}/history").json()
    assert [kin["code"] for kin in one["predecessors"]] == [streets.codes["3"]]
    assert [kin["code"] for kin in three["successors"]] == [streets.codes["1"]]
    shifted = {"crs": "gcj02"}
    ten = streets.get(f"/addresses/{streets.codes['10']}/history", params=shifted).json()
    assert [(p["kind"], p["valid_to"]) for p in ten["positions"]] == [
        ("entrance", today().isoformat())
    ]
    assert ten["positions"][0]["geometry"]["coordinates"] != [120.1671, 30.24]


def test_a_grant_limits_the_past_as_the_present(streets: ServedStreets) -> None:
    past = streets.get(f"/addresses/{streets.codes['5']}", "public", params={"at": day(3)}).json()
    assert "point_note" not in past
    assert past["unknown"] == ["version"]
    hidden = streets.get(f"/addresses/{streets.codes['7']}/history", "public").json()
    assert hidden.keys() == {
        "code", "code_text", "registered_at", "predecessors", "successors", "kept_since", "next",
    }  # fmt: skip
    for path in ("", "/history"):
        foreign = streets.get(f"/addresses/{streets.codes['foreign']}{path}", "county")
        assert foreign.status_code == 404
