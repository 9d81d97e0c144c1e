"""Sends what is due: many webhooks at a time, of each one message after the other."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from menpai.client.signatures import HEADER, sign_body
from service.changes.schemas import ChangeOut
from service.core.clock import now_utc
from service.core.database import Database
from service.core.signing_keys import KeyRing
from service.core.threads import run_in_thread
from service.webhooks import commands
from service.webhooks.hook_secret import find_secret
from service.webhooks.queries import Message
from service.webhooks.states import MessageKind
from service.webhooks.transport import Outcome, SendFault, Transport

SEND_EVERY_S = 1.0
"""How soon a change is sent, at most, in seconds."""

PLACES = 32
"""Messages on their way at one time, from one worker."""


@dataclass
class WebhookSender:
    """Sends the messages of all webhooks; each worker may have one.

    A slow receiver takes one place for ten seconds at most, then waits longer each time.
    """

    database: Database
    keys: KeyRing | None
    transport: Transport
    _underway: set[asyncio.Task[None]] = field(default_factory=set)

    async def turn(self) -> None:
        """Start sending all that is due now; returns before the receivers have answered."""
        while len(self._underway) < PLACES:
            claim = await run_in_thread(self._claim)
            if claim is None:
                return
            if claim.message is not None:
                task = asyncio.create_task(self._send(claim.message))
                self._underway.add(task)
                task.add_done_callback(self._underway.discard)

    async def close(self) -> None:
        """Wait for the messages that are on their way; each takes ten seconds at most."""
        await asyncio.gather(*self._underway, return_exceptions=True)

    def _claim(self) -> commands.Claim | None:
        with self.database.session() as session:
            return commands.claim_message(session, now_utc())

    async def _send(self, message: Message) -> None:
        body, headers = self._seal(message)
        outcome = Outcome(SendFault.UNSIGNED)
        if headers:
            outcome = await self.transport.post(message.hook.url, headers, body)

        def finish() -> None:
            with self.database.session() as session:
                commands.finish_message(session, message, outcome, now_utc())

        await run_in_thread(finish)

    def _seal(self, message: Message) -> tuple[bytes, Mapping[str, str]]:
        """The body of a message and its headers; without headers if nothing can sign it."""
        delivery = message.delivery
        at = int(now_utc().timestamp())
        body = orjson.dumps(
            {
                "delivery": delivery.id,
                "webhook": message.hook.id,
                "kind": delivery.kind,
                "attempt": delivery.attempts,
                "previous": message.previous if delivery.kind is MessageKind.CHANGES else None,
                "position": delivery.position,
                "changes": [
                    ChangeOut.model_validate(row._asdict()).model_dump(mode="json")
                    for row in message.changes
                ],
            }
        )
        seeds = message.hook.seeds if self.keys else ()
        found = [find_secret(self.keys, seed) for seed in seeds] if self.keys else []
        known = [secret for secret in found if secret]
        if not known:
            return body, {}
        return body, {
            "Content-Type": "application/json",
            "User-Agent": "menpai-webhooks/1",
            HEADER: sign_body(known, body, at),
        }
