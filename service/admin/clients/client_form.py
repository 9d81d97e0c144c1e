"""The forms of programs and grants, as values."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from service.admin.clients.grant_words import CLASSES, FieldSet
from service.auth.grants import Grant
from service.auth.permissions import Permission
from service.core.clock import zone
from service.core.database import LARGEST_NUMBER

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]
OptionalDay = Annotated[Day | None, BeforeValidator(lambda typed: typed or None)]
"""A day; an empty field is none."""

Version = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]


def end_of(day: date) -> datetime:
    """The moment at which a local day is over."""
    return datetime.combine(day + timedelta(days=1), time(), zone())


class ProgramForm(BaseModel):
    """What is said of a program; its name and its division stay for life."""

    model_config = ConfigDict(str_strip_whitespace=True)

    owner: str = Field(min_length=2, max_length=60)
    note: str = Field(min_length=2, max_length=200)
    contact: str = Field("", max_length=60)


class NewProgram(ProgramForm):
    """A program that is to be registered."""

    name: str = Field(min_length=2, max_length=60)


class ProgramCorrection(ProgramForm):
    """The same of a program that its editor saw in a version."""

    seen: Version


class GrantForm(BaseModel):
    """The terms of a grant; ``seen`` is the version of the program, or of the grant it replaces.

    ``step`` "look" asks what would follow, without doing it.
    """

    model_config = ConfigDict(str_strip_whitespace=True)

    seen: Version
    step: str = ""
    permissions: list[Permission] = Field(default=[], max_length=50)
    classes: FieldSet = FieldSet.PUBLIC
    depth: Literal["door", "room"] = "door"
    per_minute: int = Field(ge=1, le=100_000)
    per_day: int = Field(ge=1, le=100_000_000)
    networks: str = Field("", max_length=400)
    valid_until: Day

    def grant_in(self, division: str) -> Grant:
        """The grant in a division (12 digits, "" everywhere)."""
        return Grant(
            0,
            division,
            frozenset(self.permissions),
            CLASSES[self.classes],
            self.depth == "room",
            self.per_minute,
            self.per_day,
            tuple(self.networks.replace("，", " ").replace(",", " ").split()),
            valid_until=end_of(self.valid_until),
        )


class KeyForm(BaseModel):
    """A key to be given; ``last_day`` is that of the other keys, none if they stay."""

    seen: Version
    last_day: OptionalDay = None
