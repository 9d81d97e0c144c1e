"""Commands of plates as `menpai plates`, crews and programs give them, over shared plates."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from address_model.inspections import Finding, PlateEventKind
from address_model.tables import Plate
from service.audit.commands import record_export
from service.batches.direct_issue import IssueRequest, issue_blanks, issue_missing
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Session
from service.plates import commands as plates
from service.plates.commands.event_request import EventRequest, record_requested_event
from service.plates.faces import face_text
from service.plates.payload_host import PayloadHost
from service.plates.queries import find_plate
from tests.factories.hosts import PREFIX
from tests.factories.plates import make_visit, metres_north
from tests.factories.trials import LAN_PREFIX
from tests.town import retire
from tests.writer_steps.hand import Hand

ORDER = IssueRequest("示例批次", "medium", PREFIX, limit=3, approval_above=10**9)


def issue_plates(hand: Hand) -> None:
    hand.town.enter(2)
    issue_missing(hand.database, ORDER, ME)


def issue_trial_plates(hand: Hand) -> None:
    order = replace(ORDER, payload_prefix=LAN_PREFIX, is_trial=True, status="in_use")
    issue_missing(hand.database, order, ME)
    with hand.database.session() as session:
        prefix = f"http://192.168.1.{hand.drawn.randrange(2, 250)}:8000/"
        plates.move_trial_batches(session, prefix, ME)


def bind_blank_plate(hand: Hand) -> None:
    batch = issue_blanks(hand.database, ORDER, "330102", 1, ME)
    with hand.database.reading() as session:
        token = session.scalars(select(Plate.token).where(Plate.batch_id == batch)).one()
    code = hand.drawn.choice((hand.code(), *hand.town.enter()))
    with hand.database.session() as session:
        plates.bind_blank_plate(session, token, code, make_visit(), ME)


def install_plate(hand: Hand) -> None:
    (code,) = hand.town.enter()
    token = hand.town.hang(code, "to_install")
    with hand.database.session() as session:
        plates.install_plate(session, token, make_visit(), ME)


def confirm_plate(hand: Hand) -> None:
    with hand.database.session() as session:
        plates.confirm_plate(session, hand.token(), make_visit(), ME)


def report_plate(hand: Hand) -> None:
    with hand.database.session() as session:
        found = hand.drawn.choice((Finding.BROKEN, Finding.MISSING, Finding.WRONG))
        plates.report_plate(session, hand.token(), found, make_visit(), ME)


def repair_plate(hand: Hand) -> None:
    with hand.database.session() as session:
        plates.repair_plate(session, hand.token(), make_visit(), ME)


def replace_plate(hand: Hand) -> None:
    actor, order = hand.town.officer.actor, plates.ReplacementRequest("破损", PREFIX, False, 10**9)
    with hand.database.session() as session:
        event = plates.replace_plate(session, hand.token(), order, make_visit(None), actor)
    with hand.database.session() as session:
        plates.install_plate(session, str(event.successor), make_visit(), actor)


def void_plate(hand: Hand) -> None:
    (code,) = hand.town.enter()
    token = hand.drawn.choice((hand.token(), hand.town.hang(code)))
    with hand.database.session() as session:
        plates.void_plate(session, token, "印错", make_visit(), ME)


def decide_about_check_in(hand: Hand) -> None:
    (code,) = hand.town.enter()
    token = hand.town.hang(code, "to_install")
    visit = make_visit(metres_north(80))
    with hand.database.session() as session:
        plates.install_plate(session, token, visit, ME)
    decide = hand.drawn.choice(
        (plates.accept_check_in, plates.repeat_check_in, plates.refuse_check_in)
    )
    with hand.database.session() as session:
        decide(session, token, visit.id, ME)


def take_down_plate(hand: Hand) -> None:
    (code,) = hand.town.enter()
    token = hand.town.hang(code)
    with hand.database.session() as session:
        retire(code)(session)
    with hand.database.session() as session:
        plates.take_down_plate(session, token, make_visit(), ME)


def record_visit(hand: Hand) -> None:
    kinds = PlateEventKind.WELL, PlateEventKind.BROKEN, PlateEventKind.REPAIRED
    with hand.database.session() as session:
        plates.record_visit(session, hand.token(), hand.drawn.choice(kinds), make_visit(), ME)


def record_called_event(hand: Hand) -> None:
    kind = hand.drawn.choice((PlateEventKind.ORDERED, PlateEventKind.WELL, PlateEventKind.VOIDED))
    host = PayloadHost(PREFIX, is_trial=False)
    order = EventRequest(kind, make_visit(), "破损", "", host, 10**9)
    with hand.database.session() as session:
        record_requested_event(session, hand.token(), order, hand.town.officer.actor)


def count_photos(hand: Hand) -> None:
    digest = f"{hand.drawn.randrange(5):064x}"
    with hand.database.session() as session:
        plates.count_photo(session, digest, hand.town.officer.actor, 10**6)


def settle_plates(hand: Hand) -> None:
    after = ""
    while True:
        with hand.database.session() as session:
            _, after = plates.settle_page(session, ME, after=after)
        if not after:
            return


def print_plates(hand: Hand) -> None:
    (code,) = hand.town.enter()
    tokens = [hand.town.hang(code, "to_make"), *hand.drawn.sample(hand.pool.tokens, 3)]
    with hand.database.session() as session:
        plates.note_printed(session, _faces(session, tokens))
        record_export(session, ME, "plates", Path("plates"), len(tokens))


def _faces(session: Session, tokens: list[str]) -> dict[str, str]:
    """What plates say, by token."""
    found = [find_plate(session, token) for token in tokens]
    return {plate.token: face_text(plate.elements) for plate in found if plate}
