"""Resolving over the API; for holders of a key."""

from fastapi import APIRouter

from address_model.gazetteer import load_gazetteer
from address_model.parsing import parse
from service.auth.guards import CurrentClient
from service.core.web import ReadSession
from service.matching import queries
from service.matching.schemas import ParseIn, ParseOut, ResolveIn, ResolveOut

router = APIRouter(tags=["matching"])


@router.post("/parse", operation_id="parse")
def parse_text(client: CurrentClient, wanted: ParseIn) -> ParseOut:
    """Read a text: its elements with their places, the plates it names, a verdict."""
    return ParseOut.of(parse(wanted.text, load_gazetteer()))


@router.post("/resolve", operation_id="resolve")
def resolve(session: ReadSession, client: CurrentClient, wanted: ResolveIn) -> ResolveOut:
    """Say which address a text means."""
    return ResolveOut.of(queries.resolve(session, wanted.text))
