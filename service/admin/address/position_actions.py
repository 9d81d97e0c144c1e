"""Sets, moves and withdraws the typed positions of an address: entrances, stairs, garages."""

from types import MappingProxyType

from address_model.positions import GRADES, KINDS, Accuracy, Position, PositionKind
from service.addresses import commands
from service.addresses.commands.positions import LONGEST_LABEL
from service.addresses.queries import AddressRow, list_positions
from service.admin.address.action_form import Act
from service.admin.address.field_reader import Refused, read_point

POSITION_KINDS = MappingProxyType(
    {str(row.kind): row.name for row in KINDS if row.kind is not PositionKind.CENTRE}
)
ACCURACIES = MappingProxyType(
    {
        str(grade): f"{row.name}，误差 {row.metres:g} 米以内" if row.metres else row.name
        for grade, row in reversed(GRADES.items())
    }
)


def set_entrance(act: Act) -> list[AddressRow]:
    """Set a position, or move the one of this kind and name."""
    form, label = act.form, "".join(act.form.label.split())
    if form.spot not in POSITION_KINDS:
        raise Refused("spot", "请选择是哪一种出入口。")
    if len(label) > LONGEST_LABEL:
        raise Refused("label", f"名称不超过 {LONGEST_LABEL} 个字，如 东门。")
    if form.accuracy not in ACCURACIES:
        raise Refused("accuracy", "请选择精度。")
    draft = read_point(act.database, act.address, (form.lon, form.lat), form.crs)
    assert draft.point is not None  # noqa: S101 - both degrees were given
    kind, accuracy = PositionKind(form.spot), Accuracy(form.accuracy)
    position = Position(kind, draft.point, accuracy, label)
    wanted = commands.PositionDraft(act.address.code, position, "officer", draft.point_note)
    commands.set_position(act.session, wanted, act.member.actor, seen=form.seen)
    return []


def withdraw_entrance(act: Act) -> list[AddressRow]:
    """End a position that is wrong or gone; it stays in the history."""
    kind, _, label = act.form.spot.partition(":")
    reason = act.reason
    held = list_positions(act.session, [act.address.code]).get(act.address.code, [])
    if not any((str(row.kind), row.label) == (kind, label) for row in held):
        raise Refused("spot", "没有这个出入口，可能已经撤销。")
    commands.withdraw_position(
        act.session,
        act.address.code,
        PositionKind(kind),
        act.member.actor,
        label=label,
        reason=reason,
        seen=act.form.seen,
    )
    return []
