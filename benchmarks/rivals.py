"""The baselines of speed: a bare ASGI hello, and the stack as usually written.

``uvicorn --factory benchmarks.rivals:hello`` and ``…:plain``.
"""

import os
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import create_engine, func, or_, select
from sqlalchemy.orm import Session

from address_model.tables import Address, Area, Duty, Plate

DATABASE_VARIABLE = "MENPAI_DATABASE_URL"
PUBLIC_URL = "https://city.example"
"""A public-looking host that nobody can own (RFC 2606): `menpai serve` starts with no other."""

Message = MutableMapping[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]


def hello() -> Application:
    """An application that only responds with hello."""

    async def application(scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"5")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"hello"})

    return application


class _Contact(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    role: str
    display_name: str
    organisation: str
    phone: str
    confirmed_at: date | None


class _Area(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    kind: str
    name: str


class _Card(BaseModel):
    token: str
    code: str
    status: str
    standard_text: str
    elements: dict[str, object]
    areas: list[_Area]
    contacts: list[_Contact]


def plain() -> FastAPI:
    """The facts of a scan by FastAPI, ORM objects and a response model; no page, no sketch."""
    engine = create_engine(os.environ[DATABASE_VARIABLE], pool_size=10, max_overflow=20)
    app = FastAPI()

    def session_of() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    @app.get("/{token}", response_model=_Card)
    def scan(token: str, session: Annotated[Session, Depends(session_of)]) -> dict[str, object]:
        plate = session.get(Plate, token)
        if plate is None:
            raise HTTPException(404)
        address = session.get_one(Address, plate.code)
        areas = session.scalars(select(Area).where(func.ST_Covers(Area.geom, address.geom))).all()
        today = date.today()
        duties = session.scalars(
            select(Duty).where(
                Duty.area_id.in_([area.id for area in areas]),
                Duty.publish,
                Duty.valid_from <= today,
                or_(Duty.valid_to.is_(None), Duty.valid_to >= today),
            )
        ).all()
        return {
            "token": plate.token,
            "code": plate.code,
            "status": plate.status,
            "standard_text": address.standard_text,
            "elements": address.elements,
            "areas": areas,
            "contacts": duties,
        }

    return app
