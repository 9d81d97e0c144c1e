"""Bodies of requests for an address, and of what is handed over."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, Field

from address_model.codes import format_code
from address_model.tables import AddressRequest
from qr.svg import symbol_path
from qr.symbol import QUIET_ZONE, make_symbol
from service.core.fields import AddressCode, CodeText, Question, StandardText
from service.departments.address_requests import address_token, return_urls
from service.departments.commands.address_requests import AskedAddress, HandedAddress

_PLAIN = r"^[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*$"
"""No control characters, nor those that turn the direction of a text or cannot be seen."""

RequestId = Annotated[
    str, Field(description="The id of the request.", examples=["Yq3hR0c8v1mK5tXn2pLs7A"])
]
State = Annotated[
    str,
    Field(
        max_length=200,
        pattern=_PLAIN,
        description="A word of your own by which you find the form again; given back unread.",
        examples=["form-20871"],
    ),
]


class AddressRequestIn(Question):
    """What a form asks of a resident."""

    purpose: str = Field(
        min_length=2,
        max_length=40,
        pattern=_PLAIN,
        description="What the address is for, in words that the resident reads.",
        examples=["办理居住证"],
    )
    return_url: str = Field(
        max_length=return_urls.LONGEST,
        description="Where the resident goes back to; registered with the program beforehand.",
        examples=["https://bs.example.gov.cn/form/back"],
    )
    state: State = ""
    minutes: int = Field(
        default=15, ge=1, le=15, description="How long the request can be answered.", examples=[15]
    )

    def to_asked(self) -> AskedAddress:
        """As the command takes it."""
        lasts = timedelta(minutes=self.minutes)
        return AskedAddress(self.purpose.strip(), self.return_url, self.state, lasts)


class AddressRequestOut(BaseModel):
    """An open request: let the resident follow the link, or scan it with a phone."""

    id: RequestId
    url: str = Field(
        description="The page on which the resident shows the address.",
        examples=["https://mp.zj.gov.cn/address-requests/Yq3hR0c8v1mK5tXn2pLs7A"],
    )
    qr: str = Field(
        description="The same link as a QR code, an SVG image.", examples=["<svg>…</svg>"]
    )
    expires_at: datetime = Field(
        description="After this nobody can answer it.", examples=["2026-12-01T08:15:00Z"]
    )

    @classmethod
    def of(cls, made: AddressRequest, host: str) -> "AddressRequestOut":
        """From a request; ``host`` is scheme and host of the service."""
        url = f"{host}/address-requests/{made.id}"
        symbol = make_symbol(url, "M")
        side = symbol.size + 2 * QUIET_ZONE
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img">'
            f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
            f'<path transform="translate({QUIET_ZONE} {QUIET_ZONE})" d="{symbol_path(symbol)}"/>'
            "</svg>"
        )
        return cls(id=made.id, url=url, qr=svg, expires_at=made.expires_at)


class AddressTokenIn(Question):
    """A token that a resident brought back."""

    token: str = Field(
        min_length=1,
        max_length=address_token.LONGEST,
        description="`address_token` of the return URL, as it came.",
        examples=["HEADER.CLAIMS.SIGNATURE"],
    )


class HandedAddressOut(BaseModel):
    """The address that the resident agreed to show: this and nothing else."""

    request: RequestId
    state: State
    code: AddressCode
    code_text: CodeText
    standard_text: StandardText

    @classmethod
    def of(cls, handed: HandedAddress) -> "HandedAddressOut":
        """From what was handed over."""
        return cls(
            request=handed.request,
            state=handed.state,
            code=handed.code,
            code_text=format_code(handed.code),
            standard_text=handed.standard_text,
        )
