"""Stores every text an address has or had: aliases, former names, department texts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.codes import format_code
from service.addresses.drafts import AddressDraft
from service.addresses.queries import hold_addresses
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.core.clock import today
from service.core.errors import Conflict

NAME_KINDS = ("alias", "former", "department")
"""The kinds that can be added; the standard name is part of the address."""

SECOND = "second"
"""The kind of the name under which an address is found on its second place."""

NAME_COLUMNS = ("key", "code", "kind", "text", "source", "valid_from")

_ADD = text(
    "insert into address_name (key, code, kind, text, source, valid_from, valid_to) values "
    "(:key, :code, :kind, :text, :source, coalesce(:valid_from, :today), :valid_to) "
    "on conflict (key, code, kind, variant) do update set source = excluded.source, "
    "valid_from = excluded.valid_from, valid_to = excluded.valid_to"
)

_KEEP_FORMER = text(
    "insert into address_name (key, code, kind, text, source, valid_from, valid_to) "
    "select key, code, 'former', text, source, valid_from, :today from address_name "
    "where code = any(:codes) and kind in ('standard', 'second') "
    "on conflict (key, code, kind, variant) do update set valid_to = excluded.valid_to"
)
_DROP_STANDARD = text(
    "delete from address_name where code = any(:codes) and kind in ('standard', 'second')"
)
_KEEP_TEXT = text(
    "insert into address_name (key, code, kind, text, source, source_id, valid_from) "
    "select key, code, 'department', text, source, source_id, :today from unnest("
    "cast(:keys as text[]), cast(:codes as text[]), cast(:texts as text[]), "
    "cast(:sources as text[]), cast(:source_ids as text[])) "
    "as given(key, code, text, source, source_id) on conflict do nothing returning code"
)
_SET_GATE = text(
    "update address a set second_place_id = v.place, updated_at = clock_timestamp() from unnest("
    "cast(:codes as text[]), cast(:places as int[])) as v(code, place) "
    "where a.code = v.code and a.second_place_id is null"
)
_ADD_GATE = text(
    "insert into address_name (key, code, kind, text, source, valid_from) "
    "select v.key, a.code, 'second', a.standard_text, :source, :today from unnest("
    "cast(:codes as text[]), cast(:keys as text[])) as v(code, key) "
    "join address a on a.code = v.code on conflict do nothing"
)
_HOLDERS = text(
    "select key, code, text from address_name "
    "where key = any(:keys) and kind = 'standard' and valid_to is null"
)


@dataclass(frozen=True, slots=True)
class NameDraft:
    """A text to add to an address, with its canonical key; former names have an end date."""

    key: str
    text: str
    kind: str
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class SourceText:
    """An address as a source writes it, with the source's own id."""

    key: str
    code: str
    text: str
    source: str
    source_id: str


def keep_source_texts(session: Session, texts: Sequence[SourceText]) -> None:
    """Store the sources' texts as names of their addresses; existing ones are kept."""
    if texts:
        values = {
            "keys": [one.key for one in texts],
            "codes": [one.code for one in texts],
            "texts": [one.text for one in texts],
            "sources": [one.source for one in texts],
            "source_ids": [one.source_id for one in texts],
            "today": today(),
        }
        named = session.scalars(_KEEP_TEXT, values)
        changes.announce(session, Subject.ADDRESS, Action.NAMED, named)


def add_gates(session: Session, drafts: Mapping[str, AddressDraft], actor: Actor) -> None:
    """Make addresses in estates findable by their gates; ``drafts`` are by code."""
    if not drafts:
        return
    values = {
        "codes": list(drafts),
        "places": [draft.second_place_id for draft in drafts.values()],
        "keys": [draft.second_key for draft in drafts.values()],
        "source": next(iter(drafts.values())).source,
        "today": today(),
    }
    session.execute(_SET_GATE, values)
    session.execute(_ADD_GATE, values)
    changes.announce(session, Subject.ADDRESS, Action.GATED, drafts)
    audit.record_codes(session, actor=actor, action="addresses:gate", codes=list(drafts))


def add_name(session: Session, code: str, name: NameDraft, actor: Actor) -> None:
    """Add a text that resolves to an address, or update its source and dates.

    Raises:
        AddressNotFound, MalformedCode: there is no such address.
        Conflict: this kind cannot be added, or the dates are reversed.
    """
    (held,) = hold_addresses(session, code)
    if name.kind not in NAME_KINDS:
        raise Conflict(
            f"names of the kind {name.kind!r} cannot be added",
            hint=f"one of {', '.join(NAME_KINDS)}; `menpai addresses correct` changes the standard",
            zh="可以加别名、曾用名和部门用名；标准地址用更正修改。",
        )
    if name.valid_from and name.valid_to and name.valid_to < name.valid_from:
        raise Conflict(
            "the name ends before it begins",
            hint="exchange the two dates",
            zh="止的日期早于起的日期。",
        )
    values = {
        "key": name.key,
        "code": held.code,
        "kind": name.kind,
        "text": name.text,
        "source": name.source,
        "valid_from": name.valid_from or name.valid_to,
        "valid_to": name.valid_to,
        "today": today(),
    }
    session.execute(_ADD, values)
    changes.announce(session, Subject.ADDRESS, Action.NAMED, [held.code])
    audit.record(
        session,
        actor=actor,
        action="addresses:name",
        subject=held.code,
        kind=name.kind,
        text=name.text,
        source=name.source,
    )


def name_rows(pairs: Iterable[tuple[str, AddressDraft]]) -> Iterator[Sequence[object]]:
    """Rows of ``NAME_COLUMNS`` for the standard texts of addresses."""
    day = today()
    for code, draft in pairs:
        yield draft.key, code, "standard", draft.text, draft.source, day
        if draft.second_key:
            yield draft.second_key, code, SECOND, draft.text, draft.source, day


def close_standard_names(session: Session, codes: Sequence[str]) -> None:
    """Turn the standard names of addresses into former names, as of today."""
    session.execute(_KEEP_FORMER, {"codes": list(codes), "today": today()})
    session.execute(_DROP_STANDARD, {"codes": list(codes)})


def find_holders(session: Session, keys: Sequence[str]) -> dict[str, str]:
    """The codes of the addresses whose current standard text has these keys, by key."""
    return {row.key: row.code for row in session.execute(_HOLDERS, {"keys": list(keys)})}


def require_free(session: Session, owners: Mapping[str, str]) -> None:
    """Refuse keys that belong to the standard text of an address other than their owner.

    Raises:
        Conflict: another address has the text; names it.
    """
    for row in session.execute(_HOLDERS, {"keys": list(owners)}):
        if row.code != owners[row.key]:
            raise Conflict(
                f"the text {row.text} belongs to {format_code(row.code)}",
                hint="correct the text, or merge the two addresses",
                zh=f"“{row.text}”已经是 {format_code(row.code)} 的标准地址。"
                "请核对文字；是同一处的，合并两个地址。",
            )
