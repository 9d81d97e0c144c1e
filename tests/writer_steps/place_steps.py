"""Commands of place names as `menpai placenames` gives them, over shared streets."""

import json

from address_model.numbering_rule import NumberingRule
from service.addresses import commands as addresses
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Session
from service.core.sheets import open_rows
from service.linking import commands as linking
from service.naming.commands import (
    MovedDoors,
    NameProtected,
    divide_place,
    merge_places,
    rename_place,
    undo_decision,
)
from service.naming.tasks import RenameHandler
from service.placenames import commands as placenames
from service.placenames.commands import numberings
from service.placenames.queries import find_places, get_place, get_record, list_places
from service.runs import worker_loop
from tests.factories.addresses import make_draft, make_elements
from tests.factories.lists import HEADINGS, ROW, take_in
from tests.factories.numerals import spelled
from tests.town import FIELD, LAKE, TOWNSHIPS
from tests.writer_steps.division_steps import NOTICE
from tests.writer_steps.hand import Hand

HANDLER = RenameHandler
"""What is worked off here: registered by its module."""


def rename_street(hand: Hand) -> None:
    number, name = _street(hand), hand.town.name("街")
    try:
        with hand.database.session() as session:
            done = rename_place(session, number, name, NOTICE, ME)
    except NameProtected as refused:
        with hand.database.session() as session:
            placenames.note_refused_name(session, number, name, refused.detail, ME)
        raise
    worker_loop.run_chunks(hand.database, done.run_id)


def rule_numbers(hand: Hand) -> None:
    """Lay a rule down, accept what was found, and let it count again."""
    number, officer = _street(hand), hand.town.officer
    rule = NumberingRule(start=hand.drawn.randrange(1, 9), reserved="44-50")
    with hand.database.session() as session:
        numberings.set_numbering_rule(session, number, rule, officer)
    with hand.database.session() as session:
        numberings.accept_finding(session, number, "gap:3-5", "规划预留", officer)
    with hand.database.session() as session:
        numberings.reopen_finding(session, number, "gap:3-5", officer)


def join_streets(hand: Hand) -> None:
    county = {"county": "330106", "division_code": "330106001000"}
    place = hand.town.place.ids["330106001000"]
    street = hand.town.name("大道")
    elements = make_elements("1", county="西湖区", township="北山街道", thoroughfare=street)
    draft = make_draft(hand.town.place, elements=elements, division_id=place, **county)
    with hand.database.session() as session:
        (code,) = addresses.enter_addresses(session, [draft], ME)
        beyond = _number_of(session, str(code))
    here, there = hand.drawn.sample((_street(hand), beyond), 2)
    with hand.database.session() as session:
        placenames.join_place(session, here, there, ME)


def read_aloud(hand: Hand) -> None:
    number = _street(hand)
    with hand.database.session() as session:
        toned = get_record(session, number).pinyin
        placenames.set_reading(session, number, toned, source="示例地名办", actor=ME)


def assign_place(hand: Hand) -> None:
    code, number = hand.code(), _street(hand)
    with hand.database.session() as session:
        linking.assign_place(session, code, number, kind="historical", reason="旧址", actor=ME)


def unassign_place(hand: Hand) -> None:
    code, number = hand.code(), _street(hand)
    with hand.database.session() as session:
        linking.unassign_place(session, code, number, ME)


def link_places(hand: Hand) -> None:
    village = f"示例{spelled(hand.drawn.randrange(1, 4))}村"
    elements = make_elements(str(hand.number()), natural_village=village)
    with hand.database.session() as session:
        draft = make_draft(hand.town.place, elements=elements)
        addresses.enter_addresses(session, [draft], ME)
    with hand.database.session() as session:
        linking.link_places(session, ME)


def merge_streets(hand: Hand) -> None:
    _merge(hand)


def divide_street(hand: Hand) -> None:
    merged = _merge(hand)
    with hand.database.session() as session:
        place = get_place(session, merged.place.number)
        township = hand.drawn.choice(place.townships).code
        done = divide_place(session, place.number, [township], ME, reason="实地核查")
    hand.share(hand.pool.decisions, done.decision)


def undo_decisions(hand: Hand) -> None:
    hand.share(hand.pool.decisions, _merge(hand).decision)
    with hand.database.session() as session:
        decision = hand.drawn.choice(hand.pool.decisions)
        undo_decision(session, decision, ME, reason="误判")


def import_names(hand: Hand) -> None:
    numbers = hand.drawn.sample(range(1, 7), 3)
    rows = [
        {
            "place_code": f"330102001218{number:08d}",
            "standard_name": f"示例{spelled(number)}村",
            "place_type": "农村居民点",
            "area": "330102",
            "area_name": "上城区",
            "place_meaning": f"含义 {hand.number()}",
        }
        for number in numbers
    ]
    file = hand.folder / "names.ndjson"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    with open_rows(file, unprotect=True) as opened, hand.database.session() as session:
        placenames.import_national(session, opened, ME, plan="示例保护方案")


def _street(hand: Hand) -> str:
    """The number of a street that others work with too; every third is a fresh one."""
    if hand.pool.streets and hand.drawn.random() < 0.66:
        return hand.drawn.choice(hand.pool.streets)
    street = hand.town.name("街")
    drafts = [
        make_draft(hand.town.place, elements=make_elements(str(door), thoroughfare=street))
        for door in (1, 2)
    ]
    with hand.database.session() as session:
        code, _ = map(str, addresses.enter_addresses(session, drafts, ME))
        number = _number_of(session, code)
    hand.town.hang(code)
    return hand.share(hand.pool.streets, number)


def _merge(hand: Hand) -> MovedDoors:
    """List a street in two towns as two, and merge them."""
    street = hand.town.name("路")
    names = [one.name for one in TOWNSHIPS if one.code in (LAKE, FIELD)]
    rows = [
        ROW.format(number=f"{number}号", room="", lon=120.165, lat=30.24)
        .replace("河坊街", street)
        .replace("清波街道", names[number % 2])
        for number in range(1, 5)
    ]
    take_in(hand.database, hand.folder, HEADINGS + "".join(rows))
    with hand.database.session() as session:
        found = [one for one in list_places(session, "330102") if one.name == street]
        here, there = hand.drawn.sample(found, 2)
        done = merge_places(session, here.number, there.number, ME, reason="实地核查")
    hand.share(hand.pool.decisions, done.decision)
    hand.share(hand.pool.streets, there.number)
    return done


def _number_of(session: Session, code: str) -> str:
    """The number of the place that an address counts along."""
    place = get_address(session, code).place_id or 0
    return find_places(session, [place])[place].number
