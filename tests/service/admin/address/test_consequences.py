"""A preview says what becomes of a plate that a file for the maker has already."""

import pytest

from address_model.lifecycle import PlateStatus
from service.core.actor import COMMAND_LINE
from service.plates.commands import issue_plates, note_printed, open_batch
from tests.factories.hosts import PREFIX
from tests.service.admin.address.conftest import Desk
from tests.service.admin.address.test_pages import words

P = PlateStatus
REDRAW = "其中牌面已出文件1块，文字不符，须重新出文件"


def make_plate(desk: Desk, *, drawn: bool, status: PlateStatus = P.TO_MAKE) -> None:
    """A plate of the second door, in a state."""
    with desk.database.session() as session:
        batch = open_batch(
            session, name="二", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
        )
        codes = [desk.codes[1]]
        (token,) = issue_plates(session, batch, codes, COMMAND_LINE, status=status)
        if drawn:
            note_printed(session, {token: "河坊街2号"})


def look(desk: Desk, action: str, **typed: object) -> str:
    looked = desk.send(action, 2, step="look", **typed)
    assert looked.status_code == 200, words(looked.text)
    return words(looked.text)


CHANGES = {
    "renumber": {"numbers": "2 53", "reason": "门牌重编"},
    "correct": {"text": "上城区清波街道河坊街53号"},
}


@pytest.mark.parametrize("action", CHANGES)
def test_a_drawn_plate_whose_text_changes_is_to_be_drawn_again(desk: Desk, action: str) -> None:
    make_plate(desk, drawn=True)
    assert REDRAW in look(desk, action, **CHANGES[action])


@pytest.mark.parametrize("action", CHANGES)
def test_a_plate_without_a_file_takes_the_new_text_by_itself(desk: Desk, action: str) -> None:
    make_plate(desk, drawn=False)
    assert "须重新出文件" not in look(desk, action, **CHANGES[action])


@pytest.mark.parametrize("status", [P.MAKING, P.TO_INSTALL, P.IN_USE])
def test_a_made_plate_whose_text_changes_is_to_be_replaced(desk: Desk, status: PlateStatus) -> None:
    make_plate(desk, drawn=False, status=status)
    assert "1块文字不符，要更换" in look(desk, "renumber", **CHANGES["renumber"])


def test_a_drawn_plate_of_an_address_that_ends_is_not_made(desk: Desk) -> None:
    make_plate(desk, drawn=True)
    said = look(desk, "retire", reason="拆除", ending="gone")
    assert "牌面已出文件的1块不再制作，须重新出文件" in said


def test_what_leaves_the_text_leaves_the_plate(desk: Desk) -> None:
    make_plate(desk, drawn=True)
    said = look(desk, "freeze", reason="争议")
    assert "文字不符" not in said
    assert "不再制作" not in said
