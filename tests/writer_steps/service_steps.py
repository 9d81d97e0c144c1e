"""Commands of services and facilities as the desk and the command line give them."""

from dataclasses import replace

from service.core.actor import COMMAND_LINE as ME
from service.core.clock import today
from service.service_items import commands as services
from service.service_items.facility_rows import ListedFacility
from service.service_items.item_file import ListedService
from tests.factories.services import CENTRE, DEFIBRILLATOR, RESIDENCE
from tests.writer_steps.hand import Hand


def add_service_item(hand: Hand) -> None:
    _add(hand)


def correct_service_item(hand: Hand) -> None:
    number = hand.drawn.choice([*hand.pool.services, _add(hand)])
    draft = replace(RESIDENCE, name=f"演示：事项 {hand.number()}")
    with hand.database.session() as session:
        services.correct_service_item(session, number, draft, ME, seen=None)


def withdraw_service_item(hand: Hand) -> None:
    number = hand.drawn.choice([*hand.pool.services, _add(hand)])
    with hand.database.session() as session:
        services.withdraw_service_item(session, number, "停办", ME, seen=None)


def load_service_items(hand: Hand) -> None:
    draft = replace(RESIDENCE, name=f"演示：事项 {hand.drawn.randrange(5)}")
    with hand.database.session() as session:
        services.load_service_items(session, [ListedService("", draft)], ME, today())


def add_facility(hand: Hand) -> None:
    _place(hand)


def correct_facility(hand: Hand) -> None:
    number = hand.drawn.choice([*hand.pool.facilities, _place(hand)])
    draft = replace(CENTRE, name=f"演示设施 {hand.number()}")
    with hand.database.session() as session:
        services.correct_facility(session, number, draft, ME, seen=None)


def withdraw_facility(hand: Hand) -> None:
    number = hand.drawn.choice([*hand.pool.facilities, _place(hand)])
    with hand.database.session() as session:
        services.withdraw_facility(session, number, "搬走", ME, seen=None)


def load_facilities(hand: Hand) -> None:
    listed = [
        ListedFacility(row, code, DEFIBRILLATOR) for row, code in enumerate(hand.codes(3), start=2)
    ]
    with hand.database.session() as session:
        services.load_facilities(session, listed, ME, today())


def _add(hand: Hand) -> int:
    with hand.database.session() as session:
        number = services.add_service_item(session, "330102000000", RESIDENCE, ME, today())
    return hand.share(hand.pool.services, number)


def _place(hand: Hand) -> int:
    (code,) = hand.town.enter()
    with hand.database.session() as session:
        number = services.add_facility(session, code, CENTRE, ME, today())
    return hand.share(hand.pool.facilities, number)
