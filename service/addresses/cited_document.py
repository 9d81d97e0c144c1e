"""The document that a change of an address rests on (依据)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """A document by its number or title, with its date if known; without a title there is none."""

    title: str = ""
    dated: date | None = None

    @property
    def detail(self) -> dict[str, str]:
        """What the audit entry of a change keeps of it."""
        if not self.title:
            return {}
        return {"source": self.title} | ({"dated": self.dated.isoformat()} if self.dated else {})


NO_DOCUMENT = CitedDocument()
