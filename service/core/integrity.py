"""Questions to the database that only ``menpai check`` asks: roles, counters, relations."""

from sqlalchemy import text
from sqlalchemy.orm import Session


def find_role_fault(session: Session) -> str:
    """What is wrong with the role that is connected, or nothing."""
    if session.scalar(text("select rolsuper from pg_roles where rolname = current_user")):
        return "it is a superuser"
    for table in ("audit_entry", "change"):
        for right in ("update", "delete", "truncate"):
            if session.scalar(text("select has_table_privilege(:t, :r)"), {"t": table, "r": right}):
                return f"it may {right} in {table}"
    return ""


def count_divisions(session: Session) -> int:
    """How many divisions are loaded."""
    return session.scalar(text("select count(*) from division")) or 0


def find_counter_fault(session: Session) -> str:
    """A county that has more addresses than its counter gave out, or nothing.

    The codes of a county are found by their own first six digits, which never change.
    """
    row = session.execute(
        text(
            "select s.county, s.counter, a.codes from code_space s join ("
            "select left(code, 6) as county, count(*) as codes from address group by 1"
            ") a on a.county = s.county where a.codes > s.counter limit 1"
        )
    ).first()
    return f"county {row.county}: {row.codes} codes, counter {row.counter}" if row else ""
