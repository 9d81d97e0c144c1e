"""``Idempotency-Key``: a creating request that is sent again gets the answer it got before.

The answer is kept for a day, in the transaction of what was created. A refused request leaves no
answer, and may be sent again under its key.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

import orjson
from fastapi import Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.core.actor import Actor
from service.core.errors import BadRequest, Conflict

REPLAYED = "Idempotent-Replayed"
"""The response header of an answer that was given before."""

_TRY = text("select pg_try_advisory_xact_lock(hashtextextended(:actor || chr(10) || :key, 60))")
_WAIT = text("select pg_advisory_xact_lock(hashtextextended(:actor || chr(10) || :key, 60))")
_FIND = text(
    "select digest, status, body, headers from idempotency_key where actor = :actor "
    "and key = :key and created_at > clock_timestamp() - interval '1 day'"
)
_KEEP = text(
    "insert into idempotency_key (actor, key, digest, status, body, headers) "
    "values (:actor, :key, :digest, :status, :body, cast(:headers as jsonb)) "
    "on conflict (actor, key) do update set digest = excluded.digest, status = excluded.status, "
    "body = excluded.body, headers = excluded.headers, created_at = clock_timestamp()"
)
_FORGET = text(
    "delete from idempotency_key where created_at < clock_timestamp() - interval '1 day' "
    "returning 1"
)


class KeyReused(BadRequest):
    """This Idempotency-Key was used for another request."""


class RequestRunning(Conflict):
    """The same request is being carried out at this moment."""


KEY_ERRORS = (RequestRunning, KeyReused)
"""What every route with a key may raise."""


@dataclass(frozen=True, slots=True)
class RequestKey:
    """A key that the caller drew, with the digest of the request that it belongs to."""

    value: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class CreatedAnswer:
    """The answer to a creating request: status, JSON, and headers such as ``Location``."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    is_replayed: bool = False

    @classmethod
    def of(
        cls,
        made: BaseModel,
        status: int = 201,
        headers: Mapping[str, str] | None = None,
        *,
        is_masked: bool = False,
    ) -> "CreatedAnswer":
        """The answer that shows what was made; fields that are not set are hidden if masked."""
        return cls(status, made.model_dump_json(exclude_unset=is_masked), headers or {})

    @property
    def response(self) -> Response:
        """The answer over HTTP."""
        told = dict(self.headers) | ({REPLAYED: "true"} if self.is_replayed else {})
        return Response(self.body, self.status, told, media_type="application/json")


async def read_key(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            description="Drawn by the caller for one request; sent again with it within a day, the "
            "request creates nothing more and gets the same answer.",
            examples=["5f0c7c3e-6a4b-4f0e-9f1e-6c1d6f2f9c11"],
        ),
    ] = None,
) -> RequestKey | None:
    """The key of a request with the digest of what it asks for; None if it sent none."""
    if idempotency_key is None:
        return None
    target = f"{request.method} {request.url.path}?{request.url.query}\n"
    kind = request.headers.get("content-type", "")
    digest = hashlib.sha256(f"{target}{kind}\n".encode() + await request.body()).digest()
    return RequestKey(idempotency_key, digest)


Key = Annotated[RequestKey | None, Depends(read_key)]
"""The ``Idempotency-Key`` of a creating request; pass it to ``answer_once``."""


def answer_once(
    session: Session,
    key: RequestKey | None,
    actor: Actor,
    create: Callable[[], CreatedAnswer],
    *,
    waits: bool = False,
) -> CreatedAnswer:
    """Create something in this transaction, or return the answer that its key got before.

    Call it before any lock is taken. ``waits``: wait for the same request that is running, as for a
    form whose button was pressed twice.

    Raises:
        KeyReused: the key belongs to another request of this caller.
        RequestRunning: the same request is being carried out.
    """
    if key is None:
        return create()
    name = {"actor": str(actor), "key": key.value}
    if not session.scalar(_WAIT if waits else _TRY, name) and not waits:
        raise RequestRunning(
            "a request with this Idempotency-Key is being carried out",
            hint="send it again in some seconds, to get its answer",
            zh="同一个 Idempotency-Key 的请求正在办理，请几秒钟后再发，取得它的结果。",
        )
    found = session.execute(_FIND, name).one_or_none()
    if found is None:
        answer = create()
        held = {"digest": key.digest, "status": answer.status, "body": answer.body}
        headers = {"headers": orjson.dumps(dict(answer.headers)).decode()}
        session.execute(_KEEP, name | held | headers)
        return answer
    if bytes(found.digest) != key.digest:
        raise KeyReused(
            "this Idempotency-Key was used for another request",
            hint="draw a new key for each request",
            zh="这个 Idempotency-Key 已经用于另一个请求，请为每个请求另取一个。",
        )
    return CreatedAnswer(found.status, found.body, found.headers, is_replayed=True)


def forget_keys(session: Session) -> int:
    """Delete the keys that are older than a day; how many."""
    return len(session.execute(_FORGET).all())
