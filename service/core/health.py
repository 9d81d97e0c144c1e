"""/healthz: the process lives; /readyz: the database answers at this version's schema.

Neither takes a thread or a connection of those who are served: a busy server is not a dead one.
"""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from service.core.async_pool import AsyncPool
from service.core.errors import DatabaseUnreachable

ANSWER_S = 2.0
"""So long the database may take to answer."""

_REVISION = "select version_num from alembic_version"
PATHS = ("/healthz", "/readyz")
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What tells whether a server can serve: a line to the database, and the schema it needs."""

    pool: AsyncPool
    revision: str

    async def find_fault(self) -> str:
        """Why nobody should be sent here now, or nothing."""
        try:
            async with asyncio.timeout(ANSWER_S):
                rows = await self.pool.rows(_REVISION)
        except (DatabaseUnreachable, TimeoutError):
            return "the database does not answer"
        except Exception:  # noqa: BLE001 - a database without our tables is one that is not ready
            return "the database has no schema of ours"
        finally:
            await self.pool.close()  # asked now and then: no connection is kept for it
        found = rows[0][0] if rows else "none"
        if found != self.revision:
            return f"the schema stands at {found}, this version needs {self.revision}"
        return ""


@router.get("/healthz")
async def healthz() -> PlainTextResponse:
    """The process lives."""
    return _told("ok", HTTPStatus.OK)


@router.get("/readyz")
async def readyz(request: Request) -> PlainTextResponse:
    """The database answers; what else is not as it should be stands in the lines below."""
    readiness: Readiness = request.app.state.readiness
    fault = await readiness.find_fault()
    if fault:
        return _told(f"not ready: {fault}", HTTPStatus.SERVICE_UNAVAILABLE)
    fault = request.app.state.find_fault()
    return _told(f"ready\n{fault}" if fault else "ready", HTTPStatus.OK)


def _told(text: str, status: HTTPStatus) -> PlainTextResponse:
    headers = {"Cache-Control": "no-store"}
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "2"
    return PlainTextResponse(f"{text}\n", status, headers=headers)
