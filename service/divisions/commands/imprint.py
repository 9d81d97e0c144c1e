"""Sets the imprints of divisions: the issuer and the postcode on their plates."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from address_model.tables import DivisionImprint
from service.audit import commands as audit
from service.changes.commands import Action, Subject, announce
from service.core.actor import Actor
from service.divisions.commands.lock import lock_divisions
from service.divisions.imprints import Imprint
from service.divisions.queries import get_division_by_text
from service.divisions.register import DivisionRow


def set_imprint(session: Session, division: str, imprint: Imprint, actor: Actor) -> DivisionRow:
    """Set the imprint of a division (code or name); an empty imprint removes it.

    Raises:
        DivisionNotFound: there is no such division.
        Conflict: several divisions have this name.
    """
    lock_divisions(session)
    row = get_division_by_text(session, division)
    values = {"issuer": imprint.issuer, "postcode": imprint.postcode}
    statement = insert(DivisionImprint).values(code=row.code, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=values))
    announce(session, Subject.DIVISION, Action.CHANGED, [row.code])
    audit.record(session, actor=actor, action="division:imprint", subject=row.code, **values)
    return row
