"""Everything that can go wrong between an address and a plate file, one class a situation."""


class PlateError(Exception):
    """A plate that cannot be made; the message names the plate, the cause and the mend."""

    def __init__(self, message: str, *, plate_id: str = "") -> None:
        self.plate_id = plate_id
        super().__init__(f"plate {plate_id}: {message}" if plate_id else message)


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
