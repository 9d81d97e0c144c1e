"""What a resident sends, what they get for it, and the limits it is counted on."""

import hashlib
from dataclasses import dataclass

from address_model.reports import ReportKind
from address_model.tokens import fold_token, token_from_bytes

FOLLOW_LENGTH = 8
"""Characters of a follow token: 40 bits, guessed online only, where wrong guesses are limited."""

HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A report as it is to be kept: of a plate (``token``, folded) or of an address (``code``).

    ``text`` has passed the screen. ``photo`` is the name of a stored photo of ``photo_bytes``.
    ``once`` is drawn for one form: sent again, the form makes no second report.
    """

    kind: ReportKind
    once: str
    token: str = ""
    code: str = ""
    text: str = ""
    photo: str = ""
    photo_bytes: int = 0
    language: str = "zh"

    def credentials(self, attempt: int = 0) -> "FiledReport":
        """The number and the follow token, both drawn from ``once``, so that they need no keeping.

        A number that another report has is drawn again with the next ``attempt``.
        """
        number, follow = (
            token_from_bytes(hashlib.blake2b(f"{name} {attempt} {self.once}".encode()).digest())
            for name in ("number", "follow")
        )
        return FiledReport(number, follow[:FOLLOW_LENGTH])


@dataclass(frozen=True, slots=True)
class FiledReport:
    """The public number of a report, and the token with which its sender reads the answer."""

    number: str
    follow: str

    @property
    def path(self) -> str:
        """The page to follow it."""
        return f"/reports/{self.number}?t={self.follow}"


@dataclass(frozen=True, slots=True)
class ReportedChange:
    """What was changed for the sake of a report: the act in words, and what it was done to.

    ``about`` is a resource with its key: address 3301029032882641, duty 12. ``before`` and
    ``after`` are texts, "" where there is none to show.
    """

    about: str
    act: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class ReportLimits:
    """How many reports are taken in an hour: of one plate or address, of one grid, and in all."""

    a_plate: int = 6
    a_grid: int = 60
    everywhere: int = 20_000


def hash_follow(typed: str) -> str:
    """The SHA-256, in hex, under which a follow token is kept; case and blanks do not matter."""
    return hashlib.sha256(fold_token(typed).encode()).hexdigest()
