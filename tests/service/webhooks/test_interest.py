"""Which changes concern a webhook: by area, by depth, by kind."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.elements import Numbered
from address_model.tables import AddressArea
from service.addresses.commands import enter_addresses
from service.changes.queries import ChangeRow
from service.core.actor import COMMAND_LINE
from service.core.clock import now_utc
from service.core.database import finish
from service.webhooks.queries import Interest
from tests.factories import make_area, make_draft, make_duty, make_elements, make_place
from tests.factories.plates import make_plates

HERE = "330102001000"


def row(subject: str, key: object, position: int = 1, division: str = HERE) -> ChangeRow:
    return ChangeRow(position, subject, str(key), "changed", 1, division, now_utc())


def interest(**more: object) -> Interest:
    values = {"granted": ("",), "deep": ("",), "division": "", "subjects": frozenset(), "area": ""}
    return Interest(**values | more)  # type: ignore[arg-type]


def keys(rows: list[ChangeRow]) -> list[tuple[str, str]]:
    return [(one.subject, one.key) for one in rows]


def test_of_an_area_it_is_told_what_lies_in_it_and_what_may_have_left(session: Session) -> None:
    place = make_place(session)
    drafts = [make_draft(place, number) for number in ("1", "3")]
    inside, outside = map(str, enter_addresses(session, drafts, COMMAND_LINE))
    area, other = make_area(session), make_area(session, name="示例网格 2")
    session.add(AddressArea(code=inside, area_id=area.id, kind="grid", how="hand"))
    session.flush()
    duty, others = make_duty(session, area), make_duty(session, other)
    changes = [
        row("address", inside, 1),
        row("address", outside, 2),
        row("address_area", outside, 3),
        row("address_place_name", inside, 4),
        row("address_place_name", outside, 5),
        row("area", "grid:示例网格 1", 6),
        row("area", "grid:示例网格 2", 7),
        row("duty", duty.id, 8),
        row("duty", others.id, 9),
        row("duty", 999_999, 10),
        row("unit", "U1", 11),
        row("dataset_row", inside, 12),
        row("dataset_row", outside, 13),
    ]
    told = interest(area="grid:示例网格 1").select(session, changes)
    assert [one.position for one in told] == [1, 3, 4, 6, 8, 10, 12]


def test_plates_are_told_with_the_address_they_hang_at(session: Session) -> None:
    tokens = make_plates(session, 2)
    code = session.execute(
        text("select code from plate where token = :t"), {"t": tokens[0]}
    ).scalar_one()
    area = make_area(session)
    session.add(AddressArea(code=code, area_id=area.id, kind="grid", how="hand"))
    session.flush()
    changes = [row("plate", token) for token in tokens]
    told = interest(area="grid:示例网格 1").select(session, changes)
    assert keys(told) == [("plate", tokens[0])]


def test_without_depth_nothing_below_the_door_is_told(session: Session) -> None:
    place = make_place(session)
    room = make_elements("1", unit=Numbered("1", "单元"), room=Numbered("101", "室"))
    drafts = [make_draft(place, "1"), make_draft(place, elements=room)]
    door, flat = map(str, enter_addresses(session, drafts, COMMAND_LINE))
    finish(session)
    changes = [row("address", door), row("address", flat), row("address_area", flat)]
    changes += [row("dataset_row", flat)]
    assert keys(interest(deep=()).select(session, changes)) == [("address", door)]
    assert keys(interest(deep=("3301",)).select(session, changes)) == keys(changes)
    assert keys(interest(deep=("3302",)).select(session, changes)) == [("address", door)]


def test_a_record_that_leaves_the_division_is_told_once_more(session: Session) -> None:
    left = row("place_name", "1", division="330106001000")._replace(left_division=HERE)
    for own in (interest(granted=("330102",)), interest(division="330102")):
        assert keys(own.select(session, [left])) == [("place_name", "1")]
    assert interest(granted=("330103",)).select(session, [left]) == []


def test_divisions_and_kinds_narrow_it(session: Session) -> None:
    changes = [row("unit", "1"), row("batch", "2"), row("unit", "3", division="330106001000")]
    chosen = {
        "own": interest(granted=("330102",)),
        "division": interest(division="330106"),
        "kind": interest(subjects=frozenset({"batch"})),
        "nothing": interest(granted=()),
    }
    told = {
        name: [key for _, key in keys(one.select(session, changes))] for name, one in chosen.items()
    }
    assert told == {"own": ["1", "2"], "division": ["3"], "kind": ["2"], "nothing": []}
