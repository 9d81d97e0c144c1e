"""The calls by which programs write, each about one county."""

from typing import Any

ANY_VERSION = {"If-Match": "*"}
Call = tuple[str, str, dict[str, Any], str]
"""Method, path, content, and a member of the answer to a call that was granted."""

WRITTEN_CALLS = (
    *("enterAddress", "correctAddress", "moveAddress", "retireAddress"),
    *("importAddresses", "getImport"),
)


def written_call(name: str, code: str, street: str, division: str) -> Call:
    """A call about an address, by code, which ``street`` is the text of, in a division."""
    text = street.replace("88", "90")
    calls: dict[str, Call] = {
        "enterAddress": ("POST", "addresses", {"json": {"text": text}}, "standard_text"),
        "importAddresses": (
            *("POST", f"addresses/import?division={division}"),
            {"content": f"地址\n{text}\n", "headers": {"Content-Type": "text/csv"}},
            "state",
        ),
        "getImport": ("GET", "addresses/imports/1", {}, "state_name"),
    }
    changes: dict[str, dict[str, Any]] = {
        "correct": {"text": street.replace("88", "92")},
        "move": {"lon": 120.165, "lat": 30.24},
        "retire": {"reason": "已拆除"},
    }
    for action, body in changes.items():
        content = {"json": body, "headers": ANY_VERSION}
        path = f"addresses/{code}/{action}"
        calls[f"{action}Address"] = ("POST", path, content, "standard_text")
    return calls[name]
