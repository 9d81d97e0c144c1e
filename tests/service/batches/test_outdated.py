"""What changed after the files of a batch were made is told, and not handed over in silence."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from address_model.elements import Numbered
from service.addresses.commands import renumber_addresses, retire_address
from service.addresses.commands.renumberings import Renumbering
from service.auth.members import StaffMember
from service.auth.permissions import Role
from service.batches.commands.batches import remake_batch
from service.batches.commands.delivery import hand_over_batch, receive_batch
from service.batches.queries.batches import BatchRow, get_batch, list_items
from service.batches.queries.outdated_plates import OutdatedPlate, find_outdated
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.errors import Conflict, NotAllowed
from service.plates.commands import (
    follow_addresses,
    issue_plates,
    note_printed,
    open_batch,
    void_plate,
)
from service.runs import worker_loop
from service.runs.queries import list_runs
from tests.factories.batches import (
    make_member,
    open_zip,
    read_batch,
    read_manifest,
    read_states,
    work_off,
)
from tests.factories.hosts import PREFIX
from tests.factories.plates import make_visit

MAKER = "某标牌厂（演示）"


@pytest.fixture
def ready(street: Database, start: Callable[..., BatchRow]) -> BatchRow:
    """A batch whose files are there."""
    batch = start()
    work_off(street, batch)
    return batch


def tokens_of(street: Database, batch: BatchRow) -> dict[str, tuple[str, str]]:
    """Code and token by the number of the door."""
    with street.reading() as session:
        rows = list_items(session, batch.id)
        return {row.text.rsplit("河坊街", 1)[1]: (row.code, row.token or "") for row in rows}


def renumber(street: Database, code: str, number: str) -> None:
    with street.session() as session:
        order = Renumbering(code, Numbered(number, "号"))
        before = renumber_addresses(session, [order], COMMAND_LINE, reason="门牌重编")
        follow_addresses(session, before, COMMAND_LINE)


def retire(street: Database, code: str) -> None:
    with street.session() as session:
        before = retire_address(session, code, COMMAND_LINE, reason="拆除")
        follow_addresses(session, [before], COMMAND_LINE)


def outdated(street: Database, batch: BatchRow) -> list[OutdatedPlate]:
    with street.reading() as session:
        return find_outdated(session, [batch.id]).get(batch.id, [])


def deliver(
    street: Database, act: Callable[..., BatchRow], *arguments: object, **more: object
) -> None:
    """Take a step of delivery, and let this process move the plates."""
    with street.session() as session:
        act(session, *arguments, **more)
        (run, *_) = list_runs(session, kind="plate_delivery")
    worker_loop.run_chunks(street, run.id)


def test_what_changes_while_the_files_are_made_is_in_them(
    street: Database, start: Callable[..., BatchRow]
) -> None:
    batch = start()
    once = iter((False, True))  # the plates are issued, no file is drawn
    worker_loop.run_chunks(street, batch.run_id or 0, should_stop=lambda: next(once))
    code, _ = tokens_of(street, batch)["3号"]
    renumber(street, code, "53")
    assert outdated(street, batch) == []
    work_off(street, batch)
    assert read_batch(street, batch).status == "ready"
    assert outdated(street, batch) == []


def test_a_change_after_the_files_is_told_with_its_reason_until_it_is_taken_back(
    street: Database, ready: BatchRow
) -> None:
    doors = tokens_of(street, ready)
    (third, drawn), (fifth, gone) = doors["3号"], doors["5号"]
    assert outdated(street, ready) == []
    renumber(street, third, "53")
    retire(street, fifth)
    with street.session() as session:
        void_plate(session, doors["7号"][1], "不要了", make_visit(None), COMMAND_LINE)
    found = outdated(street, ready)
    assert [(plate.token, plate.why) for plate in found] == [
        (drawn, "文件里是“河坊街3号”，地址现在是“河坊街53号”"),
        (gone, "地址已终止（消亡）：拆除"),
        (doors["7号"][1], "门牌注销：不要了"),
    ]
    assert all(plate.file.endswith(".pdf") and plate.page for plate in found)
    renumber(street, third, "3")
    assert drawn not in {plate.token for plate in outdated(street, ready)}


def test_nothing_outdated_is_handed_over_in_silence(
    street: Database, officer: StaffMember, ready: BatchRow
) -> None:
    doors = tokens_of(street, ready)
    renumber(street, doors["3号"][0], "53")
    retire(street, doors["5号"][0])
    accepted = [doors["3号"][1], doors["5号"][1]]
    with street.session() as session:
        for some in ([], accepted[:1], ["7K3M9QX2TB"]):
            with pytest.raises(Conflict) as refused:
                hand_over_batch(session, ready.id, MAKER, officer, accepted=some)
            assert "与登记不一致" in (refused.value.zh or "")
    assert read_batch(street, ready).status == "ready"
    deliver(street, hand_over_batch, ready.id, MAKER, officer, accepted=accepted)
    assert read_states(street, ready) == {"making": 9, "void": 1}
    with street.reading() as session:
        noted = session.scalar(
            text(
                "select detail ->> 'outdated' from audit_entry where action = 'batches:handed_over'"
            )
        )
    assert json.loads(noted or "") == accepted
    assert [plate.token for plate in outdated(street, ready)] == accepted  # told at the maker's too
    deliver(street, receive_batch, ready.id, officer)
    assert [plate.token for plate in outdated(street, ready)] == accepted[:1]  # it is at hand


def test_a_change_at_the_makers_is_told_too(
    street: Database, officer: StaffMember, ready: BatchRow
) -> None:
    deliver(street, hand_over_batch, ready.id, MAKER, officer)
    doors = tokens_of(street, ready)
    renumber(street, doors["3号"][0], "53")
    retire(street, doors["5号"][0])
    assert [plate.token for plate in outdated(street, ready)] == [doors["3号"][1], doors["5号"][1]]


def test_the_files_are_made_again_with_the_present_texts_and_without_what_ended(
    street: Database, officer: StaffMember, ready: BatchRow, home: Path
) -> None:
    doors = tokens_of(street, ready)
    renumber(street, doors["3号"][0], "53")
    retire(street, doors["5号"][0])
    with street.session() as session:
        again = remake_batch(session, ready.id, officer)
    assert again.status == "running"
    work_off(street, again)
    done = read_batch(street, ready)
    assert (done.status, done.plates, done.left_out) == ("ready", 10, 1)
    assert outdated(street, ready) == []
    made = {row["code"]: row["text"] for row in read_manifest(open_zip(home, ready))}
    assert made[doors["3号"][0]].endswith("河坊街53号")
    assert doors["5号"][0] not in made
    assert tokens_of(street, ready)["53号"][1] == doors["3号"][1]  # its QR code stays
    deliver(street, hand_over_batch, ready.id, MAKER, officer)
    assert read_states(street, ready) == {"making": 9, "void": 1}


def test_files_are_made_again_only_while_they_are_ready_and_by_whoever_prints(
    street: Database, officer: StaffMember, ready: BatchRow
) -> None:
    with street.session() as session:
        stranger = make_member(session, "stranger", Role.OFFICER, division="330106000000")
        with pytest.raises(NotAllowed):
            remake_batch(session, ready.id, stranger)
        hand_over_batch(session, ready.id, MAKER, officer)
        with pytest.raises(Conflict, match="only files that are ready"):
            remake_batch(session, ready.id, officer)


def test_plates_drawn_without_a_list_are_judged_by_what_was_drawn(
    street: Database, officer: StaffMember
) -> None:
    with street.session() as session:
        codes = list(session.scalars(text("select code from address order by number_order")))
        batch = open_batch(
            session, name="一", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
        )
        drawn, void, _ = tokens = issue_plates(session, batch, codes[:3], COMMAND_LINE)
        note_printed(session, {drawn: "河坊街1号", void: "河坊街2号"})
        issued = get_batch(session, batch.id)
    renumber(street, codes[0], "51")
    retire(street, codes[1])
    renumber(street, codes[2], "53")  # it has no file yet: it will be drawn with this text
    assert {plate.token for plate in outdated(street, issued)} == {drawn, void}
    with street.session() as session:
        with pytest.raises(Conflict, match="2 plates in the files"):
            hand_over_batch(session, issued.id, MAKER, officer)
        with pytest.raises(Conflict, match="only files that are ready"):
            remake_batch(session, issued.id, officer)
        note_printed(session, {drawn: "河坊街51号"})
    assert [plate.token for plate in outdated(street, issued)] == [void]
    deliver(street, hand_over_batch, issued.id, MAKER, officer, accepted=[void])
    assert read_states(street, issued) == {"making": len(tokens) - 1, "void": 1}
