"""Webhooks are sent: from now on, once, in order, signed, to each its own."""

from datetime import timedelta

from sqlalchemy import text

from address_model.tables import ClientGrant
from service.auth.permissions import Permission
from service.core.actor import COMMAND_LINE
from service.core.clock import now_utc
from service.core.database import Database
from service.webhooks import commands
from service.webhooks.states import HookState
from service.webhooks.transport import Outcome, SendFault
from tests.factories.receivers import Receiver, make_transport
from tests.factories.webhooks import (
    FOREIGN,
    KEYS,
    OWN,
    hook_of,
    make_hook,
    make_program_hook,
    make_sender,
    open_program,
    send_due,
    states_of,
    tell,
    try_once,
)

REFUSED = Outcome(SendFault.REFUSED, 500)


def test_changes_from_now_on_arrive_signed_and_once(register: Database, receiver: Receiver) -> None:
    with register.session() as session:
        number, secret = make_hook(session, open_program(session), receiver.url)
    sender = make_sender(register)
    send_due(sender)
    assert receiver.got == []  # what was before the webhook is not told
    tell(register, "1", "2")
    send_due(sender)
    tell(register, "3")
    send_due(sender, turns=2)
    first, second = receiver.got
    assert [change["key"] for change in first.said["changes"]] == ["1", "2"]
    assert (first.said["kind"], first.said["previous"]) == ("changes", None)
    assert second.said["previous"] == first.said["delivery"]
    assert second.said["position"] == receiver.positions[-1]
    assert all(one.is_signed_by(secret) for one in receiver.got)
    assert not first.is_signed_by("mws_other")
    assert states_of(register, number) == [("delivered", 1), ("delivered", 1)]
    assert hook_of(register, number).behind == 0


def test_a_program_is_told_of_its_divisions_and_its_kinds_only(
    register: Database, receiver: Receiver
) -> None:
    with register.session() as session:
        program = open_program(session, division="330102000000")
        number, _ = make_hook(session, program, receiver.url, subjects=("facility",))
    tell(register, "theirs", division=FOREIGN)
    tell(register, "work", subject="work_item")
    tell(register, "own")
    send_due(make_sender(register))
    (got,) = receiver.got
    assert [change["key"] for change in got.said["changes"]] == ["own"]
    assert hook_of(register, number).division == "330102000000"


def test_many_changes_come_in_several_messages_in_order(
    register: Database, receiver: Receiver
) -> None:
    make_program_hook(register, receiver.url)
    tell(register, *(str(number) for number in range(1200)))
    send_due(make_sender(register), turns=4)
    assert [len(one.said["changes"]) for one in receiver.got] == [500, 500, 200]
    assert receiver.positions == list(range(2, 1202))


def test_without_a_grant_nothing_is_sent_and_with_it_all_that_waited(
    register: Database, receiver: Receiver
) -> None:
    make_program_hook(register, receiver.url)
    with register.session() as session:
        session.execute(text("update client_grant set withdrawn_at = now()"))
    tell(register, "1")
    send_due(make_sender(register), turns=2)
    assert receiver.got == []
    with register.session() as session:
        session.query(ClientGrant).update({ClientGrant.withdrawn_at: None})
        session.execute(text("update webhook_progress set busy_until = now()"))
    send_due(make_sender(register))
    assert receiver.positions == [2]


def test_a_message_tells_no_more_than_may_be_told_when_it_is_sent(
    register: Database, receiver: Receiver
) -> None:
    with register.session() as session:
        program = open_program(session)
        make_hook(session, program, receiver.url)
    tell(register, "own")
    tell(register, "theirs", division=FOREIGN)
    now = now_utc()
    assert try_once(register, REFUSED, now) is not None
    with register.session() as session:
        session.execute(text("update client_grant set division = '330102000000'"))
    message = try_once(register, REFUSED, now + timedelta(minutes=1))
    assert message is not None
    assert [change.key for change in message.changes] == ["own"]
    assert program.may(Permission.CHANGES_READ, FOREIGN)  # as it was


def test_both_secrets_sign_for_a_day(register: Database, receiver: Receiver) -> None:
    with register.session() as session:
        program = open_program(session)
        number, former = make_hook(session, program, receiver.url)
        secret, until = commands.renew_secret(session, program, number, KEYS, now_utc(), seen=None)
    assert until > now_utc() + timedelta(hours=23)
    tell(register, "1")
    send_due(make_sender(register))
    assert receiver.got[0].is_signed_by(secret)
    assert receiver.got[0].is_signed_by(former)
    with register.session() as session:
        session.execute(text("update webhook set former_until = now()"))
    tell(register, "2")
    send_due(make_sender(register))
    assert receiver.got[1].is_signed_by(secret)
    assert not receiver.got[1].is_signed_by(former)


def test_a_ping_goes_before_what_waits_and_once(register: Database, receiver: Receiver) -> None:
    with register.session() as session:
        program = open_program(session)
        number, secret = make_hook(session, program, receiver.url)
    tell(register, "1")
    assert try_once(register, REFUSED, now_utc()) is not None
    with register.session() as session:
        commands.ping_hook(session, program, number)
    receiver.status = 500
    send_due(make_sender(register, make_transport()))
    (got,) = receiver.got
    assert (got.said["kind"], got.said["changes"]) == ("ping", [])
    assert got.is_signed_by(secret)
    assert states_of(register, number) == [("pending", 1), ("dead", 1)]
    assert hook_of(register, number).dead == 0


def test_a_paused_webhook_goes_on_where_it_stopped(register: Database, receiver: Receiver) -> None:
    number = make_program_hook(register, receiver.url)
    hook = hook_of(register, number)
    with register.session() as session:
        commands.set_hook_state(session, hook, HookState.PAUSED, COMMAND_LINE, seen=hook.version)
    tell(register, "1")
    send_due(make_sender(register))
    assert receiver.got == []
    with register.session() as session:
        commands.set_hook_state(session, hook, HookState.ACTIVE, COMMAND_LINE, seen=None)
    tell(register, "2", division=OWN)
    send_due(make_sender(register))
    assert receiver.positions == [2, 3]


def test_delivered_messages_are_forgotten_after_a_month(
    register: Database, receiver: Receiver
) -> None:
    number = make_program_hook(register, receiver.url)
    for key in ("1", "2", "3"):
        tell(register, key)
        send_due(make_sender(register))
    old = text("update webhook_delivery set created_at = now() - interval '40 days' where id < 3")
    dead = text("update webhook_delivery set state = 'dead' where id = 1")
    with register.session() as session:
        session.execute(old)
        session.execute(dead)
    with register.session() as session:
        assert commands.forget_deliveries(session, now_utc(), 366) == 1
        assert commands.forget_deliveries(session, now_utc(), 31) == 1
    assert states_of(register, number) == [("delivered", 1)]
