"""What an owner of the register does to the chain is found."""

from datetime import timedelta
from pathlib import Path

import pytest

from service.audit.queries import verify_chain
from service.core.database import Database
from service.core.faults import EnvironmentFault
from service.core.signing_keys import KeyRing
from tests.database import TestDatabase
from tests.factories.audit import (
    CUT,
    KEYS,
    SECRET,
    Clock,
    as_owner,
    heads_of,
    keyed,
    verdict_of,
    write_entries,
)


@pytest.mark.parametrize("left", [0, 1, 3, 5])
def test_a_tail_that_was_cut_with_the_counter_set_back_is_found(
    register: Database, fresh_database: TestDatabase, clock: Clock, left: int
) -> None:
    write_entries(register, 4)
    clock.now += timedelta(days=1)
    write_entries(register, 1)
    assert heads_of(register)[-1].position == 6
    as_owner(fresh_database, *(one.format(left) for one in CUT))
    verdict = verdict_of(register)
    assert verdict.first_broken == left + 1
    assert verdict.fault == f"the head of 2026-03-03 says 6 entries, there are {left}"
    write_entries(register, 8)
    clock.now += timedelta(days=1)
    write_entries(register, 1)
    assert not verdict_of(register).is_whole, "what grew over the cut heals nothing"


def test_a_row_that_the_owner_writes_anew_is_found_also_with_all_hashes(
    register: Database, fresh_database: TestDatabase
) -> None:
    write_entries(register, 3)
    as_owner(fresh_database, "update audit_entry set actor = 'staff:x' where position = 3")
    assert verdict_of(register).first_broken == 3
    as_owner(fresh_database, *(one.format(0) for one in CUT))
    forger = Database(fresh_database.owner_url)
    write_entries(forger, 9)
    with forger.reading() as session:
        assert verify_chain(session).is_whole, "without the key the forged chain looks well"
    assert verdict_of(register).fault == "entry 2 is not what a signed head says of it"
    forger.dispose()


def test_a_chain_with_a_key_of_the_forger_is_not_known(
    register: Database, fresh_database: TestDatabase, tmp_path: Path
) -> None:
    write_entries(register, 1)
    forger = keyed(fresh_database.owner_url, tmp_path / "b", KeyRing.of(("f" * 40,), "audit"))
    write_entries(forger, 1)
    verdict = verdict_of(register)
    assert verdict.first_broken == 3
    assert "which is not known here" in verdict.fault
    forger.dispose()


def test_entries_of_before_are_verified_and_none_without_a_key_follows_one_with(
    register: Database, fresh_database: TestDatabase
) -> None:
    before = Database(fresh_database.app_url)
    write_entries(before, 3)
    write_entries(register, 2)
    assert verdict_of(register).is_whole
    with pytest.raises(EnvironmentFault, match="the audit chain has a key"):
        write_entries(before, 1)
    as_owner(fresh_database, "update audit_entry set scheme = 1, key_id = '' where position = 6")
    assert verdict_of(register).fault == "entry 6 has no key, but the one before it has"
    before.dispose()


def test_after_a_rotation_the_former_secret_still_verifies(
    register: Database, fresh_database: TestDatabase, tmp_path: Path, clock: Clock
) -> None:
    write_entries(register, 2)
    clock.now += timedelta(days=1)
    new = "n" * 20 + "e" * 20
    rotated = keyed(fresh_database.app_url, tmp_path, KeyRing.of((new, SECRET), "audit"))
    write_entries(rotated, 2)
    assert verdict_of(rotated, rotated.audit_keys).is_whole
    alone = verdict_of(rotated, KeyRing.of((new,), "audit"))
    assert KEYS.current.id in alone.fault
    assert "MENPAI_FORMER_SECRET_KEYS" in alone.fault
    rotated.dispose()
