import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.auth.permissions import Role
from service.core.database import Database
from service.core.settings import get_settings
from service.runs import worker_loop
from service.runs.queries import list_unfinished
from tests.command_line import Outcome, call
from tests.database import TestDatabase
from tests.factories.batches import make_street
from tests.factories.staff import make_account


@dataclass
class Desk:
    """The command line of an office over a street of six doors."""

    made: TestDatabase
    database: Database
    home: Path
    codes: list[str]
    passwords: dict[str, Path]

    def batch(self, *arguments: str, account: str = "") -> Outcome:
        who = ("--account", account) if account else ()
        settings = {"home": str(self.home), "batch_approval_above": "4"}
        if account in self.passwords:
            settings["password_file"] = str(self.passwords[account])
        return call("plates", "batch", *arguments, *who, "--json", database=self.made, **settings)

    def work(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let this process be the worker."""
        monkeypatch.setenv("MENPAI_HOME", str(self.home))
        get_settings.cache_clear()
        with self.database.reading() as session:
            waiting = list_unfinished(session)
        for run_id in waiting:
            worker_loop.run_chunks(self.database, run_id)


@pytest.fixture
def desk(fresh_database: TestDatabase, tmp_path: Path) -> Iterator[Desk]:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        codes = make_street(session, 6)
    files = {}
    for name, role in (("officer", Role.OFFICER), ("colleague", Role.APPROVER)):
        files[name] = tmp_path / f"password of {name}"
        password = make_account(database, name, (role, "330102000000"))
        files[name].write_text(f"{password}\n", encoding="utf-8")
    yield Desk(fresh_database, database, tmp_path, codes, files)
    database.dispose()


def test_a_batch_goes_from_the_choice_to_the_makers_zip_and_back_by_command(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def step(*arguments: str, account: str = "officer") -> Any:
        done = desk.batch(*arguments, account=account)
        assert done.code == 0, done.err
        return done.json

    made = step("create", "河坊街第一批", "--division", "330102", "--sheet", "1000x500")
    number = str(made["id"])
    assert (made["status"], made["plates"], made["refused"]) == ("draft", 6, [])
    assert step("submit", number)["status"] == "awaiting_approval"
    own = desk.batch("approve", number, account="officer")
    assert own.code == 2
    assert "ask a colleague" in own.err
    assert step("approve", number, account="colleague")["approver"] == "colleague"
    assert step("start", number)["status"] == "running"
    step("pause", number)
    assert desk.batch("status", number).json["run_state"] == "paused"
    early = desk.batch("files", number, "--out", str(tmp_path))
    assert (early.code, "wait until it is ready" in early.err) == (2, True)
    step("resume", number)
    desk.work(monkeypatch)
    assert desk.batch("status", number).json["share"] == 1.0
    fetched = desk.batch("files", number, "--out", str(tmp_path)).json
    with zipfile.ZipFile(fetched["zip"]) as archive:
        assert {"manifest.csv", "proof.pdf", "verification.json"} <= set(archive.namelist())
    maker = "某标牌厂（演示）"
    assert step("hand-over", number, "--maker", maker)["maker"] == maker
    assert step("receive", number)["status"] == "received"
    listed = desk.batch("list").json["batches"]
    assert [(row["id"], row["status"]) for row in listed] == [(int(number), "received")]


def test_codes_that_are_not_in_the_batch_are_named_and_one_is_left_out(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "codes.csv"
    file.write_text("name,code\n甲," + "\n乙,".join([desk.codes[0], desk.codes[1], "12"]) + "\n")
    made = desk.batch("create", "名单", "--codes", str(file), account="officer")
    assert made.code == 1
    assert [row["code"] for row in made.json["refused"]] == ["12"]
    number = str(made.json["id"])
    left = desk.batch(
        "leave-out", number, desk.codes[0], "--reason", "拆除", account="officer"
    ).json
    assert (left["plates"], left["left_out"]) == (2, 1)
    told = desk.batch("status", number).json["left_out"]
    assert told == [{"code": desk.codes[0], "reason": "拆除"}]
    assert desk.batch("cancel", number, account="officer").json["status"] == "cancelled"


def test_an_account_that_may_not_or_is_not_there_is_refused(desk: Desk) -> None:
    asked = ("create", "河坊街", "--division", "330102")
    assert desk.batch(*asked, account="colleague").code == 2
    nobody = desk.batch(*asked, account="nobody")
    assert nobody.code == 2
    assert "nobody" in nobody.err


@pytest.mark.parametrize("heading", ["code", "地址编码"])
def test_a_manifest_is_a_list_of_codes(desk: Desk, tmp_path: Path, heading: str) -> None:
    file = tmp_path / "manifest.csv"
    file.write_text(f"序号,{heading},文件\n1,{desk.codes[2]},a.pdf\n", encoding="utf-8-sig")
    made = desk.batch("create", "名单", "--codes", str(file), account="officer")
    assert (made.code, made.json["plates"], made.json["refused"]) == (0, 1, [])


def test_a_choice_that_fails_leaves_no_batch(desk: Desk) -> None:
    for wish in (("--street", "没有这条街"), ("--division", "33", "--status", "frozen")):
        failed = desk.batch("create", "某批", "--division", "330102", *wish, account="officer")
        assert (failed.code, "no address is left" in failed.err) == (2, True)
    assert desk.batch("list").json["batches"] == []


def test_a_batch_is_sent_back_by_command_and_says_why(desk: Desk) -> None:
    made = desk.batch("create", "河坊街", "--division", "330102", account="officer")
    number = str(made.json["id"])
    desk.batch("submit", number, account="officer")
    own = desk.batch("send-back", number, "--reason", "少一户", account="officer")
    assert own.code == 2
    sent = desk.batch("send-back", number, "--reason", "少一户", account="colleague").json
    assert (sent["status"], sent["sent_back"]) == ("draft", "少一户")
    assert desk.batch("status", number).json["sent_back"] == "少一户"
    assert desk.batch("submit", number, account="officer").json["sent_back"] == ""
    unknown = desk.batch("cancel", "99999999999", account="officer")
    assert (unknown.code, "no batch has the number" in unknown.err) == (2, True)
