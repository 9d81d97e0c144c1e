"""The style sheet and the script of the pages of crews, with their addresses."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.core import html

files_router = APIRouter(include_in_schema=False)
_STYLE = html.compact_css(html.read_static("crew.css"))
_SCRIPT = html.read_static("crew.js")
FRAME = {
    "crew_style": f"/static/crew.css?{html.fingerprint('crew.css')}",
    "crew_script": f"/static/crew.js?{html.fingerprint('crew.js')}",
}


@files_router.get("/static/crew.css")
def style() -> Response:
    """What the pages of crews look like; its address changes with its text."""
    return Response(_STYLE, headers=html.LASTING, media_type="text/css")


@files_router.get("/static/crew.js")
def script() -> Response:
    """The script that knows where the phone is; its address changes with its text."""
    return Response(_SCRIPT, headers=html.LASTING, media_type="text/javascript")
