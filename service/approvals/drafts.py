"""What a request for approval is made with: who asks, about what, and what is agreed to."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from address_model.approvals import ApprovalKind
from service.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Author:
    """Who asks: an actor, and the account behind it where it is a person's."""

    actor: Actor
    account_id: int | None = None

    @property
    def is_system(self) -> bool:
        """Whether nobody's account stands behind it: a demo's making, or the first set-up."""
        return self.actor.kind == "system"


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """What is asked: the kind and key of the subject, where it lies, and what is agreed to.

    ``size`` is what the threshold counts (of batches: plates), ``digest`` a SHA-256 in hex.
    """

    kind: ApprovalKind
    subject: str
    division: str
    size: int
    digest: str


def digest_lines(lines: Sequence[object]) -> str:
    """The SHA-256, in hex, of lines of text in their order."""
    return hashlib.sha256("\n".join(map(str, lines)).encode()).hexdigest()
