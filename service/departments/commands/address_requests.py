"""Opens requests for an address, answers them, and hands the address over, once."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from address_model.tables import AddressRequest, ClientReturnUrl
from service.addresses.queries import get_address
from service.audit import commands as audit
from service.auth.commands.clients import hold_client
from service.auth.grants import Program
from service.core.actor import Actor
from service.core.clock import now_utc
from service.core.errors import Conflict, NotAllowed, NotFound
from service.core.signing_keys import KeyRing
from service.departments.address_requests.address_token import (
    LASTS,
    TokenClaims,
    TokenNotYours,
    TokenUsed,
    sign_token,
    verify_token,
)
from service.departments.address_requests.policies import may_receive
from service.departments.address_requests.queries import list_return_urls
from service.departments.address_requests.return_urls import check_return_url, lead_back

LONGEST_WAIT = timedelta(minutes=15)
RESIDENT = Actor("resident", "?")
"""Whoever answers a request; nothing is known of them."""


class ReturnUrlUnknown(Conflict):
    """This return URL is not registered for the program."""


class RequestOver(NotFound):
    """There is no such request for an address, or it has expired."""


@dataclass(frozen=True, slots=True)
class AskedAddress:
    """What a program asks: its purpose in plain words, and where the resident goes back to."""

    purpose: str
    return_url: str
    state: str = ""
    lasts: timedelta = LONGEST_WAIT


@dataclass(frozen=True, slots=True)
class HandedAddress:
    """All that a program gets of an agreement."""

    request: str
    state: str
    code: str
    standard_text: str


def register_return_url(session: Session, name: str, url: str, actor: Actor) -> None:
    """Let residents be sent back to a web address of a program.

    Raises:
        ClientNotFound: there is no program of that name.
        BadRequest: the URL is none to send a resident to.
    """
    values = {"client_id": hold_client(session, name).id, "url": check_return_url(url)}
    session.execute(insert(ClientReturnUrl).values(values).on_conflict_do_nothing())
    audit.record(session, actor=actor, action="clients:register_return_url", subject=name, url=url)


def withdraw_return_url(session: Session, name: str, url: str, actor: Actor) -> bool:
    """Send nobody back there any more; open requests that lead there end. False if unknown.

    Raises:
        ClientNotFound: there is no program of that name.
    """
    number = hold_client(session, name).id
    held, waiting = ClientReturnUrl, AddressRequest
    known = session.execute(
        delete(held).where(held.client_id == number, held.url == url).returning(held.url)
    ).first()
    session.execute(delete(waiting).where(waiting.client_id == number, waiting.return_url == url))
    audit.record(session, actor=actor, action="clients:withdraw_return_url", subject=name, url=url)
    return known is not None


def open_address_request(session: Session, program: Program, asked: AskedAddress) -> AddressRequest:
    """Open a request that a resident can answer for at most 15 minutes; expired ones are deleted.

    Raises:
        ReturnUrlUnknown: the return URL is not registered for the program.
    """
    if asked.return_url not in list_return_urls(session, program.id):
        raise ReturnUrlUnknown(
            "the return URL is not registered for this program",
            hint="register it with `menpai clients add-return-url`, letter by letter",
            http_hint="ask the operator to register it, letter by letter",
        )
    now, old = now_utc(), AddressRequest
    expired = select(old.id).where(old.expires_at < now).with_for_update(skip_locked=True)
    session.execute(delete(old).where(old.id.in_(expired)))
    made = AddressRequest(
        id=secrets.token_urlsafe(16),
        client_id=program.id,
        purpose=asked.purpose,
        return_url=asked.return_url,
        state=asked.state,
        opened_at=now,
        expires_at=now + min(asked.lasts, LONGEST_WAIT),
    )
    session.add(made)
    session.flush()
    audit.record(session, actor=program.actor, action="address_requests:open", subject=made.id)
    return made


def show_address(session: Session, request: str, code: str, keys: KeyRing) -> str:
    """Agree, as a resident, to show an address; return the web address to go back to.

    Who agrees again gets a new token, and the one before is good for nothing. The audit entry does
    not name the address: together with the moment it would say who used which service.

    Raises:
        RequestOver: the request has expired, or its program has the address already.
    """
    now = now_utc()
    held = session.scalar(
        select(AddressRequest).where(AddressRequest.id == request).with_for_update()
    )
    if held is None or held.expires_at <= now or held.redeemed_at is not None:
        raise RequestOver(
            "there is no open request of this number", hint="begin again on the page of the form"
        )
    held.code, held.token_id, held.expires_at = code, secrets.token_urlsafe(16), now + LASTS
    session.flush()
    audit.record(session, actor=RESIDENT, action="address_requests:answer", subject=request)
    token = sign_token(TokenClaims(request, held.client_id, held.token_id), keys, now)
    return lead_back(held.return_url, address_token=token, request=request, state=held.state)


def redeem_address_token(
    session: Session, program: Program, text: str, keys: KeyRing
) -> HandedAddress:
    """Hand the address over to the program that asked for it, once, and forget it here.

    Raises:
        TokenForged, TokenExpired: it is no token of ours as it reads, or over.
        TokenNotYours: it was made for another program.
        TokenUsed: it was used before, or the resident agreed anew after it was made.
        NotAllowed: no grant covers the division of the address any more.
    """
    claims = verify_token(text, keys, now_utc())
    if claims.client_id != program.id:
        raise TokenNotYours(
            "the token was made for another program", hint="use the key that opened the request"
        )
    held = session.scalar(
        select(AddressRequest).where(AddressRequest.id == claims.request).with_for_update()
    )
    if held is None or held.code is None or held.token_id != claims.token_id:
        raise TokenUsed(
            "the token is good no more", hint="one token is exchanged once; open a new request"
        )
    address = get_address(session, held.code)
    if not may_receive(program, address):
        raise NotAllowed(
            "no grant covers the address any more",
            hint="ask the operator for a grant with the permission addresses:token there",
        )
    held.code, held.redeemed_at = None, func.clock_timestamp()
    session.flush()
    audit.record(session, actor=program.actor, action="address_requests:hand_over", subject=held.id)
    return HandedAddress(held.id, held.state, address.code, address.standard_text)
