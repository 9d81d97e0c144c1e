"""What can be done to a unit at the desk: the fields of its forms, and the acts by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from pydantic import BaseModel, Field

from address_model.units import UnitKind
from service.auth.members import StaffMember
from service.auth.names import fold_name
from service.auth.permissions import Role
from service.auth.queries import hold_account
from service.core.clock import today
from service.core.database import LARGEST_NUMBER
from service.core.web import WriteSession
from service.organisations import commands
from service.organisations.commands.posts import find_post
from service.organisations.policies import require_appointment
from service.organisations.queries import UnitRow


class UnitForm(BaseModel):
    """The fields of all forms of a unit; ``seen`` is its version that was read.

    ``step`` "look" asks what would follow, without doing it.
    """

    seen: int = Field(ge=1, le=LARGEST_NUMBER)
    step: str = ""
    name: str = Field("", max_length=100)
    kind: UnitKind = UnitKind.OTHER
    parent: str = Field("", max_length=20)
    phone: str = Field("", max_length=40)
    post: int = Field(0, ge=0, le=LARGEST_NUMBER)
    post_name: str = Field("", max_length=100)
    role: Role | None = None
    account: str = Field("", max_length=64)
    holding: int = Field(0, ge=0, le=LARGEST_NUMBER)
    day: date | None = None


@dataclass(frozen=True, slots=True)
class UnitAct:
    """An act about to be done: by whom, to which unit, with which form."""

    session: WriteSession
    member: StaffMember
    unit: UnitRow
    form: UnitForm

    @property
    def day(self) -> date:
        """The first or last day; today if none was given."""
        return self.form.day or today()


def correct(act: UnitAct) -> None:
    """Correct name, kind, telephone and the unit above."""
    form = act.form
    draft = commands.UnitDraft(form.name, form.kind, form.parent, form.phone)
    commands.correct_unit(act.session, act.unit.number, draft, act.member.actor, seen=form.seen)


def close(act: UnitAct) -> None:
    """End the unit."""
    commands.close_unit(act.session, act.unit.number, act.day, act.member.actor, seen=act.form.seen)


def open_post(act: UnitAct) -> None:
    """Open a post."""
    name, role, number = act.form.post_name, act.form.role, act.unit.number
    commands.open_post(act.session, number, name, role, act.member.actor, seen=act.form.seen)


def close_post(act: UnitAct) -> None:
    """End a vacant post."""
    post, number, actor = act.form.post, act.unit.number, act.member.actor
    commands.close_post(act.session, number, post, act.day, actor, seen=act.form.seen)


def appoint(act: UnitAct) -> None:
    """Let a person hold a post."""
    person = hold_account(act.session, fold_name(act.form.account))
    post = find_post(act.session, act.unit, act.form.post)
    require_appointment(act.member, person, act.unit, post.role)
    number, actor, seen = act.unit.number, act.member.actor, act.form.seen
    commands.appoint_holder(
        act.session, number, post.id, person.name, begins=act.day, actor=actor, seen=seen
    )


def relieve(act: UnitAct) -> None:
    """End a holding."""
    holding, number, actor = act.form.holding, act.unit.number, act.member.actor
    commands.relieve_holder(act.session, number, holding, act.day, actor, seen=act.form.seen)


ACTS: Mapping[str, tuple[str, Callable[[UnitAct], None]]] = MappingProxyType(
    {
        "correct": ("更正单位", correct),
        "close": ("撤销单位", close),
        "open-post": ("增设岗位", open_post),
        "close-post": ("撤销岗位", close_post),
        "appoint": ("任职", appoint),
        "relieve": ("离任", relieve),
    }
)
"""By the last part of the path: the title, and what is done."""
