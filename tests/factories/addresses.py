"""Address drafts along 河坊街."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from service.addresses.commands import enter_addresses, place_addresses
from service.addresses.drafts import AddressDraft
from service.core.actor import COMMAND_LINE
from service.core.database import finish
from tests.factories.divisions import Place, make_place

BASE = Elements(
    province="浙江省",
    city="杭州市",
    county="上城区",
    township="清波街道",
    thoroughfare="河坊街",
    number=Numbered("88", "号"),
)


def make_elements(number: str = "88", **changes: object) -> Elements:
    """One door of 河坊街."""
    return BASE._replace(number=Numbered(number, "号"), **changes)  # type: ignore[arg-type]


def make_draft(place: Place, number: str = "88", **changes: object) -> AddressDraft:
    """A draft of one door of 河坊街 in 上城区."""
    draft = AddressDraft(
        county="330102",
        division_id=place.township_id,
        division_code="330102001000",
        elements=make_elements(number),
        point=Point(120.165, 30.24),
        source="test",
    )
    return replace(draft, **changes)  # type: ignore[arg-type]


def placed(session: Session, draft: AddressDraft) -> AddressDraft:
    """The draft with its places, and so with its key."""
    return place_addresses(session, [draft], COMMAND_LINE)[0]


def enter_at(session: Session, points: Sequence[tuple[float, float]]) -> list[str]:
    """Register addresses at points, in hundredths of a degree from 120° E, 30° N; return codes."""
    place = make_place(session)
    drafts = [
        make_draft(place, str(n), point=Point(120 + x / 100, 30 + y / 100))
        for n, (x, y) in enumerate(points, start=1)
    ]
    codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
    finish(session)
    return codes
