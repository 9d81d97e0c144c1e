"""What is reported: a plate by its token, or an address by its public page."""

from collections.abc import Callable
from dataclasses import dataclass

from address_model.codes import InvalidCode, parse_code
from address_model.tokens import find_token
from service.core.database import Session
from service.scans.card import ScanCard
from service.scans.contact import Contact, DutyRole

CardFinder = Callable[[Session, str], ScanCard | None]
"""Finds the card of a token or a code, or None."""


@dataclass(frozen=True, slots=True)
class ReportTarget:
    """The plate or address of a form: one of ``token`` and ``code`` is empty.

    ``back`` is the page that led here. ``office`` is the published telephone of the community,
    for those who would rather say it; never shown where only the code is known.
    """

    token: str
    code: str
    name: str
    division_path: tuple[str, ...]
    is_open: bool
    office: Contact | None

    @property
    def path(self) -> str:
        """Its form."""
        return f"/report/{self.token}" if self.token else f"/report/a/{self.code}"

    @property
    def back(self) -> str:
        """Its own page."""
        return f"/{self.token}" if self.token else f"/a/{self.code}"


def find_plate_target(session: Session, find_card: CardFinder, text: str) -> ReportTarget | None:
    """What is reported by a token as it stands in a path; None if no plate has it."""
    token = find_token(text)
    card = find_card(session, token) if token else None
    return None if card is None else _target(card, card.token, "")


def find_address_target(session: Session, find_card: CardFinder, text: str) -> ReportTarget | None:
    """What is reported by an address code; None if no address has it."""
    try:
        code = parse_code(text).digits
    except InvalidCode:
        return None
    card = find_card(session, code)
    return None if card is None else _target(card, "", code)


def _target(card: ScanCard, token: str, code: str) -> ReportTarget:
    contacts = card.ordered_contacts() if token else ()
    offices = (one for one in contacts if one.role is DutyRole.COMMUNITY_OFFICE)
    path, is_open = card.division_path, card.shows_facts
    return ReportTarget(token, code, card.local_text, path, is_open, next(offices, None))
