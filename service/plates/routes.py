"""Plates over the API; for holders of a key."""

from fastapi import APIRouter

from address_model.tokens import find_token
from service.auth.guards import CurrentClient
from service.core.errors import PlateNotFound
from service.core.web import ReadSession
from service.plates import queries
from service.plates.schemas import PlateOut

router = APIRouter(prefix="/plates", tags=["plates"])


@router.get("/{token}", operation_id="getPlate")
def get_plate(session: ReadSession, client: CurrentClient, token: str) -> PlateOut:
    """One plate by the token its QR code carries."""
    folded = find_token(token)
    if folded is None:
        raise PlateNotFound("no plate carries this token", mend="a token has ten characters")
    return PlateOut.of(queries.get_plate(session, folded))
