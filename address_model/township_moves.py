"""Townships that a decision moved from one county to another, by the published division lists."""

from typing import NamedTuple


class TownshipMove(NamedTuple):
    """A township that lay in ``county_then`` (six digits) until a year.

    ``code_now`` is its 12-digit code today, or that of the county it became.
    """

    name: str
    county_then: str
    code_now: str
    year: int

    @property
    def county_now(self) -> str:
        """The current county, six digits."""
        return self.code_now[:6]

    def holds(self, division: str) -> bool:
        """Whether a division (12 digits) is the moved township or lies in it."""
        return division.startswith(self.code_now.rstrip("0"))
