"""Reads the places that addresses count along, with the townships they lie in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from address_model.places import PlaceKind, class_of, fold_place
from service.core.errors import NotFound
from service.core.records import Record

_PLACES = """
select p.id, p.number, p.county, p.kind, p.standard_name, coalesce((
    select json_agg(json_build_array(t.township, coalesce(
      d.name, case when t.township ~ '^[0-9]' then '' else t.township end), t.qualifier)
      order by t.id)
    from place_township t left join lateral (
      select name from division where code = t.township and code_system = 'nbs'
      order by edition desc limit 1
    ) d on true where t.place_id = p.id and t.valid_to is null), '[]'),
  coalesce((
    select array_agg(f.text order by f.position) from place_name_form f
    where f.place_name_id = p.id and f.kind in ('former', 'alias')), '{}'),
  (select before.number from place_name before where before.id = p.continues_id), p.version
from place_name p where p.county <> '' and p.status = 'current' and
"""
_BY_NUMBER = text(
    f"{_PLACES} (p.number = :number or p.former_numbers @> array[:number]) "
    "order by p.number <> :number"
)
_BY_ID = text(f"{_PLACES} p.id = any(:ids) order by p.number")
_OF_COUNTY = text(f"{_PLACES} p.county = :county order by p.number")
_BY_NAME = text(
    f"{_PLACES} p.id in (select t.place_id from place_township t where t.county = :county "  # noqa: S608
    "and t.folded = any(:names) and t.valid_to is null) order by p.number"
)
_BY_OTHER_NAME = text(
    f"{_PLACES} p.county = :county and p.id in (select f.place_name_id from place_name_form f "  # noqa: S608
    "where f.kind in ('former', 'alias') and f.text = any(:names)) order by p.number"
)
_ASKED = text(
    "select distinct on (place_id, kind, township, qualifier) place_id, kind, township, qualifier, "
    "reason from import_waiting where place_id = any(:ids) "
    "order by place_id, kind, township, qualifier, created_at"
)
_ONCE_CALLED = text(
    "select p.id, o.id from place_name p join place_name_form f on f.text = p.standard_name "
    "and f.kind in ('former', 'alias') join place_name o on o.id = f.place_name_id "
    "and o.county = p.county and o.status = 'current' and o.standard_name <> p.standard_name "
    "where p.id = any(:ids)"
)
_COUNTED = text("select number from place_name where number = any(:numbers) and county <> ''")
_TOWNSHIPS = text(
    "select code, name, code_system from division where code = any(:codes) order by edition"
)
"""The code system is filtered in Python: for lack of statistics SQL scanned its whole index."""

PlaceKey = tuple[str, str, str]
"""County (six digits), class of names, folded name: what namesakes share."""


@dataclass(frozen=True, slots=True)
class PlaceTownshipRow:
    """A township (12 digits, or empty) that a place lies in, with its qualifier among namesakes."""

    code: str
    name: str
    qualifier: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place of a county; ``number`` is its public id; ``other_names`` lead to it as well.

    ``continues`` is the number of the same road in the county before.
    """

    id: int
    number: str
    county: str
    kind: PlaceKind
    name: str
    townships: tuple[PlaceTownshipRow, ...]
    other_names: tuple[str, ...] = ()
    continues: str = ""
    version: int = field(default=1, compare=False)

    @property
    def record(self) -> Record:
        """The place as it now is, for an editor who saw an older version."""
        lies = "、".join(one.name or one.code for one in self.townships)
        facts = {"名称": self.name, "所在": lies, "曾用名、别名": "、".join(self.other_names)}
        return Record("place_names", self.number, f"地名 {self.number}", self.version, facts)

    @property
    def key(self) -> PlaceKey:
        """The key it shares with its namesakes."""
        return self.county, class_of(self.kind), fold_place(self.kind, self.name)

    @property
    def former_keys(self) -> set[PlaceKey]:
        """The keys it shares with places of its other names, present or former."""
        folded = {fold_place(self.kind, name) for name in self.other_names}
        return {(self.county, class_of(self.kind), one) for one in folded}


class PlaceNotFound(NotFound):
    """There is no such place."""


def get_place(session: Session, number: str) -> PlaceRow:
    """A place by its number; the number of a merged one gives the place it was merged into.

    Raises:
        PlaceNotFound: no place has or had this number.
    """
    found = _read(session, _BY_NUMBER, number=number)
    if not found:
        raise PlaceNotFound(
            f"there is no place {number}", hint="find it with `menpai placenames find NAME`"
        )
    return found[0]


def find_places(session: Session, ids: Iterable[int]) -> dict[int, PlaceRow]:
    """Places by their keys; one that does not exist is left out."""
    return {row.id: row for row in _read(session, _BY_ID, ids=list(ids))}


def find_counted(session: Session, numbers: Sequence[str]) -> set[str]:
    """Those of these place names that addresses count along."""
    return set(session.scalars(_COUNTED, {"numbers": list(numbers)}))


def list_places(session: Session, county: str) -> list[PlaceRow]:
    """All current places of a county, in order of their numbers."""
    return _read(session, _OF_COUNTY, county=county)


def find_namesakes(
    session: Session, county: str, keys: Sequence[PlaceKey]
) -> dict[PlaceKey, list[PlaceRow]]:
    """The current places of a county under these names, and those formerly called so.

    A place formerly called so counts only if it shares no township with a present place of the
    name.
    """
    names = [folded for _, _, folded in keys]
    found: dict[PlaceKey, list[PlaceRow]] = {}
    for row in _read(session, _BY_NAME, county=county, names=names):
        found.setdefault(row.key, []).append(row)
    named = {key: tuple(found.get(key, ())) for key in keys}
    spelt = [folded + suffix for folded in names for suffix in ("", "村", "社区")]
    for row in _read(session, _BY_OTHER_NAME, county=county, names=spelt):
        for key in row.former_keys & named.keys():
            if not share_township(row, named[key]):
                found.setdefault(key, []).append(row)
    return found


def find_asked(
    session: Session, ids: Iterable[int]
) -> dict[int, dict[tuple[PlaceKind, str, str], str]]:
    """The open questions about places: kind, township and qualifier, with the reason of each."""
    found: dict[int, dict[tuple[PlaceKind, str, str], str]] = {}
    for place_id, kind, township, qualifier, why in session.execute(_ASKED, {"ids": list(ids)}):
        found.setdefault(place_id, {})[PlaceKind(kind), township, qualifier] = why
    return found


def find_once_called(session: Session, ids: Iterable[int]) -> dict[int, list[int]]:
    """For each place, other places of its county that formerly had its present name."""
    found: dict[int, list[int]] = {}
    for place_id, other in session.execute(_ONCE_CALLED, {"ids": sorted(set(ids))}):
        found.setdefault(place_id, []).append(other)
    return found


def share_township(row: PlaceRow, others: Iterable[PlaceRow]) -> bool:
    """Whether a place lies in a township of one of the others, or is one of them."""
    here = {township.code for township in row.townships}
    return any(
        row.id == other.id or here & {township.code for township in other.townships}
        for other in others
    )


def find_township_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """The names of townships by their 12-digit codes, as the newest edition has them.

    A township unknown to all lists has its name as code, which maps to itself.
    """
    wanted = set(codes)
    rows = session.execute(_TOWNSHIPS, {"codes": list(wanted)})
    known = {code: name for code, name, system in rows if system == "nbs"}
    return {one: one for one in wanted if not one.isdigit()} | known


def _read(session: Session, statement: TextClause, **values: object) -> list[PlaceRow]:
    """Current places with their townships and other names."""
    return [
        PlaceRow(
            id=id_,
            number=number,
            county=county,
            kind=PlaceKind(kind),
            name=name,
            townships=tuple(PlaceTownshipRow(*one) for one in townships),
            other_names=tuple(others),
            continues=continues or "",
            version=version,
        )
        for id_, number, county, kind, name, townships, others, continues, version in (
            session.execute(statement, values)
        )
    ]
