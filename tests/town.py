"""A street with its people for tests of two at once, and the commands they give as steps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from service.addresses import commands as addresses
from service.addresses.drafts import AddressDraft
from service.addresses.queries import AddressRow, get_address
from service.auth.members import StaffMember
from service.auth.permissions import Role
from service.batches.commands import batches
from service.batches.request import Selection
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database, Session
from service.divisions.commands import load_divisions
from service.divisions.sources import ListedDivision
from service.plates import commands as plates
from tests.factories.addresses import make_draft
from tests.factories.areas import make_area, make_duty
from tests.factories.batches import make_batch_request, make_member
from tests.factories.divisions import Place, make_place
from tests.factories.hosts import PREFIX
from tests.factories.numerals import spelled
from tests.factories.plates import make_visit
from tests.interleaving import Step

COUNTY, TOWNSHIP = "330102000000", "330102001000"
HILLS, LAKE, FIELD, GATE = "330102100000", "330102101000", "330102102000", "330102002000"
TOWNSHIPS = (
    ListedDivision(HILLS, 4, "示例山镇", COUNTY),
    ListedDivision(LAKE, 4, "示例湖镇", COUNTY),
    ListedDivision(FIELD, 4, "示例田镇", COUNTY),
    ListedDivision(GATE, 4, "示例门街道", COUNTY),
)
"""Townships beside that of the street; a street in two 镇 of one name is two."""


@dataclass
class Town:
    """A street that gets new doors for every round, its officer, its grid and the grid's duty."""

    database: Database
    place: Place
    officer: StaffMember
    approver: StaffMember
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @classmethod
    def make(cls, database: Database) -> "Town":
        """In an empty database."""
        with database.session() as session:
            place = make_place(session)
            load_divisions(session, TOWNSHIPS, "nbs", "2023")
            make_duty(session, make_area(session))
            officer = make_member(session, "officer", Role.OFFICER)
            approver = make_member(session, "approver", Role.APPROVER)
        return cls(database, place, officer, approver)

    def name(self, ending: str) -> str:
        """A name that nobody has had, in characters that can be read aloud: 示例一二街."""
        return f"示例{spelled(next(self.numbers))}{ending}"

    def draft(self) -> AddressDraft:
        """A door that nobody has."""
        return make_draft(self.place, str(next(self.numbers)))

    def enter(self, doors: int = 1) -> list[str]:
        """New doors, in order of code."""
        with self.database.session() as session:
            drafts = [self.draft() for _ in range(doors)]
            return sorted(map(str, addresses.enter_addresses(session, drafts, ME)))

    def hang(self, code: str, status: str = "in_use") -> str:
        """A plate of a door."""
        with self.database.session() as session:
            batch = plates.open_batch(
                session, name="p", design="medium", payload_prefix=PREFIX, actor=ME
            )
            return plates.issue_plates(session, batch, [code], ME, status=status)[0]

    def choose(self, codes: list[str]) -> int:
        """A draft of a batch."""
        order = make_batch_request(choice=Selection(codes=tuple(codes)))
        with self.database.session() as session:
            return batches.choose_batch(session, order, self.officer).batch.id


def followed(step: Callable[[Session], AddressRow | list[AddressRow]]) -> Step:
    """A command of addresses, with what hangs on them."""

    def do(session: Session) -> None:
        before = step(session)
        plates.follow_addresses(session, before if isinstance(before, list) else [before], ME)

    return do


def correct(code: str, draft: AddressDraft) -> Step:
    """Another text for an address."""
    return followed(lambda s: addresses.correct_address(s, get_address(s, code), draft, ME))


def retire(code: str, successor: str = "") -> Step:
    """The end of an address."""
    return followed(
        lambda s: addresses.retire_address(s, code, ME, reason="拆除", successor=successor)
    )


def merge(codes: list[str], into: str) -> Step:
    """One address in place of several."""
    return followed(lambda s: addresses.merge_addresses(s, codes, into, ME, reason="合户"))


def replace(token: str) -> Step:
    """An order of the next plate."""
    order = plates.ReplacementRequest("破损", PREFIX, approval_above=100)
    visit = make_visit()
    return lambda s: plates.replace_plate(s, token, order, visit, ME)


def issue(town: Town, codes: list[str]) -> Step:
    """A plate for each door that has none."""

    def do(session: Session) -> None:
        free = plates.hold_doors_without_plate(session, codes)
        batch = plates.open_batch(
            session, name="q", design="medium", payload_prefix=PREFIX, actor=ME
        )
        plates.issue_plates(session, batch, free, ME)

    return do
