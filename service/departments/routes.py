"""One address with its related records, for API clients."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from address_model.below_door import lies_below_door
from address_model.sensitivity import mask
from service.addresses.schemas import AddressAnswer
from service.auth.grants import Program
from service.auth.guards import granted
from service.auth.permissions import Permission
from service.auth.usage import note_rows
from service.core.errors import AddressNotFound, BadRequest, MalformedCode
from service.core.problems import raises
from service.core.web import StandbySession, TaggedRoute, note_version
from service.departments.queries import PARTS, read_address
from service.departments.schemas import AddressDetail

EXAMPLE = "3301029032882641"
router = APIRouter(prefix="/addresses", tags=["addresses"], route_class=TaggedRoute)


@router.get(
    "/{code}",
    operation_id="getAddress",
    response_model=AddressDetail | AddressAnswer,
    responses=raises(AddressNotFound, MalformedCode),
)
def get_address(
    request: Request,
    session: StandbySession,
    program: Annotated[Program, granted(Permission.ADDRESSES_READ)],
    code: Annotated[
        str, Path(description="The address code, with or without spaces.", examples=[EXAMPLE])
    ],
    include: Annotated[
        str,
        Query(
            max_length=100,
            description="The related records to include, separated by commas.",
            examples=["place,positions,names,plate"],
        ),
    ] = "",
) -> Response:
    """One address by its code; an ended address names the reason and its successors.

    `include` lists related records, separated by commas: place, positions, names, identifiers,
    areas, plate, parent, children.
    """
    parts = [part.strip() for part in include.split(",") if part.strip()]
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        raise BadRequest(
            f"include: unknown part {', '.join(unknown)}", hint=f"one of {', '.join(PARTS)}"
        )
    viewer = program.viewer(Permission.ADDRESSES_READ)
    found = read_address(session, code, parts, viewer)
    note_version(request, found.version)
    note_rows(request.scope, 1)
    fields = None if parts else set(AddressAnswer.model_fields)
    answer = found.model_dump(mode="json", include=fields)
    elements = found.elements.model_dump(exclude_none=True)
    deep = lies_below_door(found.level, elements)
    shown = mask(answer, "address", viewer, division=found.division, is_deep=deep)
    body = orjson.dumps(shown)
    return Response(body, media_type="application/json")
