from collections.abc import Callable, Iterator

import pytest

from qr import production
from qr.content import PlateContent
from qr.designs import Design
from qr.errors import GlyphMissing, PayloadTooLong, SymbolUnproven, TextTooLong
from qr.fonts import Fonts
from qr.imposition import Sheet
from qr.layout import LaidOutPlate, PlateSpec, lay_out
from qr.pdf import PdfBook
from qr.production import Press, print_volumes
from qr.proof import prove_book, read_pdf

Build = Callable[..., PlateContent]


def orders(design: Design, contents: list[PlateContent]) -> Iterator[PlateSpec]:
    return (PlateSpec(design, content) for content in contents)


def tokens(plates: tuple[LaidOutPlate, ...]) -> list[str]:
    return [plate.content.plate_id for plate in plates]


def test_orders_become_volumes_in_order(medium: Design, plate: Build, fonts: Fonts) -> None:
    contents = [plate(serial) for serial in range(25)]
    volumes = list(print_volumes(orders(medium, contents), Press(fonts, per_volume=10)))
    assert [(v.number, len(v.plates)) for v in volumes] == [(1, 10), (2, 10), (3, 5)]
    printed = [text for v in volumes for text in read_pdf(v.data, module=2.0)]
    assert printed == [content.payload for content in contents]


def test_plates_that_cannot_be_made_leave_the_others_unharmed(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    contents = [plate(serial) for serial in range(6)]
    contents[1] = plate(1, name="长" * 60)
    contents[3] = plate(3, name="中\ue000路")
    contents[4] = plate(4, payload="https://" + "x" * 4000)
    (volume,) = print_volumes(orders(medium, contents), Press(fonts))
    refused = [(type(refusal.error), refusal.error.plate_id) for refusal in volume.refused]
    bad = [contents[place].plate_id for place in (1, 3, 4)]
    kinds = [TextTooLong, GlyphMissing, PayloadTooLong]
    assert refused == list(zip(kinds, bad, strict=True))
    assert tokens(volume.plates) == [contents[place].plate_id for place in (0, 2, 5)]
    good = list(print_volumes(orders(medium, [contents[i] for i in (0, 2, 5)]), Press(fonts)))
    assert good[0].data == volume.data


def test_a_volume_of_bad_plates_only_has_no_file(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    (volume,) = print_volumes(orders(medium, [plate(name="长" * 60)]), Press(fonts))
    assert (volume.data, volume.plates, len(volume.refused)) == (b"", (), 1)


def test_a_plate_that_does_not_read_back_is_refused_and_the_file_written_again(
    medium: Design, plate: Build, fonts: Fonts, monkeypatch: pytest.MonkeyPatch
) -> None:
    class CarelessBook(PdfBook):
        def add(self, plate: LaidOutPlate) -> None:
            wrong = {contents[1].plate_id: contents[2], contents[2].plate_id: contents[1]}
            content = wrong.get(plate.content.plate_id, plate.content)
            super().add(lay_out(medium, content, fonts))

    monkeypatch.setattr(production, "PdfBook", CarelessBook)
    contents = [plate(serial) for serial in range(4)]
    (volume,) = print_volumes(orders(medium, contents), Press(fonts))
    assert tokens(volume.plates) == [contents[0].plate_id, contents[3].plate_id]
    assert {type(refusal.error) for refusal in volume.refused} == {SymbolUnproven}
    assert "another plate's symbol" in str(volume.refused[0].error)


def test_a_whole_sheet_is_proven_place_by_place(medium: Design, plate: Build, fonts: Fonts) -> None:
    press = Press(fonts, sheet=Sheet(900, 600), marks=True)
    contents = [plate(serial) for serial in range(11)]
    (volume,) = print_volumes(orders(medium, contents), press)
    assert len(volume.plates) == 11
    moved = [volume.plates[1], volume.plates[0], *volume.plates[2:]]
    proof = prove_book(volume.data, moved, sheet=press.sheet, marks=True)
    assert [failure.place for failure in proof.failures] == [1, 2]
