"""The form of a new batch, read into a request."""

import re
import secrets
from dataclasses import dataclass

from pydantic import BaseModel

from qr.designs import get_design, list_designs
from service.batches.request import BatchRequest, PrintOptions, Selection
from service.core.errors import BadRequest
from service.plates.payload_host import PayloadHost
from service.plates.print_content import AUTO

_CODE = re.compile(r"(?<![0-9A-Za-z])\d{4}(?:[ \u3000-]?\d{4}){3}(?![0-9A-Za-z])")
_LENGTH = re.compile(r"\d{1,4}(\.\d{1,3})?")
MOST_CODES = 10_000
LARGEST_LIST = 2_000_000
"""The most bytes read of an uploaded list of codes; the rest is ignored."""

LONGEST_MM = 5000


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """A sheet size to choose, in mm; 0 is one plate per page."""

    label: str
    width: float
    height: float


SHEETS = {
    "single": SheetChoice("单块排版", 0, 0),
    "1000x500": SheetChoice("1000 × 500 毫米铝板", 1000, 500),
    "1220x2440": SheetChoice("1220 × 2440 毫米铝板", 1220, 2440),
    "sra3": SheetChoice("450 × 320 毫米（SRA3）", 450, 320),
    "own": SheetChoice("其他尺寸", 0, 0),
}


class BatchForm(BaseModel):
    """The fields as typed; ``request_of`` checks them."""

    name: str = ""
    request_key: str = ""
    division: str = ""
    street: str = ""
    codes: str = ""
    design: str = AUTO
    sheet: str = "single"
    width: str = "0"
    height: str = "0"
    margin: str = "15"
    gap: str = "6"
    marks: bool = False
    reprint_reason: str = ""
    trial: bool = False

    @property
    def key(self) -> str:
        """The idempotency key of this form: sent twice, it makes one batch."""
        return self.request_key[:255] or draw_request_key()


def design_choices() -> list[tuple[str, str]]:
    """All designs with their titles, the automatic choice first."""
    return [(AUTO, "按地址类型自动选")] + [
        (name, get_design(name).title) for name in list_designs()
    ]


def draw_request_key() -> str:
    """Draw an idempotency key for a form."""
    return secrets.token_urlsafe(16)


def read_codes(text: str) -> tuple[str, ...]:
    """The address codes in a text or a file, without duplicates.

    Raises:
        BadRequest: there is text but no code in it, or there are too many codes.
    """
    found = tuple(dict.fromkeys(re.sub(r"\D", "", code) for code in _CODE.findall(text)))
    if text.strip() and not found:
        raise BadRequest(
            "the list has no address codes",
            hint="an address code has 16 digits",
            zh="名单里没有地址编码。编码是 16 位数字，每行一个。",
        )
    if len(found) > MOST_CODES:
        raise BadRequest(
            f"the list has {len(found)} codes, at most {MOST_CODES}",
            hint="make several batches",
            zh=f"名单有 {len(found):,} 个编码，一次最多 {MOST_CODES:,} 个。请分几批做。",
        )
    return found


def request_of(
    asked: BatchForm, division: str, *, host: PayloadHost, authority: str
) -> BatchRequest:
    """The request that a form makes.

    Raises:
        BadRequest: a field is invalid; names it.
    """
    chosen = SHEETS.get(asked.sheet, SHEETS["single"])
    own = asked.sheet == "own"
    make = PrintOptions(
        width=_millimetres("板宽", asked.width) if own else chosen.width,
        height=_millimetres("板高", asked.height) if own else chosen.height,
        margin=_millimetres("边距", asked.margin),
        gap=_millimetres("间距", asked.gap),
        marks=asked.marks,
        authority=authority,
    )
    choice = Selection(
        division=division,
        street=asked.street.strip(),
        codes=read_codes(asked.codes),
        reprint=bool(asked.reprint_reason.strip()),
    )
    design = asked.design if asked.design in list_designs() else AUTO
    reason = asked.reprint_reason.strip()
    return BatchRequest(asked.name, host.prefix, design, choice, make, reason, host.is_trial)


def _millimetres(field: str, typed: str) -> float:
    if not _LENGTH.fullmatch(typed.strip()) or float(typed) > LONGEST_MM:
        raise BadRequest(
            f"{field}: {typed!r} is not a length in mm",
            hint=f"use 0 to {LONGEST_MM}",
            zh=f"{field}要填毫米数，0 至 {LONGEST_MM}。",
        )
    return float(typed)
