"""What changes the state of an address: freeze, unfreeze, retire, merge, split."""

from service.addresses import commands
from service.addresses.queries import AddressRow, get_address
from service.admin.address.action_form import READ, WRITE, Act
from service.admin.address.field_reader import Refused, find_other, read_text
from service.auth.members import may
from service.plates.commands import follow_addresses

ENDINGS = {
    "successor": "由另一个地址接续：状态改为“替换”，旧编码会指到新地址",
    "gone": "房屋已不存在，没有接续：状态改为“消亡”",
    "invalid": "登记有误，从未有过：状态改为“无效”",
}
MOST_PARTS = 20


def freeze(act: Act) -> list[AddressRow]:
    """Freeze the address."""
    code, actor = act.address.code, act.member.actor
    commands.freeze_address(act.session, code, actor, reason=act.reason, seen=act.form.seen)
    return []


def unfreeze(act: Act) -> list[AddressRow]:
    """Make the frozen address valid again."""
    code, actor, reason = act.address.code, act.member.actor, act.form.reason.strip()
    commands.unfreeze_address(act.session, code, actor, reason=reason, seen=act.form.seen)
    return []


def retire(act: Act) -> list[AddressRow]:
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
        document=act.document,
        successor=successor,
        invalid=act.form.ending == "invalid",
        seen=act.form.seen,
    )
    follow_addresses(act.session, [held], act.member.actor)
    return [held]


def merge(act: Act) -> list[AddressRow]:
    """Merge the address into another, which stays."""
    reason = act.reason
    into = find_other(act.session, act.member, act.form.other, WRITE).code
    code, actor = act.address.code, act.member.actor
    seen = {code: act.form.seen}
    held = commands.merge_addresses(
        act.session, [code], into, actor, reason=reason, document=act.document, seen=seen
    )
    follow_addresses(act.session, [*held, get_address(act.session, into)], actor)
    return held


def split(act: Act) -> list[AddressRow]:
    """Divide the address into new ones, which succeed it."""
    reason, form = act.reason, act.form
    texts = [line.strip() for line in form.parts.splitlines() if line.strip()]
    if not 2 <= len(texts) <= MOST_PARTS:
        raise Refused("parts", f"请写 2 到 {MOST_PARTS} 个新地址，一行一个。")
    if form.heir and not (form.heir.isdecimal() and 1 <= int(form.heir) <= len(texts)):
        raise Refused("heir", "请选择下级地址归到上面的第几个新地址。")
    drafts = []
    for place, text in enumerate(texts, start=1):
        try:
            draft = read_text(act.database, text)
        except Refused as fault:
            raise Refused("parts", f"第 {place} 行：{fault.text}") from None
        if not may(act.member, WRITE, draft.division_code):
            raise Refused("parts", f"第 {place} 行：不在您负责的区划内。")
        drafts.append(draft)
    done = commands.split_address(
        act.session,
        act.address.code,
        drafts,
        act.member.actor,
        reason=reason,
        document=act.document,
        heir=int(form.heir) - 1 if form.heir else None,
        seen=form.seen,
    )
    follow_addresses(act.session, done.before, act.member.actor)
    return done.before
