"""Integrity checks of ``menpai check`` and ``serve``: roles, counters, relations."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.places import fold_place

_REWRITING = ("update", "delete", "truncate")


def find_role_fault(session: Session) -> str:
    """The fault of the connected role, or an empty text."""
    if is_superuser(session):
        return "it is a superuser"
    months = session.scalars(
        text(
            "select inhrelid::regclass::text from pg_inherits where inhparent = 'change'::regclass"
        )
    )
    tables = ("audit_entry", "change", "feed_counter", *months)
    history = [(table, right) for table in tables for right in _REWRITING]
    for table, right in (*history, ("feed_counter", "insert")):
        if session.scalar(text("select has_table_privilege(:t, :r)"), {"t": table, "r": right}):
            return f"it may {right} in {table}"
    return ""


def is_superuser(session: Session) -> bool:
    """Whether the connected role is a superuser."""
    return bool(session.scalar(text("select rolsuper from pg_roles where rolname = current_user")))


def is_replica(session: Session) -> bool:
    """Whether the connected database is a standby."""
    return bool(session.scalar(text("select pg_is_in_recovery()")))


def has_samples(session: Session) -> bool:
    """Whether the register contains example data (示例数据)."""
    return bool(session.scalar(text("select exists (select from address where is_sample)")))


def count_divisions(session: Session) -> int:
    """The number of loaded divisions."""
    return session.scalar(text("select count(*) from division")) or 0


def find_counter_fault(session: Session) -> str:
    """A county with more addresses than its counter has issued, or an empty text.

    Codes are assigned to counties by their first six digits, which never change.
    """
    row = session.execute(
        text(
            "select s.county, s.counter, a.codes from code_space s join ("
            "select left(code, 6) as county, count(*) as codes from address group by 1"
            ") a on a.county = s.county where a.codes > s.counter limit 1"
        )
    ).first()
    return f"county {row.county}: {row.codes} codes, counter {row.counter}" if row else ""


_LINKS = {
    "a link of an address to a missing place name": (
        "select l.code || ' ' || l.place_name_id from address_place_name l "
        "left join place_name p on p.id = l.place_name_id where p.id is null limit 1"
    ),
    "a link to a place name from a missing address": (
        "select l.code from address_place_name l "
        "left join address a on a.code = l.code where a.code is null limit 1"
    ),
    "a living address inside an ended one": (
        "select a.code || ' in ' || p.code from address a join address p on p.code = a.parent_code "
        "where a.status not in ('replaced', 'retired', 'invalid') "
        "and p.status in ('replaced', 'retired', 'invalid') limit 1"
    ),
    "an address inside one of another place or county": (
        "select a.code || ' in ' || p.code from address a join address p on p.code = a.parent_code "
        "where a.county <> p.county or (a.place_id <> p.place_id "
        "and a.place_id is distinct from p.second_place_id) limit 1"
    ),
    "a key that does not belong to the place of its address": (
        "select a.code from address a join address_name n on n.code = a.code "
        "where n.kind = 'standard' and n.valid_to is null and a.place_id is not null "
        "and split_part(n.key, '|', 2) <> a.place_id::text limit 1"
    ),
    "an address on a place of another county": (
        "select a.code || ' along ' || p.number from address a join place_name p "
        "on p.id in (a.place_id, a.second_place_id) where p.county <> a.county limit 1"
    ),
    "an address on a merged place": (
        "select a.code || ' along ' || p.number from address a join place_name p "
        "on p.id in (a.place_id, a.second_place_id) where p.status <> 'current' limit 1"
    ),
    "a place without a township": (
        "select p.number from place_name p where p.county <> '' and p.status = 'current' "
        "and not exists (select 1 from place_township t "
        "where t.place_id = p.id and t.valid_to is null) limit 1"
    ),
    "a township of a merged place, or of another county or kind": (
        "select p.number || ' in ' || t.township from place_township t "
        "join place_name p on p.id = t.place_id where t.valid_to is null "
        "and (p.status <> 'current' or p.county <> t.county "
        "or replace(p.kind, 'community', 'village') <> replace(t.kind, 'community', 'village')) "
        "limit 1"
    ),
    "a place name without a division": (
        "select p.number from place_name p "
        "left join division d on d.id = p.division_id where d.id is null limit 1"
    ),
    "a recognition by an unknown scheme": (
        "select r.entry_id || ' ' || r.scheme_code from recognition r "
        "left join heritage_scheme s on s.code = r.scheme_code where s.code is null limit 1"
    ),
    "a former id in use by an entry": (
        "select h.id from heritage_entry h, heritage_entry kept "
        "where 'was:' || h.id = any(kept.links) limit 1"
    ),
}
"""Faults that no foreign key prevents, each with a query for one example."""


def find_place_fault(session: Session) -> str:
    """A broken relation of place names, heritage or addresses, or an empty text."""
    for fault, statement in _LINKS.items():
        found = session.scalar(text(statement))
        if found is not None:
            return f"{fault}: {found}"
    # places are compared by the folded name of their townships
    rows = session.execute(
        text(
            "select p.number, p.kind, p.standard_name, t.folded from place_township t "
            "join place_name p on p.id = t.place_id where t.valid_to is null"
        )
    )
    for row in rows:
        if row.folded != fold_place(row.kind, row.standard_name):
            return f"a township with a name other than its place's: {row.number} {row.folded}"
    return ""


def find_double_plates(session: Session) -> str:
    """The number of addresses with several living plates, none replacing another, or an empty text.

    Trial plates (generation below 0) do not count.
    """
    count, example = session.execute(text(_DOUBLES)).one()
    return f"{count:,} addresses have several, such as {example}" if count else ""


_DOUBLES = (
    "select count(*), min(code) from (select code from plate "
    "where status not in ('replaced', 'void') and replaced_by is null and code is not null "
    "and generation > 0 "
    "group by code having count(*) > 1) doubles"
)
