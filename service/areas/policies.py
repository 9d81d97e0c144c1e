"""What a stand-in and the account of a duty must fulfil."""

from collections.abc import Sequence
from datetime import date

from address_model.tables import Duty
from service.areas.rows import ListedDuty
from service.auth.permissions import AREA_ROLES, Role
from service.auth.queries import AccountRow
from service.core.errors import BadRequest, Conflict


def require_within(duty: Duty, order: ListedDuty, post: Sequence[Duty]) -> None:
    """Refuse a stand-in whose days do not lie within the duty, or collide with another's.

    Raises:
        BadRequest: the days lie outside, or the duty is itself that of a stand-in.
        Conflict: somebody else stands in for the duty in that time.
    """
    if duty.stand_in_for is not None:
        raise BadRequest(
            "a stand-in has no stand-in",
            hint="choose the duty of the holder",
            zh="这是顶班的人，不能再给他安排顶班：请在原来的责任人那里安排。",
        )
    last = order.valid_to or date.max
    if order.valid_from < duty.valid_from or last > (duty.valid_to or date.max):
        raise BadRequest(
            f"the stand-in's days lie outside those of {duty.display_name}",
            hint="choose days within the duty",
            zh=f"顶班的日子要在{duty.display_name}的任期之内。",
            field="valid_from",
        )
    for other in post:
        is_meanwhile = other.valid_from <= last and (
            (other.valid_to or date.max) >= order.valid_from
        )
        if other.stand_in_for == duty.id and is_meanwhile:
            raise Conflict(
                f"{other.display_name} stands in already in that time",
                hint="choose other days, or change the last day of the other",
                zh=f"这段时间已经由{other.display_name}顶班：请错开日子，或先改他的到期日。",
            )


def require_area_account(account: AccountRow, role: str, division: str) -> None:
    """Refuse to bind a duty to an account that lacks the duty's role where the area lies.

    Raises:
        Conflict: the account is disabled, or has no such role in the division of the area.
    """
    if role not in {str(one) for one in AREA_ROLES}:
        raise Conflict(
            "an office is nobody's account",
            hint="bind duties of grid workers and community officers only",
            zh="只有网格员、社区民警可以绑定账号，单位的电话不用绑定。",
        )
    covers = [a for a in account.assignments if a.role is Role(role)]
    if not account.is_active or not any(division.startswith(a.prefix) for a in covers):
        raise Conflict(
            f"{account.name} lacks the role {role} in the division of the area",
            hint="let an administrator give the role first",
            zh=f"账号{account.name}在这个区划没有相应的角色：请管理员先授予，再来绑定。",
        )
