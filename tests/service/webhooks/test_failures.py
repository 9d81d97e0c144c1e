"""What is not taken is tried again, ever later, then given up; nobody else waits for it."""

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from service.changes.queries import get_last_position
from service.core.actor import COMMAND_LINE
from service.core.clock import now_utc
from service.core.database import Database
from service.webhooks import commands
from service.webhooks.commands.deliveries import HELD
from service.webhooks.queries import list_deliveries
from service.webhooks.states import MOST_ATTEMPTS, HookState
from service.webhooks.transport import Outcome, SendFault
from tests.event_loop import run_apart
from tests.factories.receivers import Receiver, opened_receiver
from tests.factories.webhooks import (
    hook_of,
    make_program_hook,
    make_sender,
    send_due,
    states_of,
    tell,
    try_once,
)

REFUSED = Outcome(SendFault.REFUSED, 500)


def test_a_failed_message_is_tried_again_before_the_next_one(
    register: Database, receiver: Receiver
) -> None:
    number = make_program_hook(register, receiver.url)
    sender = make_sender(register)
    receiver.status = 500
    tell(register, "1")
    send_due(sender)
    tell(register, "2")
    receiver.status = 200
    send_due(sender)
    assert len(receiver.got) == 1  # not yet: it waits ten seconds
    assert states_of(register, number) == [("pending", 1)]
    with register.session() as session:
        session.execute(text("update webhook_delivery set due_at = now()"))
    send_due(sender, turns=2)
    assert [one.said["delivery"] for one in receiver.got] == [1, 1, 2]
    assert receiver.got[1].said | {"attempt": 1} == receiver.got[0].said
    assert receiver.positions == [2, 2, 3]
    assert hook_of(register, number).failing_since is None


def test_delays_grow_and_a_message_is_given_up_after_ten_attempts(register: Database) -> None:
    number = make_program_hook(register, "http://127.0.0.1:9/")
    tell(register, "1")
    now = now_utc()
    waits = []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        message = try_once(register, REFUSED, now)
        assert message is not None
        assert message.delivery.attempts == attempt
        with register.reading() as session:
            (row,) = list_deliveries(session, number)
        waits.append((row.due_at - now).total_seconds())
        assert attempt == 1 or row.state == "dead" or try_once(register, REFUSED, now) is None
        now = row.due_at
    assert states_of(register, number) == [("dead", MOST_ATTEMPTS)]
    assert waits == sorted(waits) or waits[-1] <= 6 * 3600 * 1.2
    assert 8 <= waits[0] <= 12
    assert all(10 * 3**n * 0.8 <= wait <= 10 * 3**n * 1.2 for n, wait in enumerate(waits[:7]))
    tell(register, "2")
    later = try_once(register, Outcome(SendFault.NONE, 204), now)
    assert later is not None
    assert later.changes[0].key == "2"
    assert hook_of(register, number).dead == 1


def test_what_is_sent_again_is_tried_once(register: Database) -> None:
    number = make_program_hook(register, "http://127.0.0.1:9/")
    tell(register, "1")
    now = now_utc()
    for _ in range(MOST_ATTEMPTS):
        assert try_once(register, REFUSED, now) is not None
        now += timedelta(hours=12)
    hook = hook_of(register, number)
    for outcome, state in ((REFUSED, "dead"), (Outcome(SendFault.NONE, 200), "delivered")):
        with register.session() as session:
            sent = commands.redeliver(session, hook, None, COMMAND_LINE, seen=hook.version)
        assert sent == 1
        message = try_once(register, outcome, now)
        assert message is not None
        assert [change.key for change in message.changes] == ["1"]
        assert [one for one, _ in states_of(register, number)] == [state]


def test_a_receiver_that_is_gone_is_not_asked_again(register: Database, receiver: Receiver) -> None:
    number = make_program_hook(register, receiver.url)
    receiver.status = 410
    tell(register, "1")
    send_due(make_sender(register))
    tell(register, "2")
    send_due(make_sender(register))
    assert len(receiver.got) == 1
    hook = hook_of(register, number)
    assert (hook.state, hook.stopped_because) == ("stopped", "gone")
    with register.reading() as session:
        statement = text("select actor, detail ->> 'reason' from audit_entry where action = :a")
        told = session.execute(statement, {"a": "webhooks:stop"}).all()
    assert told == [("system:webhooks", "gone")]


def test_ten_days_without_success_stop_it_and_somebody_lets_it_go_on(register: Database) -> None:
    number = make_program_hook(register, "http://127.0.0.1:9/")
    tell(register, *(str(n) for n in range(30)))
    begun = now = now_utc()
    while hook_of(register, number).state == "active":
        tell(register, "more")
        try_once(register, REFUSED, now)
        now += timedelta(hours=6)
        assert now - begun < timedelta(days=11)
    hook = hook_of(register, number)
    assert now - begun > timedelta(days=10)
    assert (hook.state, hook.stopped_because) == ("stopped", "failing")
    with register.session() as session:
        commands.set_hook_state(session, hook, HookState.ACTIVE, COMMAND_LINE, seen=hook.version)
    going_on = hook_of(register, number)
    assert (going_on.state, going_on.stop_reason, going_on.failing_since) == ("active", "", None)
    assert try_once(register, Outcome(SendFault.NONE, 204), now) is not None


def test_a_slow_receiver_holds_up_nobody_else(register: Database, receiver: Receiver) -> None:
    answered, arrived = threading.Event(), threading.Event()
    with opened_receiver() as slow:
        slow.before_answer = lambda: answered.wait(30)
        receiver.before_answer = arrived.set
        make_program_hook(register, slow.url, "slow")
        make_program_hook(register, receiver.url, "quick")
        tell(register, "1")
        sender = make_sender(register)

        async def work() -> None:
            await sender.turn()
            assert await asyncio.to_thread(arrived.wait, 20)
            answered.set()
            await sender.close()

        run_apart(work())
        assert receiver.positions == slow.positions == [2]


def test_a_sender_that_dies_leaves_its_message_to_the_next_one(register: Database) -> None:
    make_program_hook(register, "http://127.0.0.1:9/")
    tell(register, "1")
    now = now_utc()
    with register.session() as session:
        lost = commands.claim_message(session, now)
    assert lost is not None
    assert lost.message is not None
    assert try_once(register, REFUSED, now + HELD / 2) is None
    again = try_once(register, Outcome(SendFault.NONE, 204), now + HELD)
    assert again is not None
    assert again.delivery.id == lost.message.delivery.id
    assert again.changes == lost.message.changes


@pytest.mark.parametrize("position", [-5, 99_999])
def test_changes_that_are_kept_no_longer_stop_it(
    register: Database, receiver: Receiver, position: int
) -> None:
    """They were dropped; or the register is older than the position (restored from a backup)."""
    number = make_program_hook(register, receiver.url)
    tell(register, "1")
    with register.session() as session:
        moved = text("update webhook_progress set position = :p")
        session.execute(moved, {"p": position})
    send_due(make_sender(register))
    hook = hook_of(register, number)
    assert (hook.state, hook.stopped_because) == ("stopped", "forgotten")
    with register.session() as session:
        commands.set_hook_state(session, hook, HookState.ACTIVE, COMMAND_LINE, seen=None)
        last = get_last_position(session)
    assert hook_of(register, number).position == last
    tell(register, "2")
    send_due(make_sender(register))
    assert [change["key"] for change in receiver.got[0].said["changes"]] == ["2"]


def test_nothing_unsigned_leaves_the_house(register: Database, receiver: Receiver) -> None:
    number = make_program_hook(register, receiver.url)
    tell(register, "1")
    sender = replace(make_sender(register), keys=None)
    send_due(sender)
    assert receiver.got == []
    with register.reading() as session:
        (row,) = list_deliveries(session, number)
    assert (row.state, row.fault, row.trouble) == (
        "pending",
        "unsigned",
        "签名密钥已失效，须更换",
    )
