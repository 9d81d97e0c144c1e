"""What changes the texts and the place of an address: correct, renumber, move, add a name."""

from address_model.parsing.level_cells import UnclearNumber, read_level_cell
from address_model.places import fold_numbered
from service.addresses import commands
from service.addresses.commands import Renumbering
from service.addresses.commands.names import NAME_KINDS, NameDraft
from service.addresses.commands.renumberings import NUMBERED
from service.addresses.drafts import take_division
from service.addresses.queries import AddressRow
from service.admin.address.action_form import WRITE, Act
from service.admin.address.field_reader import Refused, read_day, read_point, read_text
from service.admin.address.queries.facts import list_beside
from service.auth.members import may
from service.matching.queries.name_keys import read_name_key
from service.plates.commands import follow_addresses

_DIGITS = 18
"""No version has more."""


def correct(act: Act) -> list[AddressRow]:
    """Change the text; the old one becomes a former name."""
    draft = take_division(read_text(act.database, act.form.text), act.address)
    if not may(act.member, WRITE, draft.division_code):
        raise Refused("text", "这个地址不在您负责的区划内。")
    changed = commands.correct_address(
        act.session,
        act.address,
        draft,
        act.member.actor,
        reason=act.form.reason.strip(),
        document=act.document,
        seen=act.form.seen,
    )
    follow_addresses(act.session, changed, act.member.actor)
    return changed


def renumber(act: Act) -> list[AddressRow]:
    """Give the address and others beside it new numbers, which they may exchange."""
    reason, orders = act.reason, read_orders(act)
    if act.form.step == "look":
        seen = {row.code: row.version for row, _ in orders if row.code != act.address.code}
    else:  # the versions that the officer saw; one that the look did not show asks for another look
        pairs = (pair.partition(":") for pair in act.form.versions.split(","))
        shown = {code: version[:_DIGITS] for code, _, version in pairs}
        shown[act.address.code] = str(act.form.seen)
        if any(not shown.get(row.code, "").isdecimal() for row, _ in orders):
            raise Refused("numbers", "名单改过了，请重新看结果。")
        seen = {row.code: int(shown[row.code]) for row, _ in orders}
    changed = commands.renumber_addresses(
        act.session,
        [order for _, order in orders],
        act.member.actor,
        reason=reason,
        document=act.document,
        seen=seen,
    )
    follow_addresses(act.session, changed, act.member.actor)
    return changed


def read_orders(act: Act) -> list[tuple[AddressRow, Renumbering]]:
    """The lines of the list, old and new number, with the addresses they are about.

    Raises:
        Refused: a line cannot be read, or no address beside this one has the number.
    """
    level = act.address.level
    if level not in NUMBERED:
        raise Refused("numbers", "这一级地址没有号可改，请用更正。")
    beside = {
        fold_numbered(getattr(row.elements, level)): row
        for row in list_beside(act.session, act.address)
    }
    orders: list[tuple[AddressRow, Renumbering]] = []
    for place, line in enumerate(act.form.numbers.splitlines(), start=1):
        cells = line.replace("→", " ").replace("\t", " ").split()
        if not cells:
            continue
        if len(cells) != 2:
            raise Refused("numbers", f"第 {place} 行请写“旧号 新号”，中间空一格，如 12号 14号。")
        try:
            old, new = (read_level_cell(level, cell) for cell in cells)
        except UnclearNumber as unclear:
            raise Refused("numbers", f"第 {place} 行：{unclear}") from None
        row = beside.get(fold_numbered(old))
        if row is None:
            raise Refused("numbers", f"第 {place} 行：旁边没有 {cells[0]} 这个地址。")
        if not may(act.member, WRITE, row.division_code):
            raise Refused("numbers", f"第 {place} 行：{cells[0]} 不在您负责的区划内。")
        orders.append((row, Renumbering(row.code, new)))
    if not orders:
        raise Refused("numbers", "请写明哪个号改成哪个号。")
    return orders


def move(act: Act) -> list[AddressRow]:
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
        reason=act.form.reason.strip(),
        document=act.document,
        seen=act.form.seen,
    )
    follow_addresses(act.session, [held], act.member.actor)
    return [held]


def add_name(act: Act) -> list[AddressRow]:
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
    return []


def identify(act: Act) -> list[AddressRow]:
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
    return []
