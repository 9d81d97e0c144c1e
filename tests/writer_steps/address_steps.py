"""Commands of addresses as `menpai addresses` and `menpai codes` give them, over shared doors."""

from dataclasses import replace

from address_model.coordinates import Point
from address_model.elements import Numbered
from address_model.positions import Accuracy, Position, PositionKind
from address_model.room_grid import GridText, expand_grid
from service.addresses import commands as addresses
from service.addresses.commands import PointFacts, PositionDraft, Renumbering
from service.addresses.commands.names import NameDraft
from service.addresses.queries import get_address
from service.approvals.commands import hold_author
from service.core.actor import COMMAND_LINE as ME
from service.core.sheets import open_rows
from service.imports.commands import PositionOptions, import_positions
from service.imports.commands.single_changes import enter_address, note_alone
from service.imports.position_rows import open_position_reader
from service.matching.queries.name_keys import read_name_key
from service.plates import commands as plates
from tests.factories.addresses import make_elements
from tests.town import correct, merge, retire
from tests.writer_steps.hand import Hand


def correct_door(hand: Hand) -> None:
    with hand.database.session() as session:
        correct(hand.code(), hand.town.draft())(session)


def enter_new_door(hand: Hand) -> None:
    """The same number as another writer's now and then."""
    number = Numbered(str(500_000 + hand.number() // 4), "号")
    with hand.database.session() as session:
        addresses.enter_door(session, hand.code(), number, _near(hand), ME)


def enter_written_door(hand: Hand) -> None:
    """As a program sends it; the same text as another writer's now and then."""
    draft = replace(hand.town.draft(), elements=make_elements(str(700_000 + hand.number() // 3)))
    with hand.database.session() as session:
        author = hold_author(session, ME)
        row, _ = enter_address(session, draft, ME, text="河坊街的门牌")
        note_alone(session, author, row, 1, at_once=9, a_day=10**6)


def build_on_door(hand: Hand) -> None:
    """Some of the rooms are those that others enter too."""
    first = hand.drawn.randrange(1, 6)
    cells = expand_grid(GridText(buildings="1-2", floors=f"{first}-{first + 1}", rooms="01-02"))
    with hand.database.session() as session:
        addresses.enter_building(session, hand.code(), cells, ME)


def merge_doors(hand: Hand) -> None:
    *codes, into = hand.codes(hand.drawn.choice((2, 3)))
    with hand.database.session() as session:
        merge(codes, into)(session)


def retire_door(hand: Hand) -> None:
    code, successor = hand.codes(2)
    with hand.database.session() as session:
        retire(code, hand.drawn.choice(("", successor)))(session)


def freeze_door(hand: Hand) -> None:
    with hand.database.session() as session:
        addresses.freeze_address(session, hand.code(), ME, reason="核查")


def unfreeze_door(hand: Hand) -> None:
    for code in hand.pool.codes:
        with hand.database.session() as session:
            if get_address(session, code).status == "frozen":
                addresses.unfreeze_address(session, code, ME)


def split_door(hand: Hand) -> None:
    code, parts = hand.code(), [hand.town.draft(), hand.town.draft()]
    with hand.database.session() as session:
        done = addresses.split_address(session, code, parts, ME, reason="分户", heir=0)
        plates.follow_addresses(session, done.before, ME)


def renumber_doors(hand: Hand) -> None:
    """Two doors exchange their numbers."""
    one, two = hand.codes(2)
    with hand.database.session() as session:
        numbers = [get_address(session, code).elements.number for code in (two, one)]
        orders = [
            Renumbering(code, number)
            for code, number in zip((one, two), numbers, strict=True)
            if number
        ]
        before = addresses.renumber_addresses(session, orders, ME, reason="重编")
        plates.follow_addresses(session, before, ME)


def move_door(hand: Hand) -> None:
    facts = PointFacts(source="officer")
    with hand.database.session() as session:
        held = addresses.move_address(session, hand.code(), _near(hand), ME, facts=facts)
        plates.follow_addresses(session, [held], ME)


def name_door(hand: Hand) -> None:
    said = f"浙江省杭州市上城区清波街道河坊街{hand.number()}号"
    with hand.database.session() as session:
        held = get_address(session, hand.code())
        key = read_name_key(session, held.county, said)
        addresses.add_name(session, held.code, NameDraft(key, said, "alias"), ME)


def identify_door(hand: Hand) -> None:
    identifier = "police", f"p-{hand.drawn.randrange(40)}"
    with hand.database.session() as session:
        addresses.add_identifier(session, hand.code(), identifier, ME)


def set_entrance(hand: Hand) -> None:
    position = Position(PositionKind.ENTRANCE, _near(hand), Accuracy.MAPPED, "")
    with hand.database.session() as session:
        addresses.set_position(session, PositionDraft(hand.code(), position, "officer"), ME)


def withdraw_entrance(hand: Hand) -> None:
    code, kind = hand.code(), PositionKind.ENTRANCE
    position = Position(kind, _near(hand), Accuracy.MAPPED, "")
    with hand.database.session() as session:
        addresses.set_position(session, PositionDraft(code, position, "officer"), ME)
    with hand.database.session() as session:
        addresses.withdraw_position(session, code, kind, ME, reason="已拆")


def import_points(hand: Hand) -> None:
    lines = ["地址编码,位置类型,经度,纬度"]
    for code in hand.codes(4):
        point = _near(hand)
        lines.append(
            f"{code},{hand.drawn.choice(('入口', '楼梯', '代表点'))},{point.lon},{point.lat}"
        )
    file = hand.folder / "points.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with open_rows(file, unprotect=True) as rows:
        reader = open_position_reader(rows.headings)
        import_positions(hand.database, iter(rows), reader, PositionOptions("外业"), ME)


def reserve_codes(hand: Hand) -> None:
    with hand.database.session() as session:
        addresses.reserve_codes(session, hand.drawn.choice(("330102", "330106")), 3, "示例苑", ME)


def _near(hand: Hand) -> Point:
    """A point within a few hundred metres of the street, in or beside its grid."""
    lon, lat = (hand.drawn.uniform(-0.003, 0.003) for _ in range(2))
    return Point(round(120.165 + lon, 6), round(30.24 + lat, 6))
