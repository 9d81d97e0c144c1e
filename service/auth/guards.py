"""Admits requests: programs by their API key, members of staff by their session.

A member of staff is only to be had from ``staff(...)`` and ``signed_in()``, and those look at the
form token of every request that writes: no route can forget it.
"""

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials
from starlette.datastructures import FormData

from service.audit.tally import AuditTally
from service.auth import commands
from service.auth.callers import Caller
from service.auth.keys import ApiKey, find_key
from service.auth.members import StaffMember, require
from service.auth.permissions import Permission
from service.auth.queries import ClientRow, find_client, find_session, list_grants
from service.auth.session_tokens import SessionToken, find_session_token
from service.core.actor import Actor
from service.core.database import release
from service.core.errors import ForgedForm, KeyMissing, PasswordChangeNeeded, SignInNeeded
from service.core.reads import is_on_standby
from service.core.settings import Settings
from service.core.web import ReadSession, StandbySession, database_of, reads_of, settings_of

_bearer = HTTPBearer(auto_error=False, description="The API key as a bearer token.")
_header = APIKeyHeader(name="X-API-Key", auto_error=False, description="The API key.")
FORM_FIELD = "form_token"
FORM_HEADER = "X-Form-Token"
_READING = ("GET", "HEAD", "OPTIONS")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


STRANGER = Actor("client", "?")
"""Whoever showed a key that is not valid."""


def tally_of(request: Request) -> AuditTally:
    """The counts of this process for the audit chain."""
    tally = request.app.state.tally
    assert isinstance(tally, AuditTally)  # noqa: S101 - set by create_app
    return tally


def require_client(
    request: Request,
    session: StandbySession,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
) -> ClientRow:
    """The client whose key came with the request; its calls and wrong keys are counted for audit.

    Raises:
        KeyMissing: no key, a malformed one, or one that is revoked or unknown.
    """
    key = find_key(bearer.credentials if bearer else header or "")
    client = _find_client(request, session, key) if key else None
    if client is None:
        if bearer or header:
            tally_of(request).add(STRANGER, "keys:refuse", "unknown, revoked or expired key")
        raise KeyMissing(
            "no valid API key came with the request",
            hint="send it as `Authorization: Bearer mp_…`; make one with `menpai clients create`",
            http_hint="send it as `Authorization: Bearer mp_…` or as X-API-Key; ask the operator",
        )
    called = getattr(request.scope.get("route"), "operation_id", None) or "api"
    tally_of(request).add(Actor("client", client.name), "clients:call", called)
    return client


def _find_client(request: Request, session: StandbySession, key: ApiKey) -> ClientRow | None:
    """Whose key it is, as the primary knows it: a standby may not have heard of its end yet."""
    if not is_on_standby(session):
        return find_client(session, key)
    with reads_of(request).identifying() as known:
        return find_client(known, key)


CurrentClient = Annotated[ClientRow, Depends(require_client)]
"""The department's program that calls."""


def cookie_name(settings: Settings) -> str:
    """The session's cookie: bound to its host by the browser wherever the service is https."""
    return "__Host-menpai" if settings.public_url.startswith("https:") else "menpai_session"


def token_of(request: Request) -> SessionToken | None:
    """The session's token that came with a request, or None."""
    return find_session_token(request.cookies.get(cookie_name(settings_of(request)), ""))


def browser_cookie_name(settings: Settings) -> str:
    """The cookie of a browser from which somebody has signed in; set nowhere but there."""
    https = settings.public_url.startswith("https:")
    return "__Host-menpai-browser" if https else "menpai_browser"


def browser_token_of(request: Request) -> SessionToken | None:
    """The token by which a browser is known, or None; it lets nobody in."""
    return find_session_token(request.cookies.get(browser_cookie_name(settings_of(request)), ""))


def require_same_origin(request: Request) -> None:
    """Refuse what a page of another site made the browser send.

    Raises:
        ForgedForm: the browser says so.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    foreign = (
        site not in ("same-origin", "none")
        if site
        else origin is not None and (urlsplit(origin).netloc != request.headers.get("host"))
    )
    if foreign:
        raise ForgedForm("another site sent this", hint="open our own page and send it again")


async def _sent_form_token(request: Request) -> str:
    """The form token that a writing request carries; "" without one."""
    if request.method in _READING:
        return ""
    if FORM_HEADER in request.headers:
        return request.headers[FORM_HEADER]
    if request.headers.get("content-type", "").startswith(_FORMS):
        form: FormData = await request.form()
        return str(form.get(FORM_FIELD, ""))
    return ""


class StaffGuard:
    """Admits members of staff who may do something somewhere; ``None`` admits all of them.

    Where exactly is for the page or command to ask, of the record at hand:
    ``require(member, permission, division)``.
    """

    def __init__(self, permission: Permission | None, *, any_password: bool = False) -> None:
        self.permission = permission
        self.any_password = any_password

    def __call__(
        self,
        request: Request,
        session: ReadSession,
        sent: Annotated[str, Depends(_sent_form_token)],
    ) -> StaffMember:
        """The member of staff who asks.

        Raises:
            SignInNeeded: nobody is signed in, or the session has ended.
            ForgedForm: a writing request without the token of this session's forms.
            PasswordChangeNeeded: the first password is still in use.
            NotAllowed: this person may not do it anywhere.
        """
        token = token_of(request)
        member = _find_member(request, session, token) if token else None
        if token is None or member is None:
            raise SignInNeeded("nobody is signed in", hint="sign in at /admin/sign-in")
        if request.method not in _READING:
            require_same_origin(request)
            if not token.is_form_token(sent):
                raise ForgedForm("the form's token is not right", hint="reload the page")
        if member.must_change_password and not self.any_password:
            raise PasswordChangeNeeded("the first password is in use", hint="/admin/password")
        if self.permission is not None:
            require(member, self.permission)
        return member


def _find_member(request: Request, session: ReadSession, token: SessionToken) -> StaffMember | None:
    idle = timedelta(minutes=settings_of(request).session_idle_minutes)
    found = find_session(session, token, idle)
    if found is None:
        return None
    release(session)  # whoever writes takes one connection more, and not two
    if found.is_stale:
        with database_of(request).session() as writing:
            commands.touch_session(writing, token)
    return found.member


def require_caller(
    request: Request,
    session: ReadSession,
    sent: Annotated[str, Depends(_sent_form_token)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
) -> Caller:
    """Whoever calls: the program of the API key that was sent, else the member who is signed in.

    Raises:
        KeyMissing, SignInNeeded, ForgedForm, PasswordChangeNeeded: neither is to be had.
    """
    if bearer or header:
        client = require_client(request, session, bearer, header)
        grants = list_grants(session, client.id)
        return Caller(Actor("client", client.name), None, grants)
    if token_of(request) is None:
        require_client(request, session, None, None)
    member = StaffGuard(None)(request, session, sent)
    return Caller(member.actor, member)


CurrentCaller = Annotated[Caller, Depends(require_caller)]
"""A member of staff or a department's program; what it may do is asked of the record at hand."""


def staff(permission: Permission) -> Any:
    """A dependency: the member of staff who asks, if that person may do this somewhere.

    ``member: Annotated[StaffMember, staff(Permission.PLATES_READ)]``
    """
    return Depends(StaffGuard(permission))


def signed_in(*, any_password: bool = False) -> Any:
    """A dependency: any member of staff, for pages that everybody who is signed in may use."""
    return Depends(StaffGuard(None, any_password=any_password))
