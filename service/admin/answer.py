"""Responses of the signed-in area: framed pages, redirects, error pages in Chinese.

Every staff page is a route of ``staff_pages()``, whose route class rejects an endpoint without a
staff guard at startup, not at the first request.
"""

from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from address_model.codes import format_code
from service.admin.navigation import current_entry, entries_for
from service.admin.outdated import ACT_FIELD, SAW_FIELD, SEEN_FIELD, compare
from service.admin.refused_form import MISSING, RefusedForm, sent_values
from service.auth.guards import FORM_FIELD, SecondFactorNeeded, StaffGuard, token_of
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core import html
from service.core.clock import zone
from service.core.database import LARGEST_NUMBER
from service.core.errors import (
    BadRequest,
    ForgedForm,
    MenpaiError,
    NotFound,
    Outdated,
    PasswordChangeNeeded,
    SignInNeeded,
    TooMuch,
    status_of,
)
from service.core.messages import IN_CHINESE
from service.core.problems import headers_of, note_outage
from service.core.web import WritingRoute, dependencies_of, settings_of
from service.core.words import WORDS, Language
from service.plates.print_content import design_title

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Seen = Annotated[int, Form(alias=SEEN_FIELD, ge=1, le=LARGEST_NUMBER)]
"""The version of the record that a form edits; every form that changes a record sends it."""

MOST_BYTES = 32 << 20
"""The largest form body, in bytes: room for one phone photo."""

SIGN_IN = "/admin/sign-in"
PASSWORD = "/admin/password"  # noqa: S105 - a path
SECOND_FACTOR = "/admin/second-factor"
STYLE_PATH = f"/static/admin.css?{html.fingerprint('admin.css')}"
SCRIPT_PATH = f"/static/admin.js?{html.fingerprint('admin.js')}"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",  # browsers then send Origin with a form
    "Cross-Origin-Opener-Policy": "same-origin",
    "Vary": "Accept, Cookie",
} | (html.PRIVATE | html.NOT_INDEXED)


def show(
    request: Request,
    member: StaffMember | None,
    template: str,
    *,
    status_code: int = 200,
    **values: object,
) -> Response:
    """Render a page of ``templates/admin/`` in the frame of the signed-in area.

    The value ``policy`` is the content security policy of a page that needs another one.
    """
    token, settings = token_of(request), settings_of(request)
    context = {
        "words": WORDS[Language.ZH],
        "path": request.url.path,
        "member": member,
        "navigation": entries_for(member) if member else [],
        "current": current_entry(request.url.path),
        "may_seek": member is not None and may(member, Permission.ADDRESSES_READ),
        "form_token": token.form_token if token and member else "",
        "form_field": FORM_FIELD,
        "seen_field": SEEN_FIELD,
        "saw_field": SAW_FIELD,
        "act_field": ACT_FIELD,
        "stylesheet": STYLE_PATH,
        "script": SCRIPT_PATH,
        "is_demo": settings.env == "demo",
        "operator": settings.operator,
        "has_api_page": settings.shows_api_page,
        "fault": None,
        "spaced": format_code,
        "design_title": design_title,
        "moment": _moment,
        "zone": zone(),
        "in_chinese": IN_CHINESE,
    }
    text = html.render(f"admin/{template}", **(context | values))
    policy = values.get("policy", CONTENT_SECURITY_POLICY)
    headers = HEADERS | {"Content-Security-Policy": str(policy)}
    return html.page(request, text, status=status_code, headers=headers)


def _moment(at: datetime) -> str:
    """Format a timestamp in the local time zone."""
    return f"{at.astimezone(zone()):%Y-%m-%d %H:%M}"


def see_other(path: str) -> Response:
    """Redirect after a successful POST, so that a reload does not send the form again."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER, headers=html.PRIVATE)


def open_pages() -> APIRouter:
    """A router for pages that need no sign-in; the tests list every one of them."""
    return APIRouter(include_in_schema=False, route_class=_OpenPage)


def staff_pages() -> APIRouter:
    """A router for staff pages: every endpoint must have a staff guard."""
    return APIRouter(include_in_schema=False, route_class=_StaffPage)


def require_bounded(request: Request) -> None:
    """Reject a form by its Content-Length, before the body is read.

    Raises:
        TooMuch: the header is no number, or exceeds ``MOST_BYTES``.
    """
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise TooMuch(f"a form has at most {MOST_BYTES >> 20} MB", hint="send a smaller photo")


def guards_of(route: APIRoute) -> list[StaffGuard]:
    """The staff guards among all dependencies of a route."""
    return [one.call for one in dependencies_of(route) if isinstance(one.call, StaffGuard)]


class _OpenPage(WritingRoute):
    """A route that shows its errors in the frame of the signed-in area."""

    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                require_bounded(request)
                return await inner(request)
            except SignInNeeded:
                url = request.url
                asked = f"{url.path}?{url.query}" if url.query else url.path
                again = asked if request.method == "GET" else "/admin"  # a form is not sent twice
                return see_other(f"{SIGN_IN}?next={quote(again)}")
            except (PasswordChangeNeeded, SecondFactorNeeded) as error:
                first = PASSWORD if isinstance(error, PasswordChangeNeeded) else SECOND_FACTOR
                return see_other(first)
            except Outdated as error:
                form, token = await request.form(), token_of(request)
                sent = {name: value for name, value in form.items() if isinstance(value, str)}
                sent |= getattr(request.state, "carried", {})
                return show(  # the submitted values beside the current record
                    request,
                    None,
                    "outdated.html",
                    status_code=status_of(error),
                    form_token=token.form_token if token else "",
                    **compare(request.url.path, error, sent),
                )
            except MenpaiError as error:
                fields = {error.field: staff_message(error)} if error.field else {}
                return await _refuse(request, error, fields)
            except RequestValidationError as error:
                wrong = {str(e["loc"][-1]): WRONG.get(e["type"], MISFIT) for e in error.errors()}
                fault: MenpaiError = BadRequest(f"fields: {', '.join(wrong)}", zh=MARKED)
                if any(item["loc"][0] == "path" for item in error.errors()):
                    fault = NotFound("no record has this number", zh="没有这个编号的记录。")
                return await _refuse(request, fault, wrong)

        return handle


class _StaffPage(_OpenPage):
    """A route that must have a staff guard."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        if not guards_of(self):
            raise TypeError(f"{path}: a staff page needs a guard, staff(…) or signed_in()")


HEADINGS = {
    HTTPStatus.FORBIDDEN: ("没有权限", "您的角色不能办理这一项；请联系本单位管理员授权。"),
    HTTPStatus.NOT_FOUND: ("没有找到", "没有这条记录，或者它不在您负责的区划内。"),
    HTTPStatus.CONFLICT: ("暂时无法办理", "与登记的内容不一致，请看下面的说明。"),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("填写有误", "请返回上一页，按下面的说明改正。"),
    HTTPStatus.TOO_MANY_REQUESTS: ("操作过于频繁", "请按下面的说明，过些时候再试。"),
    HTTPStatus.SERVICE_UNAVAILABLE: ("系统正忙", "请过几秒钟再试一次。"),
}
MARKED = "有内容没有填写，或填写有误，请改正标出的内容。"
MISFIT = "填写有误"
WRONG = dict.fromkeys(MISSING, MISSING[0]) | {"enum": "请选择", "literal_error": "请选择"}
FORGED = ("页面已过期", "这个表单不是从当前页面提交的。请返回上一页，刷新后再提交。")
_LATER = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
UNFORESEEN = ("没有办成", "请看下面的说明。")


def staff_message(error: MenpaiError) -> str:
    """The message of an error for staff, in Chinese."""
    return error.page_text


async def _refuse(request: Request, error: MenpaiError, fields: Mapping[str, str]) -> Response:
    """A refused form is shown again, filled in; what was no form of ours gets a page."""
    status = status_of(error)
    heading, advice = FORGED if isinstance(error, ForgedForm) else HEADINGS.get(status, UNFORESEEN)
    values = {"heading": heading, "advice": advice, "detail": staff_message(error)}
    member = getattr(request.state, "member", None)
    plain = show(request, member, "fault.html", status_code=status, **values)
    note_outage(error)
    if status in _LATER:  # who is asked to wait is not given more of our time
        plain.headers.update(headers_of(error))
        return plain
    kind = request.headers.get("content-type", "")
    if request.method != "POST" or isinstance(error, ForgedForm | TooMuch) or "form" not in kind:
        return plain
    sent = sent_values((await request.form()).multi_items())
    return RefusedForm(request, sent, plain, f"没有办理：{staff_message(error)}", fields)


def carry_field(request: Request, name: str, value: str) -> None:
    """Add a field to the form that ``_show_conflict`` offers; a browser cannot re-send a file."""
    request.state.carried = getattr(request.state, "carried", {}) | {name: value}
