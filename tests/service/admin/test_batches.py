"""Batches at the desk: approval, making, previews, what is refused and what comes back."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text

from address_model.elements import Numbered
from address_model.tokens import SAMPLE
from qr.proof import read_png
from service.addresses.commands import renumber_addresses, retire_address
from service.addresses.commands.renumberings import Renumbering
from service.auth.permissions import Role
from service.batches import answer
from service.batches.direct_issue import IssueRequest, issue_missing
from service.batches.queries.batches import BatchRow, get_batch
from service.core.actor import COMMAND_LINE
from service.core.database import Database, Session
from service.core.errors import StoredFileNotFound
from service.core.settings import Settings
from service.plates.commands import ReplacementRequest, follow_addresses, replace_plate
from tests.factories.batches import work_off
from tests.factories.hosts import PREFIX
from tests.factories.office import insert_account
from tests.factories.plates import make_visit
from tests.service.admin.bureau import choose, enter, press


def test_an_officer_chooses_a_colleague_approves_and_the_maker_gets_the_zip(
    street: Database,
) -> None:
    officer, colleague = enter(street, "officer"), enter(street, "colleague")
    path = choose(officer, sheet="sra3", marks="true")
    assert "河坊街4号" in officer.get(path).text
    assert press(officer, path, "submit") == 303
    waiting = officer.get(path).text
    assert "不能批准自己的批次" in waiting
    assert f"{path}/approve" not in waiting
    assert press(officer, path, "approve") == 403  # the author, though also an approver
    assert f"{path}/approve" in colleague.get(path).text
    assert press(colleague, path, "approve") == 303
    assert officer.get(f"{path}/files/batch.zip").status_code == 404
    assert press(officer, path, "start") == 303
    assert "data-live" in officer.get(path).text
    assert press(officer, path, "pause") == 303
    assert "已暂停" in officer.get(path).text
    assert press(officer, path, "resume") == 303
    with street.reading() as session:
        batch = get_batch(session, int(path.rsplit("/", 1)[1]))
    work_off(street, batch)
    ready = officer.get(path).text
    assert f"{path}/files/batch.zip" in ready
    assert "data-live" not in ready
    taken = officer.get(f"{path}/files/batch.zip")
    kept = Path(Settings().home) / f"files/batches/{batch.id}/batch-{batch.id}.zip"
    assert hashlib.sha256(taken.content).digest() == hashlib.sha256(kept.read_bytes()).digest()
    archive = zipfile.ZipFile(io.BytesIO(taken.content))
    assert "proof.pdf" in archive.namelist()
    (single,) = [name for name in archive.namelist() if name.startswith("medium-")]
    assert f"{path}/files/{single}" in ready
    assert officer.get(f"{path}/files/{single}").content == archive.read(single)
    assert officer.get(f"{path}/files/medium-9999.pdf").status_code == 404
    assert hashlib.sha256(archive.read(single)).hexdigest() in ready
    assert colleague.get(path).status_code == 200
    assert colleague.get(f"{path}/files/batch.zip").status_code == 403
    with street.reading() as session:
        noted = "select actor from audit_entry where action = 'batches:download'"
        assert session.execute(text(noted)).scalars().all() == ["staff:officer"] * 2


def test_what_a_page_refuses_is_rolled_back_whole(
    street: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_and_refuse(session: Session, batch: BatchRow, name: str) -> None:
        session.execute(text("update plate_batch set name = 'half done'"))
        raise StoredFileNotFound("no file")

    officer = enter(street, "officer")
    path = choose(officer)
    monkeypatch.setattr(answer, "find_file", write_and_refuse)
    assert officer.get(f"{path}/files/batch.zip").status_code == 404
    assert "half done" not in officer.get(path).text


def test_a_batch_is_sent_back_with_a_reason_changed_and_submitted_again(street: Database) -> None:
    officer, colleague = enter(street, "officer"), enter(street, "colleague")
    path = choose(officer)
    assert "还没有提交" in officer.get(path).text
    assert "看样张并审批" not in colleague.get("/admin").text
    assert press(officer, path, "submit") == 303
    assert f'<a href="{path}">' in colleague.get("/admin").text
    assert "看样张并审批" not in officer.get("/admin").text  # an approver too, but the author
    assert f"{path}/send-back" not in officer.get(path).text
    assert officer.post(f"{path}/send-back", reason="x").status_code == 403
    empty = colleague.post(f"{path}/send-back", reason=" ")
    assert empty.status_code == 422
    assert "请写明原因" in empty.text
    reason = "4号已拆除，请去掉"
    assert colleague.post(f"{path}/send-back", reason=reason).status_code == 303
    assert "看样张并审批" not in colleague.get("/admin").text
    assert f"退回：{reason}" in officer.get("/admin").text
    page = officer.get(path).text
    assert f"<b>已退回：</b>{reason}" in page
    assert "已退回" in officer.get("/admin/batches").text
    with street.reading() as session:
        code = session.execute(text("select code from plate_batch_item where place = 4")).scalar()
        noted = session.execute(
            text("select actor, detail ->> 'reason' from audit_entry where action = :a"),
            {"a": "batches:send_back"},
        ).one()
        assert tuple(noted) == ("staff:colleague", reason)
    assert officer.post(f"{path}/leave-out", code=code, reason="拆除").status_code == 303
    assert press(officer, path, "submit") == 303
    assert reason not in officer.get(path).text
    assert press(colleague, path, "approve") == 303
    assert f"退回：{reason}" not in officer.get("/admin").text.split("昨天以来")[0]


def test_what_a_step_refuses_is_said_on_the_page_of_the_batch(street: Database) -> None:
    officer = enter(street, "officer")
    path = choose(officer)
    early = officer.post(f"{path}/start")
    assert early.status_code == 409
    assert "现在是“草稿”，不能转为“生成文件”" in early.text
    assert f"{path}/submit" in early.text  # the page itself, with its buttons
    wrong = officer.post(f"{path}/leave-out", code="3301", reason="拆除")
    assert wrong.status_code == 422
    assert "编码是 16 位数字" in wrong.text
    with street.reading() as session:
        codes = session.scalars(text("select code from plate_batch_item")).all()
    for code in codes:
        assert officer.post(f"{path}/leave-out", code=code, reason="拆除").status_code == 303
    assert "没有可制作的门牌" in officer.post(f"{path}/submit").text


@pytest.mark.parametrize("number", ["0", "99999999", "99999999999999999999", "x"])
def test_a_number_that_no_batch_has_is_not_found(street: Database, number: str) -> None:
    officer = enter(street, "officer")
    for path in ("", "/previews/1.png", "/files/batch.zip"):
        assert officer.get(f"/admin/batches/{number}{path}").status_code == 404
    assert officer.post(f"/admin/batches/{number}/cancel").status_code == 404
    assert officer.get("/admin/batches?before=99999999999999999999").status_code == 422


def test_a_draft_shows_plates_that_lead_nowhere(street: Database) -> None:
    officer, colleague = enter(street, "officer"), enter(street, "colleague")
    path = choose(officer)
    picture = f"{path}/previews/1.png"
    assert f'src="{picture}"' in officer.get(path).text
    drawn = colleague.get(picture)
    assert drawn.headers["content-type"] == "image/png"
    assert "no-store" in drawn.headers["cache-control"]
    (payload,) = read_png(drawn.content)
    with street.reading() as session:
        prefix, tokens = session.execute(
            text("select payload_prefix, (select count(*) from plate) from plate_batch")
        ).one()
    assert (payload, tokens) == (prefix + SAMPLE, 0)
    assert officer.browser.get(payload.rsplit("/", 1)[1]).status_code == 404
    assert officer.get(f"{path}/previews/5.png").status_code == 404
    officer.browser.cookies.clear()
    assert officer.get(picture).status_code == 303


def test_a_batch_of_replacements_is_shown_to_the_officers_of_its_division(
    street: Database,
) -> None:
    with street.session() as session:
        insert_account(session, "stranger", Role.OFFICER, "330106")
    issue_missing(street, IssueRequest("全部", "auto", PREFIX), COMMAND_LINE)
    with street.session() as session:
        token = str(session.scalar(text("update plate set status = 'in_use' returning token")))
        order = ReplacementRequest("褪色", PREFIX, approval_above=100)
        newer = replace_plate(session, token, order, make_visit(), COMMAND_LINE).successor
    officer, stranger = enter(street, "officer"), enter(street, "stranger")
    listed = officer.get("/admin/batches").text
    assert "补换 330102" in listed
    assert "无需审批" in listed
    page = officer.get("/admin/batches/2")
    assert str(newer) in page.text
    assert "还没有提交" not in page.text
    assert "补换" not in stranger.get("/admin/batches").text
    assert stranger.get("/admin/batches/2").status_code == 404


def test_an_address_is_left_out_of_a_draft_and_a_cancelled_batch_frees_the_others(
    street: Database,
) -> None:
    officer = enter(street, "officer")
    path = choose(officer)
    with street.reading() as session:
        code = session.execute(text("select code from plate_batch_item where place = 1")).scalar()
    assert officer.post(f"{path}/leave-out", code=code, reason="拆除").status_code == 303
    assert "不制作：拆除" in officer.get(path).text
    assert press(officer, path, "cancel") == 303
    assert "已取消" in officer.get(path).text
    assert choose(officer, "again") != path
    listed = officer.get("/admin/batches?status=cancelled").text
    assert path in listed
    assert path not in officer.get("/admin/batches?status=draft").text


def test_outdated_plates_are_told_confirmed_by_name_or_made_again(street: Database) -> None:
    officer = enter(street, "officer")
    path = choose(officer)
    assert press(officer, path, "submit") == 303
    assert press(enter(street, "colleague"), path, "approve") == 303
    assert press(officer, path, "start") == 303
    number = int(path.rsplit("/", 1)[1])
    with street.reading() as session:
        work_off(street, get_batch(session, number))
        code, token = session.execute(
            text("select code, token from plate_batch_item where place = 3")
        ).one()
    fresh = officer.get(path).text
    assert "读回，与登记一致" in fresh
    assert "重新出文件" not in fresh
    with street.session() as session:
        order = Renumbering(code, Numbered("53", "号"))
        before = renumber_addresses(session, [order], COMMAND_LINE, reason="门牌重编")
        follow_addresses(session, before, COMMAND_LINE)
    page = officer.get(path).text
    assert "1 块与登记不一致" in page
    assert page.count("文件里是“河坊街3号”，地址现在是“河坊街53号”") == 2  # above, and in its row
    assert "与登记一致。" not in page
    assert "1 块与登记不一致" in officer.get("/admin/batches").text
    silent = officer.post(f"{path}/hand-over", maker="某标牌厂（演示）")
    assert silent.status_code == 409
    assert "没有登记交出：文件里有 1 块门牌与登记不一致" in silent.text
    assert f'name="accepted" value="{token}"' in silent.text
    assert press(officer, path, "remake") == 303
    with street.reading() as session:
        work_off(street, get_batch(session, number))
    assert "读回，与登记一致" in officer.get(path).text
    with street.session() as session:
        before = [retire_address(session, code, COMMAND_LINE, reason="拆除")]
        follow_addresses(session, before, COMMAND_LINE)
    assert "地址已终止（消亡）：拆除" in officer.get(path).text
    given = officer.post(f"{path}/hand-over", maker="某标牌厂（演示）", accepted=token)
    assert given.status_code == 303
    assert "请通知制作单位不要做这几块" in officer.get(path).text
