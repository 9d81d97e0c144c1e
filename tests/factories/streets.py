"""Streets of doors, lanes, buildings and rooms: random ones for hypothesis, and a golden list."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from address_model.elements import Elements, Numbered, standard_text
from address_model.gazetteer import load_gazetteer
from address_model.parsing import parse
from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE
from tests.factories.addresses import make_draft
from tests.factories.divisions import Place, make_place

TOWNSHIP = "浙江省杭州市上城区清波街道"
_GOLDEN = Path(__file__).parents[1] / "address_model" / "street_order_golden.txt"

numbers = st.integers(min_value=1, max_value=10**6)
_FEW = st.integers(min_value=1, max_value=12).map(str)
_SUFFIXES = ("", "", "", "1", "2", "10", "之一", "之二", "之十", "附1", "附2", "甲", "乙", "A")


def numbered(quantifier: str) -> st.SearchStrategy[Numbered | None]:
    """A small number with this quantifier, or None."""
    return st.none() | _FEW.map(lambda number: Numbered(number, quantifier))


@cache
def golden_doors() -> tuple[str, ...]:
    """Doors, lanes and rooms below the township, put in the order of the street by hand."""
    return tuple(_GOLDEN.read_text(encoding="utf-8").split())


@cache
def read_door(text: str) -> Elements:
    """The elements of such a door, read by the parser and nothing of it lost."""
    (plate,) = parse(f"{TOWNSHIP}{text}", load_gazetteer()).plates
    assert door_text(plate) == text
    return plate


def door_text(elements: Elements) -> str:
    """Everything below the township."""
    return standard_text(elements).removeprefix(TOWNSHIP)


def enter_doors(
    session: Session, doors: Sequence[str], *, place: Place | None = None, seed: int = 12
) -> list[str]:
    """Register doors in random order; return their codes in list order."""
    where = place or make_place(session)
    shuffled = Random(seed).sample(doors, len(doors))
    drafts = [replace(make_draft(where), elements=read_door(text)) for text in shuffled]
    codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
    of_door = dict(zip(shuffled, codes, strict=True))
    return [of_door[text] for text in doors]


@st.composite
def addresses(draw: st.DrawFn) -> Elements:
    """An address on one of two streets of 清波街道; many share their street, lane or house."""
    lanes = draw(st.lists(_FEW.map(lambda number: Numbered(number, "弄")), max_size=1))
    number = draw(numbered("号"))
    if number is not None:
        number = number._replace(
            prefix=draw(st.sampled_from(("", "", "临"))), suffix=draw(st.sampled_from(_SUFFIXES))
        )
    floors = st.none() | st.sampled_from(("-2", "-1", "1", "2", "10"))
    floor = draw(floors.map(lambda floor: None if floor is None else Numbered(floor, "层")))
    return Elements(
        province="浙江省",
        city="杭州市",
        county="上城区",
        township="清波街道",
        thoroughfare=draw(st.sampled_from(("河坊街", "文一路"))),
        lanes=tuple(lanes),
        number=number,
        building=draw(numbered("幢")),
        unit=draw(numbered("单元")),
        floor=floor,
        room=draw(numbered("室")),
    )
