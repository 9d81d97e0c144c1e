"""Clients of an application that all ask it in one event loop, as its server would."""

from collections.abc import Iterator
from contextlib import contextmanager

from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi.testclient import TestClient
from starlette.types import ASGIApp

_LOOP: list[BlockingPortal] = []


@contextmanager
def one_event_loop() -> Iterator[None]:
    """Let the clients that are opened within ask in one event loop.

    A client that is not entered as a context has a loop and a thread anew for each request, which
    takes longer than most pages.
    """
    with start_blocking_portal() as portal:
        _LOOP.append(portal)
        yield
        _LOOP.remove(portal)


def open_client(
    app: ASGIApp, base_url: str = "http://testserver", *, raises: bool = True, **headers: str
) -> TestClient:
    """A client that follows no redirect; ``raises`` says whether it raises what the server does.

    Nothing is started: background tasks and the limits of callers are those of a server that runs.
    """
    client = TestClient(
        app, base_url, follow_redirects=False, raise_server_exceptions=raises, headers=headers
    )
    client.portal = _LOOP[0] if _LOOP else None
    return client
