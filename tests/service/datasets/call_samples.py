"""Calls about datasets, for the matrix of calls and grants."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import text

from service.core.actor import COMMAND_LINE
from service.datasets.commands import push_rows
from tests.factories.datasets import FACTS, make_dataset, read_lines
from tests.factories.office import COUNTIES

Content = tuple[str, str, dict[str, Any], str]


def find_number(desk: Any, side: str) -> int:
    """The dataset of a county with a row at its address; the newest program pushes it."""
    named = replace(FACTS, name=f"演示：基本情况 {side}")
    with desk.office.database.session() as session:
        held = session.scalar(text("select id from dataset where name = :n"), {"n": named.name})
        if held is None:
            held = make_dataset(session, named, division=COUNTIES[side])
            row = f"{desk.office.codes[side]},1998"
            push_rows(session, held, read_lines(FACTS, "code,built_in", row), COMMAND_LINE)
        owned = "update dataset set client_id = (select max(id) from client) where id = :id"
        session.execute(text(owned), {"id": held})
    return int(held)


def ask_data(desk: Any, side: str) -> Content:
    """What hangs on the address of a county."""
    find_number(desk, side)
    return "GET", f"addresses/{desk.office.codes[side]}/data", {}, f"演示：基本情况 {side}"


def push(desk: Any, side: str) -> Content:
    """The row of a county again."""
    content = f"code,built_in\n{desk.office.codes[side]},1998\n"
    sent = {"content": content.encode(), "headers": {"Content-Type": "text/csv"}}
    return "POST", f"datasets/{find_number(desk, side)}/rows", sent, '"push":'


DATASET_SAMPLES: dict[str, Callable[[Any, str], Content]] = {
    "listDatasets": lambda d, s: (
        "GET",
        f"datasets?division={COUNTIES[s] if find_number(d, s) else ''}",
        {},
        f"演示：基本情况 {s}",
    ),
    "getDataset": lambda d, s: ("GET", f"datasets/{find_number(d, s)}", {}, f"演示：基本情况 {s}"),
    "listDatasetRows": lambda d, s: (
        "GET",
        f"datasets/{find_number(d, s)}/rows",
        {},
        d.office.codes[s],
    ),
    "pushDatasetRows": push,
    "getAddressData": ask_data,
}
