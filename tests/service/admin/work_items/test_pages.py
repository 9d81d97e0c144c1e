"""Work items at the desk: the list with its filters, one item, many at once, the printed list."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from address_model.tables import AddressArea
from address_model.work import WorkKind
from service.admin.work_items import pages, pages_many
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.clock import today
from service.core.database import Database
from service.plates.commands import install_plate
from service.plates.queries import get_plate
from service.worklists.commands import assign_items, open_item, postpone_item
from service.worklists.drafts import WorkDraft
from service.worklists.queries import WorkFilter, get_item
from tests.database import migrated_database
from tests.factories import make_area
from tests.factories.office import COUNTIES, insert_account
from tests.factories.plates import make_plates, make_visit
from tests.factories.staff import SignedIn, sign_in

LIST = "/admin/work-items"


class Desk:
    """Six plates to be hung; an officer, a crew, a reader, and an officer of another county."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.session() as session:
            self.tokens = make_plates(session, 6)
        with database.session() as session:
            grid = make_area(session)
            self.grid = grid.id
            self.items = []
            for number, token in enumerate(self.tokens):
                code = get_plate(session, token).code
                if number < 4:
                    session.add(AddressArea(code=code, area_id=grid.id, kind="grid", how="point"))
                    session.flush()
                draft = WorkDraft(WorkKind.INSTALL, code, token, "新门牌")
                self.items.append(open_item(session, draft, COMMAND_LINE))
            insert_account(session, "officer", Role.OFFICER, COUNTIES["own"])
            insert_account(session, "li", Role.CREW, COUNTIES["own"])
            insert_account(session, "reader", Role.VIEWER, COUNTIES["own"])
            insert_account(session, "stranger", Role.OFFICER, COUNTIES["foreign"])
        self.officer = sign_in(database, "officer")
        self.due = today() + timedelta(days=30)

    def item(self, place: int) -> str:
        return f"{LIST}/{self.items[place]}"

    def read(self, path: str, person: SignedIn | None = None) -> str:
        answer = (person or self.officer).get(path)
        assert answer.status_code == 200, answer.text
        return str(answer.text)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with migrated_database() as made:
        database = Database(made.app_url)
        yield Desk(database)
        database.dispose()


def listed(page: str) -> list[str]:
    return re.findall(r'<a href="/admin/work-items/(\d+)">', page)


def test_the_list_is_narrowed_by_person_grid_and_lateness_and_counts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.database.session() as session:
        assign_items(session, WorkFilter(numbers=tuple(desk.items[:2])), "li", COMMAND_LINE)
        session.execute(
            text("update work_item set due = :day where id = :id"),
            {"day": today() - timedelta(days=3), "id": desk.items[0]},
        )
    page = desk.read(LIST)
    assert "待办 6 件" in page
    assert "逾期 1 件" in page
    assert len(listed(desk.read(f"{LIST}?assignee=li"))) == 2
    assert len(listed(desk.read(f"{LIST}?assignee=-"))) == 4
    assert len(listed(desk.read(f"{LIST}?area={desk.grid}"))) == 4
    assert listed(desk.read(f"{LIST}?overdue=1")) == [str(desk.items[0])]
    assert "没有符合条件的待办的工单" in desk.read(f"{LIST}?kind=repair")
    assert "没有已完成的工单" in desk.read(f"{LIST}?state=done")
    monkeypatch.setattr(pages, "PAGE", 4)
    first = desk.read(f"{LIST}?area={desk.grid}&assignee=-")
    assert "下一页" not in first
    first = desk.read(LIST)
    (more,) = re.findall(r'href="(/admin/work-items\?[^"]+)">下一页', first)
    second = desk.read(more.replace("&amp;", "&"))
    assert sorted(map(int, listed(first) + listed(second))) == sorted(desk.items)


def test_the_list_is_a_workbook_and_who_took_it_is_noted(desk: Desk) -> None:
    answer = desk.officer.get(f"{LIST}/list.xlsx?area={desk.grid}")
    assert answer.status_code == 200
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("工单号", "类别", "状态", "地址")
    assert [row[0] for row in rows[1:]] == [str(number) for number in desk.items[:4]]
    with desk.database.reading() as session:
        noted = session.execute(
            text("select detail from audit_entry where action = 'work_items:export'")
        ).scalar_one()
    assert noted["count"] == 4


def test_an_item_is_given_out_put_off_noted_closed_and_reopened_with_its_story(
    desk: Desk,
) -> None:
    path = desk.item(0)
    for act, fields in (
        ("assign", {"assignee": "li"}),
        ("postpone", {"due": desk.due.isoformat(), "reason": "下雨"}),
        ("note", {"note": "门口在修路"}),
        ("finish", {"outcome": "现场已有门牌", "note": "被广告遮住"}),
        ("reopen", {"reason": "误办结"}),
        ("cancel", {"reason": "另有安排", "note": ""}),
    ):
        answer = desk.officer.post(f"{path}/{act}", **fields)
        assert (answer.status_code, answer.headers["location"]) == (303, path), answer.text
    with desk.database.reading() as session:
        item = get_item(session, desk.items[0])
    assert (item.state, item.assignee, item.due, item.outcome) == (
        "cancelled",
        "li",
        desk.due,
        "另有安排",
    )
    story = re.findall(r"<div><p>(.*?)</p>", desk.read(path))
    assert [line.split("　")[-1] for line in story] == [
        "取消：另有安排",
        "重开：误办结",
        "办结：现场已有门牌：被广告遮住",
        "备注：门口在修路",
        f"期限由 {today() + timedelta(days=15)} 改为 {desk.due}",
        "派给li",
        "开工单",
    ]
    assert "事由：下雨" in desk.read(path)


def test_the_story_tells_what_the_crew_recorded_and_what_was_done_to_many(desk: Desk) -> None:
    picked = "_".join(f"{number}.1" for number in desk.items)
    desk.officer.post(f"{LIST}/many/assign", picked=picked, assignee="li")
    with desk.database.session() as session:
        install_plate(session, desk.tokens[1], make_visit(), COMMAND_LINE)
    story = re.findall(r"<div><p>(.*?)</p>", desk.read(desk.item(1)))
    assert [line.split("　")[-1] for line in story] == [
        "办结：已安装",
        "门牌：安装，待安装改为在用",
        "派给li",
        "开工单",
    ]
    assert story[2].startswith("officer")


def test_a_wrong_form_stands_again_with_its_fault(desk: Desk) -> None:
    path = desk.item(0)
    past = desk.officer.post(f"{path}/postpone", due=(today() - timedelta(days=1)).isoformat())
    assert past.status_code == 422
    assert "期限不能早于今天" in past.text
    for act, fields in (("finish", {"outcome": ""}), ("note", {"note": " "}), ("postpone", {})):
        assert desk.officer.post(f"{path}/{act}", **fields).status_code == 422
    nobody = desk.officer.post(f"{path}/assign", assignee="reader")
    assert nobody.status_code == 409
    assert "没有现场权限" in nobody.text


def test_a_reader_sees_no_forms_and_a_stranger_nothing(desk: Desk) -> None:
    page = desk.read(desk.item(0), sign_in(desk.database, "reader"))
    assert '<form method="post" action="/admin/work-items' not in page
    stranger = sign_in(desk.database, "stranger")
    assert stranger.get(desk.item(0)).status_code == 404
    assert stranger.post(f"{desk.item(0)}/note", note="看见").status_code == 404
    crew = sign_in(desk.database, "li")
    assert crew.post(f"{desk.item(0)}/cancel", reason="重复开单").status_code == 403
    assert crew.post(f"{desk.item(0)}/note", note="没有人").status_code == 303


def test_ticked_items_are_previewed_and_given_and_what_changed_is_named(desk: Desk) -> None:
    ticked = re.findall(r'name="item" value="(\d+\.\d+)"', desk.read(LIST))
    assert len(ticked) == 6
    query = "&".join(f"item={one}" for one in ticked[:3])
    preview = desk.read(f"{LIST}/many?{query}")
    assert "将要办理 <b>3 件</b>：安装 3 件" in preview
    (picked,) = set(re.findall(r'name="picked" value="([^"]+)"', preview))
    first = int(picked.split(".")[0])
    with desk.database.session() as session:
        postpone_item(session, first, desk.due, "", COMMAND_LINE)
    done = desk.officer.post(f"{LIST}/many/assign", picked=picked, assignee="li")
    assert "派单 <b>2 件</b>" in done.text
    assert "另有 1 件没有动" in done.text
    assert f'href="/admin/work-items/{first}"' in done.text
    assert "刚刚有人改过" in done.text


def test_all_that_fit_are_put_off_up_to_a_limit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = desk.read(f"{LIST}/many?all_of=1&area={desk.grid}")
    assert "将要办理 <b>4 件</b>" in preview
    assert "示例网格 1 4 件" in preview
    (picked,) = set(re.findall(r'name="picked" value="([^"]+)"', preview))
    done = desk.officer.post(f"{LIST}/many/postpone", picked=picked, due=desk.due.isoformat())
    assert "改期 <b>4 件</b>" in done.text
    monkeypatch.setattr(pages_many, "MOST_CHANGED", 2)
    assert "一次最多 2 件" in desk.read(f"{LIST}/many?all_of=1")
    cancelled = desk.officer.post(
        f"{LIST}/many/cancel", picked=f"{desk.items[4]}.1", reason="另有安排", note="下周"
    )
    assert "取消 <b>1 件</b>" in cancelled.text
    with desk.database.reading() as session:
        assert get_item(session, desk.items[4]).outcome == "另有安排：下周"


def test_nothing_ticked_and_a_garbled_list_are_said(desk: Desk) -> None:
    assert "没有勾选待办的工单" in desk.read(f"{LIST}/many")
    assert desk.officer.get(f"{LIST}/many?item=x").status_code == 422
    for wrong in ("", "1", "1.1_", f"{10**12}.1", "1.1_1.2"):
        answer = desk.officer.post(f"{LIST}/many/assign", picked=wrong, assignee="-")
        assert answer.status_code == 422, wrong


def test_the_printed_list_is_in_walking_order_with_boxes(desk: Desk) -> None:
    page = desk.read(f"{LIST}/print")
    doors = re.findall(r'<th scope="row">河坊街(\d+)号', page)
    assert doors == ["1", "3", "4", "2", "5", "6"]
    assert page.count("□") == 6
    assert all(token in page for token in desk.tokens)
    near = desk.read(f"{LIST}/print?way=nearest&area={desk.grid}")
    assert "共 4 件" in near
    assert "没有待办的工单" in desk.read(f"{LIST}/print?assignee=li")
