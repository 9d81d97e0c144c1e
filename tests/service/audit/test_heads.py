"""What an owner of the database does to the chain is found, with and without the heads file."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import text

from service.audit import commands
from service.audit.commands import begin_heads, write_head
from service.audit.heads import DamagedHeads, Head, append_head, path_for, read_heads
from service.audit.queries import ChainVerdict, verify_chain
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.faults import EnvironmentFault
from service.core.signing import KeyRing
from tests.database import TestDatabase
from tests.factories.audit import KEYS, SECRET, keyed, write_entries

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(commands, "now_utc", made)
    return made


@pytest.fixture
def database(fresh_database: TestDatabase, tmp_path: Path) -> Iterator[Database]:
    made = keyed(fresh_database.app_url, tmp_path)
    yield made
    made.dispose()


def as_owner(fresh: TestDatabase, *statements: str) -> None:
    owner = Database(fresh.owner_url)
    with owner.session() as session:
        for statement in statements:
            session.execute(text(statement))
    owner.dispose()


def verdict_of(database: Database, keys: KeyRing | None = KEYS) -> ChainVerdict:
    with database.reading() as session:
        return verify_chain(session, keys, database.audit_heads)


def read(database: Database) -> list[Head]:
    assert database.audit_heads
    return read_heads(database.audit_heads, KEYS)


CUT = (
    "delete from audit_entry where position > {0}",
    "update feed_counter set last = {0}, last_hash = "
    "coalesce((select hash from audit_entry where position = {0}), '') where name = 'audit'",
)
"""What cuts a tail off so that the database itself shows nothing of it."""


def test_the_first_entry_begins_the_heads_and_the_chain_is_told(database: Database) -> None:
    write_entries(database, 1)
    begin, head = read(database)
    assert (begin.kind, begin.position) == ("begin", 0)
    assert (head.kind, head.position) == ("head", 2)
    verdict = verdict_of(database)
    assert (verdict.entries, verdict.fault, verdict.notes) == (2, "", ())
    assert verdict.last_head == head


@pytest.mark.parametrize("left", [0, 1, 3, 5])
def test_a_tail_that_was_cut_with_the_counter_set_back_is_found(
    database: Database, fresh_database: TestDatabase, clock: Clock, left: int
) -> None:
    write_entries(database, 4)
    clock.now += timedelta(days=1)
    write_entries(database, 1)
    assert read(database)[-1].position == 6
    as_owner(fresh_database, *(one.format(left) for one in CUT))
    verdict = verdict_of(database)
    assert verdict.first_broken == left + 1
    assert verdict.fault == f"the head of 2026-03-03 says 6 entries, there are {left}"
    write_entries(database, 8)
    clock.now += timedelta(days=1)
    write_entries(database, 1)
    assert not verdict_of(database).is_whole, "what grew over the cut heals nothing"


def test_a_row_that_the_owner_writes_anew_is_found_also_with_all_hashes(
    database: Database, fresh_database: TestDatabase
) -> None:
    write_entries(database, 3)
    as_owner(fresh_database, "update audit_entry set actor = 'staff:x' where position = 3")
    assert verdict_of(database).first_broken == 3
    as_owner(fresh_database, *(one.format(0) for one in CUT))
    forger = Database(fresh_database.owner_url)
    write_entries(forger, 9)
    with forger.reading() as session:
        assert verify_chain(session).is_whole, "without the key the forged chain looks well"
    assert verdict_of(database).fault == "entry 2 is not what a signed head says of it"
    forger.dispose()


def test_a_chain_with_a_key_of_the_forger_is_not_known(
    database: Database, fresh_database: TestDatabase, tmp_path: Path
) -> None:
    write_entries(database, 1)
    forger = keyed(fresh_database.owner_url, tmp_path / "b", KeyRing.of(("f" * 40,), "audit"))
    write_entries(forger, 1)
    verdict = verdict_of(database)
    assert verdict.first_broken == 3
    assert "which is not known here" in verdict.fault
    forger.dispose()


def test_entries_of_before_are_verified_and_none_without_a_key_follows_one_with(
    database: Database, fresh_database: TestDatabase
) -> None:
    before = Database(fresh_database.app_url)
    write_entries(before, 3)
    write_entries(database, 2)
    assert verdict_of(database).is_whole
    with pytest.raises(EnvironmentFault, match="the audit chain has a key"):
        write_entries(before, 1)
    as_owner(fresh_database, "update audit_entry set scheme = 1, key_id = '' where position = 6")
    assert verdict_of(database).fault == "entry 6 has no key, but the one before it has"
    before.dispose()


@pytest.mark.parametrize("deed", ["drop", "change", "swap", "foreign"])
def test_a_changed_file_of_heads_is_found(database: Database, clock: Clock, deed: str) -> None:
    file = database.audit_heads
    assert file
    for _ in range(4):
        write_entries(database, 1)
        clock.now += timedelta(days=1)
    lines = file.read_bytes().splitlines(keepends=True)
    if deed == "drop":
        del lines[2]
    elif deed == "swap":
        lines[2], lines[3] = lines[3], lines[2]
    elif deed == "change":
        lines[3] = lines[3].replace(b"2026-03-04", b"2026-03-05")
    else:
        foreign = KeyRing.of(("f" * 40,), "audit").current
        append_head(file, read(database)[-1], foreign)
        lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines))
    assert "head" in verdict_of(database).fault
    with pytest.raises(DamagedHeads):
        read(database)


def test_a_file_that_was_deleted_is_found_and_not_made_anew_in_silence(
    database: Database, clock: Clock
) -> None:
    file = database.audit_heads
    assert file
    write_entries(database, 2)
    file.unlink()
    clock.now += timedelta(days=1)
    write_entries(database, 2)
    assert write_head(database) is None
    assert not file.exists()
    assert "no head of it is kept" in verdict_of(database).fault
    begin_heads(database, COMMAND_LINE, "the disk was lost; 乙 agreed")
    verdict = verdict_of(database)
    assert (verdict.fault, len(verdict.notes)) == ("", 1)
    assert "the disk was lost; 乙 agreed" in verdict.notes[0]


def test_a_register_that_was_put_back_begins_its_heads_anew(
    database: Database, fresh_database: TestDatabase, clock: Clock
) -> None:
    write_entries(database, 2)
    clock.now += timedelta(days=1)
    write_entries(database, 4)
    as_owner(fresh_database, *(one.format(3) for one in CUT))
    assert not verdict_of(database).is_whole
    (note,) = begin_heads(database, COMMAND_LINE, "restored from b.dump")
    assert "entries 3 to 4 were replaced" in note
    write_entries(database, 3)
    clock.now += timedelta(days=1)
    write_entries(database, 1)
    verdict = verdict_of(database)
    assert (verdict.fault, verdict.notes) == ("", (note,))
    as_owner(fresh_database, *(one.format(5) for one in CUT))
    assert not verdict_of(database).is_whole


def test_a_damaged_file_is_set_aside_when_heads_begin_anew(database: Database) -> None:
    file = database.audit_heads
    assert file
    write_entries(database, 2)
    file.write_bytes(b"{}\n" + file.read_bytes())
    begin_heads(database, COMMAND_LINE, "an editor was used")
    assert verdict_of(database).is_whole
    (aside,) = file.parent.glob("*.damaged")
    assert aside.read_bytes().startswith(b"{}\n")


def test_heads_come_each_day_and_every_ten_minutes_and_a_clock_set_back_stops_none(
    database: Database, clock: Clock
) -> None:
    def position_after(step: timedelta) -> int:
        clock.now += step
        write_entries(database, 1)
        return read(database)[-1].position

    write_entries(database, 1)
    assert position_after(timedelta(minutes=9)) == 2
    assert position_after(timedelta(minutes=1)) == 4
    assert position_after(timedelta(hours=-30)) == 5
    assert position_after(timedelta(hours=-2)) == 6
    days = [head.day for head in read(database)]
    assert days == ["2026-03-02", "2026-03-02", "2026-03-02", "2026-03-01", "2026-03-01"]
    assert verdict_of(database).is_whole


def test_the_day_of_a_head_is_that_of_the_people(database: Database, clock: Clock) -> None:
    clock.now = datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)
    write_entries(database, 1)
    clock.now += timedelta(seconds=1)
    write_entries(database, 1)
    assert [head.day for head in read(database)][-2:] == ["2026-03-01", "2026-03-02"]


def test_a_line_that_a_crash_cut_short_was_never_said(database: Database, clock: Clock) -> None:
    file = database.audit_heads
    assert file
    write_entries(database, 1)
    with file.open("ab") as out:
        out.write(b'{"at": "2026-')
    assert verdict_of(database).is_whole
    clock.now += timedelta(days=1)
    write_entries(database, 1)
    assert [head.number for head in read(database)] == [1, 2, 3]


def write_and_fail(database: Database) -> None:
    with database.session() as session:
        commands.record(session, actor=COMMAND_LINE, action="test:write", subject="x")
        raise ZeroDivisionError


def test_what_is_rolled_back_leaves_no_head(database: Database, clock: Clock) -> None:
    write_entries(database, 1)
    clock.now += timedelta(days=1)
    with pytest.raises(ZeroDivisionError):
        write_and_fail(database)
    assert len(read(database)) == 2
    assert verdict_of(database).is_whole


def _write_many(url: str, home: str, number: int) -> None:
    database = keyed(url, Path(home))
    for turn in range(10):
        moment = START + timedelta(days=2 * turn + number)
        commands.now_utc = lambda moment=moment: moment  # type: ignore[attr-defined]
        write_entries(database, 2)
    database.dispose()


def test_two_processes_write_heads_at_once(
    database: Database, fresh_database: TestDatabase
) -> None:
    assert database.audit_heads
    spawn = get_context("spawn")
    home = str(database.audit_heads.parent)
    both = [
        spawn.Process(target=_write_many, args=(fresh_database.app_url, home, n)) for n in (0, 1)
    ]
    for process in both:
        process.start()
    for process in both:
        process.join(120)
        assert process.exitcode == 0
    heads = read(database)
    assert [head.number for head in heads] == list(range(1, len(heads) + 1))
    assert [h.kind for h in heads].count("begin") == 1
    positions = [head.position for head in heads]
    assert positions == sorted(positions)
    assert len(heads) > 10
    verdict = verdict_of(database)
    assert (verdict.fault, verdict.entries) == ("", 41)


def test_after_a_rotation_the_former_secret_still_verifies(
    database: Database, fresh_database: TestDatabase, tmp_path: Path, clock: Clock
) -> None:
    write_entries(database, 2)
    clock.now += timedelta(days=1)
    new = "n" * 20 + "e" * 20
    rotated = keyed(fresh_database.app_url, tmp_path, KeyRing.of((new, SECRET), "audit"))
    write_entries(rotated, 2)
    assert verdict_of(rotated, rotated.audit_keys).is_whole
    alone = verdict_of(rotated, KeyRing.of((new,), "audit"))
    assert KEYS.current.id in alone.fault
    assert "MENPAI_FORMER_SECRET_KEYS" in alone.fault
    rotated.dispose()


def test_heads_hold_no_secret_and_nothing_of_the_entries(database: Database) -> None:
    file = database.audit_heads
    assert file == path_for(file.parent) if file else False
    write_entries(database, 1)
    assert file
    said = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    names = {"number", "kind", "day", "at", "position", "hash", "reason"}
    assert all(set(one) == names | {"before", "key_id", "signature"} for one in said)
    assert SECRET not in file.read_text("utf-8")
    assert file.stat().st_mode & 0o077 == 0
