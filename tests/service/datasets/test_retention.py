"""Rows whose time is over: hidden at once, destroyed by the worker, recorded without their data."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from address_model.tables import AuditEntry, Dataset, DatasetRow
from service.changes.queries import list_changes
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import now_utc, today
from service.core.database import finish
from service.datasets.commands import destroy_rows, push_rows
from service.datasets.queries import find_shown_fields
from tests.factories.addresses import enter_at
from tests.factories.datasets import FACTS, make_dataset, read_lines


@pytest.fixture
def codes(session: Session) -> list[str]:
    made = enter_at(session, [(16.5, 24), (16.6, 24), (16.7, 24)])
    finish(session)
    return made


def push(session: Session, codes: Sequence[str]) -> int:
    """A dataset with a row at each address."""
    number = make_dataset(session)
    lines = [f"{code},1998" for code in codes]
    push_rows(session, number, read_lines(FACTS, "code,built_in", *lines), ME)
    finish(session)
    return number


def age(session: Session, number: int, days: int) -> None:
    """Let all rows of a dataset be older than they are."""
    aged = update(DatasetRow).where(DatasetRow.dataset_id == number)
    session.execute(aged.values(updated_at=now_utc() - timedelta(days=days)))


def test_a_row_past_its_time_is_hidden_then_destroyed_and_that_is_recorded(
    session: Session, codes: Sequence[str]
) -> None:
    number = push(session, codes)
    assert destroy_rows(session, today()) is None
    session.execute(update(Dataset).where(Dataset.id == number).values(retention_days=30))
    age(session, number, 32)
    assert find_shown_fields(session, codes[:1]) == {codes[0]: ()}
    done = destroy_rows(session, today())
    assert done is not None
    assert (done.dataset, done.count) == (number, 3)
    assert destroy_rows(session, today()) is None
    finish(session)
    assert session.scalars(select(DatasetRow)).all() == []
    told = [one.key for one in list_changes(session, after=0, limit=1000)][-3:]
    assert told == sorted(codes)
    noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "datasets:destroy")).one()
    assert noted.detail["count"] == 3
    assert len(str(noted.detail["sha256"])) == 64
    assert not any(code in str(noted.detail) for code in codes)


@pytest.mark.parametrize(
    ("values", "is_over"),
    [
        ("destroy_by = current_date - 1", True),
        ("destroy_by = current_date + 1", False),
        ("state = 'withdrawn', withdrawn_at = now() - interval '32 days'", True),
        ("state = 'withdrawn', withdrawn_at = now()", False),
        ("retention_days = 30", False),
    ],
)
def test_what_is_over(
    session: Session, codes: Sequence[str], values: str, *, is_over: bool
) -> None:
    push(session, codes)
    session.execute(text(f"update dataset set {values}"))  # noqa: S608 - the test's own
    assert (destroy_rows(session, today()) is not None) is is_over
