"""Forms of addresses that are kept, thrown away, agreed to and carried out."""

from service.addresses import commands as addresses
from service.addresses.commands import action_drafts
from service.addresses.commands.action_drafts import FilledForm
from service.addresses.queries import find_addresses, get_address
from service.addresses.queries.action_drafts import DraftState, list_own_drafts
from service.bulk_changes.commands import (
    approve_bulk_change,
    send_back_bulk_change,
    start_bulk_change,
    stop_bulk_change,
)
from service.bulk_changes.order import BulkAction, ChangeOrder
from service.bulk_changes.tasks import BulkChangeHandler
from service.core.database import Session
from service.plates import commands as plates
from service.runs import worker_loop
from tests.writer_steps.hand import Hand

REASON = {"reason": "拆除"}
HANDLER = BulkChangeHandler
"""What is worked off here: registered by ``service.run_kinds``."""


def keep_and_drop_draft(hand: Hand) -> None:
    with hand.database.session() as session:
        held = get_address(session, hand.code())
        form = FilledForm("freeze", REASON, held.version)
        action_drafts.keep_draft(session, held, form, hand.town.officer)
    with hand.database.session() as session:
        action_drafts.drop_drafts(session, held, "freeze", hand.town.officer)


def bin_and_restore_draft(hand: Hand) -> None:
    with hand.database.session() as session:
        held = get_address(session, hand.code())
        form = FilledForm("move", {"lon": "120.165"}, held.version)
        number = action_drafts.keep_draft(session, held, form, hand.town.officer)
    with hand.database.session() as session:
        action_drafts.bin_draft(session, number, hand.town.officer)
    with hand.database.session() as session:
        action_drafts.restore_draft(session, number, hand.town.officer)


def agree_to_draft(hand: Hand) -> None:
    """What the approver agrees to, its author carries out."""
    number = _submit(hand)
    with hand.database.session() as session:
        action_drafts.approve_draft(session, number, hand.town.approver, agreed="")
    with hand.database.session() as session:
        draft = action_drafts.begin_approved(session, number, hand.town.officer)
        actor = hand.town.officer.actor
        held = addresses.retire_address(session, draft.code, actor, reason="拆除")
        plates.follow_addresses(session, [held], actor)
        action_drafts.finish_approved(session, draft, hand.town.officer, size=1)


def send_draft_back(hand: Hand) -> None:
    number = _submit(hand)
    with hand.database.session() as session:
        action_drafts.send_back_draft(session, number, "请附公告", hand.town.approver)


def throw_waiting_drafts_away(hand: Hand) -> None:
    with hand.database.session() as session:
        for draft in list_own_drafts(session, hand.town.officer):
            if draft.state == DraftState.WAITING:
                action_drafts.bin_draft(session, draft.id, hand.town.officer)
                return


def freeze_many(hand: Hand) -> None:
    """Some doors are frozen and made valid again, as runs do it for a list."""
    for action in (BulkAction.FREEZE, BulkAction.UNFREEZE):
        with hand.database.session() as session:
            number = _begin(session, hand, ChangeOrder(action, "核查"), above=100_000)
        worker_loop.run_chunks(hand.database, number)


def agree_to_many(hand: Hand) -> None:
    """One change of many is sent back, one is agreed to and stopped."""
    for step in ("send_back", "approve"):
        order = ChangeOrder(BulkAction.ELEMENT, "核查", element="devzone", value="")
        with hand.database.session() as session:
            number = _begin(session, hand, order, above=0)
        with hand.database.session() as session:
            if step == "send_back":
                send_back_bulk_change(session, number, "缺一页", hand.town.approver)
            else:
                approve_bulk_change(session, number, hand.town.approver, agreed="")
    with hand.database.session() as session:
        stop_bulk_change(session, number, hand.town.officer)


def _begin(session: Session, hand: Hand, order: ChangeOrder, *, above: int) -> int:
    rows = list(find_addresses(session, hand.codes(3)).values())
    return start_bulk_change(
        session,
        order,
        rows,
        hand.town.officer,
        title="河坊街",
        division="330102000000",
        approval_above=above,
    )


def _submit(hand: Hand) -> int:
    with hand.database.session() as session:
        held = get_address(session, hand.code())
        form = FilledForm("retire", REASON, held.version, size=3)
        return action_drafts.submit_draft(session, held, form, hand.town.officer)
