"""Imprints of divisions: who has their plates made (监制) and the postcode, checked."""

import re
from dataclasses import dataclass

from service.core.errors import BadRequest

COLUMNS = {"division": "区划", "issuer": "监制", "postcode": "邮政编码"}
"""The columns of a file of imprints, each under its English or its Chinese heading."""

_LONGEST = 20
"""Characters of an issuer that every design can set in a size that is read."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the plates of a division bear: the issuer as it stands there, and the postcode.

    Raises:
        BadRequest: the postcode has not six digits, or the issuer is too long.
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
