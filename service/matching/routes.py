"""Resolving over the API; for holders of a key."""

from fastapi import APIRouter

from service.auth.guards import CurrentClient
from service.core.web import ReadSession
from service.matching import queries
from service.matching.schemas import ResolveIn, ResolveOut

router = APIRouter(tags=["matching"])


@router.post("/resolve", operation_id="resolve")
def resolve(session: ReadSession, client: CurrentClient, wanted: ResolveIn) -> ResolveOut:
    """Say which address a text means."""
    return ResolveOut.of(queries.resolve(session, wanted.text))
