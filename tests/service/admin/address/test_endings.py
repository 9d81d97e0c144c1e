"""Ending an address: no way is chosen beforehand, and what cannot be undone is said."""

import re

import pytest

from tests.service.admin.address.conftest import Desk


def test_no_way_of_ending_is_chosen_beforehand(desk: Desk) -> None:
    form = desk.page(1, "?do=retire")
    assert 'name="ending" value="gone"' in form
    assert not re.search(r'name="ending" value="\w+" checked', form)


def test_what_cannot_be_undone_is_said_where_it_is_confirmed(desk: Desk) -> None:
    fields = {"reason": "拆除", "ending": "gone", "other": ""}
    looked = desk.send("retire", step="look", **fields).text
    assert "确认注销" in looked
    assert "<b>注销后不能恢复。</b>" in looked
    assert "<b>注销后不能恢复。</b>" not in desk.page(1, "?do=retire")


@pytest.mark.parametrize(("ending", "state"), [("gone", "retired"), ("invalid", "invalid")])
def test_an_address_ends_without_a_successor(desk: Desk, ending: str, state: str) -> None:
    answer = desk.send("retire", reason="拆除", ending=ending, other="")
    assert answer.status_code == 303
    assert desk.row().status == state
