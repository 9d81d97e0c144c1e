"""Commands of datasets as the desk, a program and the worker give them."""

from dataclasses import replace

from service.core.actor import COMMAND_LINE as ME
from service.core.clock import today
from service.datasets import commands as datasets
from tests.factories.datasets import BUILT, FACTS, read_lines
from tests.writer_steps.hand import Hand


def register_dataset(hand: Hand) -> None:
    _register(hand)


def change_dataset(hand: Hand) -> None:
    number = hand.drawn.choice([*hand.pool.datasets, _register(hand)])
    changed = replace(FACTS, name=f"演示：数据集 {hand.number()}", fields=(BUILT,))
    with hand.database.session() as session:
        datasets.change_dataset(session, number, changed, hand.town.officer, seen=None)


def submit_and_approve(hand: Hand) -> None:
    number = hand.drawn.choice([*hand.pool.datasets, _register(hand)])
    with hand.database.session() as session:
        datasets.submit_dataset(session, number, hand.town.officer, seen=None)
    with hand.database.session() as session:
        datasets.approve_dataset(session, number, hand.town.approver, seen=None)


def submit_and_send_back(hand: Hand) -> None:
    number = _register(hand)
    with hand.database.session() as session:
        datasets.submit_dataset(session, number, hand.town.officer, seen=None)
    with hand.database.session() as session:
        datasets.send_back_dataset(session, number, "缺依据", hand.town.approver, seen=None)


def withdraw_dataset(hand: Hand) -> None:
    number = hand.drawn.choice([*hand.pool.datasets, _register(hand)])
    with hand.database.session() as session:
        datasets.withdraw_dataset(session, number, "停用", hand.town.officer, seen=None)


def load_datasets(hand: Hand) -> None:
    named = replace(FACTS, name=f"演示：数据集 {hand.drawn.randrange(3)}")
    with hand.database.session() as session:
        datasets.load_datasets(session, [("", named)], ME)


def push_rows(hand: Hand) -> None:
    number = hand.drawn.choice([*hand.pool.datasets, _register(hand)])
    built = hand.drawn.randrange(1900, 2026)
    rows = read_lines(FACTS, "code,built_in", *(f"{code},{built}" for code in hand.codes(3)))
    with hand.database.session() as session:
        datasets.push_rows(session, number, rows, ME)


def destroy_rows(hand: Hand) -> None:
    with hand.database.session() as session:
        datasets.destroy_rows(session, today())


def _register(hand: Hand) -> int:
    named = replace(FACTS, name=f"演示：数据集 {hand.number()}")
    with hand.database.session() as session:
        number = datasets.register_dataset(session, "", named, ME)
    return hand.share(hand.pool.datasets, number)
