"""Pages as text: the templates, the one style sheet, and the headers every page carries.

The style sheet is written into the page, so that a page is one request; its hash in the content
security policy is what lets it in. There is no script, no cookie and no foreign host on any page.
"""

import base64
import hashlib
import re
from pathlib import Path

from fastapi import Request
from fastapi.responses import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_HERE = Path(__file__).resolve().parents[1]
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_TIGHT = re.compile(r" ?([{};:,>]) ?")


def compact_css(text: str) -> str:
    """Take comments and needless spaces out of a style sheet; it must hold no strings with them."""
    plain = _SPACE.sub(" ", _COMMENT.sub("", text)).strip()
    return _TIGHT.sub(r"\1", plain).replace(";}", "}")


def _environment(style: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["style"] = Markup(style)  # noqa: S704 - our own file
    return environment


STYLE = compact_css((_HERE / "static" / "site.css").read_text(encoding="utf-8"))
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_TEMPLATES = _environment(STYLE)

CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",  # a map link must not carry the token to its vendor
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept",
}
NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow"}
PRIVATE = {"Cache-Control": "private, no-store"}
PUBLIC = {"Cache-Control": "public, max-age=300"}


def render(template: str, **values: object) -> str:
    """Fill in a template of ``service/templates``; a missing value is an error."""
    return _TEMPLATES.get_template(template).render(**values)


def page(
    request: Request, html: str, *, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """Answer with a page; a page that any cache may keep gets an ETag and answers 304 to it."""
    extra = headers or {}
    answer = Response(html, status, PAGE_HEADERS | extra, media_type="text/html; charset=utf-8")
    if extra.get("Cache-Control", "").startswith("public"):
        tag = f'"{hashlib.blake2b(html.encode(), digest_size=12).hexdigest()}"'
        answer.headers["ETag"] = tag
        if tag in request.headers.get("if-none-match", ""):
            kept = {k: v for k, v in answer.headers.items() if k != "content-length"}
            return Response(status_code=304, headers=kept)
    return answer


def prefers_json(accept: str) -> bool:
    """Whether an Accept header asks for JSON rather than a page; ``*/*`` gets the page."""
    weights = {"application/json": 0.0, "text/html": 0.0}
    for part in accept.lower().split(","):
        name, *fields = (piece.strip() for piece in part.split(";"))
        if name in weights:
            weights[name] = max(weights[name], _weight(fields))
    return weights["application/json"] > weights["text/html"]


def _weight(fields: list[str]) -> float:
    for field in fields:
        if field.startswith("q="):
            try:
                return float(field[2:])
            except ValueError:
                return 0.0
    return 1.0
