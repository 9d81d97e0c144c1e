"""Streets of one name in two towns of 余姚, and what tests ask of them."""

from datetime import date

from sqlalchemy import text

from service.addresses.commands import Renaming, follow_division
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.divisions.commands import DecisionNotice, list_ids_inside, merge_division
from service.integrity import queries
from service.placenames.queries import PlaceRow, list_places
from tests.factories.lists import ask, codes_of
from tests.service.imports.conftest import empty

COUNTY = "330281"
YUYAO = "浙江省宁波市余姚市"
LINSHAN, SIMEN, MAZHU = "330281100000", "330281103000", "330281106000"
ONE, OTHER, THIRD = f"{YUYAO}泗门镇人民路", f"{YUYAO}临山镇人民路", f"{YUYAO}马渚镇人民路"
TOWNS_MERGED = DecisionNotice("示例政发〔2026〕1号", date(2026, 11, 1))
_TWO_TOWNS = (
    "update division set valid_to = null where valid_to is not null",
    "delete from division_change where source = :source",
)


def with_two_towns(database: Database) -> None:
    """Take all addresses out; 临山镇 and 泗门镇 are two towns again."""
    empty(database)
    with database.session() as session:
        for statement in _TWO_TOWNS:
            session.execute(text(statement), {"source": TOWNS_MERGED.source})


def merge_towns(database: Database) -> None:
    """Let 临山镇 go up in 泗门镇; its addresses follow."""
    with database.session() as session:
        held, target = merge_division(session, LINSHAN, SIMEN, TOWNS_MERGED, ME)
        ids = list_ids_inside(session, held)
        follow_division(session, Renaming(ids, held.name, target, moves=True, source="r"), ME)


def places(database: Database, county: str = COUNTY) -> dict[str, PlaceRow]:
    """The places of a county by each township they lie in; of one name only."""
    with database.reading() as session:
        found = list_places(session, county)
    return {one.code: place for place in found for one in place.townships}


def place_of(database: Database, code: str) -> int | None:
    """The key of the place that an address counts along."""
    with database.reading() as session:
        return get_address(session, code).place_id


def led(database: Database, *texts: str) -> list[str | None]:
    """The codes that texts lead to with A or B."""
    return [one.address.code if one.address else None for one in ask(database, *texts)]


def keys_of(database: Database, code: str) -> set[str]:
    """The places in the keys of an address's names."""
    with database.reading() as session:
        statement = text("select split_part(key, '|', 2) from address_name where code = :c")
        return set(session.execute(statement, {"c": code}).scalars())


def require_whole(database: Database) -> None:
    """What ``menpai check`` asks of places, and that own texts lead to their codes."""
    with database.reading() as session:
        assert queries.find_place_fault(session) == ""
        living = list(session.execute(text(_LIVING)).scalars())
    held = codes_of(database)
    assert led(database, *living) == [held[one] for one in living]


_LIVING = "select standard_text from address where status = 'active' order by code"
