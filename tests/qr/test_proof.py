import re
import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from qr.content import PlateContent
from qr.designs import Design
from qr.fonts import Fonts
from qr.layout import lay_out
from qr.pdf import write_pdf
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
        parts = {symbols[first]: symbols[second], symbols[second]: symbols[first]}
        raw = SYMBOL.sub(lambda m: m[0].replace(m[1], parts.get(m[1], m[1])), raw)
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
    assert (surplus.place, "too many" in surplus.reason) == (6, True)
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
    assert (surplus.place, "too many" in surplus.reason) == (6, True)
    (lost,) = prove_book(sheet, [*plates, plates[0]]).failures
    assert (lost.place, "no such page" in lost.reason) == (7, True)


def test_a_symbol_out_of_its_place_is_found(
    medium: Design, sheet: bytes, contents: list[PlateContent], fonts: Fonts
) -> None:
    box = medium.symbol.box
    place = replace(medium.symbol, box=replace(box, x=box.x - 40))
    plates = [lay_out(replace(medium, symbol=place), content, fonts) for content in contents]
    assert len(prove_book(sheet, plates).failures) == 6
