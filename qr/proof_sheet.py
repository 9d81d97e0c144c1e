"""The proof sheet (校样) of a batch: what an officer looks at before the maker gets the files.

A4: what was ordered and by whom, the number of plates per design, the first plates and the longest
of each design as they will look, every file with its SHA-256, and lines to sign on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain

from qr.fonts import Fonts
from qr.layout import LayoutRefusal, PlateSpec, Series, lay_out_all
from qr.paper import Paper
from qr.png import draw_png

_WIDTH, _HEIGHT = 210.0, 297.0
_EDGE = 18.0
_FOOT = 279.0
_BLACK, _GREY = (0, 0, 0, 1), (0, 0, 0, 0.55)
_RED, _WHITE = (0, 1, 0.9, 0.1), (0, 0, 0, 0)
_BLUE, _RULE = (1, 0.75, 0, 0.1), (0, 0, 0, 0.25)
_TRIAL = "试印　不是正式门牌，不得安装"
_LARGEST = (84.0, 58.0)
"""The maximum width and height in mm of a plate's picture."""

_DPI = 110


@dataclass(frozen=True, slots=True)
class SheetFile:
    """One file of the batch: name, plates, pages and SHA-256."""

    name: str
    plates: int
    pages: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Samples:
    """Plates of one design to be shown, and the series they belong to."""

    orders: tuple[PlateSpec, ...]
    series: Series = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProofSheet:
    """The contents of a proof sheet.

    ``facts`` are pairs of label and value; ``samples`` are plates to be shown, designs in order;
    ``notes`` are what an officer must not overlook; ``signatures`` the labels of the lines at the
    end; ``opens`` is the address a browser shows after a scan, printed large.
    """

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    samples: tuple[Samples, ...]
    files: tuple[SheetFile, ...]
    notes: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ("经办", "复核", "制作单位")
    opens: str = ""
    is_trial: bool = False


def write_proof_sheet(sheet: ProofSheet, fonts: Fonts) -> bytes:
    """Write the sheet as PDF; the same sheet gives the same bytes."""
    buffer = BytesIO()
    page = Paper(buffer, fonts, _WIDTH, _HEIGHT)
    page.title(sheet.title)
    writer = _Writer(page, sheet)
    writer.head()
    writer.address()
    writer.facts()
    writer.samples(fonts)
    writer.files()
    writer.notes()
    writer.signatures()
    writer.foot()
    page.close()
    return buffer.getvalue()


class _Writer:
    """Writes block below block, and starts a new page when one does not fit."""

    def __init__(self, page: Paper, sheet: ProofSheet) -> None:
        self._page = page
        self._sheet = sheet
        self._y = _EDGE
        self._number = 1

    def head(self) -> None:
        """Title and subtitle over a blue rule."""
        page, room = self._page, _WIDTH - 2 * _EDGE
        size = page.fitting(self._sheet.title, 8, room)
        page.text(_EDGE, self._y + 8, self._sheet.title, size, _BLUE)
        page.text(_EDGE, self._y + 15, self._sheet.subtitle, 4, _GREY)
        page.line(_EDGE, self._y + 18, room, _BLUE)
        self._y += 26

    def address(self) -> None:
        """The address a scan opens, large enough to spot a wrong host, and 试印 on a trial."""
        page, room = self._page, _WIDTH - 2 * _EDGE
        if self._sheet.is_trial:
            page.box(_EDGE, self._y - 5, room, 11, _RED)
            page.text(_EDGE + 4, self._y + 3.2, _TRIAL, 6.2, _WHITE)
            self._y += 14
        if self._sheet.opens:
            page.text(_EDGE, self._y, "扫码后打开：", 4.2, _GREY)
            size = page.fitting(self._sheet.opens, 9, room)
            page.text(_EDGE, self._y + 10, self._sheet.opens, size, _BLACK)
            self._y += 19

    def facts(self) -> None:
        """Two columns of labels and values."""
        column = (_WIDTH - 2 * _EDGE) / 2
        for place, (label, said) in enumerate(self._sheet.facts):
            x = _EDGE + place % 2 * column
            self._page.text(x, self._y, label, 3.4, _GREY)
            size = self._page.fitting(said, 3.8, column - 26)
            self._page.text(x + 23, self._y, said, size, _BLACK)
            if place % 2 or place == len(self._sheet.facts) - 1:
                self._y += 6.4
        self._y += 4

    def samples(self, fonts: Fonts) -> None:
        """Plates side by side, each with its design, size and name."""
        self._heading("样张（按比例缩小）")
        x, row = _EDGE, 0.0
        shown = (lay_out_all(some.orders, fonts, some.series) for some in self._sheet.samples)
        for laid in chain.from_iterable(shown):
            if isinstance(laid, LayoutRefusal):
                continue
            design, face = laid.design, laid.design.face
            scale = min(_LARGEST[0] / face.width, _LARGEST[1] / face.height, 1.0)
            width, height = face.width * scale, face.height * scale
            if x + width > _WIDTH - _EDGE + 0.1:
                self._y += row
                x, row = _EDGE, 0.0
            if self._turn(height + 12):
                x, row = _EDGE, 0.0
            self._page.picture(x, self._y, width, draw_png(laid, fonts, dpi=_DPI))
            name = laid.content.name + laid.content.full_number
            caption = f"{design.title} {face.width:g}×{face.height:g} mm　{name}"
            size = self._page.fitting(caption, 3.2, width)
            self._page.text(x, self._y + height + 4.4, caption, size, _BLACK)
            self._page.text(x, self._y + height + 8.6, laid.content.plate_id, 2.8, _GREY)
            x, row = x + width + 6, max(row, height + 14)
        self._y += row + 2

    def files(self) -> None:
        """Every file with its plates, pages and SHA-256."""
        self._heading("文件")
        for file in self._sheet.files:
            self._turn(10)
            line = f"{file.name}　{file.plates} 块　{file.pages} 页"
            self._page.text(_EDGE, self._y, line, 3.4, _BLACK)
            self._page.text(_EDGE, self._y + 4.2, f"SHA-256 {file.sha256}", 2.7, _GREY)
            self._y += 9.4
        self._y += 2

    def notes(self) -> None:
        """What an officer must not overlook."""
        if not self._sheet.notes:
            return
        self._heading("注意")
        for note in self._sheet.notes:
            for line in self._page.lines(note, 3.4, _WIDTH - 2 * _EDGE):
                self._turn(6)
                self._page.text(_EDGE, self._y, line, 3.4, _BLACK)
                self._y += 5.4
        self._y += 2

    def signatures(self) -> None:
        """Lines to sign on."""
        self._turn(24)
        self._y += 12
        each = (_WIDTH - 2 * _EDGE) / len(self._sheet.signatures)
        for place, label in enumerate(self._sheet.signatures):
            x = _EDGE + place * each
            self._page.line(x, self._y, each - 8, _BLACK)
            self._page.text(x, self._y + 4.6, f"{label}（签字、日期）", 3.2, _GREY)
        self._y += 10

    def foot(self) -> None:
        """The page number."""
        line = f"{self._sheet.title}　第 {self._number} 页"
        self._page.text(_EDGE, _HEIGHT - 9, line, 2.8, _GREY)

    def _heading(self, text: str) -> None:
        self._turn(40)
        self._page.text(_EDGE, self._y, text, 4.6, _BLUE)
        self._page.line(_EDGE, self._y + 2, _WIDTH - 2 * _EDGE, _RULE)
        self._y += 8

    def _turn(self, needed: float) -> bool:
        """Start a new page unless ``needed`` mm are left; return whether it did."""
        if self._y + needed <= _FOOT:
            return False
        self.foot()
        self._page.next_page()
        self._number += 1
        self._y = _EDGE
        return True


def choose_samples(orders: Sequence[PlateSpec], most: int = 4) -> list[PlateSpec]:
    """The first plates of a design, and the one with the longest text, the hardest to set."""
    longest = max(orders, key=lambda o: (len(o.content.name + o.content.full_number),))
    chosen = list(orders[: most - 1])
    return chosen if longest in chosen else [*chosen, longest]
