"""河坊街 and its doors, renamed and asked for."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.elements import Elements, Numbered
from service.addresses.commands import enter_addresses
from service.addresses.queries import AddressRow, get_address
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.divisions.commands import DecisionNotice
from service.matching.queries import resolve
from service.naming.commands import Renaming, rename_place
from service.naming.tasks import RenameHandler
from service.placenames.queries import find_places
from service.runs import worker_loop
from service.runs.queries import RunRow, get_run
from tests.factories import Place, make_draft, make_place

assert RenameHandler is not None  # registered by its module: what is worked off here
NOTICE = DecisionNotice("示例政发〔2026〕9号", date(2026, 11, 1))
OLD, NEW = "河坊街", "示例新街"
FRONT = "浙江省杭州市上城区清波街道"
BASE = Elements(province="浙江省", city="杭州市", county="上城区", township="清波街道")


def number_of(session: Session, code: str, *, second: bool = False) -> str:
    """The number of the place that an address counts along, or of its second one."""
    held = get_address(session, code)
    place = held.second_place_id if second else held.place_id
    return find_places(session, [place or 0])[place or 0].number


def rename(
    database: Database, number: str, name: str = NEW, notice: DecisionNotice = NOTICE
) -> tuple[Renaming, RunRow]:
    """Rename a place and work its run off."""
    with database.session() as session:
        done = rename_place(session, number, name, notice, ME)
    worker_loop.run_chunks(database, done.run_id)
    with database.reading() as session:
        return done, get_run(session, done.run_id)


def enter(database: Database, *elements: Elements, place: Place | None = None) -> list[str]:
    with database.session() as session:
        where = place or make_place(session)
        drafts = [make_draft(where, elements=one) for one in elements]
        return [str(code) for code in enter_addresses(session, drafts, ME)]


def enter_street(database: Database, *numbers: str) -> tuple[str, list[str]]:
    """河坊街 with these doors: its number and their codes."""
    codes = enter(database, *(door(number) for number in numbers))
    with database.reading() as session:
        return number_of(session, codes[0]), codes


def door(number: str, street: str = OLD, **more: object) -> Elements:
    return BASE._replace(thoroughfare=street, number=Numbered(number, "号"), **more)  # type: ignore[arg-type]


def read(database: Database, code: str) -> AddressRow:
    with database.reading() as session:
        return get_address(session, code)


def answer(database: Database, wanted: str) -> tuple[str, str]:
    with database.reading() as session:
        found = resolve(session, wanted)
    return found.category, found.address.code if found.address else ""


def scalars(database: Database, statement: str, **values: object) -> list[str]:
    with database.reading() as session:
        return [str(one) for one in session.execute(text(statement), values).scalars()]
