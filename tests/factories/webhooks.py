"""Webhooks of departments' programs, and what is told to them."""

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any

from pydantic import SecretStr
from sqlalchemy import text

from address_model.tables import WebhookDelivery
from service.auth.grants import Program
from service.auth.queries import find_program
from service.changes.commands import Action, ChangeNote, Subject, record
from service.core.database import Database, Session
from service.core.settings import Settings
from service.core.signing_keys import KeyRing
from service.webhooks import commands
from service.webhooks.commands import HookDraft, create_hook
from service.webhooks.hook_secret import PURPOSE
from service.webhooks.queries import HookRow, Message, get_hook, list_deliveries
from service.webhooks.states import DeliveryState
from service.webhooks.tasks import WebhookSender
from service.webhooks.transport import Outcome, Transport
from tests.event_loop import run_apart
from tests.factories.office import COUNTIES, Office
from tests.factories.programs import make_program
from tests.factories.receivers import LOOPBACK, make_transport

SECRET_KEY = "a secret of tests alone, 32 letters"  # noqa: S105 - of tests
KEYS = KeyRing.of([SECRET_KEY], PURPOSE)
PUBLIC = "https://hooks.example.gov.cn/menpai"
OWN, FOREIGN = "330102001000", "330106001000"
"""Townships of two counties."""

_numbers = count(1)


def hook_settings(**more: Any) -> Settings:
    """The settings of a service that may send to this machine."""
    return Settings(secret_key=SecretStr(SECRET_KEY), webhook_networks=("127.0.0.0/8",), **more)


def open_program(session: Session, name: str = "department", **grant: Any) -> Program:
    """A program with a grant, as its calls have it."""
    program = find_program(session, make_program(session, name, **grant))
    assert program is not None
    return program


def make_hook(
    session: Session, program: Program, url: str = PUBLIC, **draft: Any
) -> tuple[int, str]:
    """A webhook of a program: its number and its secret."""
    return create_hook(session, program, HookDraft(url, **draft), LOOPBACK, KEYS)


def tell(database: Database, *keys: str, division: str = OWN, subject: str = "facility") -> None:
    """Announce changes of records, in a transaction of their own."""
    notes = [ChangeNote(Subject(subject), key, Action.CHANGED, division, 1) for key in keys]
    with database.session() as session:
        record(session, notes)


def make_sender(database: Database, transport: Transport | None = None) -> WebhookSender:
    """A sender that reaches this machine."""
    return WebhookSender(database, KEYS, transport or make_transport())


def send_due(sender: WebhookSender, turns: int = 1) -> None:
    """Send what is due, and wait for the answers; several times."""

    async def work() -> None:
        for _ in range(turns):
            await sender.turn()
            await sender.close()

    run_apart(work())


def states_of(database: Database, number: int) -> list[tuple[str, int]]:
    """State and attempts of the deliveries of a webhook, in their order."""
    with database.reading() as session:
        rows = list_deliveries(session, number)
    return [(row.state, row.attempts) for row in reversed(rows)]


def make_office_hook(office: Office, side: str) -> dict[str, str]:
    """A webhook of a program that a county of an office manages."""
    with office.database.session() as session:
        name = f"示例程序 B{next(_numbers)}"
        program = open_program(session, name, division=COUNTIES[side])
        session.execute(
            text("update client set division = :division where name = :name"),
            {"division": COUNTIES[side], "name": name},
        )
        number, _ = make_hook(session, program)
    return {"number": str(number)}


def make_dead_letters(database: Database, number: int, positions: Iterable[int]) -> None:
    """Deliveries of single changes that were given up."""
    with database.session() as session:
        session.add_all(
            WebhookDelivery(
                webhook_id=number,
                kind="changes",
                after=position - 1,
                position=position,
                changes=1,
                state=DeliveryState.DEAD,
                attempts=10,
                status=500,
                fault="refused",
            )
            for position in positions
        )


def make_program_hook(database: Database, url: str, name: str = "department", **draft: Any) -> int:
    """A webhook of a program of its own; returns its number."""
    with database.session() as session:
        return make_hook(session, open_program(session, name), url, **draft)[0]


def hook_of(database: Database, number: int) -> HookRow:
    """A webhook as it stands."""
    with database.reading() as session:
        return get_hook(session, number)


def try_once(database: Database, outcome: Outcome, now: datetime) -> Message | None:
    """One attempt without a network, at a time."""
    with database.session() as session:
        claim = commands.claim_message(session, now)
    message = claim.message if claim else None
    if message is not None:
        with database.session() as session:
            commands.finish_message(session, message, outcome, now)
    return message
