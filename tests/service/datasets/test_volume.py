"""Two datasets of a whole county: public and restricted, each reader sees its own."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.datasets.fields import THE_PUBLIC, FieldReader
from address_model.tables import Change, DatasetRow
from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE as ME
from service.core.database import finish
from service.datasets.commands import push_rows, withdraw_dataset
from service.datasets.pushed_rows import MOST_ROWS
from service.datasets.queries import find_shown_fields
from tests.factories.addresses import make_draft
from tests.factories.batches import make_member
from tests.factories.datasets import FACTS, KEY_BOX, make_dataset, read_lines
from tests.factories.divisions import make_place

OFFICER = FieldReader(roles=frozenset({"officer"}))


@pytest.mark.parametrize(
    "size", [MOST_ROWS, pytest.param(5 * MOST_ROWS, marks=pytest.mark.drill)], ids="{:,}".format
)
def test_two_datasets_of_many_rows(session: Session, size: int) -> None:
    place = make_place(session)
    drafts = [
        make_draft(place, str(n), point=Point(120.0 + n * 1e-6, 30.0)) for n in range(1, size + 1)
    ]
    codes = [str(code) for code in enter_addresses(session, drafts, ME)]
    finish(session)
    facts, boxes = make_dataset(session), make_dataset(session, KEY_BOX)
    for start in range(0, size, MOST_ROWS):
        some = codes[start : start + MOST_ROWS]
        lines = [f"{code},{1950 + at % 70},住宅" for at, code in enumerate(some)]
        first = push_rows(session, facts, read_lines(FACTS, "code,built_in,main_use", *lines), ME)
        finish(session)  # what is changed twice in a transaction is told once
        lines = [f"{code},XF-{at % 10_000:04d},门厅" for at, code in enumerate(some)]
        push_rows(session, boxes, read_lines(KEY_BOX, "code,box,place", *lines), ME)
        finish(session)
        assert (first.new, first.refused) == (len(some), 0)
    assert session.scalar(select(func.count()).select_from(DatasetRow)) == 2 * size
    told = select(func.count()).where(Change.subject == "dataset_row")
    assert session.scalar(told) == 2 * size
    sample = codes[:: size // 50]
    public = find_shown_fields(session, sample, THE_PUBLIC)
    assert {len(shown) for shown in public.values()} == {2}
    officer = find_shown_fields(session, sample, OFFICER)
    assert {len(shown) for shown in officer.values()} == {4}
    withdraw_dataset(session, boxes, "停用", make_member(session, "officer"), seen=None)
    officer = find_shown_fields(session, sample, OFFICER)
    assert {len(shown) for shown in officer.values()} == {2}
