"""/docs: the API reference, with self-hosted files and without inline scripts."""

from pathlib import Path

import fastapi_offline
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles

from service.core import html

VIEWER = "/static-offline-docs"
_SCRIPT = html.read_static("api-page.js")
_HEADERS = html.PRIVATE | {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}


def install(app: FastAPI, *, shown: bool) -> None:
    """Add the page, if it is shown, and the viewer's files from fastapi-offline."""
    if not shown:
        return
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    def page(request: Request) -> Response:
        """The API reference."""
        text = html.render(
            "api-page.html",
            viewer=VIEWER,
            script=f"/static/api-page.js?{html.fingerprint('api-page.js')}",
        )
        return html.page(request, text, headers=_HEADERS)

    @router.get("/static/api-page.js")
    def script() -> Response:
        """The script that opens the viewer."""
        return Response(_SCRIPT, headers=html.LASTING, media_type="text/javascript")

    app.include_router(router)
    app.mount(VIEWER, StaticFiles(directory=Path(fastapi_offline.__file__).parent / "static"))
