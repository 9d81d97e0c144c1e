"""The scripts of the crew pages for phones without network, the service worker among them."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.core import html

router = APIRouter(include_in_schema=False)
_STORE, _PHONE, _WORKER = map(
    html.read_static, ("crew-store.js", "crew-phone.js", "crew-worker.js")
)
ASKED_AGAIN = {"Cache-Control": "no-cache"}
"""The worker and what it loads have no fingerprint in their address: a browser asks for them."""


@router.get("/static/crew-store.js")
def store() -> Response:
    """What waits on the phone; pages and worker share it."""
    return Response(_STORE, headers=ASKED_AGAIN, media_type="text/javascript")


@router.get("/static/crew-phone.js")
def phone() -> Response:
    """The script of the crew pages; its URL carries a fingerprint."""
    return Response(_PHONE, headers=html.LASTING, media_type="text/javascript")


@router.get("/static/crew-worker.js")
def worker() -> Response:
    """The service worker, which may look after the crew pages and nothing else."""
    headers = ASKED_AGAIN | {"Service-Worker-Allowed": "/crew"}
    return Response(_WORKER, headers=headers, media_type="text/javascript")
