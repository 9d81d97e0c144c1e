"""The pages for residents that are about no plate: home, privacy, unknown tokens, errors."""

from functools import lru_cache
from http import HTTPStatus

from service.core import html
from service.core.words import WORDS, mark
from service.scans.reader import PLAIN, Reader
from service.scans.site import Site
from service.scans.template_parts import page_context

TITLES = {
    404: (mark("没有这个页面"), mark("网址可能输错了。可以在下面输入门牌上的编码。")),
    405: (
        mark("不能这样打开"),
        mark("这个网址只能查看。请直接打开网址，或在下面输入门牌上的编码。"),
    ),
    429: (mark("查询太频繁"), mark("请过一会儿再试。扫门牌上的二维码不受限制。")),
    503: (
        mark("系统正在恢复"),
        mark("请过一会儿再扫一次。紧急情况请直接拨打电话，并说出门牌上的地址。"),
    ),
}
REFUSED = (mark("请求有误"), mark("网址或提交的内容有误。可以在下面输入门牌上的编码。"))
UNFORESEEN = (
    mark("系统出了点问题"),
    mark("请过一会儿再试。紧急情况请直接拨打电话，并说出门牌上的地址。"),
)


def render_unknown(site: Site, reader: Reader = PLAIN) -> str:
    """Return the page for a token that stands on no plate."""
    return _plain("scans/unknown.html", site, reader)


def render_home(site: Site, typed: str = "", fault: str = "", reader: Reader = PLAIN) -> str:
    """Return the home page, with what was typed and what is wrong with it."""
    fault = WORDS[reader.language](fault)
    return _plain("home.html", site, reader, typed=typed, fault=fault)


def render_privacy(site: Site, reader: Reader = PLAIN) -> str:
    """Return the privacy page."""
    return _plain("privacy.html", site, reader)


@lru_cache(maxsize=256)  # a crowd that is refused must not keep scans waiting
def render_error(status: int, site: Site, reader: Reader = PLAIN) -> str:
    """Return the page for an error by its HTTP status, in words for residents."""
    other = UNFORESEEN if status >= HTTPStatus.INTERNAL_SERVER_ERROR else REFUSED
    title, detail = map(WORDS[reader.language], TITLES.get(status, other))
    return _plain("error.html", site, reader, title=title, detail=detail)


def _plain(template: str, site: Site, reader: Reader, **values: str) -> str:
    """A page about no plate; those with a search field start with an empty one."""
    fields = {"typed": "", "fault": ""} | values
    return html.render(template, **page_context(site, reader), **fields)
