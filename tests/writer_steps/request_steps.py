"""Commands of requests for an address, as programs, residents and `menpai clients` give them."""

from service.auth.commands import create_client
from service.auth.grants import Program
from service.auth.permissions import Permission
from service.auth.queries import get_client, list_clients
from service.core.actor import COMMAND_LINE as ME
from service.core.signing_keys import KeyRing
from service.departments.address_requests.address_token import PURPOSE
from service.departments.address_requests.queries import ShownAddress, find_request, judge_plate
from service.departments.commands.address_requests import (
    AskedAddress,
    open_address_request,
    redeem_address_token,
    register_return_url,
    show_address,
    withdraw_return_url,
)
from tests.factories.programs import grant_program
from tests.writer_steps.hand import Hand

BACK = "https://bs.example.gov.cn/back"
KEYS = KeyRing.of(("of the tests: neither long nor secret",), PURPOSE)


def ask_show_and_redeem(hand: Hand) -> None:
    program = _program(hand)
    with hand.database.session() as session:
        register_return_url(session, program.name, BACK, ME)
        number = open_address_request(session, program, AskedAddress("办理居住证", BACK)).id
    with hand.database.session() as session:
        asked = find_request(session, number)
        shown = judge_plate(session, asked, hand.token()) if asked else ""
        if not isinstance(shown, ShownAddress):
            return
        back = show_address(session, number, shown.code, KEYS)
    token = back.partition("address_token=")[2].partition("&")[0]
    with hand.database.session() as session:
        redeem_address_token(session, program, token, KEYS)


def withdraw_return_url_of_a_form(hand: Hand) -> None:
    program = _program(hand)
    with hand.database.session() as session:
        withdraw_return_url(session, program.name, f"{BACK}/{hand.number()}", ME)


def _program(hand: Hand) -> Program:
    """The program that all writers share; whoever comes first makes it."""
    with hand.database.session() as session:
        if "health" not in {one.name for one in list_clients(session)}:
            create_client(session, "health", ME)
            grant_program(session, "health", {Permission.ADDRESSES_TOKEN})
        held = get_client(session, "health")
    return Program(held.id, held.name, tuple(one.grant for one in held.grants))
