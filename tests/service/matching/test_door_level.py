"""A register of doors asked with rooms, and a register of rooms asked for doors."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from address_model.gazetteer import load_gazetteer
from address_model.parsing import parse
from service.core.database import Database
from service.matching.door_level import NUMBER, read_door
from service.matching.queries import Resolution, resolve_many
from service.matching.resolve_options import ResolveOptions
from tests.factories.lists import listed_register

YUYAO = "浙江省宁波市余姚市泗门镇"
DOOR, BUILDING = f"{YUYAO}解放路8号", f"{YUYAO}示例花园3幢"
ROOMS = (f"{YUYAO}人民路16号2幢1单元301室", f"{YUYAO}示例新村5幢2单元101室")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("list")
    with listed_register(folder, "\n".join(["地址", DOOR, BUILDING, *ROOMS]) + "\n") as held:
        yield held


def ask(database: Database, said: str, level: str = NUMBER) -> Resolution:
    with database.reading() as session:
        return resolve_many(session, [said], ResolveOptions(level=level))[0]


@pytest.mark.parametrize(
    ("said", "category", "expected", "remainder"),
    [
        (f"{DOOR}3幢2单元301室", "A", DOOR, "3幢2单元301室"),
        (f"{YUYAO}解方路8号3幢2单元301室", "B", DOOR, "3幢2单元301室"),
        ("余姚市解放路8号301室", "A", DOOR, "301室"),
        (f"{BUILDING}1单元102室", "A", BUILDING, "1单元102室"),
        (DOOR, "A", DOOR, ""),
    ],
)
def test_a_register_of_doors_answers_rooms_with_their_door(
    database: Database, said: str, category: str, expected: str, remainder: str
) -> None:
    found = ask(database, said)
    assert (found.text, found.category, found.remainder) == (said, category, remainder)
    assert found.address is not None
    assert found.address.standard_text == expected


@pytest.mark.parametrize("said", [f"{DOOR}3幢2单元301室", f"{BUILDING}1单元102室"])
def test_without_the_level_a_deeper_text_stays_a_question(database: Database, said: str) -> None:
    found = ask(database, said, level="")
    assert (found.category, found.address) == ("C", None)
    assert found.candidates


@pytest.mark.parametrize("room", ROOMS)
def test_a_register_of_rooms_never_gives_a_room_for_its_door(database: Database, room: str) -> None:
    whole = ask(database, room, level="")
    assert (whole.category, whole.address and whole.address.standard_text) == ("A", room)
    found = ask(database, room)
    assert (found.category, found.address) == ("C", None)
    assert [one.address.standard_text for one in found.candidates] == [room]


def test_the_text_is_cut_off_with_what_lies_behind_the_door() -> None:
    reading = parse(f"{DOOR}3幢2单元301室示例商店", load_gazetteer())
    door, remainder = read_door(reading)
    assert (door.text, remainder) == (DOOR, "3幢2单元301室")
    assert all(element.end <= len(DOOR) for element in door.elements)
