"""Which changes concern a webhook: by area, by depth, by kind."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.elements import Numbered
from address_model.tables import AddressArea
from service.addresses.commands import enter_addresses
from service.changes.queries import ChangeRow, FeedReach
from service.core.actor import COMMAND_LINE
from service.core.clock import now_utc
from service.core.database import finish
from service.plates.commands import issue_plates, open_batch
from service.webhooks.queries import Interest
from tests.factories import make_area, make_draft, make_duty, make_elements, make_place
from tests.factories.hosts import PREFIX
from tests.factories.plates import make_plates

HERE = "330102001000"


def row(subject: str, key: object, position: int = 1, division: str = HERE) -> ChangeRow:
    return ChangeRow(position, subject, str(key), "changed", 1, division, now_utc())


def interest(**more: object) -> Interest:
    reach = {"granted": ("",), "deep": ("",), "data": ("",), "deep_data": ("",)}
    values = {"division": "", "subjects": frozenset(), "area": ""}
    told = FeedReach(**{name: more.pop(name, held) for name, held in reach.items()})  # type: ignore[arg-type]
    return Interest(told, **values | more)  # type: ignore[arg-type]


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
    changes = [row("address", door, 1), row("address", flat, 2), row("address_area", flat, 3)]
    changes += [row("dataset_row", flat, 4)]
    assert keys(interest(deep=()).select(session, changes)) == [("address", door)]
    assert keys(interest(deep=("3301",)).select(session, changes)) == keys(changes)
    assert keys(interest(deep=("3302",)).select(session, changes)) == [("address", door)]


def test_plates_of_rooms_are_not_told_without_depth(session: Session) -> None:
    place = make_place(session)
    room = make_elements("1", room=Numbered("101", "室"))
    drafts = [make_draft(place, "1"), make_draft(place, elements=room)]
    codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
    batch = open_batch(
        session, name="test", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    tokens = issue_plates(session, batch, codes, COMMAND_LINE)
    finish(session)
    changes = [row("plate", token, position) for position, token in enumerate(tokens, start=1)]
    assert keys(interest(deep=()).select(session, changes)) == [("plate", tokens[0])]
    assert keys(interest().select(session, changes)) == keys(changes)


def test_what_leaves_where_its_depth_is_granted_is_told(session: Session) -> None:
    place = make_place(session)
    room = make_draft(place, elements=make_elements("1", room=Numbered("101", "室")))
    (flat,) = map(str, enter_addresses(session, [room], COMMAND_LINE))
    finish(session)
    left = row("address", flat, division="330106001000")._replace(left_division=HERE)
    assert keys(interest(granted=("330102",), deep=("330102",)).select(session, [left]))
    assert interest(deep=("330102",), division="330106").select(session, [left]) == []


def test_data_about_addresses_is_told_to_those_who_read_it(session: Session) -> None:
    place = make_place(session)
    room = make_elements("1", room=Numbered("101", "室"))
    drafts = [make_draft(place, "1"), make_draft(place, elements=room)]
    door, flat = map(str, enter_addresses(session, drafts, COMMAND_LINE))
    finish(session)
    changes = [row("dataset_row", door, 1), row("dataset_row", flat, 2), row("address", flat, 3)]
    told = {
        "without": interest(data=(), deep_data=()),
        "elsewhere": interest(data=("330106",), deep_data=("330106",)),
        "to the door": interest(deep_data=()),
        "deep": interest(),
    }
    found = {
        name: [change.position for change in one.select(session, changes)]
        for name, one in told.items()
    }
    assert found == {"without": [3], "elsewhere": [3], "to the door": [1, 3], "deep": [1, 2, 3]}


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
