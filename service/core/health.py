"""/healthz: the process is alive; /readyz: the database, or its standby, has the right schema.

Neither uses a thread or connection of ordinary requests: a busy server is not a dead one.
"""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from service.core.async_pool import AsyncPool
from service.core.errors import DatabaseUnreachable

ANSWER_S = 2.0
"""How long the database may take to answer, in seconds."""

UNREACHABLE = "the database does not answer"
ONLY_READING = "the primary does not answer: nothing can be written, and contacts are not shown"

_REVISION = "select version_num from alembic_version"
PATHS = ("/healthz", "/readyz")
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Checks whether a server can serve: pools to the databases, and the schema it needs."""

    pool: AsyncPool
    revision: str
    standby: AsyncPool | None = None

    async def find_faults(self) -> tuple[str, str]:
        """Why the server is not ready, or ""; and what does not work meanwhile, or ""."""
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
        except Exception:  # noqa: BLE001 - without our tables it is not ready
            return "the database has no schema of Menpai"
        finally:
            await pool.close()  # called rarely: no connection is kept open
        found = rows[0][0] if rows else "none"
        if found != self.revision:
            return f"the schema is at {found}, this version needs {self.revision}"
        return ""


@router.get("/healthz")
async def healthz() -> PlainTextResponse:
    """The process is alive."""
    return _respond("ok", HTTPStatus.OK)


@router.get("/readyz")
async def readyz(request: Request) -> PlainTextResponse:
    """The database answers; further lines name what is degraded."""
    readiness: Readiness = request.app.state.readiness
    fault, limit = await readiness.find_faults()
    if fault:
        return _respond(f"not ready: {fault}", HTTPStatus.SERVICE_UNAVAILABLE)
    lines = filter(None, ("ready", limit, *request.app.state.list_faults()))
    return _respond("\n".join(lines), HTTPStatus.OK)


def _respond(text: str, status: HTTPStatus) -> PlainTextResponse:
    headers = {"Cache-Control": "no-store"}
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "2"
    return PlainTextResponse(f"{text}\n", status, headers=headers)
