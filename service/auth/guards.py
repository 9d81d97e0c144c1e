"""Authenticates requests: programs by API key, members of staff by session.

Routes get a member of staff only from ``staff(...)`` and ``signed_in()``, which check the form
token (CSRF) of every writing request, so no route can forget it.
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
from service.auth.grant_quotas import GrantQuotas
from service.auth.grants import Program
from service.auth.keys import find_shown
from service.auth.members import StaffMember, require
from service.auth.permissions import Permission, Role, read_roles
from service.auth.queries import find_program, find_session
from service.auth.session_tokens import SessionToken, find_session_token
from service.auth.usage import GrantedCall, note_call
from service.core.actor import Actor
from service.core.database import Session, release
from service.core.errors import (
    ForgedForm,
    KeyMissing,
    NotAllowed,
    PasswordChangeNeeded,
    SignInNeeded,
)
from service.core.limits import networks_of
from service.core.quotas import note_quota
from service.core.reads import is_on_standby
from service.core.settings import Settings
from service.core.web import (
    ReadSession,
    StandbySession,
    client_address,
    database_of,
    reads_of,
    settings_of,
)

_bearer = HTTPBearer(auto_error=False, description="The API key as a bearer token.")
_header = APIKeyHeader(name="X-API-Key", auto_error=False, description="The API key.")
FORM_FIELD = "form_token"
FORM_HEADER = "X-Form-Token"
_READING = ("GET", "HEAD", "OPTIONS")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


STRANGER = Actor("client", "?")
"""The caller with an invalid key."""


def tally_of(request: Request) -> AuditTally:
    """The audit tally of this process."""
    tally = request.app.state.tally
    assert isinstance(tally, AuditTally)  # noqa: S101 - set by create_app
    return tally


def get_shown_program(
    request: Request,
    session: Session,
    bearer: HTTPAuthorizationCredentials | None,
    header: str | None,
) -> Program:
    """The program of the request's API key, with its grants in force for the caller's network.

    Invalid keys are counted for the audit.

    Raises:
        KeyMissing: the key is absent, malformed, revoked, expired or unknown.
    """
    key = find_shown(bearer.credentials if bearer else header or "")
    program = None
    if key and is_on_standby(session):  # which may not have replayed the revocation of the key
        with reads_of(request).identifying() as primary:
            program = find_program(primary, key)
    elif key:
        program = find_program(session, key)
    if program is None:
        if bearer or header:
            tally_of(request).add(STRANGER, "keys:refuse", "unknown, revoked or expired key")
        raise KeyMissing(
            "no valid API key came with the request",
            hint="send it as `Authorization: Bearer mp_…`; make one with `menpai clients create`",
            http_hint="send it as `Authorization: Bearer mp_…` or as X-API-Key; ask the operator",
        )
    if any(one.networks for one in program.grants):
        trusted = networks_of(settings_of(request).trusted_proxies)
        return program.called_from(client_address(request.scope, trusted))
    return program


def count_call(request: Request, program: Program, permission: Permission | None = None) -> None:
    """Count a call on the quota of the grant that opens it, and store what is left for the headers.

    Raises:
        NotAllowed, TooOften: no grant in force has the permission, or its quota is used up.
    """
    called = getattr(request.scope.get("route"), "operation_id", None) or "api"
    note_call(request.scope, GrantedCall.of(program, called, permission))
    if permission is not None:
        program.require(permission)
    tally_of(request).add(program.actor, "clients:call", called)
    grant = program.charged(permission)
    if grant is not None:
        quotas = request.app.state.quotas
        assert isinstance(quotas, GrantQuotas)  # noqa: S101 - set by create_app
        note_quota(request.scope, *quotas.take(grant))


class GrantGuard:
    """Admits programs with a permission in any division.

    The route must keep to the divisions and fields of the grants: ``program.may``,
    ``program.divisions`` and ``program.viewer``.
    """

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(
        self,
        request: Request,
        session: StandbySession,
        bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
        header: Annotated[str | None, Security(_header)],
    ) -> Program:
        """The calling program.

        Raises:
            KeyMissing: no valid key.
            NotAllowed, TooOften: no grant in force has the permission, or its quota is used up.
        """
        program = get_shown_program(request, session, bearer, header)
        count_call(request, program, self.permission)
        return program


def granted(permission: Permission) -> Any:
    """A dependency: the calling program, which must have the permission in some division.

    ``program: Annotated[Program, granted(Permission.ADDRESSES_READ)]``
    """
    return Depends(GrantGuard(permission))


def cookie_name(settings: Settings) -> str:
    """The name of the session cookie: with the prefix __Host- if the service is https."""
    return "__Host-menpai" if settings.public_url.startswith("https:") else "menpai_session"


def token_of(request: Request) -> SessionToken | None:
    """The session token of a request, or None."""
    return find_session_token(request.cookies.get(cookie_name(settings_of(request)), ""))


def browser_cookie_name(settings: Settings) -> str:
    """The name of the cookie that marks browsers from which somebody has signed in."""
    https = settings.public_url.startswith("https:")
    return "__Host-menpai-browser" if https else "menpai_browser"


def browser_token_of(request: Request) -> SessionToken | None:
    """The token of a known browser, or None; it does not authenticate."""
    return find_session_token(request.cookies.get(browser_cookie_name(settings_of(request)), ""))


def require_same_origin(request: Request) -> None:
    """Refuse cross-site requests.

    Raises:
        ForgedForm: Sec-Fetch-Site or Origin names another site.
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
    """The form token of a writing request, or ""."""
    if request.method in _READING:
        return ""
    if FORM_HEADER in request.headers:
        return request.headers[FORM_HEADER]
    if request.headers.get("content-type", "").startswith(_FORMS):
        form: FormData = await request.form()
        return str(form.get(FORM_FIELD, ""))
    return ""


class SecondFactorNeeded(NotAllowed):
    """You have to join an authenticator app to your account first."""


def roles_with_code(request: Request) -> frozenset[Role]:
    """The roles that require an authenticator (``MENPAI_TOTP_ROLES``)."""
    return read_roles(settings_of(request).totp_roles)


class StaffGuard:
    """Admits members of staff with a permission in any division; ``None`` admits all.

    The page or command must check the division of the record itself:
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
        """The member of staff of the session.

        Raises:
            SignInNeeded: nobody is signed in, or the session has ended.
            ForgedForm: a writing request without this session's form token.
            PasswordChangeNeeded: the first password is still in use.
            SecondFactorNeeded: a role of theirs requires an authenticator, and there is none.
            NotAllowed: this person lacks the permission in every division.
        """
        token = token_of(request)
        idle = timedelta(minutes=settings_of(request).session_idle_minutes)
        found = find_session(session, token, idle) if token else None
        if token is None or found is None:
            raise SignInNeeded("nobody is signed in", hint="sign in at /admin/sign-in")
        release(session)  # so that a writing request holds one more connection, not two
        if found.is_stale:
            with database_of(request).session() as writing:
                commands.touch_session(writing, token)
        member = found.member
        if request.method not in _READING:
            require_same_origin(request)
            if not token.is_form_token(sent):
                raise ForgedForm("the form token is wrong", hint="reload the page")
        if member.must_change_password and not self.any_password:
            raise PasswordChangeNeeded("the first password is in use", hint="/admin/password")
        needs_code = not found.has_second_factor and not self.any_password
        if needs_code and {a.role for a in member.assignments} & roles_with_code(request):
            raise SecondFactorNeeded("an authenticator is required", hint="/admin/second-factor")
        request.state.member = member  # for the frame of a page that says what went wrong
        if self.permission is not None:
            require(member, self.permission)
        return member


def require_caller(
    request: Request,
    session: ReadSession,
    sent: Annotated[str, Depends(_sent_form_token)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    header: Annotated[str | None, Security(_header)],
) -> Caller:
    """The caller: the program of the API key, else the member of staff who is signed in.

    Raises:
        KeyMissing, SignInNeeded, ForgedForm, PasswordChangeNeeded: there is neither.
    """
    if bearer or header or token_of(request) is None:
        program = get_shown_program(request, session, bearer, header)
        count_call(request, program)
        return Caller(program.actor, None, program)
    member = StaffGuard(None)(request, session, sent)
    return Caller(member.actor, member)


CurrentCaller = Annotated[Caller, Depends(require_caller)]
"""A member of staff or a department's program; check permissions for the record at hand."""


def staff(permission: Permission) -> Any:
    """A dependency: the member of staff, who must have the permission in some division.

    ``member: Annotated[StaffMember, staff(Permission.PLATES_READ)]``
    """
    return Depends(StaffGuard(permission))


def signed_in(*, any_password: bool = False) -> Any:
    """A dependency: any member of staff who is signed in."""
    return Depends(StaffGuard(None, any_password=any_password))
