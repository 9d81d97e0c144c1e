"""/healthz: the process lives; /readyz: the database answers at this version's schema."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from sqlalchemy import text

from service.core.web import database_of

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def healthz() -> PlainTextResponse:
    """The process lives."""
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


@router.get("/readyz")
def readyz(request: Request) -> PlainTextResponse:
    """The database answers; what else is not as it should be stands in the lines below."""
    with database_of(request).reading() as session:
        session.execute(text("select 1 from alembic_version"))
    fault = request.app.state.find_fault()
    told = f"ready\n{fault}\n" if fault else "ready\n"
    return PlainTextResponse(told, headers={"Cache-Control": "no-store"})
