"""Warnings about a plate for staff: its address has ended, or its printed text is outdated."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from address_model.codes import format_code
from address_model.lifecycle import ENDED, NOT_HUNG, PlateStatus
from address_model.plate_standing import Standing
from service.addresses.policies import is_gone
from service.addresses.queries import find_successors
from service.plates.commands.settlement import ending_of
from service.plates.queries.locked_plates import LockedPlate


@dataclass(frozen=True, slots=True)
class PlateWarning:
    """A warning: title, explanation, what to do, and the successor addresses."""

    title: str
    text: str
    hint: str
    addresses: tuple[str, ...] = ()


def find_warning(session: Session, held: LockedPlate) -> PlateWarning | None:
    """The warning about a plate, or None."""
    if held.standing is Standing.SOUND or held.status in ENDED:
        return None
    if held.standing is Standing.ADDRESS_ENDED:
        successors = find_successors(session, [held.code]).get(held.code, [])
        addresses = tuple(
            f"{one.standard_text} {format_code(one.code)}"
            + ("（也已终止）" if is_gone(one) else "")
            for one in successors
        )
        text = f"{held.standard_text}：{ending_of(held)}。"
        if held.status in NOT_HUNG:
            hint = "把门牌带回，记“没有挂，已带回”，或由办公室注销。"
            return PlateWarning("不要挂：地址已终止", text, hint, addresses)
        hint = "取下门牌带回，记“已取下，带回”。"
        return PlateWarning("要取下：地址已终止", text, hint, addresses)
    title = "不要挂：文字不符" if held.status in NOT_HUNG else "文字不符"
    text = f"牌上是“{held.printed_text}”，地址现在是“{held.face}”。"
    if held.status is PlateStatus.TO_MAKE:
        return PlateWarning(title, text, "文件是按旧文字出的：没有制作的，重新出文件再做。")
    if held.status in NOT_HUNG:
        return PlateWarning(title, text, "带回等新牌；请办公室下单补换。")
    return PlateWarning(title, text, "请办公室下单补换，新牌到了再换下。")
