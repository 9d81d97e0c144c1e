"""The errors between an address and a plate file, one class per situation."""

from typing import Self


class PlateError(Exception):
    """A plate that cannot be made; the message names the plate, the cause and the hint."""

    def __init__(self, message: str, *, plate_id: str = "") -> None:
        self.message = message
        self.plate_id = plate_id
        super().__init__(f"plate {plate_id}: {message}" if plate_id else message)

    def on(self, plate_id: str) -> Self:
        """Return the error with a plate's id; one that already names a plate is unchanged."""
        return self if self.plate_id else type(self)(self.message, plate_id=plate_id)


class TextTooLong(PlateError):
    """A text does not fit its box even at the smallest height the design allows."""


class GlyphMissing(PlateError):
    """No installed font has a glyph for a character of the text."""


class FontMissing(PlateError):
    """No usable TrueType font is installed, or the one asked for cannot be used."""


class DesignUnknown(PlateError):
    """No design has that name."""


class DesignInvalid(PlateError):
    """A design file breaks the rules of design files."""


class PayloadTooLong(PlateError):
    """The payload needs modules too small for this plate, or exceeds every symbol version."""


class PublicUrlRefused(PlateError):
    """The public URL cannot be printed on a plate."""


class TokenInvalid(PlateError):
    """The token has characters that a payload cannot hold."""


class SheetTooSmall(PlateError):
    """The imposition sheet is too small for a single plate."""


class SymbolUnproven(PlateError):
    """The symbol did not read back from the finished file as the plate's own."""


class OutputRefused(PlateError):
    """The output folder or file cannot be written."""


class FileNameRefused(PlateError):
    """A token cannot name a file, or occurs twice in one archive."""
