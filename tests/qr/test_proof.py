import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from qr.content import PlateContent
from qr.designs import Design
from qr.fonts import Fonts
from qr.layout import LaidOutPlate, lay_out
from qr.pdf import book, draw_pdf, write_pdf
from qr.pdf.page_content import InkOperators, draw_background
from qr.proof import prove_book, prove_pdf

Build = Callable[..., PlateContent]
SYMBOL = re.compile(rb"/AHx ID\n([0-9a-f]+)>")
STREAM = re.compile(rb"/Length \d+/Filter/FlateDecode>>\nstream\n(x\x9c.*?)\nendstream", re.DOTALL)


@pytest.fixture(scope="module")
def contents(plate: Build) -> list[PlateContent]:
    return [plate(serial) for serial in range(6)]


@pytest.fixture(scope="module")
def sheet(medium: Design, contents: list[PlateContent], fonts: Fonts) -> bytes:
    return write_pdf(medium, contents, fonts=fonts)


def payloads(contents: list[PlateContent]) -> list[str]:
    return [content.payload for content in contents]


def pages(sheet: bytes) -> list[bytes]:
    streams = [zlib.decompress(found[1]) for found in STREAM.finditer(sheet)]
    return [stream for stream in streams if SYMBOL.search(stream)]


def with_swapped_symbols(sheet: bytes, first: int, second: int) -> bytes:
    symbols = [SYMBOL.findall(page)[0] for page in pages(sheet)]

    def swap(found: re.Match[bytes]) -> bytes:
        raw = zlib.decompress(found[1])
        if not SYMBOL.search(raw):
            return found[0]
        parts: dict[Any, Any] = {symbols[first]: symbols[second], symbols[second]: symbols[first]}

        def exchange(one: re.Match[bytes]) -> bytes:
            symbol: bytes = one[1]
            return one[0].replace(symbol, parts.get(symbol, symbol))

        raw = SYMBOL.sub(exchange, raw)
        packed = zlib.compress(raw)
        head = b"/Length %d/Filter/FlateDecode>>" % len(packed)
        return b"%b\nstream\n%b\nendstream" % (head, packed)

    return with_true_offsets(STREAM.sub(swap, sheet))


def with_true_offsets(sheet: bytes) -> bytes:
    body = sheet[: sheet.rindex(b"xref\n0 ")]
    tail = sheet[sheet.rindex(b"trailer") :]
    starts = {int(m[1]): m.start() for m in re.finditer(rb"(?m)^(\d+) 0 obj", body)}
    lines = [b"%010d 00000 n \n" % starts[number] for number in sorted(starts)]
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(lines) + 1) + b"".join(lines)
    return body + table + re.sub(rb"startxref\n\d+", b"startxref\n%d" % len(body), tail)


def test_a_sheet_as_written_passes(sheet: bytes, contents: list[PlateContent]) -> None:
    proof = prove_pdf(sheet, payloads(contents), module=2.0)
    assert proof.passed
    assert proof.checked == 6


def test_two_swapped_symbols_in_a_finished_file_are_found(
    sheet: bytes, contents: list[PlateContent]
) -> None:
    proof = prove_pdf(with_swapped_symbols(sheet, 1, 4), payloads(contents), module=2.0)
    assert [failure.place for failure in proof.failures] == [2, 5]
    assert proof.failures[0].read == (contents[4].payload,)
    assert "another plate's symbol" in proof.failures[0].reason


def test_a_page_too_many_and_a_page_missing_are_found(
    sheet: bytes, contents: list[PlateContent]
) -> None:
    (surplus,) = prove_pdf(sheet, payloads(contents)[:5], module=2.0).failures
    assert (surplus.place, "surplus page" in surplus.reason) == (6, True)
    (lost,) = prove_pdf(sheet, [*payloads(contents), "https://X"], module=2.0).failures
    assert (lost.place, "no such page" in lost.reason) == (7, True)


def test_a_plate_whose_symbol_cannot_be_read_is_found(
    medium: Design, contents: list[PlateContent], fonts: Fonts
) -> None:
    white = medium.colours.symbol_ground
    blank = replace(medium, colours=replace(medium.colours, symbol_ink=white))
    data = write_pdf(blank, contents[:1], fonts=fonts)
    (failure,) = prove_pdf(data, payloads(contents)[:1], module=2.0).failures
    assert "no symbol was read" in failure.reason


def test_the_swap_is_found_at_the_places_of_the_plates(
    medium: Design, sheet: bytes, contents: list[PlateContent], fonts: Fonts
) -> None:
    plates = [lay_out(medium, content, fonts) for content in contents]
    assert prove_book(sheet, plates).passed
    proof = prove_book(with_swapped_symbols(sheet, 1, 4), plates)
    assert [failure.place for failure in proof.failures] == [2, 5]
    assert proof.failures[1].expected == contents[4].payload


def test_pages_too_many_or_missing_are_found_at_their_places(
    medium: Design, sheet: bytes, contents: list[PlateContent], fonts: Fonts
) -> None:
    plates = [lay_out(medium, content, fonts) for content in contents]
    (surplus,) = prove_book(sheet, plates[:5]).failures
    assert (surplus.place, "surplus page" in surplus.reason) == (6, True)
    (lost,) = prove_book(sheet, [*plates, plates[0]]).failures
    assert (lost.place, "no such page" in lost.reason) == (7, True)


def test_a_symbol_out_of_its_place_is_found(
    medium: Design, sheet: bytes, contents: list[PlateContent], fonts: Fonts
) -> None:
    box = medium.symbol.box
    place = replace(medium.symbol, box=replace(box, x=box.x - 40))
    plates = [lay_out(replace(medium, symbol=place), content, fonts) for content in contents]
    assert len(prove_book(sheet, plates).failures) == 6


def with_broken_columns(plate: LaidOutPlate, columns: int) -> LaidOutPlate:
    """Turn over every module of some columns of the data between the finder patterns."""
    modules = plate.symbol.modules()
    modules[9:, 9 : 9 + columns] ^= True
    packed = np.packbits(modules, axis=1).tobytes()
    return replace(plate, symbol=replace(plate.symbol, packed=packed))


def test_codewords_that_level_h_corrects_are_read_and_more_are_not(
    medium: Design, contents: list[PlateContent], fonts: Fonts
) -> None:
    plate = lay_out(medium, contents[0], fonts)
    assert plate.symbol.version == 3  # 70 codewords, 22 can be corrected
    few, many = (draw_pdf(with_broken_columns(plate, count), fonts) for count in (4, 11))
    assert prove_book(few, [plate]).passed  # 80 modules: at most 15 codewords
    (failure,) = prove_book(many, [plate]).failures  # 220 modules: at least 27 codewords
    assert "no symbol was read" in failure.reason


def test_a_quiet_zone_in_the_blue_of_the_plate_is_found(
    medium: Design, contents: list[PlateContent], fonts: Fonts, monkeypatch: pytest.MonkeyPatch
) -> None:
    plate = lay_out(medium, contents[0], fonts)

    def without_quiet_zone(design: Design, inks: InkOperators) -> bytes:
        box = design.symbol.box.grown(-4 * plate.module)
        return draw_background(replace(design, symbol=replace(design.symbol, box=box)), inks)

    monkeypatch.setattr(book, "draw_background", without_quiet_zone)
    (failure,) = prove_book(draw_pdf(plate, fonts), [plate]).failures
    assert (failure.read, "check quiet zone" in failure.reason) == ((), True)


def test_a_proof_says_what_was_read_at_every_place(
    medium: Design, sheet: bytes, contents: list[PlateContent], fonts: Fonts
) -> None:
    plates = [lay_out(medium, content, fonts) for content in contents]
    expected = [(payload,) for payload in payloads(contents)]
    assert list(prove_book(sheet, plates).read) == expected
    swapped = prove_book(with_swapped_symbols(sheet, 1, 4), plates).read
    assert (swapped[1], swapped[4]) == (expected[4], expected[1])
    assert prove_book(sheet, [*plates, plates[0]]).read[6] is None
