"""What officers do to an address on its page: each action reads its form and gives one command."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, Field

from address_model.lifecycle import AddressStatus, may_address_become
from service.addresses import commands
from service.addresses.commands.names import NAME_KINDS, NameDraft
from service.addresses.drafts import take_division
from service.addresses.policies import is_gone
from service.addresses.queries import AddressRow, get_address, hold_addresses
from service.admin.address.placing import (
    Refused,
    find_other,
    read_day,
    read_point,
    read_text,
)
from service.audit.policies import require_seen
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.database import LARGEST_NUMBER, Database
from service.core.web import WriteSession
from service.matching.queries.name_keys import read_name_key
from service.plates.commands import follow_addresses

WRITE = Permission.ADDRESSES_WRITE
READ = Permission.ADDRESSES_READ


class ActionForm(BaseModel):
    """The fields of all forms of an address, as typed; ``seen`` is the version that was read.

    ``step`` "look" asks what would follow, without doing it.
    """

    seen: int = Field(ge=1, le=LARGEST_NUMBER)
    step: str = ""
    text: str = Field("", max_length=300)
    lon: str = Field("", max_length=40)
    lat: str = Field("", max_length=40)
    crs: str = Field("4490", max_length=10)
    reason: str = Field("", max_length=200)
    ending: str = Field("successor", max_length=20)
    other: str = Field("", max_length=300)
    kind: str = Field("alias", max_length=20)
    source: str = Field("", max_length=200)
    since: str = Field("", max_length=20)
    until: str = Field("", max_length=20)
    scheme: str = Field("", max_length=60)
    value: str = Field("", max_length=120)


@dataclass(frozen=True, slots=True)
class Act:
    """An action about to be done: by whom, to which address, with which form."""

    session: WriteSession
    database: Database
    member: StaffMember
    address: AddressRow
    form: ActionForm

    def hold(self) -> None:
        """Lock the address for a command that asks for no version.

        Raises:
            Outdated: it was changed after the form was opened.
        """
        (held,) = hold_addresses(self.session, self.address.code)
        require_seen(self.session, held.record, self.form.seen)

    @property
    def reason(self) -> str:
        """The reason, which must be given.

        Raises:
            Refused: it is empty.
        """
        if not self.form.reason.strip():
            raise Refused("reason", "请填写事由，会写进沿革，查到这个编码的人也能看到。")
        return self.form.reason.strip()


@dataclass(frozen=True, slots=True)
class ActionKind:
    """One action: its title, the field its faults stand at, and what it does.

    ``looks`` says that the page shows what would follow before it can be done; ``touches`` that
    something else than the address may change.
    """

    name: str
    title: str
    field: str
    perform: Callable[[Act], None]
    looks: bool = False
    is_grave: bool = False
    touches: bool = True


def correct(act: Act) -> None:
    """Change the text; the old one becomes a former name."""
    draft = take_division(read_text(act.database, act.form.text), act.address)
    if not may(act.member, WRITE, draft.division_code):
        raise Refused("text", "这个地址不在您负责的区划内。")
    changed = commands.correct_address(
        act.session, act.address, draft, act.member.actor, seen=act.form.seen
    )
    follow_addresses(act.session, changed, act.member.actor)


def move(act: Act) -> None:
    """Move the own point."""
    draft = read_point(act.database, act.address, (act.form.lon, act.form.lat), act.form.crs)
    assert draft.point is not None  # noqa: S101 - both degrees were given
    facts = commands.PointFacts(source="officer", note=draft.point_note)
    held = commands.move_address(
        act.session,
        act.address.code,
        draft.point,
        act.member.actor,
        facts=facts,
        seen=act.form.seen,
    )
    follow_addresses(act.session, [held], act.member.actor)


def freeze(act: Act) -> None:
    """Freeze the address."""
    code, actor = act.address.code, act.member.actor
    commands.freeze_address(act.session, code, actor, reason=act.reason, seen=act.form.seen)


def unfreeze(act: Act) -> None:
    """Make the frozen address valid again."""
    code, actor, reason = act.address.code, act.member.actor, act.form.reason.strip()
    commands.unfreeze_address(act.session, code, actor, reason=reason, seen=act.form.seen)


def retire(act: Act) -> None:
    """End the address, with a successor, without one, or as never valid."""
    reason, successor = act.reason, ""
    if act.form.ending == "successor":
        successor = find_other(act.session, act.member, act.form.other, READ).code
    elif act.form.ending not in ENDINGS:
        raise Refused("ending", "请选择怎样注销。")
    elif act.form.other.strip():
        raise Refused("other", "选了没有接续，却填了后继地址：请清空，或改选由另一个地址接续。")
    held = commands.retire_address(
        act.session,
        act.address.code,
        act.member.actor,
        reason=reason,
        successor=successor,
        invalid=act.form.ending == "invalid",
        seen=act.form.seen,
    )
    follow_addresses(act.session, [held], act.member.actor)


def merge(act: Act) -> None:
    """Merge the address into another, which stays."""
    reason = act.reason
    into = find_other(act.session, act.member, act.form.other, WRITE).code
    code, actor = act.address.code, act.member.actor
    seen = {code: act.form.seen}
    held = commands.merge_addresses(act.session, [code], into, actor, reason=reason, seen=seen)
    follow_addresses(act.session, [*held, get_address(act.session, into)], actor)


def add_name(act: Act) -> None:
    """Add an alias, a former name or a department's text."""
    form, text = act.form, act.form.text.strip()
    if not text:
        raise Refused("text", "请填写名称。")
    if form.kind not in NAME_KINDS:
        raise Refused("kind", "请选择类别。")
    since, until = read_day("since", form.since), read_day("until", form.until)
    if since and until and until < since:
        raise Refused("until", "止的日期早于起的日期。")
    act.hold()
    key = read_name_key(act.session, act.address.county, text)
    draft = NameDraft(key, text, form.kind, form.source.strip(), since, until)
    commands.add_name(act.session, act.address.code, draft, act.member.actor)


def identify(act: Act) -> None:
    """Add an identifier of another system."""
    form = act.form
    for field, typed in (("scheme", form.scheme), ("value", form.value)):
        if not typed.strip():
            raise Refused(field, "请填写系统名称和它的标识。")
    since, until = read_day("since", form.since), read_day("until", form.until)
    act.hold()
    commands.add_identifier(
        act.session,
        act.address.code,
        (form.scheme, form.value),
        act.member.actor,
        valid_from=since,
        valid_to=until,
    )


ENDINGS = {
    "successor": "由另一个地址接续：状态改为“替换”，旧编码会指到新地址",
    "gone": "房屋已不存在，没有接续：状态改为“消亡”",
    "invalid": "登记有误，从未有过：状态改为“无效”",
}
NAME_CHOICES = {"alias": "别名", "former": "曾用名", "department": "部门用名"}
ACTIONS = {
    kind.name: kind
    for kind in (
        ActionKind("correct", "更正", "text", correct, looks=True),
        ActionKind("move", "移动", "lon", move, looks=True),
        ActionKind("freeze", "冻结", "reason", freeze),
        ActionKind("unfreeze", "解冻", "reason", unfreeze),
        ActionKind("retire", "注销", "other", retire, looks=True, is_grave=True),
        ActionKind("merge", "合并", "other", merge, looks=True, is_grave=True),
        ActionKind("name", "加名称", "text", add_name, touches=False),
        ActionKind("identify", "加标识", "value", identify, touches=False),
    )
}
_BECOMES = {
    "freeze": AddressStatus.FROZEN,
    "retire": AddressStatus.RETIRED,
    "merge": AddressStatus.REPLACED,
}


def list_actions(address: AddressRow) -> list[ActionKind]:
    """The actions that the state of an address allows."""
    status = AddressStatus(address.status)
    is_frozen = status is AddressStatus.FROZEN
    allowed = {"name", "identify"}
    if not is_gone(address) and not is_frozen:
        allowed |= {"correct", "move"}
    if is_frozen:
        allowed.add("unfreeze")
    allowed |= {name for name, after in _BECOMES.items() if may_address_become(status, after)}
    if may_address_become(status, AddressStatus.INVALID):
        allowed.add("retire")
    return [kind for name, kind in ACTIONS.items() if name in allowed]
