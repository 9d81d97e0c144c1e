from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from address_model.codes import make_code
from address_model.tables import AddressArea, AuditEntry
from service.areas.commands.areas import load_areas
from service.areas.queries.borders import AreaNotFound
from service.changes.queries import list_changes
from service.core.actor import COMMAND_LINE
from service.core.database import finish
from service.core.errors import AddressNotFound, BadRequest, Conflict
from service.linking.commands import (
    assign_area,
    forget_covers,
    link_addresses,
    relink_edits,
    unassign_area,
)
from service.linking.queries import build_report
from tests.factories.addresses import enter_at
from tests.factories.areas import box, make_listed

TODAY = date(2026, 11, 23)
BY_HAND = {"reason": "its gate opens to the other street", "actor": COMMAND_LINE, "today": TODAY}


@pytest.fixture
def code(session: Session) -> str:
    """An address whose point lies in G1 and in the community C1, next to G2."""
    load_areas(
        session,
        [
            make_listed("G1", box(0, 0, 1, 1), row=1),
            make_listed("G2", box(1, 0, 2, 1), row=2),
            make_listed("C1", box(0, 0, 2, 1), row=3, kind="community"),
        ],
        COMMAND_LINE,
        TODAY,
    )
    [made] = enter_at(session, [(0.9, 0.5)])
    link_addresses(session, [made], today=TODAY)
    return made


def lies_in(session: Session) -> dict[str, str]:
    """Area code to how it was found."""
    rows = session.execute(
        text("select r.code, l.how from address_area l join area r on r.id = l.area_id")
    )
    return dict(rows.all())


def test_a_hand_takes_the_place_of_the_point_for_its_kind_alone(
    session: Session, code: str
) -> None:
    assert lies_in(session) == {"G1": "point", "C1": "point"}
    chosen = assign_area(session, code, "G2", **BY_HAND)  # type: ignore[arg-type]
    finish(session)
    assert chosen.kind == "grid"
    assert lies_in(session) == {"G2": "hand", "C1": "point"}
    held = session.scalars(select(AddressArea).where(AddressArea.how == "hand")).one()
    assert held.reason == BY_HAND["reason"]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "areas:assign")).one()
    assert entry.detail["reason"] == BY_HAND["reason"]
    assert ("address_area", code) in [(c.subject, c.key) for c in list_changes(session, after=0)]
    assert [one.by_hand for one in build_report(session, TODAY, kind="grid").kinds] == [1]


def test_what_a_hand_said_survives_relinking_and_border_edits(session: Session, code: str) -> None:
    assign_area(session, code, "G2", **BY_HAND)  # type: ignore[arg-type]
    link_addresses(session, [code], today=TODAY)
    assert lies_in(session)["G2"] == "hand"
    edited = load_areas(
        session, [make_listed("G1", box(0, 0, 0.5, 1))], COMMAND_LINE, TODAY + timedelta(days=1)
    )
    relink_edits(session, edited.edits, COMMAND_LINE, today=TODAY + timedelta(days=1))
    assert lies_in(session) == {"G2": "hand", "C1": "point"}
    forget_covers()


def test_when_the_area_a_hand_chose_is_over_the_point_decides_again(
    session: Session, code: str
) -> None:
    assign_area(session, code, "G2", **BY_HAND)  # type: ignore[arg-type]
    later = TODAY + timedelta(days=1)
    ended = load_areas(
        session, [make_listed("G2", box(1, 0, 2, 1), valid_to=TODAY)], COMMAND_LINE, later
    )
    relink_edits(session, ended.edits, COMMAND_LINE, today=later)
    link_addresses(session, [code], today=later)
    assert lies_in(session) == {"G1": "point", "C1": "point"}
    forget_covers()


def test_a_hand_is_taken_back_and_the_point_decides_again(session: Session, code: str) -> None:
    assign_area(session, code, "G2", **BY_HAND)  # type: ignore[arg-type]
    assert unassign_area(session, code, "grid", COMMAND_LINE, today=TODAY)
    assert lies_in(session) == {"G1": "point", "C1": "point"}
    assert not unassign_area(session, code, "grid", COMMAND_LINE, today=TODAY)


def test_what_cannot_be_assigned_says_why(session: Session, code: str) -> None:
    with pytest.raises(BadRequest, match="needs its reason"):
        assign_area(session, code, "G2", **BY_HAND | {"reason": " "})  # type: ignore[arg-type]
    with pytest.raises(AreaNotFound, match="no area G9"):
        assign_area(session, code, "G9", **BY_HAND)  # type: ignore[arg-type]
    with pytest.raises(AddressNotFound):
        assign_area(session, str(make_code("330102", 42, b"k" * 16)), "G2", **BY_HAND)  # type: ignore[arg-type]
    load_areas(
        session,
        [
            make_listed("G2", box(1, 0, 2, 1), row=1, kind="police_beat"),
            make_listed("G3", box(3, 0, 4, 1), row=2, valid_to=TODAY - timedelta(days=1)),
        ],
        COMMAND_LINE,
        TODAY,
    )
    with pytest.raises(BadRequest, match="grid, police_beat") as caught:
        assign_area(session, code, "G2", **BY_HAND)  # type: ignore[arg-type]
    assert "--kind" in caught.value.hint
    with pytest.raises(Conflict, match="G3 has ended"):
        assign_area(session, code, "G3", **BY_HAND)  # type: ignore[arg-type]
