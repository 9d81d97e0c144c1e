"""Watches in every test that whatever a command writes to a register is told by the feed.

The database of the tests refuses a commit that leaves an entry in the audit chain and has written
a row of a register whose key, with its version, is not in the feed of the same transaction.
Transactions in which a test writes rows by hand as well, in no command, are not judged
(``noticing_hands``). Migrations, which act as the owner, announce nothing.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from service.changes.events import Subject
from service.changes.registers import REGISTERS, Rows
from tests.lock_order import running_command

_TABLES = sorted({rows.table for register in REGISTERS.values() for rows in register.tables})
_WRITES = re.compile(rf"\b(insert into|update|delete from)\s+({'|'.join(_TABLES)})\b")

WATCH = """
create function watch_announcements() returns trigger language plpgsql as $$
declare
  written record;
  key text;
  asked text;
  told boolean;
begin
  if coalesce(current_setting('menpai.arranging', true), '') = 'on' or pg_current_xact_id()::xid
    is distinct from (select xmin from audit_entry order by position desc limit 1)
  then
    return null;
  end if;
  if tg_op = 'DELETE' then written := old; else written := new; end if;
  execute format('select %s from (select ($1).*) r', tg_argv[1]) into key using written;
  asked := 'select exists (select from change c where c.subject = any($1) and c.key = $2 '
    'and c.xmin = pg_current_xact_id()::xid and (%s)) or exists (select from change c '
    'where c.keys is not null and c.subject = any($1) and $2 = any(c.keys) '
    'and c.xmin = pg_current_xact_id()::xid)';
  if key is null then
    return null;  -- what it hung on is gone, and that was told
  end if;
  execute format(asked, case when tg_op = 'DELETE' then 'true' else tg_argv[2] end)
    into told using string_to_array(tg_argv[0], ','), key, written;
  if not told then
    raise exception 'nobody announced: % of % % as %', tg_op, tg_table_name, key, tg_argv[0];
  end if;
  return null;
end
$$
"""


def _subjects_of(table: str) -> Iterator[tuple[Subject, Rows, bool]]:
    """Whose key a row of a table is told under, and whether it is that record's own row."""
    for subject, register in REGISTERS.items():
        for rows in register.tables:
            if rows.table == table and (rows.table == str(subject) or table != "address"):
                yield subject, rows, rows is register.own


def _triggers() -> Iterator[str]:
    for table in _TABLES:
        found = list(_subjects_of(table))
        subjects = {str(subject) for subject, _, _ in found}
        if table.startswith("address_"):
            subjects.add("address")
        rows = found[0][1]
        version = "c.version >= ($3).version" if found[0][2] else "true"
        if table == "area":
            version = f"{version} or ($3).succeeded_by is not null"
        arguments = (",".join(sorted(subjects)), rows.key, version)
        quoted = ", ".join("'" + one.replace("'", "''") + "'" for one in arguments)
        yield (
            f"create constraint trigger watch_announcements after insert or update or delete "
            f"on {table} deferrable initially deferred for each row "
            f"when (current_user = 'menpai_app') execute function watch_announcements({quoted})"
        )


STATEMENTS = (WATCH, *_triggers())


def watch_announcements(owner_url: str) -> None:
    """Let a database of the tests watch."""
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        for statement in STATEMENTS:
            connection.exec_driver_sql(statement.replace("%", "%%"))
    engine.dispose()


@contextmanager
def noticing_hands() -> Iterator[None]:
    """While the block runs, a transaction in which a test itself writes rows says so."""
    event.listen(Engine, "before_cursor_execute", _notice)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", _notice)


def _notice(_c: Connection, cursor: Any, statement: str, *_: object) -> None:
    if _WRITES.search(statement.lower()) and running_command() is None:
        cursor.execute("select set_config('menpai.arranging', 'on', true)")
