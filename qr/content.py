"""The texts printed on one plate."""

import re
from dataclasses import dataclass

_AFTER_QUANTIFIER = ("之", "附")
_CODE_DIGITS = 16


@dataclass(frozen=True, slots=True)
class PlateContent:
    """The texts of one plate; the place of an empty optional text stays free.

    ``plate_id`` is the plate's token and is used in errors; ``payload`` is the text of the symbol;
    ``name`` is the thoroughfare, estate or village in 汉字, ``pinyin`` its spelling as printed
    (pass an overridden spelling here); ``code`` is the 16-digit address code without spaces.
    ``second_script`` is the name in a minority script, ``valid_until`` the last day of a temporary
    plate. ``address`` and ``contacts`` are for indoor stickers only: the full standard text, and
    posts with their telephone numbers. The parts of name and address are their elements in order
    (江湾国际新城揽月花园, 128幢, 12单元), between which lines may break; a text without parts
    breaks after generic terms. A trial plate (``is_trial``) bears 试印 and is never installed.
    """

    plate_id: str
    payload: str
    name: str
    number: str
    code: str
    pinyin: str = ""
    suffix: str = ""
    quantifier: str = "号"
    authority: str = ""
    note: str = ""
    postcode: str = ""
    second_script: str = ""
    valid_until: str = ""
    address: str = ""
    contacts: str = ""
    name_parts: tuple[str, ...] = ()
    address_parts: tuple[str, ...] = ()
    is_trial: bool = False

    def parts_of(self, text: str) -> tuple[str, ...]:
        """The elements of the text named ``text``; empty for texts without elements."""
        return {"name": self.name_parts, "address": self.address_parts}.get(text, ())

    @property
    def full_number(self) -> str:
        """The number with suffix and quantifier in reading order.

        ``之一`` and ``附1`` follow the quantifier (123号之一); all others precede it (47-1号,
        12甲号).
        """
        if self.suffix.startswith(_AFTER_QUANTIFIER):
            return f"{self.number}{self.quantifier}{self.suffix}"
        return f"{self.plain_number}{self.quantifier}"

    @property
    def plain_number(self) -> str:
        """The number with its suffix and without the quantifier (47-1, 12甲)."""
        joint = "-" if self.suffix[:1].isdigit() else ""
        return f"{self.number}{joint}{self.suffix}"

    @property
    def grouped_code(self) -> str:
        """The code in groups of four digits (``3301 0612 3456 7833``)."""
        if not re.fullmatch(rf"\d{{{_CODE_DIGITS}}}", self.code):
            return self.code
        return " ".join(self.code[i : i + 4] for i in range(0, _CODE_DIGITS, 4))
