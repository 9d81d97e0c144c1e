"""Forms of addresses that are kept, thrown away, agreed to and carried out."""

from service.addresses import commands as addresses
from service.addresses.commands import action_drafts
from service.addresses.commands.action_drafts import FilledForm
from service.addresses.queries import get_address
from service.addresses.queries.action_drafts import DraftState, list_own_drafts
from service.plates import commands as plates
from tests.writer_steps.hand import Hand

REASON = {"reason": "拆除"}


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


def _submit(hand: Hand) -> int:
    with hand.database.session() as session:
        held = get_address(session, hand.code())
        form = FilledForm("retire", REASON, held.version, size=3)
        return action_drafts.submit_draft(session, held, form, hand.town.officer)
