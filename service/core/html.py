"""Renders pages: the templates, the one style sheet, and the headers of every page.

The style sheet is inlined, so that a page is one request; the content security policy allows it by
its hash. No page loads anything from a foreign host; scripts are our own files only.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from fastapi import Request
from fastapi.responses import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from service.core.actor import name_actor

_HERE = Path(__file__).resolve().parents[1]
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_TIGHT = re.compile(r" ?([{};:,>]) ?")


def compact_css(text: str) -> str:
    """Minify a style sheet: no comments and needless spaces; strings must not contain either."""
    plain = _SPACE.sub(" ", _COMMENT.sub("", text)).strip()
    return _TIGHT.sub(r"\1", plain).replace(";}", "}")


def read_static(name: str) -> str:
    """The text of a file of ``service/static``."""
    return (_HERE / "static" / name).read_text(encoding="utf-8")


def fingerprint(name: str) -> str:
    """A short hash of a static file, to put into its URL: it changes with the content."""
    return hashlib.blake2b(read_static(name).encode(), digest_size=6).hexdigest()


@pass_context
def _gettext(context: Context, text: str, **values: object) -> str:
    return str(context["words"](text, **values))


STYLE = compact_css(read_static("site.css"))
_TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_TEMPLATES.globals["style"] = Markup(STYLE)  # noqa: S704 - our own file
_TEMPLATES.globals["_"] = _gettext
_TEMPLATES.filters["name_actor"] = name_actor


def security_policy(style: str) -> str:
    """The policy of a page with this inline style sheet: no scripts, foreign hosts or frames."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


CONTENT_SECURITY_POLICY = security_policy(STYLE)
PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",  # a map link must not disclose the token to the map vendor
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept",
}
STANDING_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
"""The headers of every response of this service."""

SCRIPTED = {"Content-Security-Policy": f"{CONTENT_SECURITY_POLICY}; script-src 'self'"}
NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow"}
PRIVATE = {"Cache-Control": "private, no-store"}
PUBLIC = {"Cache-Control": "public, max-age=300"}
LASTING = {"Cache-Control": "public, max-age=31536000, immutable"}


def render(template: str, **values: object) -> str:
    """Fill in a template of ``service/templates``; a missing value is an error."""
    return _TEMPLATES.get_template(template).render(**values)


class Html(str):
    """Text that is HTML already; any other text is escaped when it fills a gap of a ``Part``.

    Concatenation with + gives plain text, which would be escaped: use ``joined``.
    """

    __slots__ = ()


def joined(*pieces: Html) -> Html:
    """Concatenate pieces of HTML."""
    return Html("".join(pieces))


class Part:
    """HTML with gaps, cut from a template once and filled in often.

    Values are escaped unless they are ``Html``. About ten times as fast as rendering the template.
    """

    __slots__ = ("_text", "pieces")

    def __init__(self, text: str, gaps: int) -> None:
        """Split a text at its marks; each gap must occur once, in order."""
        cut = _MARK.split(text)
        if cut[1::2] != [str(number) for number in range(gaps)]:
            raise ValueError(f"a part must use its {gaps} values once each, in order: {text!r}")
        self.pieces = tuple(piece.encode() for piece in cut[::2])
        self._text = "%s".join([piece.replace("%", "%%") for piece in cut[::2]])

    def __call__(self, *values: str) -> Html:
        """Fill the gaps in order."""
        return Html(self._text % tuple(map(safe, values)))

    def around(self, *values: str) -> tuple[bytes, ...]:
        """The same as UTF-8 pieces, without copying the constant ones."""
        filled = [self.pieces[0]]
        for value, piece in zip(values, self.pieces[1:], strict=True):
            filled += (safe(value).encode(), piece)
        return tuple(filled)


def safe(value: str) -> str:
    """Escape a text; ``Html`` is returned unchanged."""
    return value if type(value) is Html or value.isalnum() else escape(value)


_MARK = re.compile("\x00(\\d+)\x00")


def cut_page(template: str, context: Mapping[str, object], *gaps: str) -> Part:
    """Render a page and cut it at the variables named by ``gaps``, in order."""
    marks = dict(zip(gaps, _marks(len(gaps)), strict=True))
    return Part(render(template, **context, **marks), len(gaps))


def cut_parts(template: str, context: Mapping[str, object]) -> dict[str, Part]:
    """Cut every macro of a template into a ``Part``; its arguments are the gaps, in order.

    ``context`` holds the constants: words, view, site.
    """
    module = _TEMPLATES.get_template(template).make_module(dict(context))
    macros = {name: made for name, made in vars(module).items() if isinstance(made, Macro)}
    return {
        name: Part(str(made(*_marks(len(made.arguments)))).strip(), len(made.arguments))
        for name, made in macros.items()
    }


def _marks(count: int) -> list[Markup]:
    return [Markup(f"\x00{number}\x00") for number in range(count)]  # noqa: S704


def page(
    request: Request, html: str, *, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """Respond with a page; publicly cacheable pages get an ETag, and 304 if it matches."""
    extra = headers or {}
    answer = Response(html, status, PAGE_HEADERS | extra, media_type="text/html; charset=utf-8")
    if extra.get("Cache-Control", "").startswith("public"):
        tag = tag_of((html.encode(),))
        answer.headers["ETag"] = tag
        if tag in request.headers.get("if-none-match", ""):
            kept = {k: v for k, v in answer.headers.items() if k != "content-length"}
            return Response(status_code=304, headers=kept)
    return answer


def tag_of(pieces: Iterable[bytes]) -> str:
    """The ETag of a page in pieces."""
    digest = hashlib.blake2b(digest_size=12)
    for piece in pieces:
        digest.update(piece)
    return f'"{digest.hexdigest()}"'


def prefers_json(accept: str) -> bool:
    """Whether an Accept header prefers JSON to HTML; ``*/*`` gets HTML."""
    weights = {"application/json": 0.0, "text/html": 0.0}
    for part in accept.lower().split(","):
        name, *fields = (piece.strip() for piece in part.split(";"))
        if name in weights:
            said = next((field[2:] for field in fields if field.startswith("q=")), "1")
            with suppress(ValueError):  # an unreadable weight is none
                weights[name] = max(weights[name], float(said))
    return weights["application/json"] > weights["text/html"]
