"""Optimistic locking of forms: each form sends the version of the record it was filled from.

If the record has changed since, the conflict page shows the submitted values beside the current
record, and can submit the same form again for the version shown.
"""

from collections.abc import Mapping

from address_model.inspections import EVENT_NAMES
from service.auth.guards import FORM_FIELD
from service.core.errors import Outdated

SEEN_FIELD, SAW_FIELD = "seen", "saw"
"""The fields with the version and the record's text at that version; ``token(record)`` of
``forms.html`` writes both."""

ACT_FIELD = "act"
"""The field with the label of the submit button."""

_TITLES = {
    "code": "地址编码",
    "what": "情况",
    "reason": "原因",
    "maker": "制作单位",
    "outcome": "结果",
    "note": "备注",
    "assignee": "派给",
    "due": "期限",
    "lon": "经度",
    "lat": "纬度",
    "kept": "照片",
    "text": "地址或名称",
    "other": "另一地址",
    "scheme": "系统名称",
    "value": "标识",
    "name": "名称",
    "office": "办理单位",
    "hours": "时间",
    "phone": "电话",
    "link": "链接",
    "owner": "单位",
    "contact": "联系科室",
    "networks": "网络",
    "valid_until": "有效到",
    "last_day": "旧密钥用到",
    "standard": "依据的标准",
    "label": "字段",
}
_WORDS = {str(kind): name for kind, name in EVENT_NAMES.items()}


def compare(path: str, error: Outdated, fields: Mapping[str, str]) -> dict[str, object]:
    """The template values of the conflict page for a form with these fields, sent to this path."""
    own = {
        _TITLES[name]: "已拍" if name == "kept" else _WORDS.get(value, value)
        for name, value in fields.items()
        if name in _TITLES and value
    }
    act = fields.get(ACT_FIELD, "提交")
    return {
        "detail": error.zh,
        "seen": error.seen,
        "saw": fields.get(SAW_FIELD, ""),
        "own": {"办理": act} | own,
        "record": error.record,
        "act": act,
        "path": path,
        "back": path if path.startswith("/crew/") else path.rpartition("/")[0],
        "carried": [
            (name, value)
            for name, value in fields.items()
            if name not in (FORM_FIELD, SEEN_FIELD, SAW_FIELD)
        ],
    }
