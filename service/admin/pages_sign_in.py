"""Pages to sign in, sign out and change the password."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Form, Query, Request
from fastapi.responses import Response

from service.admin.answer import open_pages, see_other, show, staff_pages
from service.auth import commands
from service.auth.commands.sign_in import KNOWN_FOR, Origin
from service.auth.guards import (
    FORM_FIELD,
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
from service.auth.queries import find_session, has_second_factor, is_known_browser
from service.auth.session_tokens import SessionToken
from service.auth.signing_in import verify_code, verify_password
from service.core.errors import BadRequest, Conflict, ForgedForm
from service.core.limits import network_of, networks_of
from service.core.web import client_address, count_sign_in, database_of, settings_of

open_router = open_pages()
router = staff_pages()

HOME = "/admin"
SIGN_IN = "/admin/sign-in"
CODE_WITHIN = timedelta(minutes=10)
WRONG_CODE = "验证码不对，或者已经用过。请等手机上换了新的六位数再试；连续输错要等 15 分钟。"
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
    return show_sign_in(request, own_path(after))


@open_router.post("/admin/sign-in")
def sign_in(
    request: Request, name: Text, password: Text, after: Annotated[str, Form(alias="next")] = HOME
) -> Response:
    """Sign in: end the session of the request, if any, and open a new one."""
    origin, database = count_attempt(request), database_of(request)
    attempt = verify_password(
        database, tally_of(request), name, password, origin, code_follows=True
    )
    if attempt is None or attempt.account_id is None:
        return show_sign_in(request, own_path(after), REFUSED, name=name[:64], status=403)
    return admit(request, attempt.account_id, attempt.name, own_path(after))


@open_router.get("/admin/sign-in/code")
def code_form(request: Request, after: Annotated[str, Query(alias="next")] = HOME) -> Response:
    """The form for the code of the authenticator, behind the right password."""
    token = token_of(request)
    if token is None or _find_awaiting(request, token) is None:
        return see_other(SIGN_IN)
    ours = token.form_token
    return show(request, None, "sign-in-code.html", next=own_path(after), sent_token=ours)


@open_router.post("/admin/sign-in/code")
def send_code(
    request: Request,
    code: Text,
    sent: Annotated[str, Form(alias=FORM_FIELD)],
    after: Annotated[str, Form(alias="next")] = HOME,
) -> Response:
    """Sign in by the code of the authenticator, or by a recovery code."""
    origin, token = count_attempt(request), token_of(request)
    awaiting = _find_awaiting(request, token) if token else None
    if token is None or awaiting is None:
        return see_other(SIGN_IN)
    if not token.is_form_token(sent):
        raise ForgedForm("the form token is wrong", hint="reload the page")
    database, name = database_of(request), awaiting.name
    attempt = verify_code(database, tally_of(request), name, code[:64], origin)
    if attempt is None or attempt.account_id is None:
        values = {"next": own_path(after), "sent_token": token.form_token, "fault": WRONG_CODE}
        return show(request, None, "sign-in-code.html", status_code=403, **values)
    with database.session() as session:
        commands.drop_awaiting(session, token)
    return open_desk(request, attempt.account_id, attempt.name, own_path(after))


@router.post("/admin/sign-out")
def sign_out(request: Request, member: AnyMember) -> Response:
    """End this session."""
    token = token_of(request)
    if token is not None:
        with database_of(request).session() as session:
            commands.close_session(session, token, member)
    answer = see_other(SIGN_IN)
    answer.headers["Clear-Site-Data"] = '"storage"'  # pages kept on a phone for want of network
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
            return open_desk(request, member.account_id, attempt.name, HOME)
    return show(request, member, "password.html", status_code=422, least=MIN_LENGTH, fault=fault)


def show_sign_in(
    request: Request, path: str, fault: str = "", *, name: str = "", status: int = 200
) -> Response:
    """The form to sign in, and the way over the identity provider, if one is set."""
    settings = settings_of(request)
    return show(
        request,
        None,
        "sign-in.html",
        status_code=status,
        name=name,
        next=path,
        fault=fault,
        provider=settings.oidc_name if settings.oidc_issuer else "",
    )


def count_attempt(request: Request) -> Origin:
    """Count an attempt to sign in from a browser that nobody is known by; return its origin.

    Raises:
        ForgedForm: another site has sent it.
        TooOften: there were too many from this address.
    """
    require_same_origin(request)
    origin = _origin_of(request)
    with database_of(request).reading() as session:
        is_known = origin.browser is not None and is_known_browser(session, origin.browser)
    if not is_known:
        count_sign_in(request)
    return origin


def admit(request: Request, account_id: int, name: str, path: str) -> Response:
    """Let a person in who has proved to be one, or ask for the code of the authenticator."""
    with database_of(request).reading() as session:
        needs_code = has_second_factor(session, account_id)
    if not needs_code:
        return open_desk(request, account_id, name, path)
    with database_of(request).session() as session:
        token = commands.open_session(
            session, account_id, name, browser="", lasts=CODE_WITHIN, awaits_code=True
        )
    answer = see_other(f"{SIGN_IN}/code?next={quote(path)}")
    set_cookie(request, answer, cookie_name(settings_of(request)), token.secret, CODE_WITHIN)
    return answer


def open_desk(request: Request, account_id: int, name: str, path: str) -> Response:
    """Replace the session of the request, set both cookies and redirect to a path."""
    settings, old = settings_of(request), token_of(request)
    lasts = timedelta(hours=settings.session_hours)
    browser = request.headers.get("user-agent", "")
    with database_of(request).session() as session:
        found = find_session(session, old, lasts) if old else None
        if old and found:
            commands.close_session(session, old, found.member)
        token = commands.open_session(session, account_id, name, browser=browser, lasts=lasts)
        kept = commands.remember_browser(session, account_id, browser_token_of(request))
    answer = see_other(path)
    set_cookie(request, answer, cookie_name(settings), token.secret, lasts)
    set_cookie(request, answer, browser_cookie_name(settings), kept.secret, KNOWN_FOR)
    return answer


def set_cookie(
    request: Request, answer: Response, cookie: str, secret: str, lasts: timedelta
) -> None:
    """Set a cookie that scripts and other sites cannot use."""
    answer.set_cookie(
        cookie,
        secret,
        max_age=int(lasts.total_seconds()),
        secure=_is_https(request),
        httponly=True,
        samesite="lax",
    )


def _find_awaiting(request: Request, token: SessionToken) -> StaffMember | None:
    """Whose code is due in the session of the request, or None."""
    with database_of(request).reading() as session:
        found = find_session(session, token, CODE_WITHIN, awaits_code=True)
    return found.member if found else None


def _origin_of(request: Request) -> Origin:
    """The origin of an attempt: the network of the client's address and the browser's token."""
    trusted = networks_of(settings_of(request).trusted_proxies)
    network = network_of(client_address(request.scope, trusted)).hex()
    return Origin(network, browser_token_of(request))


def _is_https(request: Request) -> bool:
    return settings_of(request).public_url.startswith("https:") or request.url.scheme == "https"


def own_path(path: str) -> str:
    """The path if it stays on this host, else the dashboard: no open redirect."""
    parts = urlsplit(path)
    own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if own and not parts.netloc and not parts.scheme else HOME
