"""An office with two counties, each with an address, a plate and an account."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from address_model.tables import RoleAssignment, StaffAccount
from service.addresses.commands import enter_addresses
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.plates.commands import issue_plates, open_batch
from tests.database import migrated_database
from tests.factories.addresses import make_draft, make_elements
from tests.factories.divisions import make_place
from tests.factories.hosts import PREFIX

COUNTIES = {"own": "330102000000", "foreign": "330106000000"}
_TOWNSHIPS = {"own": ("330102", "330102001000"), "foreign": ("330106", "330106001000")}


@dataclass(frozen=True)
class Office:
    """The database, and the tokens of the plates and the codes of the addresses by county."""

    database: Database
    plates: dict[str, str]
    codes: dict[str, str]


@contextmanager
def opened_office() -> Iterator[Office]:
    """An office in a separate database, dropped afterwards."""
    with migrated_database() as made:
        database = Database(made.app_url)
        yield make_office(database)
        database.dispose()


def make_office(database: Database) -> Office:
    """Fill an empty database."""
    tokens, codes_of = {}, {}
    with database.session() as session:
        place = make_place(session)
        for side, (county, township) in _TOWNSHIPS.items():
            draft = make_draft(
                place,
                county=county,
                division_id=place.ids[township],
                division_code=township,
                elements=make_elements("88", county="西湖区" if side == "foreign" else "上城区"),
            )
            codes = [str(code) for code in enter_addresses(session, [draft], COMMAND_LINE)]
            batch = open_batch(
                session, name=side, design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
            )
            codes_of[side] = codes[0]
            tokens[side] = issue_plates(session, batch, codes, COMMAND_LINE, status="in_use")[0]
    return Office(database, tokens, codes_of)


def insert_account(session: Session, name: str, role: Role, division: str) -> None:
    """An account without a usable password, which is fast to create."""
    account = StaffAccount(name=name, password_hash="-", must_change_password=False)  # noqa: S106
    session.add(account)
    session.flush()
    session.add(RoleAssignment(account_id=account.id, role=role, division=division))
