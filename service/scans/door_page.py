"""The page of a search by address: the doors or streets to choose from, or how to ask again."""

from urllib.parse import urlencode

from service.core import html
from service.core.words import WORDS, mark
from service.scans.queries.door_search import DoorSearch, Found
from service.scans.reader import Reader, View
from service.scans.site import Site
from service.scans.templates import page_context

TELLS = {
    Found.HERE: (mark("找到了"), mark("点开就能看到这块门牌的编码。")),
    Found.DOOR_ONLY: (
        mark("找到了门牌"),
        mark("这里只查到门牌，不显示门牌以内的幢、单元和室。"),
    ),
    Found.FORMER: (mark("地址已变更"), mark("这是以前的地址或名称，现在的标准地址是：")),
    Found.LIKELY: (mark("是不是这里？"), mark("没有完全相同的地址，最接近的是这一个，请核对。")),
    Found.SEVERAL: (mark("请选一个"), mark("有几处地址写法相同，请按区县和乡镇街道分清。")),
    Found.NEAREST: (
        mark("没有找到这个门牌"),
        mark("登记的门牌里，下面几个最接近，请看看是不是其中一个。"),
    ),
    Found.STREETS: (mark("还差门牌号"), mark("请在后面写上一个门牌号，再查一次。")),
    Found.NO_SUCH_NUMBER: (
        mark("没有找到这个门牌号"),
        mark("叫这个名字的地方有下面这些。请核对门牌号；有几处的，先选一处。"),
    ),
    Found.LIKE_NAMES: (
        mark("没有找到这个地名"),
        mark("下面几个名字相近，请看看是不是其中一个。选好后再写门牌号。"),
    ),
    Found.NOTHING: (mark("没有找到这个地址"), mark("可能写法不同，也可能还没有登记。")),
}
"""Title and first sentence for what was found."""

_SEVERAL_STREETS = (mark("还差门牌号"), mark("有几处叫这个名字：先选一处，再写门牌号。"))
_NEEDS_ADVICE = (Found.NEAREST, Found.NO_SUCH_NUMBER, Found.LIKE_NAMES, Found.NOTHING)


def render_search(site: Site, typed: str, found: DoorSearch, reader: Reader) -> str:
    """The page for a typed address; links to other views keep the text."""
    is_one_street = found.kind is Found.STREETS and len(found.streets) == 1
    tells = TELLS[found.kind]
    if found.kind is Found.STREETS and not is_one_street:
        tells = _SEVERAL_STREETS
    title, detail = map(WORDS[reader.language], tells)
    context = page_context(site, reader)
    standard = reader.view is View.STANDARD
    other_view = Reader(View.ELDER if standard else View.STANDARD, reader.language)
    asked = urlencode({"q": typed})
    return html.render(
        "scans/found.html",
        **context
        | {
            "other_view": f"?{asked}{_more(other_view.query)}",
            "other_language": f"?{asked}{_more(str(context['other_language']))}",
        },
        title=title,
        detail=detail,
        found=found,
        streets=[
            (one, "" if is_one_street else f"/?{urlencode({'q': one.text})}{_more(reader.query)}")
            for one in found.streets
        ],
        advice=found.kind in _NEEDS_ADVICE,
        typed=found.streets[0].text if is_one_street else typed,
        fault="",
    )


def _more(query: str) -> str:
    """A query string of the reader's, to follow another."""
    return "&" + query[1:] if query[1:] else ""
