"""Lists taken in as the shell and the desk do, and the answers that their rows wait for."""

from address_model.tables import ListUploadRow
from service.auth.grants import Program
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Session
from service.core.files import FileStore
from service.imports.commands import (
    answer_question,
    list_questions,
    upload_review,
    upload_runs,
    uploads,
)
from service.imports.commands.question_answers import QuestionAnswer, decide_question
from service.imports.commands.upload_corrections import keep_corrections
from service.imports.row_log import RowOutcome
from service.imports.uploads.queries import UploadRow, get_upload
from service.matching.batches import Batch
from service.matching.commands import queue_batch
from service.matching.resolve_options import ANYWHERE
from service.runs.commands import Chunk, cancel_run
from service.runs.queries import get_run
from tests.factories.lists import HEADINGS, ROW, take_in
from tests.factories.numerals import spelled
from tests.writer_steps.hand import Hand

TOGETHER = 12
"""So many numbers have one street: several writers list it at nearly the same time."""


def import_new_street(hand: Hand) -> None:
    street = f"示例{spelled(hand.number())}弄街"
    take_in(hand.database, hand.folder, HEADINGS + _rows(street, range(1, 6)))


def import_one_street(hand: Hand) -> None:
    numbers = hand.drawn.sample(range(1, 40), 6)
    take_in(hand.database, hand.folder, HEADINGS + _rows(_street_of_now(hand, "长"), numbers))


def import_rooms(hand: Hand) -> None:
    street = _street_of_now(hand, "苑")
    rooms = [f"{hand.drawn.randrange(1, 4)}0{hand.drawn.randrange(1, 9)}室" for _ in range(4)]
    rows = "".join(_row(street, 1 + at % 2, room=room) for at, room in enumerate(rooms))
    take_in(hand.database, hand.folder, HEADINGS + rows, with_parents=True)


def import_corrections(hand: Hand) -> None:
    street = f"示例{spelled(hand.number())}新街"
    lines = [f"{code},{_row(street, number)}" for number, code in enumerate(hand.codes(3), start=1)]
    take_in(hand.database, hand.folder, f"地址编码,{HEADINGS}" + "".join(lines))


def import_namesakes(hand: Hand) -> None:
    street = _street_of_now(hand, "岔")
    rows = _rows(street, (1, 3)) + _rows(street, (3, 5, 7), "示例门街道")
    take_in(hand.database, hand.folder, HEADINGS + rows)
    answer_namesakes(hand)


def answer_namesakes(hand: Hand) -> None:
    with hand.database.reading() as session:
        found = list_questions(session, county="330102")
    if not found:
        return
    asked, is_one = hand.drawn.choice(found), hand.drawn.random() < 0.5
    with hand.database.session() as session:
        answer_question(
            session,
            asked.place.number,
            asked.township,
            ME,
            is_one=is_one,
            qualifier=asked.qualifier,
        )


def review_list(hand: Hand) -> None:
    """Submit a list that a colleague sends back, take it back once, and have it approved."""
    held, officer = _upload(hand), hand.town.officer
    with hand.database.session() as session:
        uploads.keep_check(session, held, {"rows": 1, "counts": dict.fromkeys(RowOutcome, 0)})
        session.add(ListUploadRow(upload_id=held.id, number=2, part=0, outcome="new"))
    colleague = hand.town.approver

    def see(session: Session) -> UploadRow:
        return get_upload(session, held.id)

    for step in ("send_back", "withdraw", "approve"):
        with hand.database.session() as session:
            upload_review.submit_upload(session, see(session), officer.actor, approval_above=0)
        with hand.database.session() as session:
            if step == "send_back":
                upload_review.send_back_upload(session, see(session), colleague, reason="缺一页")
            elif step == "withdraw":
                upload_review.withdraw_upload(session, see(session), officer)
            else:
                upload_review.approve_upload(session, see(session), colleague)
    with hand.database.session() as session:
        upload_runs.stop_upload(session, see(session), officer.actor)


def decide_namesakes(hand: Hand) -> None:
    """As ``answer_namesakes``, at the desk."""
    with hand.database.reading() as session:
        found = list_questions(session, county="330102")
    if not found:
        return
    asked, is_one = hand.drawn.choice(found), hand.drawn.random() < 0.5
    answer = QuestionAnswer(asked.place.number, asked.township, asked.qualifier, is_one)
    with hand.database.session() as session:
        decide_question(session, hand.town.officer, answer, seen=asked.place.version)


def upload_list(hand: Hand) -> None:
    _upload(hand)


def abandon_upload(hand: Hand) -> None:
    held = _upload(hand)
    with hand.database.session() as session:
        uploads.abandon_upload(session, _files(hand), held, hand.town.officer.actor)


def queue_list(hand: Hand) -> None:
    """Queue a list to be checked and stored, and stop it both times."""
    held, actor = _upload(hand), hand.town.officer.actor
    with hand.database.session() as session:
        upload_runs.queue_check(session, held, actor)
    with hand.database.session() as session:
        upload_runs.stop_upload(session, get_upload(session, held.id), actor)
    with hand.database.session() as session:
        uploads.keep_check(session, get_upload(session, held.id), {"rows": 1, "counts": {}})
        upload_runs.queue_store(session, get_upload(session, held.id), actor)
    with hand.database.session() as session:
        upload_runs.stop_upload(session, get_upload(session, held.id), actor)


def store_in_one_run(hand: Hand) -> None:
    """As the run of a list that a program has sent does, which then stops."""
    held, actor = _upload(hand), hand.town.officer.actor
    with hand.database.session() as session:
        number = upload_runs.queue_check(session, held, actor, stores=True)
    with hand.database.session() as session:
        counts = dict.fromkeys(RowOutcome, 0)
        checked = get_upload(session, held.id)
        uploads.keep_check(session, checked, {"rows": 1, "counts": counts})
        session.add(ListUploadRow(upload_id=held.id, number=2, part=0, outcome="new"))
        session.flush()
        chunk = Chunk(get_run(session, number), 1, upload_runs.CHECK, 1, {})
        upload_review.submit_checked(session, held.id, chunk, approval_above=10**6)
    with hand.database.session() as session:
        upload_runs.stop_upload(session, get_upload(session, held.id), actor)


def queue_batch_to_resolve(hand: Hand) -> None:
    """As a program of its own sends it, and stops it."""
    batch = Batch("地址\n河坊街1号\n".encode(), "text/csv", ".csv")
    program = Program(1, f"p-{hand.number()}")
    with hand.database.session() as session:
        run = queue_batch(session, _files(hand), batch, "", ANYWHERE, program=program)
    with hand.database.session() as session:
        cancel_run(session, run.id, program.actor)


def correct_list(hand: Hand) -> None:
    """Take a row out of a list that was checked."""
    held, actor = _upload(hand), hand.town.officer.actor
    counts = dict.fromkeys(RowOutcome, 0)
    with hand.database.session() as session:
        uploads.keep_check(session, held, {"rows": 1, "counts": counts})
    with hand.database.session() as session:
        checked = get_upload(session, held.id)
        keep_corrections(session, checked, {2: None}, actor, keep_rows=lambda _: None)


def _files(hand: Hand) -> FileStore:
    return FileStore(str(hand.folder / "files"))


def _upload(hand: Hand) -> UploadRow:
    file = hand.folder / f"{hand.number()}.csv"
    file.write_text(HEADINGS, "utf-8")
    with hand.database.session() as session:
        return uploads.add_upload(
            session,
            _files(hand),
            hand.town.officer.actor,
            division="330102000000",
            file_name="清波街道登记表.csv",
            file=file,
        )


def _street_of_now(hand: Hand, kind: str) -> str:
    return f"示例{spelled(hand.number() // TOGETHER)}{kind}街"


def _rows(street: str, numbers: object, township: str = "清波街道") -> str:
    return "".join(_row(street, number, township) for number in numbers)  # type: ignore[attr-defined]


def _row(street: str, number: int, township: str = "清波街道", room: str = "") -> str:
    row = ROW.format(number=f"{number}号", room=room, lon=120.165, lat=30.24)
    return row.replace("河坊街", street).replace("清波街道", township)
