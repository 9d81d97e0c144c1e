"""/healthz: the process lives; /readyz: the database, or its standby, answers at our schema.

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

UNREACHABLE = "the database does not answer"
ONLY_READING = "the primary does not answer: nothing can be written, and contacts are not shown"

_REVISION = "select version_num from alembic_version"
PATHS = ("/healthz", "/readyz")
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What tells whether a server can serve: lines to the databases, and the schema it needs."""

    pool: AsyncPool
    revision: str
    standby: AsyncPool | None = None

    async def find_faults(self) -> tuple[str, str]:
        """Why nobody should be sent here now, or nothing; and what cannot be done meanwhile."""
        fault = await self._ask(self.pool)
        if fault == UNREACHABLE and self.standby and not await self._ask(self.standby):
            return "", ONLY_READING
        return fault, ""

    async def _ask(self, pool: AsyncPool) -> str:
        try:
            async with asyncio.timeout(ANSWER_S):
                rows = await pool.rows(_REVISION)
        except (DatabaseUnreachable, TimeoutError):
            return UNREACHABLE
        except Exception:  # noqa: BLE001 - a database without our tables is one that is not ready
            return "the database has no schema of ours"
        finally:
            await pool.close()  # asked now and then: no connection is kept for it
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
    fault, limit = await readiness.find_faults()
    if fault:
        return _told(f"not ready: {fault}", HTTPStatus.SERVICE_UNAVAILABLE)
    told = filter(None, ("ready", limit, *request.app.state.list_faults()))
    return _told("\n".join(told), HTTPStatus.OK)


def _told(text: str, status: HTTPStatus) -> PlainTextResponse:
    headers = {"Cache-Control": "no-store"}
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "2"
    return PlainTextResponse(f"{text}\n", status, headers=headers)
