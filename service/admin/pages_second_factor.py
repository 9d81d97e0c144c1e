"""Pages on which people join an authenticator app to their own account."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response

from qr.svg import symbol_path
from qr.symbol import QUIET_ZONE, make_symbol
from service.admin.answer import SECOND_FACTOR, see_other, show, staff_pages
from service.auth import commands
from service.auth.guards import roles_with_code, signed_in
from service.auth.members import StaffMember
from service.auth.permissions import ROLE_NAMES
from service.auth.queries import get_second_factor
from service.auth.totp import enrolment_url, plain_secret
from service.core.clock import now_utc
from service.core.web import ReadSession, WriteSession, settings_of

router = staff_pages()
AnyMember = Annotated[StaffMember, signed_in(any_password=True)]
ISSUER = "门牌"


@router.get("/admin/second-factor")
def second_factor(request: Request, session: ReadSession, member: AnyMember) -> Response:
    """Whether the person has an authenticator; while it is being joined, its secret as QR code."""
    state = get_second_factor(session, member.account_id)
    needed = {one.role for one in member.assignments} & roles_with_code(request)
    issuer = settings_of(request).operator or ISSUER
    symbol = make_symbol(enrolment_url(state.secret, member.name, issuer), "M")
    side = symbol.size + 2 * QUIET_ZONE
    return show(
        request,
        member,
        "second-factor.html",
        state=state,
        needed=[ROLE_NAMES[role] for role in sorted(needed)],
        plain=plain_secret(state.secret),
        outline=symbol_path(symbol),
        box=f"-{QUIET_ZONE} -{QUIET_ZONE} {side} {side}",
    )


@router.post("/admin/second-factor")
def begin(session: WriteSession, member: AnyMember) -> Response:
    """Draw a secret for an authenticator."""
    commands.begin_second_factor(session, member)
    return see_other(SECOND_FACTOR)


@router.post("/admin/second-factor/confirm")
def confirm(
    request: Request, session: WriteSession, member: AnyMember, code: Annotated[str, Form()]
) -> Response:
    """Join the authenticator by its first code, and show the recovery codes once."""
    codes = commands.confirm_second_factor(session, member, code[:64], now_utc())
    return show(request, member, "recovery-codes.html", codes=codes)
