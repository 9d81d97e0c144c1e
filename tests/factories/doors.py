"""Single doors anywhere in the shipped divisions."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from address_model.tables import Division
from service.addresses.commands import enter_addresses, open_code_spaces
from service.addresses.drafts import AddressDraft
from service.core.actor import COMMAND_LINE


def enter(session: Session, division: str, **elements: object) -> str:
    """One address in a division (9 or 12 digits); returns its code."""
    row = session.scalars(select(Division).where(Division.code == division.ljust(12, "0"))).one()
    open_code_spaces(session)
    draft = AddressDraft(
        county=division[:6],
        division_id=row.id,
        division_code=row.code,
        elements=Elements(province="浙江省", number=Numbered("1", "号"), **elements),  # type: ignore[arg-type]
        point=Point(120.1, 30.2),
        source="test",
    )
    return enter_addresses(session, [draft], COMMAND_LINE)[0].digits
