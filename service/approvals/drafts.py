"""The parts of a request for approval: its author, its subject, and the approved content."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from address_model.approvals import ApprovalKind
from service.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Author:
    """The author of a request: an actor, and the account of a person."""

    actor: Actor
    account_id: int | None = None

    @property
    def is_system(self) -> bool:
        """Whether it is the system itself: demo data, or the first set-up."""
        return self.actor.kind == "system"


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """A request: the kind, key and division of its subject, and the content to approve.

    ``size`` counts towards the threshold (plates of a batch), ``digest`` is a SHA-256 in hex.
    """

    kind: ApprovalKind
    subject: str
    division: str
    size: int
    digest: str


def digest_lines(lines: Sequence[object]) -> str:
    """The SHA-256, in hex, of lines of text."""
    return hashlib.sha256("\n".join(map(str, lines)).encode()).hexdigest()
