"""The templates of the residents' pages: precompiled parts, and the pages about no plate."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

from markupsafe import Markup

from service.core import html
from service.core.words import TAGS, WORDS, Language, Words, mark
from service.scans.reader import PLAIN, Reader, View
from service.scans.site import Site

EMPTY = html.Html("")
SCRIPT = f"/static/read-aloud.js?{html.fingerprint('read-aloud.js')}"


@dataclass(frozen=True, slots=True)
class PageTemplates:
    """The words and precompiled template parts for one reader of one site."""

    reader: Reader
    query: str
    """The query string of the reader's links."""

    words: Words
    parts: Mapping[str, html.Part]
    frames: Mapping[bool, html.Part]
    """The page frame around title and content, by whether it is marked as a demo."""


@lru_cache(maxsize=32)
def parts_of(site: Site, reader: Reader) -> PageTemplates:
    """The templates for a reader, compiled on first use."""
    context = page_context(site, reader) | {"script": SCRIPT}
    frames = {
        is_demo: html.cut_page("scans/plate.html", context | {"is_demo": is_demo}, "title", "body")
        for is_demo in (False, True)
    }
    parts = html.cut_parts("scans/parts.html", context)
    return PageTemplates(reader, reader.query, WORDS[reader.language], parts, frames)


def page_context(site: Site, reader: Reader) -> dict[str, object]:
    """The context of every template: words, view, language, links to the other views."""
    view, language = reader.view, reader.language
    standard = view is View.STANDARD
    other_view = Reader(View.ELDER if standard else View.STANDARD, language)
    other_language = Reader(view, Language.EN if language is Language.ZH else Language.ZH)
    return {
        "words": WORDS[language],
        "tag": TAGS[language],
        "zh": Markup("") if language is Language.ZH else Markup(' lang="zh-CN"'),
        "elder": not standard,
        "script": "",
        "site": site,
        "is_demo": site.is_demo,
        "query": reader.query,
        "other_view": other_view.query or "?",
        "other_language": other_language.query or "?",
    }


TITLES = {
    404: (mark("没有这个页面"), mark("网址可能输错了。可以在下面输入门牌上的编码，或地址。")),
    405: (
        mark("不能这样打开"),
        mark("这个网址只能查看。请直接打开网址，或在下面输入门牌上的编码、地址。"),
    ),
    429: (mark("查询过于频繁"), mark("请过一会儿再试。扫门牌上的二维码不受限制。")),
    503: (
        mark("系统正在恢复"),
        mark("请过一会儿再扫一次。紧急情况请直接拨打电话，并说出门牌上的地址。"),
    ),
}
REFUSED = (mark("请求有误"), mark("网址或提交的内容有误。可以在下面输入门牌上的编码，或地址。"))
UNFORESEEN = (
    mark("系统出了点问题"),
    mark("请过一会儿再试。紧急情况请直接拨打电话，并说出门牌上的地址。"),
)


def render_unknown(site: Site, reader: Reader = PLAIN) -> str:
    """The page for an unknown token."""
    return _plain("scans/unknown.html", site, reader)


def render_home(site: Site, typed: str = "", fault: str = "", reader: Reader = PLAIN) -> str:
    """The home page, with the typed text and the error in it."""
    fault = WORDS[reader.language](fault)
    return _plain("home.html", site, reader, typed=typed, fault=fault)


def render_privacy(site: Site, reader: Reader = PLAIN) -> str:
    """The privacy page."""
    return _plain("privacy.html", site, reader)


@lru_cache(maxsize=256)  # so that a flood of refused requests does not slow down scans
def render_error(status: int, site: Site, reader: Reader = PLAIN) -> str:
    """The error page of an HTTP status, worded for residents."""
    other = UNFORESEEN if status >= HTTPStatus.INTERNAL_SERVER_ERROR else REFUSED
    title, detail = map(WORDS[reader.language], TITLES.get(status, other))
    return _plain("error.html", site, reader, title=title, detail=detail)


def _plain(template: str, site: Site, reader: Reader, **values: str) -> str:
    """Render a page about no plate; a search field defaults to empty."""
    fields = {"typed": "", "fault": ""} | values
    return html.render(template, **page_context(site, reader), **fields)
