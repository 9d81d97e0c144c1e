"""What the pages of reports share: headers, words of kinds and states, links to other views."""

from collections.abc import Mapping
from typing import cast
from urllib.parse import urlencode

from address_model.reports import ReportKind, ReportState
from service.core import html
from service.core.words import Language, Words, mark

# Browsers then name the page that a form came from, which tells ours from forged ones.
HEADERS = html.PRIVATE | html.NOT_INDEXED | {"Referrer-Policy": "same-origin"}

KIND_TEXTS: Mapping[str, tuple[str, str]] = {
    ReportKind.BROKEN: (mark("门牌坏了"), mark("破损、掉落、被挡住，或二维码扫不出来")),
    ReportKind.WRONG: (mark("信息不对"), mark("地址、名称或网页上写的有误")),
    ReportKind.PHONE: (mark("电话不通"), mark("网页上的电话打不通，或换了人")),
    ReportKind.PLACE: (mark("位置不对"), mark("地图上的位置偏了，或牌子挂错了地方")),
    ReportKind.OTHER: (mark("其他"), mark("别的问题")),
}
"""Each kind of report, with a line that says what it means."""

STATE_TEXTS: Mapping[str, tuple[str, str]] = {
    ReportState.RECEIVED: (mark("已收到"), mark("报告已收到，等待派人查看。")),
    ReportState.ASSIGNED: (mark("已派"), mark("已经派人去办，办好后在这里答复。")),
    ReportState.DONE: (mark("已办"), mark("已经办好。")),
    ReportState.UNFOUNDED: (mark("不属实"), mark("看过了，和报告说的不一样。")),
}
"""Each state, with what it means for whoever waits."""


def words_of(context: Mapping[str, object]) -> Words:
    """The words of a page."""
    return cast(Words, context["words"])


def language_of(context: Mapping[str, object]) -> Language:
    """The language of a page."""
    return words_of(context).language


def add_to_query(context: Mapping[str, object], fields: Mapping[str, str]) -> dict[str, object]:
    """The context whose links to other views and languages carry some fields on."""
    more = urlencode(fields)
    if not more:
        return dict(context)
    carried = {}
    for name in ("other_view", "other_language"):
        link = str(context[name])
        carried[name] = f"{link}{'' if link.endswith('?') else '&'}{more}"
    return {**context, **carried}
