"""A PDF of plates written page by page: memory grows with designs and characters only."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from io import BytesIO
from types import TracebackType
from typing import BinaryIO

from qr.content import PlateContent
from qr.designs.specification import Box, Design
from qr.fonts import Fonts
from qr.imposition import Grid, Sheet, make_grid
from qr.layout import LaidOutPlate, LayoutRefusal, PlateSpec, lay_out_all
from qr.pdf.embedded_font import EmbeddedFont
from qr.pdf.marks import REGISTRATION, draw_marks
from qr.pdf.objects import ObjectFile, PageTree, pdf_text
from qr.pdf.page_content import MM, InkOperators, draw_background, draw_plate


def write_pdf(
    design: Design,
    contents: Iterable[PlateContent],
    *,
    fonts: Fonts,
    sheet: Sheet | None = None,
    marks: bool = False,
) -> bytes:
    """Write plates of one design in the order given; the same input gives the same bytes.

    One plate per page (TrimBox is the face, BleedBox ``design.face.bleed`` mm beyond it), or as
    many as fit on a ``sheet``; ``marks`` adds crop marks. Raises TextTooLong, GlyphMissing or
    PayloadTooLong naming the first plate that cannot be made, SheetTooSmall.
    """
    buffer = BytesIO()
    with PdfBook(buffer, fonts, sheet=sheet, marks=marks) as book:
        for plate in lay_out_all((PlateSpec(design, content) for content in contents), fonts):
            if isinstance(plate, LayoutRefusal):
                raise plate.error
            book.add(plate)
    return buffer.getvalue()


def draw_pdf(plate: LaidOutPlate, fonts: Fonts) -> bytes:
    """Write a file of one laid-out plate."""
    buffer = BytesIO()
    with PdfBook(buffer, fonts) as book:
        book.add(plate)
    return buffer.getvalue()


class PdfBook(AbstractContextManager["PdfBook"]):
    """An open PDF; ``target`` needs only ``write`` and is not closed.

    Plates may have different designs; ``imposition.impose`` gives their places.
    """

    def __init__(
        self, target: BinaryIO, fonts: Fonts, *, sheet: Sheet | None = None, marks: bool = False
    ) -> None:
        self._file = ObjectFile(target)
        self._root, self._info = self._file.reserve(), self._file.reserve()
        self._resources = self._file.reserve()
        self._pages = PageTree(self._file)
        self._fonts = [EmbeddedFont(fonts, face) for face in range(len(fonts.faces))]
        self._inks = InkOperators()
        self._backgrounds: dict[int, tuple[str, int]] = {}
        self._designs: list[Design] = []
        self._sheet, self._marks = sheet, marks
        self._grid: Grid | None = None
        self._plates: list[LaidOutPlate] = []
        self._title = ""

    def add(self, plate: LaidOutPlate) -> None:
        """Draw one plate at the next place; raises SheetTooSmall."""
        face = plate.design.face
        other = bool(self._plates) and self._plates[-1].design.face != face
        if other or (self._grid and len(self._plates) == len(self._grid.faces)):
            self._show_page()
        if not self._plates:
            self._grid = make_grid(face, self._sheet, marks=self._marks)
        self._title = self._title or f"{plate.design.title} {face.width:g}×{face.height:g} mm"
        self._plates.append(plate)

    def close(self) -> None:
        """Write the last page, fonts, resources and the cross-reference table."""
        self._show_page()
        self._pages.finish()
        fonts = {font.face: font.finish(self._file) for font in self._fonts if font.used}
        faces = "".join(f"/F{face} {number} 0 R" for face, number in fonts.items())
        spaces = "".join(f"/{name} {space}" for name, space in self._inks.spaces().items())
        spaces += f"/All {REGISTRATION}" if self._marks else ""
        forms = "".join(f"/{name} {number} 0 R" for name, number in self._backgrounds.values())
        table = f"<</Font<<{faces}>>/ColorSpace<<{spaces}>>/XObject<<{forms}>>>>"
        self._file.write(self._resources, table.encode())
        self._file.write(self._root, b"<</Type/Catalog/Pages %d 0 R>>" % self._pages.root)
        entries = b"<</Title%b/Creator(Menpai)/Producer(Menpai)>>"
        self._file.write(self._info, entries % pdf_text(self._title))
        self._file.finish(self._root, self._info)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()

    def _show_page(self) -> None:
        grid, plates = self._grid, self._plates
        if grid is None or not plates:
            return
        parts = [f"{MM:.7f} 0 0 {MM:.7f} 0 0 cm"]
        for plate, box in zip(plates, grid.faces, strict=False):
            # Each at its place, its bleed clipped where that of the next one begins.
            face, out = plate.design.face, grid.bleed
            parts.append(f"q 1 0 0 1 {box.x:.4f} {grid.height - box.bottom:.4f} cm")
            if out < face.bleed:
                width, height = face.width + 2 * out, face.height + 2 * out
                parts.append(f"{-out:g} {-out:g} {width:g} {height:g} re W n")
            parts.append(f"/{self._background(plate.design)} Do")
            parts.append(f"{draw_plate(plate, self._inks, self._fonts)}\nQ")
        if self._marks:
            parts.append(draw_marks(grid, plates, self._fonts[0]))
        contents = self._file.add_stream("\n".join(parts).encode())
        # The page boxes in points; a whole sheet is not trimmed.
        page = Box(0, 0, grid.width, grid.height)
        trim = page if self._sheet else grid.faces[0]
        bleed = page if self._sheet else trim.grown(grid.bleed)
        found = []
        for name, box in (("Media", page), ("Bleed", bleed), ("Trim", trim)):
            edges = (box.x, grid.height - box.bottom, box.right, grid.height - box.y)
            found.append(f"/{name}Box[{' '.join(f'{edge * MM:.4f}' for edge in edges)}]")
        self._pages.add("".join(found).encode() + b"/Resources %d 0 R" % self._resources, contents)
        self._plates = []

    def _background(self, design: Design) -> str:
        """The name of the form XObject that draws what all plates of a design share."""
        known = self._backgrounds.get(id(design))
        if known is None:
            bleed, face = design.face.bleed, design.face
            entries = (
                f"/Type/XObject/Subtype/Form/BBox[{-bleed:g} {-bleed:g} "
                f"{face.width + bleed:g} {face.height + bleed:g}]/Resources {self._resources} 0 R"
            )
            drawn = draw_background(design, self._inks)
            number = self._file.add_stream(drawn, entries.encode())
            known = self._backgrounds[id(design)] = (f"D{len(self._backgrounds)}", number)
            self._designs.append(design)  # kept, so that no other design takes its id
        return known[0]
