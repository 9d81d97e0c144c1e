"""The static files of the maps: the vendored library unchanged, our script and style."""

import gzip
from functools import cache

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.admin.map.frame import LIBRARY, LIBRARY_FILES, OWN_FILES
from service.core import html
from service.core.errors import NotFound

router = APIRouter(include_in_schema=False)
_WORKER_POLICY = "default-src 'none'; connect-src 'self'; script-src 'self'"
"""A worker has the policy of its own response: it only reads tiles that the page names."""


@router.get(f"/static/{LIBRARY}/{{name}}")
def library_file(request: Request, name: str) -> Response:
    """A file of the map library; its URL carries a fingerprint.

    Raises:
        NotFound: the library has no such file for browsers.
    """
    if name not in LIBRARY_FILES:
        raise NotFound("there is no such file", zh="没有这个文件。")
    return _send(request, f"{LIBRARY}/{name}", LIBRARY_FILES[name])


@router.get("/static/map.js")
def script(request: Request) -> Response:
    """Our script of the maps."""
    return _send(request, "map.js", OWN_FILES["map.js"])


@router.get("/static/borders.js")
def border_script(request: Request) -> Response:
    """Our script of the borders of areas."""
    return _send(request, "borders.js", OWN_FILES["borders.js"])


@router.get("/static/map.css")
def style(request: Request) -> Response:
    """The style sheet of the maps."""
    return _send(request, "map.css", OWN_FILES["map.css"])


def _send(request: Request, name: str, media_type: str) -> Response:
    headers = html.LASTING | {"Vary": "Accept-Encoding", "Content-Security-Policy": _WORKER_POLICY}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(_packed(name), headers=headers, media_type=media_type)
    return Response(html.read_static(name), headers=headers, media_type=media_type)


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(html.read_static(name).encode(), 6, mtime=0)
