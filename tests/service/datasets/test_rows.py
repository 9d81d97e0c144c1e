"""Rows of datasets: pushed once each, refused one by one, led on, shown by class and role."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from address_model.datasets.definition import DatasetState
from address_model.datasets.fields import THE_PUBLIC, FieldReader
from address_model.sensitivity import Audience, FieldClass, Reach, Viewer
from address_model.tables import Address, Dataset
from service.addresses.commands import retire_address
from service.changes.queries import list_changes
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import now_utc
from service.core.database import finish
from service.core.errors import BadRequest, Conflict, TooMuch
from service.datasets.commands import push_rows
from service.datasets.pushed_rows import MOST_ROWS, PushedRows, read_pushed_bytes
from service.datasets.queries import (
    PushNotFound,
    find_shown_fields,
    get_push,
    list_pushes,
    list_rows,
    load_dataset_register,
)
from tests.factories.addresses import enter_at
from tests.factories.datasets import FACTS, FLOORS, KEY_BOX, make_dataset, read_lines

OFFICER = FieldReader(roles=frozenset({"officer"}))
GRID_WORKER = FieldReader(roles=frozenset({"grid_worker"}))
EVERYWHERE = Viewer(Audience.STAFF)
ELSEWHERE = Viewer(Audience.CLIENT, reaches=(Reach("330106", frozenset({FieldClass.PUBLIC})),))
DEPARTMENT = FieldReader(frozenset({FieldClass.PUBLIC, FieldClass.REGISTER}))


@pytest.fixture
def codes(session: Session) -> list[str]:
    made = enter_at(session, [(16.5, 24), (16.6, 24), (16.7, 24)])
    finish(session)
    return made


def facts(*rows: str) -> PushedRows:
    return read_lines(FACTS, "地址编码,建成年份,层数,用途", *rows)


def shown(session: Session, code: str, reader: FieldReader = THE_PUBLIC) -> list[str]:
    found = find_shown_fields(session, [code], reader)[code]
    return [f"{one.label} {one.value}" for one in found]


def test_each_reader_sees_what_is_theirs(session: Session, codes: Sequence[str]) -> None:
    push_rows(session, make_dataset(session), facts(f"{codes[0]},1998,6,住宅"), ME)
    boxes = read_lines(KEY_BOX, "code,box,place", f"{codes[0]},XF-0017,一楼东侧")
    push_rows(session, make_dataset(session, KEY_BOX), boxes, ME)
    public = ["建成年份 1998", "层数 6层", "用途 住宅"]
    assert shown(session, codes[0]) == public
    assert shown(session, codes[0], GRID_WORKER) == [*public, "位置 一楼东侧"]
    assert shown(session, codes[0], DEPARTMENT) == [*public, "位置 一楼东侧"]
    assert shown(session, codes[0], OFFICER) == [*public, "钥匙箱编号 XF-0017", "位置 一楼东侧"]
    assert shown(session, codes[1], OFFICER) == []


def test_the_same_rows_again_change_nothing(session: Session, codes: Sequence[str]) -> None:
    number = make_dataset(session)
    rows = [f"{code},1998,6,住宅" for code in codes]
    first = push_rows(session, number, facts(*rows), ME)
    again = push_rows(session, number, facts(*rows), ME)
    rows[0] = f"{codes[0]},1999,6,住宅"
    third = push_rows(session, number, facts(*rows), ME)
    counts = [(one.new, one.changed, one.same, one.refused) for one in (first, again, third)]
    assert counts == [(3, 0, 0, 0), (0, 0, 3, 0), (0, 1, 2, 0)]
    versions = {row.code: row.version for row in list_rows(session, number, viewer=EVERYWHERE)}
    assert versions == {codes[0]: 2, codes[1]: 1, codes[2]: 1}
    assert shown(session, codes[0])[0] == "建成年份 1999"


def test_a_push_is_told_by_code(session: Session, codes: Sequence[str]) -> None:
    number = make_dataset(session)
    finish(session)
    before = list_changes(session, after=0, limit=1000)[-1].position
    push_rows(session, number, facts(f"{codes[0]},1998,6,住宅", f"{codes[1]},1,6,住宅"), ME)
    finish(session)
    told = list_changes(session, after=before, limit=1000)
    assert [(one.subject, one.key) for one in told] == [("dataset_row", codes[0])]
    assert told[0].division.startswith("330102")


def test_refused_rows_are_named_with_their_remedy_and_never_with_their_value(
    session: Session, codes: Sequence[str]
) -> None:
    number = make_dataset(session)
    bad = [
        "1234,1998,6,住宅",
        f"{codes[0]},不详,6,住宅",
        f"{codes[0]},1998,999,张三",
        f"{codes[0]},13800138000,,",
        f"{codes[0]},,,",
        f"{codes[1]},1998,6,住宅",
        f"{codes[1]},1999,6,住宅",
        "3301060000000000,1998,6,住宅",
    ]
    report = push_rows(session, number, facts(*bad), ME)
    assert [(one.row, one.field, one.rule) for one in report.faults] == [
        (2, "地址编码", "not_a_code"),
        (3, "建成年份", "not_a_number"),
        (4, "层数", "out_of_range"),
        (4, "用途", "not_a_choice"),
        (5, "建成年份", "personal_number"),
        (6, "", "empty"),
        (8, "地址编码", "repeated"),
        (9, "地址编码", "not_a_code"),
    ]
    assert (report.new, report.refused) == (1, 7)
    held = get_push(session, number, report.push)
    assert held.faults == report.faults
    assert all(one.reason and one.remedy for one in held.faults)
    assert not any("张三" in str(one) or "13800138000" in str(one) for one in held.faults)
    assert list_pushes(session, number) == [held]
    with pytest.raises(PushNotFound):
        get_push(session, number + 1, report.push)


def test_a_row_outside_the_division_is_refused_as_if_it_had_no_address(
    session: Session, codes: Sequence[str]
) -> None:
    row = facts(f"{codes[0]},1998,6,住宅")
    elsewhere = make_dataset(session, division="330106000000")
    report = push_rows(session, elsewhere, row, ME)
    assert [one.rule for one in report.faults] == ["no_address"]
    inside = push_rows(session, make_dataset(session, KEY_BOX), row, ME, scopes=("330106",))
    assert [one.rule for one in inside.faults] == ["no_address"]


def test_rows_of_an_old_code_go_to_its_successor(session: Session, codes: Sequence[str]) -> None:
    number = make_dataset(session)
    push_rows(session, number, facts(f"{codes[0]},1998,6,住宅"), ME)
    retire_address(session, codes[0], ME, reason="并入", successor=codes[1])
    finish(session)
    assert shown(session, codes[1])[0] == "建成年份 1998"  # what hung on the old code leads on
    report = push_rows(session, number, facts(f"{codes[0]},2001,6,住宅"), ME)
    assert (report.changed, report.refused) == (1, 0)
    assert [row.code for row in list_rows(session, number, viewer=EVERYWHERE)] == [codes[1]]
    assert shown(session, codes[1])[0] == "建成年份 2001"


def test_two_old_codes_that_disagree_show_nothing(session: Session, codes: Sequence[str]) -> None:
    rows = [f"{codes[0]},1998,6,住宅", f"{codes[1]},2005,9,住宅"]
    number = make_dataset(session)
    push_rows(session, number, facts(*rows), ME)
    for code in codes[:2]:
        retire_address(session, code, ME, reason="并入", successor=codes[2])
    finish(session)
    assert shown(session, codes[2]) == []
    push_rows(session, number, facts(f"{codes[2]},2010,9,住宅"), ME)
    assert shown(session, codes[2])[0] == "建成年份 2010"


def test_an_ended_or_divided_code_is_refused(session: Session, codes: Sequence[str]) -> None:
    retire_address(session, codes[0], ME, reason="拆除")
    finish(session)
    report = push_rows(session, make_dataset(session), facts(f"{codes[0]},1998,6,住宅"), ME)
    assert [one.rule for one in report.faults] == ["ended"]


def test_several_rows_at_one_address_are_told_apart_by_their_ids(
    session: Session, codes: Sequence[str]
) -> None:
    lifts = read_lines(FACTS, "code,source_id,floors", f"{codes[0]},DT-2,9", f"{codes[0]},DT-1,6")
    number = make_dataset(session)
    assert push_rows(session, number, lifts, ME).new == 2
    found = find_shown_fields(session, [codes[0]])[codes[0]]
    assert [(one.source_id, one.value) for one in found] == [("DT-1", "6层"), ("DT-2", "9层")]
    moved = read_lines(FACTS, "code,source_id,floors", f"{codes[1]},DT-2,9")
    assert push_rows(session, number, moved, ME).changed == 1
    assert len(shown(session, codes[0])) == 1


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        (["code,source_id,floors", "{},320106198001011234,6"], "not_an_id"),
        (["code,source_id,floors", "{},张三,6"], "not_an_id"),
        (["code,floors", "{},6,7"], "unreadable"),
    ],
)
def test_an_id_is_no_name_and_no_number_of_a_person(
    codes: Sequence[str], lines: list[str], rule: str
) -> None:
    read = read_lines(FACTS, *(line.format(codes[0]) for line in lines))
    assert [one.rule for one in read.faults] == [rule]
    assert not read.rows


@pytest.mark.parametrize("heading", ["code,floors,业主", "floors", "code"])
def test_a_file_with_a_strange_column_or_without_codes_is_refused_whole(heading: str) -> None:
    with pytest.raises(BadRequest) as refused:
        read_lines(FACTS, heading)
    assert "地址编码" in refused.value.zh


def test_json_lines_are_read_too_and_too_many_are_refused(codes: Sequence[str]) -> None:
    line = f'{{"code": "{codes[0]}", "built_in": 1998, "floors": null}}\n'.encode()
    read = read_pushed_bytes(line, ".ndjson", FACTS.fields)
    assert [(row.code, row.data) for row in read.rows] == [(codes[0], '{"built_in": 1998}')]
    with pytest.raises(TooMuch):
        read_pushed_bytes(line * (MOST_ROWS + 1), ".ndjson", FACTS.fields)


def test_a_withdrawn_dataset_takes_no_rows_and_a_draft_shows_none(
    session: Session, codes: Sequence[str]
) -> None:
    draft = make_dataset(session, state=DatasetState.DRAFT)
    assert push_rows(session, draft, facts(f"{codes[0]},1998,6,住宅"), ME).new == 1
    assert shown(session, codes[0], OFFICER) == []
    gone = make_dataset(session, KEY_BOX, state=DatasetState.WITHDRAWN)
    with pytest.raises(Conflict):
        push_rows(session, gone, facts(), ME)


def test_a_value_that_its_field_forbids_by_now_is_not_shown(
    session: Session, codes: Sequence[str]
) -> None:
    number = make_dataset(session)
    push_rows(session, number, facts(f"{codes[0]},1998,6,住宅"), ME)
    lower = [{"name": "floors", "label": "层数", "value_type": "integer", "field_class": "public"}]
    lower[0] |= {"minimum": 1, "maximum": 3}  # type: ignore[dict-item]
    session.execute(update(Dataset).where(Dataset.id == number).values(fields=lower))
    assert shown(session, codes[0]) == []


def test_rows_are_listed_by_their_last_change(session: Session, codes: Sequence[str]) -> None:
    number = make_dataset(session)
    push_rows(session, number, facts(*(f"{code},1998,6,住宅" for code in codes)), ME)
    everything = list_rows(session, number, viewer=EVERYWHERE)
    assert sorted(row.code for row in everything) == sorted(codes)
    later = list_rows(session, number, viewer=EVERYWHERE, after=everything[0].cursor, limit=1)
    assert [row.code for row in later] == [everything[1].code]
    assert list_rows(session, number, viewer=ELSEWHERE) == []
    later_on = now_utc() + timedelta(hours=1)
    assert list_rows(session, number, viewer=EVERYWHERE, changed=later_on) == []
    assert len(list_rows(session, number, viewer=EVERYWHERE, changed=everything[0].updated_at)) == 3


def test_the_register_knows_what_is_public(session: Session) -> None:
    assert not load_dataset_register(session, date(2026, 12, 1)).has_public
    make_dataset(session, KEY_BOX)
    assert not load_dataset_register(session, date(2026, 12, 1)).has_public
    make_dataset(session)
    assert load_dataset_register(session, date(2026, 12, 1)).has_public
    assert session.scalar(select(Address.code).limit(1)) is None
    assert FLOORS.limits == "1 至 120"
