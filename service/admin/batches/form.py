"""What the form of a new batch asks, read into a wish."""

import re
import secrets
from dataclasses import dataclass

from qr.designs import get_design, list_designs
from service.core.errors import BadRequest
from service.plates.imprint import Imprint
from service.plates.wishes import BatchWish, Choice, Make
from service.plates.wording import AUTO

_CODE = re.compile(r"(?<!\d)\d{4}(?:[ \u3000-]?\d{4}){3}(?!\d)")
MOST_CODES = 10_000


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """A size of the maker's material that can be chosen, in mm; 0 is one plate a page."""

    label: str
    width: float
    height: float


SHEETS = {
    "single": SheetChoice("每页一块", 0, 0),
    "1000x500": SheetChoice("1000 × 500 毫米铝板", 1000, 500),
    "1220x2440": SheetChoice("1220 × 2440 毫米铝板", 1220, 2440),
    "sra3": SheetChoice("450 × 320 毫米（SRA3）", 450, 320),
    "own": SheetChoice("其他尺寸", 0, 0),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields as they were typed."""

    name: str
    division: str
    street: str
    codes: str
    design: str
    sheet: str
    width: float
    height: float
    margin: float
    gap: float
    marks: bool
    reprint_reason: str


def design_choices() -> list[tuple[str, str]]:
    """All designs with their names, the choice by kind of address first."""
    return [(AUTO, "按地址类型自动选")] + [
        (name, f"{get_design(name).title}（{name}）") for name in list_designs()
    ]


def draw_request_key() -> str:
    """A key for one opened form: sent twice, it makes one batch."""
    return secrets.token_urlsafe(16)


def read_codes(text: str) -> tuple[str, ...]:
    """The address codes of a text or a file, each line or cell one.

    Raises:
        BadRequest: there is text and no code in it, or there are too many.
    """
    found = tuple(dict.fromkeys(re.sub(r"\D", "", code) for code in _CODE.findall(text)))
    if text.strip() and not found:
        raise BadRequest("the list has no address codes", mend="a code has 16 digits")
    if len(found) > MOST_CODES:
        raise BadRequest(
            f"the list has {len(found)} codes, at most {MOST_CODES}", mend="make several batches"
        )
    return found


def wish_of(asked: Asked, *, imprint: Imprint, authority: str) -> BatchWish:
    """The wish of a form.

    Raises:
        BadRequest: names what is wrong.
    """
    chosen = SHEETS.get(asked.sheet, SHEETS["single"])
    own = asked.sheet == "own"
    make = Make(
        width=asked.width if own else chosen.width,
        height=asked.height if own else chosen.height,
        margin=asked.margin,
        gap=asked.gap,
        marks=asked.marks,
        authority=authority,
    )
    choice = Choice(
        division=asked.division,
        street=asked.street.strip(),
        codes=read_codes(asked.codes),
        reprint=bool(asked.reprint_reason.strip()),
    )
    return BatchWish(
        asked.name,
        imprint.prefix,
        asked.design,
        choice,
        make,
        asked.reprint_reason.strip(),
        imprint.is_trial,
    )
