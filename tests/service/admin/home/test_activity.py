"""What has changed in the reader's divisions is told in sentences that lead to the records."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.addresses.commands import freeze_address
from service.admin.home.activity import PHRASES, ActivityLine, tell_acts
from service.admin.home.queries import RecentAct, list_recent_acts
from service.core.actor import Actor
from tests.factories.office import Office
from tests.service.admin.address.test_history import ROOMS, actions_of

NO_NEWS = {
    "plates:issue_blank": "has no address yet",
    "plates:changed": "follows another change, which is told",
    "codes:reserve": "has no address yet",
    "codes:raise_counters": "after a restore",
    "areas:assign": "shown at the address",
    "areas:unassign": "shown at the address",
}
"""Actions about addresses and plates that the dashboard does not tell, with the reason."""
NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)
ACT = RecentAct(9, NOON, "staff:li.na", "addresses:move", "3301024535938391", {}, "上城区河坊街1号")


def tell(*acts: RecentAct) -> list[ActivityLine]:
    return [line for _, lines in tell_acts(acts, {"li.na": "李娜"}, "上城区") for line in lines]


def say(line: ActivityLine) -> str:
    return f"{line.who}{line.before}{line.title}{line.after}"


def test_every_action_about_these_records_is_told_or_left_out_with_a_reason() -> None:
    recorded = {one for room in ROOMS for one in actions_of(room)}
    assert len(recorded) > 30
    assert recorded - set(PHRASES) - set(NO_NEWS) == set()


def test_a_sentence_names_person_place_and_reason() -> None:
    assert say(tell(ACT)[0]) == "李娜移动了河坊街1号的位置"
    ended = replace(ACT, action="addresses:retired", detail={"reason": "拆除"})
    assert say(tell(ended)[0]) == "李娜注销了河坊街1号（消亡）：拆除"
    plate = replace(ACT, action="plates:installed", subject="9CH7EXYMVM", actor="staff:wang")
    line = tell(plate)[0]
    assert say(line) == "wang给河坊街1号的门牌记录了“安装”"
    assert line.path == "/admin/plates/9CH7EXYMVM"


def test_neighbours_of_one_kind_and_person_are_one_sentence() -> None:
    older = [replace(ACT, position=n, at=NOON - timedelta(minutes=9 - n)) for n in (8, 7)]
    other = replace(ACT, position=6, actor="system:command line")
    assert [say(line) for line in tell(ACT, *older, other)] == [
        "李娜移动了河坊街1号等 3 个地址的位置",
        "命令行移动了河坊街1号的位置",
    ]


def test_bulk_work_counts_its_records_and_days_are_kept_apart() -> None:
    bulk = replace(
        ACT,
        action="addresses:enter",
        subject=f"{ACT.subject}…3301020000000000",
        detail={"count": 1943},
    )
    yesterday = replace(bulk, at=NOON - timedelta(days=1))
    days = tell_acts([bulk, yesterday], {})
    assert [(day.day, len(lines)) for day, lines in days] == [(1, 1), (30, 1)]
    assert say(days[0][1][0]) == "li.na登记了上城区河坊街1号等 1,943 个地址"


@pytest.mark.parametrize(("scope", "sides"), [("", 2), ("3301", 2), ("330102", 1), ("3302", 0)])
def test_only_acts_on_records_of_the_division_are_read(
    fresh_office: Office, scope: str, sides: int
) -> None:
    with fresh_office.database.session() as session:
        for code in fresh_office.codes.values():
            freeze_address(session, code, Actor("staff", "li.na"), reason="核实")
    with fresh_office.database.reading() as session:
        acts = list_recent_acts(
            session,
            scopes=[scope],
            actions=["addresses:frozen"],
            since=datetime.now(UTC) - timedelta(hours=1),
            limit=9,
        )
        none = list_recent_acts(
            session,
            scopes=[scope],
            actions=list(PHRASES),
            since=datetime.now(UTC) + timedelta(hours=1),
            limit=9,
        )
    assert len(acts) == sides
    assert none == []
    assert all(act.detail["reason"] == "核实" and "河坊街88号" in act.title for act in acts)
