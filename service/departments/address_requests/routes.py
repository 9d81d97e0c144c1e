"""The API of 一件事: a program asks for an address, and exchanges the token a resident brings."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from service.auth.grants import Program
from service.auth.guards import granted
from service.auth.permissions import Permission
from service.core.idempotency import KEY_ERRORS, CreatedAnswer, Key, answer_once
from service.core.problems import raises
from service.core.web import TaggedRoute, WriteSession, settings_of
from service.departments.address_requests.address_token import (
    TokenExpired,
    TokenForged,
    TokenNotYours,
    TokenUsed,
)
from service.departments.address_requests.guards import SigningKeyMissing, TokenKeys
from service.departments.address_requests.schemas import (
    AddressRequestIn,
    AddressRequestOut,
    AddressTokenIn,
    HandedAddressOut,
)
from service.departments.commands.address_requests import (
    ReturnUrlUnknown,
    open_address_request,
    redeem_address_token,
)

router = APIRouter(tags=["address requests"], route_class=TaggedRoute)
Asking = Annotated[Program, granted(Permission.ADDRESSES_TOKEN)]


@router.post(
    "/address-requests",
    operation_id="openAddressRequest",
    status_code=201,
    response_model=AddressRequestOut,
    responses=raises(ReturnUrlUnknown, SigningKeyMissing, *KEY_ERRORS),
)
def open_request(
    request: Request,
    session: WriteSession,
    program: Asking,
    keys: TokenKeys,  # whoever opens a request can get a token for it
    sent: AddressRequestIn,
    *,
    key: Key,
) -> Response:
    """Ask a resident for the address of their plate, for at most 15 minutes.

    The resident sees who asks and for what, types the short code of the plate, agrees, and comes
    back to `return_url` with `address_token`, `request` and your `state`; or with
    `error=declined`.
    """

    def create() -> CreatedAnswer:
        made = open_address_request(session, program, sent.to_asked())
        return CreatedAnswer.of(AddressRequestOut.of(made, settings_of(request).public_url))

    return answer_once(session, key, program.actor, create).response


@router.post(
    "/address-tokens",
    operation_id="redeemAddressToken",
    responses=raises(TokenForged, TokenNotYours, TokenExpired, TokenUsed, SigningKeyMissing),
)
def redeem(
    session: WriteSession, program: Asking, keys: TokenKeys, sent: AddressTokenIn
) -> HandedAddressOut:
    """Exchange an address token, once and within five minutes, for standard address and code.

    Compare `request` with the request that you opened for this form: the query of the return URL
    can be altered by whoever sits between, the answer here cannot.
    """
    return HandedAddressOut.of(redeem_address_token(session, program, sent.token, keys))
