"""Resolving over the API."""

from pydantic import BaseModel, Field

from service.addresses.schemas import AddressOut
from service.matching.queries import Resolution


class ResolveIn(BaseModel):
    """A text to resolve."""

    text: str = Field(min_length=1, max_length=500, examples=["浙江省杭州市上城区河坊街88号"])


class ResolveOut(BaseModel):
    """What the text resolved to."""

    text: str
    category: str = Field(description="A: exact but for writing; none: no such address")
    match_level: str | None
    matched_kind: str | None = Field(description="standard, former, alias or department")
    matched_text: str | None
    address: AddressOut | None
    reasons: list[str]

    @classmethod
    def of(cls, found: Resolution) -> "ResolveOut":
        """Show one resolution."""
        name = found.matched_name
        return cls(
            text=found.text,
            category=found.category,
            match_level=found.address.level if found.address else None,
            matched_kind=name.kind if name else None,
            matched_text=name.text if name else None,
            address=AddressOut.of(found.address) if found.address else None,
            reasons=list(found.reasons),
        )
