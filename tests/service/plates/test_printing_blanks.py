from pathlib import Path

from sqlalchemy.orm import Session

from qr.fonts import find_fonts
from qr.proof import read_pdf
from service.core.actor import COMMAND_LINE
from service.plates.commands import issue_blank_plates, open_batch, void_plate
from service.plates.print_content import blank_spec_of
from service.plates.printed_files import PrintOrder, print_pdf
from service.plates.queries import find_blank_plate, iterate_blank_plates
from tests.factories import make_place, make_visit
from tests.factories.hosts import PREFIX


def test_blank_plates_of_a_batch_are_printed_and_read_back_without_the_void_ones(
    session: Session, tmp_path: Path
) -> None:
    make_place(session)
    batch = open_batch(
        session, name="空白牌", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    tokens = sorted(issue_blank_plates(session, batch, "330102", 3, COMMAND_LINE))
    void_plate(session, tokens[1], "印坏", make_visit(None), COMMAND_LINE)
    rows = iterate_blank_plates(session, batch.id, page=2)
    done = print_pdf(rows, PrintOrder(tmp_path, find_fonts(None)))
    assert done.refused == []
    assert done.tokens == [tokens[0], tokens[2]]
    payloads = [payload for file in done.files for payload in read_pdf(file.read_bytes())]
    assert payloads == [PREFIX + tokens[0], PREFIX + tokens[2]]


def test_a_blank_plate_shows_its_token_and_what_it_is_and_no_address(session: Session) -> None:
    make_place(session)
    batch = open_batch(
        session, name="空白牌", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    (token,) = issue_blank_plates(session, batch, "330102", 1, COMMAND_LINE)
    plate = find_blank_plate(session, token)
    assert plate is not None
    content = blank_spec_of(plate, authority="").content
    assert (content.name, content.full_number) == ("", "")
    assert (content.grouped_code, content.note) == (token, "")
