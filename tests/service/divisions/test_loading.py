"""A list or a history that was corrected is loaded, however alike it looks to the one before."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import Division, DivisionChange
from service.divisions.commands import load_changes, load_divisions
from service.divisions.commands.register import LoadedDivisions
from service.divisions.sources import ListedChange, ListedDivision

MOVED = ListedChange(2001, "并入", "330199", "示例县", "330198", "示例市", "某公报 2001")
HISTORY = [
    MOVED,
    ListedChange(1999, "更名", "330197", "旧名区", "330197", "新名区", "某公报 1999"),
]
LISTED = [
    ListedDivision("330000000000", 1, "示例省", ""),
    ListedDivision("330100000000", 2, "示例市", "330000000000"),
    ListedDivision("330200000000", 2, "另一市", "330000000000"),
    ListedDivision("330102000000", 3, "示例区", "330100000000", "111"),
]


def history(session: Session) -> set[ListedChange]:
    rows = session.scalars(select(DivisionChange))
    names = ListedChange.__slots__
    return {ListedChange(*(getattr(row, name) for name in names)) for row in rows}


@pytest.mark.parametrize(
    "field", ["year", "old_code", "old_name", "new_code", "new_name", "source"]
)
def test_a_corrected_history_of_equal_length_is_loaded(session: Session, field: str) -> None:
    assert load_changes(session, HISTORY) == LoadedDivisions(new=2)
    assert load_changes(session, HISTORY) == LoadedDivisions(same=2)
    other: dict[str, Any] = {field: 2002 if field == "year" else "330196"}
    right = replace(MOVED, **other)
    corrected = [right, HISTORY[1]]
    assert load_changes(session, corrected) == LoadedDivisions(changed=1, same=1)
    assert history(session) == set(corrected)
    assert load_changes(session, corrected) == LoadedDivisions(same=2)


def test_a_change_published_twice_or_no_longer_is_noticed(session: Session) -> None:
    load_changes(session, HISTORY)
    assert load_changes(session, [*HISTORY, MOVED]) == LoadedDivisions(new=1, same=2)
    assert load_changes(session, HISTORY[1:]) == LoadedDivisions(changed=2, same=1)
    assert load_changes(session, []) == LoadedDivisions(changed=1)
    assert history(session) == set()


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "改名区"), ("parent_code", "330200000000"), ("urban_rural", "220")],
)
def test_a_corrected_division_is_loaded_whatever_field_was_wrong(
    session: Session, field: str, value: str
) -> None:
    assert load_divisions(session, LISTED, "nbs", "2023").new == 4
    other: dict[str, Any] = {field: value}
    corrected = [*LISTED[:3], replace(LISTED[3], **other)]
    done = load_divisions(session, corrected, "nbs", "2023")
    assert (done.new, done.changed, done.same) == (0, 1, 3)
    row = session.execute(
        select(Division.name, Division.urban_rural, Division.parent_id).where(
            Division.code == "330102000000"
        )
    ).one()
    above = session.scalar(select(Division.code).where(Division.id == row.parent_id))
    wanted = corrected[3]
    assert (row.name, row.urban_rural, above) == (
        wanted.name, wanted.urban_rural, wanted.parent_code,
    )  # fmt: skip
    assert load_divisions(session, corrected, "nbs", "2023").same == 4
