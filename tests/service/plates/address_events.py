"""What befalls an address, and what becomes of its plate in each state by that."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.lifecycle import AddressStatus, PlateStatus
from address_model.work import WorkKind
from service.addresses import commands as addresses
from service.addresses.queries import AddressRow, get_address
from service.core.actor import Actor
from service.plates.commands import (
    follow_addresses,
)
from service.scans.card import CardState
from tests.factories import Place, make_draft

P, W, C = PlateStatus, WorkKind, CardState
ME = Actor("staff", "officer")
NOT_HUNG = (P.TO_MAKE, P.MAKING, P.TO_INSTALL)
Outcome = tuple[str, frozenset[WorkKind], CardState]
Row = dict[PlateStatus, Outcome]


@dataclass
class Scene:
    """One door of 河坊街 with its plate."""

    session: Session
    place: Place
    code: str

    @property
    def address(self) -> AddressRow:
        return get_address(self.session, self.code)

    def number(self, text: str, **changes: object) -> None:
        """Correct the address to another number."""
        draft = make_draft(self.place, text)
        draft = replace(draft, elements=draft.elements._replace(**changes))  # type: ignore[arg-type]
        before = addresses.correct_address(self.session, self.address, draft, ME)
        follow_addresses(self.session, before, ME)

    def enter(self, number: str) -> str:
        return str(addresses.enter_addresses(self.session, [make_draft(self.place, number)], ME)[0])

    def set_status(self, status: AddressStatus) -> None:
        """A state to which no command leads yet."""
        before = self.address
        values = {"status": str(status), "code": self.code}
        self.session.execute(text("update address set status = :status where code = :code"), values)
        follow_addresses(self.session, [before], ME)


def freeze(scene: Scene) -> None:
    before = scene.address
    addresses.freeze_address(scene.session, scene.code, ME, reason="争议")
    follow_addresses(scene.session, [before], ME)


def unfreeze(scene: Scene) -> None:
    freeze(scene)
    before = scene.address
    addresses.unfreeze_address(scene.session, scene.code, ME)
    follow_addresses(scene.session, [before], ME)


def move(scene: Scene) -> None:
    assert scene.address.point is not None
    point = replace(scene.address.point, lon=120.1651)
    before = addresses.move_address(scene.session, scene.code, point, ME)
    follow_addresses(scene.session, [before], ME)


def retire(scene: Scene, *, successor: str = "", invalid: bool = False) -> None:
    before = addresses.retire_address(
        scene.session, scene.code, ME, reason="拆除", successor=successor, invalid=invalid
    )
    follow_addresses(scene.session, [before], ME)


def merge(scene: Scene) -> None:
    before = addresses.merge_addresses(
        scene.session, [scene.code], scene.enter("30"), ME, reason="并户"
    )
    follow_addresses(scene.session, before, ME)


def split(scene: Scene) -> None:
    before = scene.address
    drafts = [make_draft(scene.place, number) for number in ("40", "41")]
    addresses.split_address(scene.session, scene.code, drafts, ME, reason="分户")
    follow_addresses(scene.session, [before], ME)


def replaced_by_one_that_ended(scene: Scene) -> None:
    other = scene.enter("50")
    retire(scene, successor=other)
    retire(replace(scene, code=other))


def correct_back(scene: Scene) -> None:
    scene.number("9")
    scene.number("1")


def row(*outcomes: tuple[str, str, str]) -> Row:
    """The outcomes in the order of the states of a plate: state, work, state of the card."""
    return {
        status: (after, frozenset(map(WorkKind, work.split())), CardState(card))
        for status, (after, work, card) in zip(PlateStatus, outcomes, strict=True)
    }


SAME = row(
    ("to_make", "install", "not_yet"),
    ("making", "install", "not_yet"),
    ("to_install", "install", "not_yet"),
    ("in_use", "inspect", "in_use"),
    ("damaged", "inspect", "damaged"),
    ("lost", "inspect", "lost"),
    ("replaced", "repair", "replaced"),
    ("void", "", "void"),
)


def ended(card: str) -> Row:
    return row(
        ("void", "", "void"),
        ("making", "", card),
        ("to_install", "", card),
        ("in_use", "take_down", card),
        ("damaged", "take_down", card),
        ("lost", "", card),
        ("replaced", "repair", card),
        ("void", "", "void"),
    )


EVENTS: dict[str, tuple[Callable[[Scene], None], Row]] = {
    "待建": (lambda scene: scene.set_status(AddressStatus.PLANNED), SAME),
    "冻结": (freeze, SAME),
    "解冻": (unfreeze, SAME),
    "待替换": (lambda scene: scene.set_status(AddressStatus.TO_REPLACE), SAME),
    "移点": (move, SAME),
    "更正，牌面不变": (lambda scene: scene.number("1", township="紫阳街道"), SAME),
    "更正": (
        lambda scene: scene.number("9"),
        row(
            ("to_make", "install", "not_yet"),
            ("making", "replace", "other_text"),
            ("to_install", "replace", "other_text"),
            ("in_use", "inspect replace", "other_text"),
            ("damaged", "inspect replace", "other_text"),
            ("lost", "inspect", "lost"),
            ("replaced", "repair", "replaced"),
            ("void", "", "void"),
        ),
    ),
    # What is being made gets its work when it comes from the maker.
    "更正又改回": (correct_back, SAME | {P.MAKING: ("making", frozenset(), C.NOT_YET)}),
    "消亡": (retire, ended("address_retired")),
    "无效": (lambda scene: retire(scene, invalid=True), ended("address_invalid")),
    "替换": (lambda scene: retire(scene, successor=scene.enter("20")), ended("address_replaced")),
    "合并": (merge, ended("address_replaced")),
    "分开": (split, ended("address_divided")),
    "替换的又消亡": (replaced_by_one_that_ended, ended("address_retired")),
}
