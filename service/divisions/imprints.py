"""Imprints of divisions: the issuer (监制) and the postcode on their plates."""

import re
from dataclasses import dataclass

from service.core.errors import BadRequest

COLUMNS = {"division": "区划", "issuer": "监制", "postcode": "邮政编码"}
"""The columns of an imprint file, with their English and Chinese headings."""

_LONGEST = 20
"""The maximum length of an issuer that every design can set legibly."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """The issuer, as printed, and the postcode on the plates of a division.

    Raises:
        BadRequest: the postcode does not have six digits, or the issuer is too long.
    """

    issuer: str = ""
    postcode: str = ""

    def __post_init__(self) -> None:
        if self.postcode and not re.fullmatch(r"[0-9]{6}", self.postcode):
            raise BadRequest(f"{self.postcode!r} is no postcode", hint="give six digits: 310002")
        if len(self.issuer) > _LONGEST:
            raise BadRequest(
                f"the issuer has {len(self.issuer)} characters", hint=f"give at most {_LONGEST}"
            )
