"""Pages for residents: the scan page, its JSON twin, home, privacy, errors; all without script."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from address_model.codes import InvalidCode, parse_code
from address_model.tokens import find_token
from service.core import html
from service.core.problems import problem
from service.core.web import ReadSession
from service.scans.card import CardStatus, Contact, DutyRole, ScanCard, Site
from service.scans.maps import map_links
from service.scans.twin import card_json

CardFinder = Callable[[ReadSession, str], ScanCard | None]
"""Finds the card of a token, or of a code; None when there is none to show."""

ROBOTS = "User-agent: *\nAllow: /$\nAllow: /privacy\nDisallow: /\n"
MISTYPED = "这不是门牌上的编码。地址编码有 16 位数字，二维码下面的字符有 10 位，请再看一遍。"
WRONG_DIGITS = "这个编码不对：可能有一位数字看错了，或相邻两位颠倒了，请再看一遍。"


@dataclass(frozen=True, slots=True)
class _Status:
    """How a status reads on the plate."""

    label: str
    is_good: bool = False


STATUSES = {
    CardStatus.IN_USE: _Status("在用", is_good=True),
    CardStatus.NOT_YET: _Status("待安装"),
    CardStatus.DAMAGED: _Status("已报修"),
    CardStatus.LOST: _Status("已报失"),
    CardStatus.REPLACED: _Status("已更换"),
    CardStatus.VOID: _Status("已注销"),
}
ROLES = {
    DutyRole.GRID_WORKER: "网格员",
    DutyRole.COMMUNITY_OFFICER: "社区民警",
    DutyRole.POLICE_STATION: "派出所",
    DutyRole.COMMUNITY_OFFICE: "社区",
}
TITLES = {
    404: ("没有这个页面", "网址可能输错了。可以在下面输入门牌上的编码。"),
    429: ("查询太频繁", "请过一会儿再试。扫门牌上的二维码不受限制。"),
    503: ("系统正在恢复", "请过一会儿再扫一次。紧急情况请直接拨打电话，并说出门牌上的地址。"),
}
UNFORESEEN = ("系统出了点问题", "请过一会儿再试。紧急情况请直接拨打电话，并说出门牌上的地址。")


def render_card(card: ScanCard, site: Site) -> str:
    """Return the page of a card as HTML."""
    contacts = [(contact, *_contact_words(contact)) for contact in card.ordered_contacts()]
    return html.render(
        "scans/plate.html",
        card=card,
        site=site,
        is_demo=card.is_demo or site.is_demo,
        status=STATUSES[card.status],
        contacts=contacts,
        links=map_links(card.point, card.local_text, card.standard_text) if card.point else None,
    )


def render_unknown(site: Site) -> str:
    """Return the page for a token that stands on no plate."""
    return _plain("scans/unknown.html", site)


def render_home(site: Site, typed: str = "", fault: str = "") -> str:
    """Return the home page, with what was typed and what is wrong with it."""
    return _plain("home.html", site, typed=typed, fault=fault)


def render_privacy(site: Site) -> str:
    """Return the privacy page."""
    return _plain("privacy.html", site)


def render_error(status: int, site: Site) -> str:
    """Return the page for an error by its HTTP status, in words for residents."""
    title, detail = TITLES.get(status, UNFORESEEN)
    return _plain("error.html", site, title=title, detail=detail)


def _contact_words(contact: Contact) -> tuple[str, str]:
    """A contact's title and what stands below it: 网格员 演示甲, 示例社区 1 服务中心."""
    role = ROLES[contact.role]
    if contact.is_person:
        lines = (contact.organisation, contact.hours)
        return f"{role} {contact.display_name}", " · ".join(filter(None, lines))
    return contact.display_name, " · ".join(filter(None, (role, contact.hours)))


def _plain(template: str, site: Site, **values: str) -> str:
    """A page about no plate; those with a search field start with an empty one."""
    fields = {"typed": "", "fault": ""} | values
    return html.render(template, site=site, is_demo=site.is_demo, **fields)


def answer_card(request: Request, card: ScanCard | None, site: Site) -> Response:
    """Answer a scan: the page, or JSON when the caller prefers it; 404 in both forms.

    A card that shows a contact may be kept by no cache.
    """
    json = html.prefers_json(request.headers.get("accept", ""))
    headers = html.NOT_INDEXED | (html.PRIVATE if card and card.shows_person else html.PUBLIC)
    if card is None:
        if json:
            return problem(404, "There is no such plate.", mend="compare it with the plate")
        missing = html.NOT_INDEXED | html.PRIVATE
        return html.page(request, render_unknown(site), status=404, headers=missing)
    if json:
        plain = html.PAGE_HEADERS | headers
        return Response(card_json(card), headers=plain, media_type="application/json")
    return html.page(request, render_card(card, site), headers=headers)


def make_router(find_by_token: CardFinder, find_by_code: CardFinder, site: Site) -> APIRouter:
    """Return the routes of the residents' pages over two ways to find a card."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=["GET", "HEAD"])
    def home(request: Request, q: str = "") -> Response:
        """The home page; with ``q`` the way to what stands on a plate."""
        return answer_home(request, q, site)

    @router.api_route("/privacy", methods=["GET", "HEAD"])
    def privacy(request: Request) -> Response:
        """What is shown and kept of a scan."""
        return html.page(request, render_privacy(site), headers=html.PUBLIC)

    @router.get("/robots.txt")
    def robots() -> Response:
        """Search engines may read the home and privacy pages, no plate."""
        return PlainTextResponse(ROBOTS)

    @router.api_route("/a/{code}", methods=["GET", "HEAD"])
    def by_code(request: Request, session: ReadSession, code: str) -> Response:
        """The public card of an address code."""
        try:
            digits = parse_code(code).digits
        except InvalidCode:
            return answer_card(request, None, site)
        return answer_card(request, find_by_code(session, digits), site)

    @router.api_route("/{token}", methods=["GET", "HEAD"])
    def scan(request: Request, session: ReadSession, token: str) -> Response:
        """The page of the plate that carries a token."""
        folded = find_token(token)
        if folded is None:
            return html.page(request, render_error(404, site), status=404, headers=html.NOT_INDEXED)
        return answer_card(request, find_by_token(session, folded), site)

    return router


def answer_home(request: Request, typed: str, site: Site) -> Response:
    """Show the home page, or lead from what was typed to the plate's or the address's page."""
    text = typed.strip()[:40]
    if not text:
        return html.page(request, render_home(site), headers=html.PUBLIC)
    token = find_token(text)
    if token is not None:
        return RedirectResponse(f"/{token}", 303)
    try:
        return RedirectResponse(f"/a/{quote(parse_code(text).digits)}", 303)
    except InvalidCode:
        fault = WRONG_DIGITS if sum(map(str.isdigit, text)) == 16 else MISTYPED
        page = render_home(site, typed=text, fault=fault)
        return html.page(request, page, status=400, headers=html.PRIVATE)
