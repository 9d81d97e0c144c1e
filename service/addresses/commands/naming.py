"""Keeps every text an address has or had: aliases, former names, department texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.codes import format_code
from service.addresses.queries import get_address
from service.audit import commands as audit
from service.changes import commands as changes
from service.core.actor import Actor
from service.core.errors import Conflict

NAME_KINDS = ("alias", "former", "department")
"""What may be added; the standard name comes with the address itself."""

_ADD = text(
    "insert into address_name (key, code, kind, text, source, valid_from, valid_to) values "
    "(:key, :code, :kind, :text, :source, coalesce(:valid_from, current_date), :valid_to) "
    "on conflict (key, code, kind) do update set text = excluded.text, source = excluded.source, "
    "valid_from = excluded.valid_from, valid_to = excluded.valid_to"
)

_KEEP_FORMER = text(
    "insert into address_name (key, code, kind, text, source, valid_from, valid_to) "
    "select key, code, 'former', text, source, valid_from, current_date from address_name "
    "where code = any(:codes) and kind = 'standard' "
    "on conflict (key, code, kind) do update set text = excluded.text, valid_to = current_date"
)
_DROP_STANDARD = text("delete from address_name where code = any(:codes) and kind = 'standard'")
_HOLDERS = text(
    "select key, code, text from address_name "
    "where key = any(:keys) and kind = 'standard' and valid_to is null"
)


@dataclass(frozen=True, slots=True)
class NameDraft:
    """A text to add to an address, under its canonical key; a former name has an end."""

    key: str
    text: str
    kind: str
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


def add_name(session: Session, code: str, name: NameDraft, actor: Actor) -> None:
    """Add a text that leads to an address, or renew its source and dates.

    Raises:
        AddressNotFound, MalformedCode: there is no such address.
        Conflict: the kind is none that may be added, or the dates are reversed.
    """
    held = get_address(session, code)
    if name.kind not in NAME_KINDS:
        raise Conflict(
            f"{name.kind!r} is no kind of name that can be added",
            mend=f"one of {', '.join(NAME_KINDS)}; `menpai addresses correct` changes the standard",
        )
    if name.valid_from and name.valid_to and name.valid_to < name.valid_from:
        raise Conflict("the name ends before it begins", mend="exchange the two dates")
    values = {
        "key": name.key,
        "code": held.code,
        "kind": name.kind,
        "text": name.text,
        "source": name.source,
        "valid_from": name.valid_from or name.valid_to,
        "valid_to": name.valid_to,
    }
    session.execute(_ADD, values)
    changes.record(session, [changes.ChangeNote("address", held.code, "named", held.division_code)])
    audit.record(
        session,
        actor=actor,
        action="addresses:name",
        subject=held.code,
        kind=name.kind,
        text=name.text,
        source=name.source,
    )


def close_standard_names(session: Session, codes: Sequence[str]) -> None:
    """Make the standard names of addresses former ones, as of today."""
    session.execute(_KEEP_FORMER, {"codes": list(codes)})
    session.execute(_DROP_STANDARD, {"codes": list(codes)})


def find_holders(session: Session, keys: Sequence[str]) -> dict[str, str]:
    """The codes of the addresses whose current standard text has one of these keys, by key."""
    return {row.key: row.code for row in session.execute(_HOLDERS, {"keys": list(keys)})}


def require_free(session: Session, owners: Mapping[str, str]) -> None:
    """Refuse keys that are the current standard text of an address other than their owner.

    Raises:
        Conflict: naming the holder.
    """
    for row in session.execute(_HOLDERS, {"keys": list(owners)}):
        if row.code != owners[row.key]:
            raise Conflict(
                f"the text {row.text} belongs to {format_code(row.code)}",
                mend="correct the text, or merge the two addresses",
            )
