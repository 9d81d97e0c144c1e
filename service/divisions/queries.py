"""Reads divisions: by code, by name, children, ancestors, the register, and imprints."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from address_model.division_codes import list_prefixes
from address_model.division_decisions import DivisionDecision
from address_model.gazetteer import Gazetteer, load_gazetteer
from address_model.spellings import spelling_pattern
from address_model.tables import Division, DivisionChange, DivisionImprint
from service.core.errors import Conflict, DivisionNotFound
from service.divisions.imprints import Imprint
from service.divisions.register import DivisionRegister, DivisionRow

PRIMARY_SYSTEM = "nbs"
"""The code system the register's addresses point to (统计用区划代码)."""

RENAMED, MERGED = "renamed", "merged"
DECIDED = (RENAMED, MERGED)
"""The kinds of local decisions; changes of the shipped history have other kinds."""

_GAZETTEER = "menpai_gazetteer"


@dataclass(frozen=True, slots=True)
class DivisionChangeRow:
    """A change of a division in a year; an absent code or name is empty."""

    year: int
    kind: str
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    source: str


_COLUMNS = (
    Division.id,
    Division.code,
    Division.code_system,
    Division.edition,
    Division.level,
    Division.name,
    Division.pinyin,
    Division.parent_id,
    Division.urban_rural,
    Division.valid_from,
    Division.valid_to,
)


def get_division(session: Session, code: str, code_system: str = PRIMARY_SYSTEM) -> DivisionRow:
    """The newest edition of a division by its 12-digit code.

    Raises:
        DivisionNotFound: no such code in that code system.
    """
    statement = (
        _select(code_system)
        .where(Division.code == code.ljust(12, "0"))
        .order_by(Division.edition.desc())
    )
    row = session.execute(statement).first()
    if row is None:
        raise DivisionNotFound(
            f"no division {code} in code system {code_system}",
            hint="search it by name: GET /api/v1/divisions?name=…",
            zh=f"没有代码是 {code} 的区划。",
        )
    return DivisionRow(*row)


def list_divisions(
    session: Session,
    *,
    name: str = "",
    parent: str = "",
    level: int | None = None,
    code_system: str = PRIMARY_SYSTEM,
    after: str = "",
    limit: int = 100,
    at: date | None = None,
    with_ended: bool = False,
) -> list[DivisionRow]:
    """Divisions by the beginning of their name, by parent code or by level, in order of code.

    Variant spellings of a name match (餘杭 is 余杭). Those that have ended are left out, but not
    ``with_ended``, and not those that had not ended on the day ``at``.
    """
    statement = _select(code_system).where(Division.code > after)
    if at is not None:
        statement = statement.where(
            or_(Division.valid_from.is_(None), Division.valid_from <= at),
            or_(Division.valid_to.is_(None), Division.valid_to > at),
        )
    elif not with_ended:
        statement = statement.where(Division.valid_to.is_(None))
    if name:
        statement = statement.where(Division.name.regexp_match(f"^{spelling_pattern(name)}"))
    if level:
        statement = statement.where(Division.level == level)
    if parent:
        upper = aliased(Division)
        statement = statement.join(upper, Division.parent_id == upper.id).where(
            upper.code == parent.ljust(12, "0")
        )
    return [DivisionRow(*row) for row in session.execute(statement.limit(limit))]


def get_division_by_text(session: Session, text: str) -> DivisionRow:
    """The division with a given code, beginning of a code, or name.

    Raises:
        DivisionNotFound: no division has this code or name.
        Conflict: several divisions have this name; lists their codes.
    """
    wanted = text.strip()
    if wanted.isascii() and wanted.isdigit():
        return get_division(session, wanted)
    named = Division.name.regexp_match(f"^{spelling_pattern(wanted)}$")
    statement = _select(PRIMARY_SYSTEM).where(named, Division.valid_to.is_(None)).limit(6)
    found = {row.code: DivisionRow(*row) for row in session.execute(statement)}
    if len(found) > 1:
        raise Conflict(
            f"several divisions are named {wanted}: {', '.join(found)}",
            hint="give the code",
            zh=f"有几个区划都叫“{wanted}”：{'、'.join(found)}。请填代码。",
        )
    if not found:
        raise DivisionNotFound(
            f"no division {wanted!r}",
            hint="give its 12-digit code",
            zh=f"没有名为“{wanted}”的区划。请填全名（如 上城区）或 12 位代码。",
        )
    return next(iter(found.values()))


def list_ancestors(session: Session, division: DivisionRow) -> list[DivisionRow]:
    """All divisions above one, widest first."""
    above: list[DivisionRow] = []
    parent_id = division.parent_id
    while parent_id is not None:
        row = session.execute(select(*_COLUMNS).where(Division.id == parent_id)).one()
        above.insert(0, DivisionRow(*row))
        parent_id = above[0].parent_id
    return above


def find_names(
    session: Session, codes: Iterable[str], code_system: str = PRIMARY_SYSTEM
) -> dict[str, str]:
    """The names of divisions by 12-digit code, newest edition; unknown codes are left out."""
    statement = (
        select(Division.code, Division.name)
        .where(Division.code_system == code_system, Division.code.in_(set(codes)))
        .order_by(Division.edition)
    )
    return {row.code: row.name for row in session.execute(statement)}


def load_register(session: Session, code_system: str = PRIMARY_SYSTEM) -> DivisionRegister:
    """All divisions of the newest edition of a code system."""
    newest = select(func.max(Division.edition)).where(Division.code_system == code_system)
    statement = select(*_COLUMNS).where(
        Division.code_system == code_system, Division.edition == newest.scalar_subquery()
    )
    rows = [DivisionRow(*row) for row in session.execute(statement)]
    return DivisionRegister(rows, find_decisions(session))


def find_decisions(session: Session) -> tuple[DivisionDecision, ...]:
    """The local decisions about divisions since the shipped lists, in order."""
    change = DivisionChange
    statement = (
        select(change.old_code, change.old_name, change.new_code, change.new_name, change.year)
        .where(change.kind.in_(DECIDED))
        .order_by(change.id)
    )
    return tuple(DivisionDecision(*row) for row in session.execute(statement))


def list_changes(session: Session, codes: Collection[str]) -> list[DivisionChangeRow]:
    """The published changes and local decisions in which these codes (12 digits) occur, in order.

    Of a division that was divided there is one for each of its successors.
    """
    change = DivisionChange
    statement = (
        select(
            change.year, change.kind, change.old_code, change.old_name, change.new_code,
            change.new_name, change.source,
        )
        .where(or_(change.old_code.in_(codes), change.new_code.in_(codes)))
        .order_by(change.year, change.id)
    )  # fmt: skip
    return [DivisionChangeRow(*row) for row in session.execute(statement)]


def find_successors(session: Session, codes: Collection[str]) -> dict[str, list[str]]:
    """The codes that took the place of ended divisions; those without any are left out."""
    found: dict[str, list[str]] = {}
    for one in list_changes(session, codes) if codes else ():
        if one.old_code in codes and one.new_code not in ("", one.old_code):
            found.setdefault(one.old_code, []).append(one.new_code)
    return found


def gazetteer_of(session: Session) -> Gazetteer:
    """The gazetteer for parsing texts in this database: shipped data and local decisions."""
    held = session.info.get(_GAZETTEER)
    if held is None:
        held = session.info[_GAZETTEER] = load_gazetteer(find_decisions(session))
    return held


class Imprints:
    """The imprints of divisions, cached by division id."""

    def __init__(self, session: Session) -> None:
        self._session = session
        rows = session.execute(
            select(DivisionImprint.code, DivisionImprint.issuer, DivisionImprint.postcode)
        )
        self._given = {row.code: Imprint(row.issuer, row.postcode) for row in rows}
        self._found: dict[int, Imprint] = {}

    def of(self, division_id: int) -> Imprint:
        """The imprint of a division id; issuer and postcode are each inherited if not set."""
        if not self._given:
            return Imprint()
        if division_id not in self._found:
            code = self._session.scalar(select(Division.code).where(Division.id == division_id))
            self._found[division_id] = self.of_code(code or "")
        return self._found[division_id]

    def given(self, code: str) -> Imprint:
        """The imprint set for this division itself (12-digit code)."""
        return self._given.get(code, Imprint())

    def of_code(self, code: str) -> Imprint:
        """As ``of``, by the 12-digit code."""
        above = [self._given[one] for one in list_prefixes(code) if one in self._given]
        return Imprint(
            next((one.issuer for one in above if one.issuer), ""),
            next((one.postcode for one in above if one.postcode), ""),
        )


def list_county_boundaries(session: Session) -> list[tuple[str, bytes]]:
    """The boundaries of counties that have one: (six-digit code, WKB in EPSG:4490)."""
    statement = select(func.left(Division.code, 6), func.ST_AsBinary(Division.geom)).where(
        Division.level == 3, Division.geom.is_not(None), Division.code_system == PRIMARY_SYSTEM
    )
    return [(code, bytes(shape)) for code, shape in session.execute(statement)]


def _select(code_system: str) -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS).where(Division.code_system == code_system).order_by(Division.code)
