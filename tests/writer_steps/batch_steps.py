"""Commands of batches and their runs as officers give them, over batches that all share."""

from collections.abc import Callable

from service.auth.members import StaffMember
from service.batches.commands import approval, batches, delivery
from service.batches.queries.batches import BatchRow, get_batch
from service.batches.queries.outdated_plates import find_outdated
from service.batches.request import Selection
from service.batches.tasks import BatchHandler, DeliveryHandler
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Session
from service.runs import commands as runs
from service.runs import worker_loop
from service.runs.queries import list_runs
from tests.factories.batches import make_batch_request
from tests.writer_steps.hand import Hand

HANDLERS = (BatchHandler, DeliveryHandler)
"""What is worked off here."""

ALONE = 10**9
"""So many plates go on without a second person."""


def choose_batch(hand: Hand) -> None:
    _choose(hand)


def submit_batch(hand: Hand) -> None:
    _submit(hand, hand.drawn.choice((_some(hand), _choose(hand))))


def approve_batch(hand: Hand) -> None:
    number = _choose(hand)
    _submit(hand, number, 0)
    with hand.database.session() as session:
        approval.approve_batch(session, number, hand.town.approver)


def send_back_batch(hand: Hand) -> None:
    number = _choose(hand)
    _submit(hand, number, 0)
    with hand.database.session() as session:
        approval.send_back_batch(session, number, "少一户", hand.town.approver)


def leave_out(hand: Hand) -> None:
    code, number = hand.code(), _choose(hand)
    with hand.database.session() as session:
        codes = [*get_batch(session, number).choice["codes"], code]  # type: ignore[misc]
        batches.leave_out(session, number, hand.drawn.choice(codes), "拆除", hand.town.officer)


def cancel_batch(hand: Hand) -> None:
    _do(hand, _some(hand), batches.cancel_batch)


def start_batch(hand: Hand) -> None:
    _start(hand)


def pause_batch(hand: Hand) -> None:
    _do(hand, _start(hand), batches.pause_batch)


def resume_batch(hand: Hand) -> None:
    number = _start(hand)
    _do(hand, number, batches.pause_batch)
    _do(hand, number, batches.resume_batch)


def work_at_batch(hand: Hand) -> None:
    with hand.database.reading() as session:
        run = get_batch(session, _some(hand)).run_id
    worker_loop.run_chunks(hand.database, run or 0)


def make_batch(hand: Hand) -> None:
    number = _start(hand)
    _draw_files(hand, number)
    with hand.database.session() as session:
        outdated = find_outdated(session, [number]).get(number, [])
        accepted = [plate.token for plate in outdated]
        maker, officer = "某标牌厂（演示）", hand.town.officer
        delivery.hand_over_batch(session, number, maker, officer, accepted=accepted)
    _move_plates(hand)
    _do(hand, number, delivery.receive_batch)
    _move_plates(hand)


def remake_batch(hand: Hand) -> None:
    number = _start(hand)
    _draw_files(hand, number)
    _do(hand, number, batches.remake_batch)
    _draw_files(hand, number)


def pause_run(hand: Hand) -> None:
    _steer(hand, runs.pause_run)


def resume_run(hand: Hand) -> None:
    run = _steer(hand, runs.pause_run)
    with hand.database.session() as session:
        runs.resume_run(session, run, ME)


def cancel_run(hand: Hand) -> None:
    _steer(hand, runs.cancel_run)


def _draw_files(hand: Hand, number: int) -> None:
    """Be the worker that makes the files of a batch."""
    with hand.database.reading() as session:
        run = get_batch(session, number).run_id
    worker_loop.run_chunks(hand.database, run or 0)


Act = Callable[[Session, int, StaffMember], BatchRow]


def _do(hand: Hand, number: int, act: Act) -> None:
    """Let the officer do something with a batch."""
    with hand.database.session() as session:
        act(session, number, hand.town.officer)


def _some(hand: Hand) -> int:
    """A batch that others work with too."""
    return hand.drawn.choice(hand.pool.batches or [_choose(hand)])


def _choose(hand: Hand) -> int:
    """A draft of two doors that have no plate, and one that may have."""
    codes = (*hand.town.enter(2), hand.code())
    with hand.database.session() as session:
        order = make_batch_request(choice=Selection(codes=codes))
        number = batches.choose_batch(session, order, hand.town.officer).batch.id
    return hand.share(hand.pool.batches, number)


def _submit(hand: Hand, number: int, above: int = ALONE) -> None:
    with hand.database.session() as session:
        approval.submit_batch(session, number, hand.town.officer, approval_above=above)


def _start(hand: Hand) -> int:
    """A batch that nobody has made yet, under way."""
    number = _choose(hand)
    _submit(hand, number)
    _do(hand, number, batches.start_batch)
    return number


def _steer(hand: Hand, act: Callable[..., object]) -> int:
    """Let somebody at a shell do something with the run of a batch."""
    with hand.database.session() as session:
        run = get_batch(session, _start(hand)).run_id or 0
        act(session, run, ME)
    return run


def _move_plates(hand: Hand) -> None:
    """Be the worker of the deliveries that are under way."""
    with hand.database.reading() as session:
        found = [run.id for run in list_runs(session, kind=delivery.KIND, limit=5)]
    for run in found:
        worker_loop.run_chunks(hand.database, run)
