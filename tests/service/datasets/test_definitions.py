"""Definitions of datasets: registered, approved by a second person, changed, withdrawn, told."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from address_model.datasets.definition import DatasetState
from address_model.sensitivity import FieldClass
from service.auth.members import StaffMember
from service.auth.permissions import Role
from service.changes.queries import list_changes
from service.core.actor import COMMAND_LINE as ME
from service.core.actor import Actor
from service.core.database import finish
from service.core.errors import BadRequest, Conflict, NotAllowed, Outdated
from service.datasets.commands import (
    approve_dataset,
    change_dataset,
    load_datasets,
    register_dataset,
    send_back_dataset,
    submit_dataset,
    withdraw_dataset,
)
from service.datasets.queries import (
    DatasetFilter,
    DatasetNotFound,
    get_dataset,
    list_datasets,
    load_dataset_register,
)
from tests.factories.batches import make_member
from tests.factories.datasets import BUILT, FACTS, KEY_BOX, PLACE, make_dataset

TODAY = date(2026, 12, 1)
PROGRAM = Actor("client", "housing")


@pytest.fixture
def officer(session: Session) -> StaffMember:
    return make_member(session, "officer", Role.OFFICER)


@pytest.fixture
def approver(session: Session) -> StaffMember:
    return make_member(session, "approver", Role.APPROVER)


def told(session: Session) -> list[tuple[str, str, str]]:
    finish(session)
    return [(row.subject, row.key, row.action) for row in list_changes(session, after=0, limit=100)]


def test_a_dataset_is_shown_once_a_second_person_has_approved_it(
    session: Session, officer: StaffMember, approver: StaffMember
) -> None:
    number = register_dataset(session, "", FACTS, officer.actor)
    assert not load_dataset_register(session, TODAY)
    submit_dataset(session, number, officer, seen=1)
    digest = get_dataset(session, number).definition.digest
    approve_dataset(session, number, approver, seen=1, agreed=digest)
    assert get_dataset(session, number).state is DatasetState.APPROVED
    assert load_dataset_register(session, TODAY).has_public
    changes = [change for change in told(session) if change[0] == "dataset"]
    assert changes == [("dataset", str(number), "new")]


def test_its_author_may_not_approve_it_nor_a_program(
    session: Session, officer: StaffMember
) -> None:
    both = make_member(session, "both", Role.APPROVER)
    number = register_dataset(session, "", FACTS, PROGRAM)
    with pytest.raises(Conflict):
        approve_dataset(session, number, both, seen=None)
    submit_dataset(session, number, officer, seen=None)
    with pytest.raises(NotAllowed):
        approve_dataset(session, number, officer, seen=None)
    approve_dataset(session, number, both, seen=None)


def test_what_was_changed_since_it_was_read_is_not_approved(
    session: Session, officer: StaffMember, approver: StaffMember
) -> None:
    number = register_dataset(session, "", FACTS, officer.actor)
    submit_dataset(session, number, officer, seen=None)
    with pytest.raises(Conflict):
        approve_dataset(session, number, approver, seen=None, agreed="0" * 64)
    with pytest.raises(Outdated):
        approve_dataset(session, number, approver, seen=7)
    send_back_dataset(session, number, "缺依据", approver, seen=None)
    with pytest.raises(Conflict):
        send_back_dataset(session, number, "缺依据", approver, seen=None)
    submit_dataset(session, number, officer, seen=None)
    change_dataset(session, number, replace(FACTS, owner="另一单位"), officer, seen=None)
    with pytest.raises(Conflict):
        approve_dataset(session, number, approver, seen=None)


def test_a_change_takes_it_back_to_a_draft(session: Session, officer: StaffMember) -> None:
    number = make_dataset(session)
    assert load_dataset_register(session, TODAY)
    more = replace(FACTS, fields=(*FACTS.fields, PLACE))
    held = get_dataset(session, number)
    change_dataset(session, number, more, officer, seen=held.version)
    changed = get_dataset(session, number)
    assert changed.state is DatasetState.DRAFT
    assert changed.definition == more
    assert not load_dataset_register(session, TODAY)
    with pytest.raises(Outdated):
        change_dataset(session, number, FACTS, officer, seen=held.version)


def test_withdrawn_it_is_gone_and_told_and_its_name_is_free(
    session: Session, officer: StaffMember
) -> None:
    number = make_dataset(session)
    finish(session)
    withdraw_dataset(session, number, "停用", officer, seen=None)
    assert not load_dataset_register(session, TODAY)
    assert told(session)[-1] == ("dataset", str(number), "withdrawn")
    with pytest.raises(Conflict):
        withdraw_dataset(session, number, "停用", officer, seen=None)
    with pytest.raises(Conflict):
        submit_dataset(session, number, officer, seen=None)
    assert make_dataset(session) != number


@pytest.mark.parametrize(
    ("definition", "field"),
    [
        (replace(FACTS, name=" "), "name"),
        (replace(FACTS, owner=""), "owner"),
        (
            replace(FACTS, fields=(replace(PLACE, field_class=FieldClass.PUBLIC, roles=()),)),
            "value_type",
        ),
        (replace(FACTS, fields=(replace(BUILT, label="户主姓名"),)), "label"),
        (replace(FACTS, name="业主名册"), "name"),
        (replace(FACTS, retention_days=0), "retention_days"),
        (replace(FACTS, link="http://a.example.org/"), "link"),
        (replace(FACTS, link="https://a.example.org/{code}"), "link"),
        (replace(FACTS, client="nobody"), "client"),
    ],
)
def test_what_nobody_may_register_is_refused(
    session: Session, definition: object, field: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        register_dataset(session, "", definition, ME)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert list_datasets(session, DatasetFilter()) == []


def test_a_name_is_taken_once(session: Session, officer: StaffMember) -> None:
    make_dataset(session)
    other = make_dataset(session, KEY_BOX)
    with pytest.raises(Conflict):
        make_dataset(session)
    with pytest.raises(Conflict):
        change_dataset(session, other, replace(KEY_BOX, name=FACTS.name), officer, seen=None)


def test_a_draft_without_fields_is_not_submitted(session: Session, officer: StaffMember) -> None:
    number = register_dataset(session, "", replace(FACTS, fields=()), ME)
    with pytest.raises(Conflict):
        submit_dataset(session, number, officer, seen=None)
    elsewhere = make_member(session, "elsewhere", Role.OFFICER, division="330106")
    with pytest.raises(NotAllowed):
        submit_dataset(session, number, elsewhere, seen=None)


def test_examples_are_loaded_once_and_approved_by_the_system_alone(
    session: Session, officer: StaffMember
) -> None:
    listed = [("", FACTS), ("330102000000", KEY_BOX)]
    numbers = load_datasets(session, listed, ME)
    assert load_datasets(session, listed, ME) == numbers
    states = [one.dataset.state for one in list_datasets(session, DatasetFilter())]
    assert states == [DatasetState.APPROVED] * 2
    real = replace(FACTS, name="基本情况", is_sample=False)
    (number,) = load_datasets(session, [("", real)], ME).values()
    assert get_dataset(session, number).state is DatasetState.DRAFT
    named = replace(FACTS, name="演示：另一个")
    (number,) = load_datasets(session, [("", named)], officer.actor).values()
    assert get_dataset(session, number).state is DatasetState.DRAFT


def test_the_catalogue_has_those_of_a_division_and_of_those_above(session: Session) -> None:
    names = {}
    for division in ("", "330000000000", "330102000000", "330106000000"):
        names[make_dataset(session, replace(FACTS, name=f"演示 {division}"), division=division)] = (
            division
        )
    found = list_datasets(session, DatasetFilter("330102"))
    assert [names[one.dataset.id] for one in found] == ["", "330000000000", "330102000000"]
    drafts = DatasetFilter(states=(DatasetState.DRAFT,))
    assert list_datasets(session, drafts) == []
    assert len(list_datasets(session, DatasetFilter(), after=found[0].dataset.id)) == 3
    with pytest.raises(DatasetNotFound):
        get_dataset(session, 999_999)


def test_after_its_last_day_nothing_is_shown(session: Session) -> None:
    make_dataset(session, replace(FACTS, destroy_by=TODAY))
    assert load_dataset_register(session, TODAY)
    assert not load_dataset_register(session, date(2026, 12, 2))
