"""Everything that can go wrong between an address and a plate file, one class a situation."""

from typing import Self


class PlateError(Exception):
    """A plate that cannot be made; the message names the plate, the cause and the hint."""

    def __init__(self, message: str, *, plate_id: str = "") -> None:
        self.message = message
        self.plate_id = plate_id
        super().__init__(f"plate {plate_id}: {message}" if plate_id else message)

    def on(self, plate_id: str) -> Self:
        """Return the same error for a plate; one that names a plate already stays as it is."""
        return self if self.plate_id else type(self)(self.message, plate_id=plate_id)


class TextTooLong(PlateError):
    """A text does not fit its box even at the smallest height the design allows."""


class GlyphMissing(PlateError):
    """No installed font holds a character of the text."""


class FontMissing(PlateError):
    """No usable TrueType font is installed, or the one asked for cannot be used."""


class DesignUnknown(PlateError):
    """There is no design of that name."""


class DesignInvalid(PlateError):
    """A design file breaks the rules of design files."""


class PayloadTooLong(PlateError):
    """The payload needs a symbol whose modules would be too small on this plate."""


class PublicUrlRefused(PlateError):
    """The public URL cannot be printed on a plate."""


class TokenInvalid(PlateError):
    """The token is not one that a payload can hold."""


class SheetTooSmall(PlateError):
    """The sheet on which plates are imposed does not hold a single one."""


class SymbolUnproven(PlateError):
    """The symbol did not read back from the finished file as the plate's own."""


class OutputRefused(PlateError):
    """The folder or file that plates are written to cannot be written."""


class FileNameRefused(PlateError):
    """A token cannot name a file, or two plates of one archive have the same."""
