"""The file of heads: what it holds, when it is written, and what was done to it is found."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from service.audit import commands
from service.audit.commands import begin_heads, write_head
from service.audit.heads import DamagedHeads, append_head, path_for
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.signing_keys import KeyRing
from tests.database import TestDatabase
from tests.factories.audit import (
    CUT,
    SECRET,
    START,
    Clock,
    as_owner,
    heads_of,
    keyed,
    verdict_of,
    write_entries,
)


def test_the_first_entry_begins_the_heads_and_the_chain_is_told(register: Database) -> None:
    write_entries(register, 1)
    begin, head = heads_of(register)
    assert (begin.kind, begin.position) == ("begin", 0)
    assert (head.kind, head.position) == ("head", 2)
    verdict = verdict_of(register)
    assert (verdict.entries, verdict.fault, verdict.notes) == (2, "", ())
    assert verdict.last_head == head


@pytest.mark.parametrize("deed", ["drop", "change", "swap", "foreign"])
def test_a_changed_file_of_heads_is_found(register: Database, clock: Clock, deed: str) -> None:
    file = register.audit_heads
    assert file
    for _ in range(4):
        write_entries(register, 1)
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
        append_head(file, heads_of(register)[-1], foreign)
        lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines))
    assert "head" in verdict_of(register).fault
    with pytest.raises(DamagedHeads):
        heads_of(register)


def test_a_file_that_was_deleted_is_found_and_not_made_anew_in_silence(
    register: Database, clock: Clock
) -> None:
    file = register.audit_heads
    assert file
    write_entries(register, 2)
    file.unlink()
    clock.now += timedelta(days=1)
    write_entries(register, 2)
    assert write_head(register) is None
    assert not file.exists()
    assert "no head of it is kept" in verdict_of(register).fault
    begin_heads(register, COMMAND_LINE, "the disk was lost; 乙 agreed")
    verdict = verdict_of(register)
    assert (verdict.fault, len(verdict.notes)) == ("", 1)
    assert "the disk was lost; 乙 agreed" in verdict.notes[0]


def test_a_register_that_was_put_back_begins_its_heads_anew(
    register: Database, fresh_database: TestDatabase, clock: Clock
) -> None:
    write_entries(register, 2)
    clock.now += timedelta(days=1)
    write_entries(register, 4)
    as_owner(fresh_database, *(one.format(3) for one in CUT))
    assert not verdict_of(register).is_whole
    (note,) = begin_heads(register, COMMAND_LINE, "restored from b.dump")
    assert "entries 3 to 4 were replaced" in note
    write_entries(register, 3)
    clock.now += timedelta(days=1)
    write_entries(register, 1)
    verdict = verdict_of(register)
    assert (verdict.fault, verdict.notes) == ("", (note,))
    as_owner(fresh_database, *(one.format(5) for one in CUT))
    assert not verdict_of(register).is_whole


def test_a_damaged_file_is_set_aside_when_heads_begin_anew(register: Database) -> None:
    file = register.audit_heads
    assert file
    write_entries(register, 2)
    file.write_bytes(b"{}\n" + file.read_bytes())
    begin_heads(register, COMMAND_LINE, "an editor was used")
    assert verdict_of(register).is_whole
    (aside,) = file.parent.glob("*.damaged")
    assert aside.read_bytes().startswith(b"{}\n")


def test_heads_come_each_day_and_every_ten_minutes_and_a_clock_set_back_stops_none(
    register: Database, clock: Clock
) -> None:
    def position_after(step: timedelta) -> int:
        clock.now += step
        write_entries(register, 1)
        return heads_of(register)[-1].position

    write_entries(register, 1)
    assert position_after(timedelta(minutes=9)) == 2
    assert position_after(timedelta(minutes=1)) == 4
    assert position_after(timedelta(hours=-30)) == 5
    assert position_after(timedelta(hours=-2)) == 6
    days = [head.day for head in heads_of(register)]
    assert days == ["2026-03-02", "2026-03-02", "2026-03-02", "2026-03-01", "2026-03-01"]
    assert verdict_of(register).is_whole


def test_the_day_of_a_head_is_that_of_the_people(register: Database, clock: Clock) -> None:
    clock.now = datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)
    write_entries(register, 1)
    clock.now += timedelta(seconds=1)
    write_entries(register, 1)
    assert [head.day for head in heads_of(register)][-2:] == ["2026-03-01", "2026-03-02"]


def test_a_line_that_a_crash_cut_short_was_never_said(register: Database, clock: Clock) -> None:
    file = register.audit_heads
    assert file
    write_entries(register, 1)
    with file.open("ab") as out:
        out.write(b'{"at": "2026-')
    assert verdict_of(register).is_whole
    clock.now += timedelta(days=1)
    write_entries(register, 1)
    assert [head.number for head in heads_of(register)] == [1, 2, 3]


def write_and_fail(register: Database) -> None:
    with register.session() as session:
        commands.record(session, actor=COMMAND_LINE, action="test:write", subject="x")
        raise ZeroDivisionError


def test_what_is_rolled_back_leaves_no_head(register: Database, clock: Clock) -> None:
    write_entries(register, 1)
    clock.now += timedelta(days=1)
    with pytest.raises(ZeroDivisionError):
        write_and_fail(register)
    assert len(heads_of(register)) == 2
    assert verdict_of(register).is_whole


def _write_many(url: str, home: str, number: int) -> None:
    register = keyed(url, Path(home))
    for turn in range(10):
        setattr(commands, "now_utc", partial(START.__add__, timedelta(days=2 * turn + number)))  # noqa: B010 - not exported
        write_entries(register, 2)
    register.dispose()


def test_two_processes_write_heads_at_once(
    register: Database, fresh_database: TestDatabase
) -> None:
    assert register.audit_heads
    spawn = get_context("spawn")
    home = str(register.audit_heads.parent)
    both = [
        spawn.Process(target=_write_many, args=(fresh_database.app_url, home, n)) for n in (0, 1)
    ]
    for process in both:
        process.start()
    for process in both:
        process.join(120)
        assert process.exitcode == 0
    heads = heads_of(register)
    assert [head.number for head in heads] == list(range(1, len(heads) + 1))
    assert [h.kind for h in heads].count("begin") == 1
    positions = [head.position for head in heads]
    assert positions == sorted(positions)
    assert len(heads) > 10
    verdict = verdict_of(register)
    assert (verdict.fault, verdict.entries) == ("", 41)


def test_heads_hold_no_secret_and_nothing_of_the_entries(register: Database) -> None:
    file = register.audit_heads
    assert file == path_for(file.parent) if file else False
    write_entries(register, 1)
    assert file
    said = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    names = {"number", "kind", "day", "at", "position", "hash", "reason"}
    assert all(set(one) == names | {"before", "key_id", "signature"} for one in said)
    assert SECRET not in file.read_text("utf-8")
    assert file.stat().st_mode & 0o077 == 0
