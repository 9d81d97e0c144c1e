"""Pages to sign in, sign out and change the password."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Form, Query, Request
from fastapi.responses import Response

from service.admin.answer import open_pages, see_other, show, staff_pages
from service.auth import commands
from service.auth.commands.sign_in import KNOWN_FOR, Attempt, Origin
from service.auth.guards import (
    browser_cookie_name,
    browser_token_of,
    cookie_name,
    require_same_origin,
    signed_in,
    tally_of,
    token_of,
)
from service.auth.members import StaffMember
from service.auth.passwords import MIN_LENGTH
from service.auth.queries import find_session, is_known_browser
from service.auth.signing_in import verify_password
from service.core.errors import BadRequest, Conflict
from service.core.limits import network_of, networks_of
from service.core.web import client_address, count_sign_in, database_of, settings_of

open_router = open_pages()
router = staff_pages()

HOME = "/admin"
REFUSED = "账号或密码不对。连续输错 5 次，要等 15 分钟才能再试。"
OLD_WRONG = "现在的密码不对。"
NOT_EQUAL = "两次输入的新密码不一样。"
WEAK = f"新密码太容易被猜到：至少 {MIN_LENGTH} 个字符，不含账号名，不用常见密码、生日和电话号码。"
SAME = "新密码和现在的一样。"
AnyMember = Annotated[StaffMember, signed_in(any_password=True)]
Text = Annotated[str, Form()]


@open_router.get("/admin/sign-in")
def sign_in_form(request: Request, after: Annotated[str, Query(alias="next")] = HOME) -> Response:
    """The sign-in form."""
    return show(request, None, "sign-in.html", name="", next=_own_path(after))


@open_router.post("/admin/sign-in")
def sign_in(
    request: Request, name: Text, password: Text, after: Annotated[str, Form(alias="next")] = HOME
) -> Response:
    """Sign in: end the session of the request, if any, and open a new one."""
    require_same_origin(request)
    origin = _origin_of(request)
    with database_of(request).reading() as session:
        is_known = origin.browser is not None and is_known_browser(session, origin.browser)
    if not is_known:
        count_sign_in(request)
    attempt = verify_password(database_of(request), tally_of(request), name, password, origin)
    if attempt is None:
        values = {"name": name[:64], "next": _own_path(after), "fault": REFUSED}
        return show(request, None, "sign-in.html", status_code=403, **values)
    return _open_session(request, attempt, _own_path(after))


@router.post("/admin/sign-out")
def sign_out(request: Request, member: AnyMember) -> Response:
    """End this session."""
    token = token_of(request)
    if token is not None:
        with database_of(request).session() as session:
            commands.close_session(session, token, member)
    answer = see_other("/admin/sign-in")
    answer.delete_cookie(cookie_name(settings_of(request)), secure=_is_https(request))
    return answer


@router.get("/admin/password")
def password_form(request: Request, member: AnyMember) -> Response:
    """The form to change the password."""
    return show(request, member, "password.html", least=MIN_LENGTH)


@router.post("/admin/password")
def change_password(
    request: Request, member: AnyMember, old: Text, new: Text, again: Text
) -> Response:
    """Change the password; every other session of this account ends."""
    fault = NOT_EQUAL if new != again else ""
    database, tally = database_of(request), tally_of(request)
    attempt = (
        None if fault else verify_password(database, tally, member.name, old, _origin_of(request))
    )
    if not fault and attempt is None:
        fault = OLD_WRONG
    if attempt is not None:
        try:
            with database.session() as session:
                commands.change_password(session, attempt, new)
        except BadRequest:
            fault = WEAK
        except Conflict as error:
            fault = error.zh or SAME
        else:
            return _open_session(request, attempt, HOME)
    return show(request, member, "password.html", status_code=422, least=MIN_LENGTH, fault=fault)


def _open_session(request: Request, attempt: Attempt, path: str) -> Response:
    """Replace the session of the request, set both cookies and redirect to a path."""
    settings, old = settings_of(request), token_of(request)
    lasts = timedelta(hours=settings.session_hours)
    browser = request.headers.get("user-agent", "")
    assert attempt.account_id is not None  # noqa: S101 - only verified attempts get here
    with database_of(request).session() as session:
        found = find_session(session, old, lasts) if old else None
        if old and found:
            commands.close_session(session, old, found.member)
        token = commands.open_session(
            session, attempt.account_id, attempt.name, browser=browser, lasts=lasts
        )
        kept = commands.remember_browser(session, attempt.account_id, browser_token_of(request))
    answer = see_other(path)
    for cookie, secret, age in (
        (cookie_name(settings), token.secret, lasts),
        (browser_cookie_name(settings), kept.secret, KNOWN_FOR),
    ):
        answer.set_cookie(
            cookie,
            secret,
            max_age=int(age.total_seconds()),
            secure=_is_https(request),
            httponly=True,
            samesite="lax",
        )
    return answer


def _origin_of(request: Request) -> Origin:
    """The origin of an attempt: the network of the client's address and the browser's token."""
    trusted = networks_of(settings_of(request).trusted_proxies)
    network = network_of(client_address(request.scope, trusted)).hex()
    return Origin(network, browser_token_of(request))


def _is_https(request: Request) -> bool:
    return settings_of(request).public_url.startswith("https:") or request.url.scheme == "https"


def _own_path(path: str) -> str:
    """The path if it stays on this host, else the dashboard: no open redirect."""
    parts = urlsplit(path)
    own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if own and not parts.netloc and not parts.scheme else HOME
