"""Commands of webhooks as programs, the desk and the sender give them."""

from service.auth.grants import Program
from service.auth.queries import find_program_of
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import now_utc
from service.webhooks import commands
from service.webhooks.commands import HookDraft
from service.webhooks.queries import get_hook
from service.webhooks.states import HookState
from service.webhooks.transport import Outcome, SendFault
from tests.factories.receivers import LOOPBACK
from tests.factories.webhooks import KEYS, PUBLIC, make_hook, open_program
from tests.writer_steps.hand import Hand

OUTCOMES = (
    *(Outcome(SendFault.NONE, 204), Outcome(SendFault.REFUSED, 500)),
    *(Outcome(SendFault.GONE, 410), Outcome(SendFault.OVERDUE)),
)


def create_hook(hand: Hand) -> None:
    _register(hand)


def change_hook(hand: Hand) -> None:
    program, number = _drawn(hand)
    draft = HookDraft(f"{PUBLIC}/{hand.number()}")
    with hand.database.session() as session:
        commands.change_hook(session, program, number, draft, LOOPBACK, seen=None)


def set_hook_state(hand: Hand) -> None:
    _, number = _drawn(hand)
    state = hand.drawn.choice([HookState.ACTIVE, HookState.PAUSED])
    with hand.database.session() as session:
        held = get_hook(session, number)
        commands.set_hook_state(session, held, state, ME, seen=None)


def renew_secret(hand: Hand) -> None:
    program, number = _drawn(hand)
    with hand.database.session() as session:
        commands.renew_secret(session, program, number, KEYS, now_utc(), seen=None)


def ping_hook(hand: Hand) -> None:
    program, number = _drawn(hand)
    with hand.database.session() as session:
        commands.ping_hook(session, program, number)


def redeliver(hand: Hand) -> None:
    _, number = _drawn(hand)
    with hand.database.session() as session:
        held = get_hook(session, number)
        commands.redeliver(session, held, None, ME, seen=None)


def remove_hook(hand: Hand) -> None:
    program, number = _drawn(hand)
    with hand.database.session() as session:
        commands.remove_hook(session, program, number, seen=None)


def send(hand: Hand) -> None:
    _drawn(hand)
    with hand.database.session() as session:
        claim = commands.claim_message(session, now_utc())
    if claim is not None and claim.message is not None:
        outcome = hand.drawn.choice(OUTCOMES)
        with hand.database.session() as session:
            commands.finish_message(session, claim.message, outcome, now_utc())


def _drawn(hand: Hand) -> tuple[Program, int]:
    """A webhook that others work with too, and its program."""
    number = hand.drawn.choice([*hand.pool.webhooks, _register(hand)])
    with hand.database.reading() as session:
        program = find_program_of(session, get_hook(session, number).client_id)
    assert program is not None
    return program, number


def _register(hand: Hand) -> int:
    with hand.database.session() as session:
        program = open_program(session, f"program {hand.number()}")
        number, _ = make_hook(session, program)
    return hand.share(hand.pool.webhooks, number)
