"""Rate limits by client address, shared by all processes of one database.

Addresses are stored for an hour at most, and only as keyed hashes with a key that changes daily. An
IPv6 /64 counts as one address, because it is one household.
"""

import asyncio
import hashlib
import ipaddress
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from sqlalchemy import delete
from sqlalchemy.orm import Session

from address_model.tables import RequestCount
from service.core.async_pool import AsyncPool
from service.core.clock import now_utc
from service.core.errors import DatabaseUnreachable, TooOften
from service.core.quotas import Quota
from service.core.timer import repeat

Network = IPv4Network | IPv6Network

_COUNT = """
insert into request_count as held (kind, who, count, started_at) values (%s, %s, 1, now())
on conflict (kind, who) do update set
  count = case when held.started_at <= now() - make_interval(secs => %s) then 1
          else held.count + 1 end,
  started_at = case when held.started_at <= now() - make_interval(secs => %s) then now()
               else held.started_at end
returning count, extract(epoch from started_at - now())::float8
"""
_SALT = """
with made as (
  insert into request_count (kind, who, salt) values ('salt', %s, %s)
  on conflict do nothing returning salt
) select salt from made union all select salt from request_count where kind = 'salt' and who = %s
"""
_CLEAR = """
delete from request_count
where kind not in ('salt', 'grant_day') and started_at < now() - interval '1 hour'
or kind = 'grant_day' and started_at < now() - interval '2 days' or kind = 'salt' and who < %s
returning 1
"""
_CLEAR_EVERY_S = 300
_MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``count`` requests of a kind in ``seconds`` from the first of them.

    ``total`` limits all addresses together, so that many addresses guess no faster; 0: no limit.
    """

    kind: str
    count: int
    seconds: int = 60
    total: int = 0


class Limits:
    """Counts requests; belongs to one event loop.

    While the database is down, each process counts for itself.
    """

    def __init__(self, url: str) -> None:
        self._pool = AsyncPool(url, 1)
        self._salt: tuple[str, bytes] = ("", b"")
        self._refused: dict[tuple[str, bytes], float] = {}
        self._own: dict[tuple[str, bytes], tuple[int, float]] = {}
        self._clearing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start deleting counts older than an hour."""
        self._clearing = asyncio.get_running_loop().create_task(
            repeat(self._clear, every=_CLEAR_EVERY_S)
        )

    async def close(self) -> None:
        """Stop the background task and close the pool."""
        if self._clearing is not None:
            self._clearing.cancel()
            await asyncio.gather(self._clearing, return_exceptions=True)
        await self._pool.close()

    async def take(self, limit: Limit, address: str) -> Quota:
        """Count a request and return the remaining quota.

        Raises:
            TooOften: there were too many; refused requests do not extend the wait.
        """
        try:
            today = _today()
            if self._salt[0] != today:
                while not (rows := await self._pool.rows(_SALT, *_drawn_for(today))):
                    continue
                self._salt = (today, bytes(rows[0][0]))
            who = _hashed(network_of(address), self._salt[1])
            taken = await self._take(limit, who)
            if taken[0] <= limit.count and limit.total:
                everybody = Limit(f"{limit.kind}_total", limit.total, limit.seconds)
                of_all = await self._take(everybody, b"")
                if of_all[0] > everybody.count:
                    taken = limit.count + 1, of_all[1]
        except DatabaseUnreachable:
            taken = self._count_alone(limit, network_of(address))
        count, reset = taken[0], max(1, round(taken[1]))
        left = max(0, limit.count - count)
        quota = Quota(limit.kind, limit.count, limit.seconds, left, reset)
        if count > limit.count:
            raise TooOften(reset, quota)
        return quota

    async def _take(self, limit: Limit, who: bytes) -> tuple[int, float]:
        """The requests so far including this one, and the seconds until the count is reset.

        An address that was refused is refused again without asking the database.
        """
        until = self._refused.get((limit.kind, who))
        if until is not None:
            if (left := until - time.monotonic()) > 0:
                return limit.count + 1, left
            del self._refused[limit.kind, who]
        values = (limit.kind, who, limit.seconds, limit.seconds)
        ((count, started),) = await self._pool.rows(_COUNT, *values)
        wait = max(0.001, float(started) + limit.seconds)
        if count > limit.count:
            if len(self._refused) >= _MOST_REMEMBERED:
                self._refused.clear()
            self._refused[limit.kind, who] = time.monotonic() + wait
        return count, wait

    def _count_alone(self, limit: Limit, who: bytes) -> tuple[int, float]:
        now = time.monotonic()
        if len(self._own) >= _MOST_REMEMBERED:
            self._own.clear()
        count, start = self._own.get((limit.kind, who), (0, now))
        if now - start >= limit.seconds:
            count, start = 0, now
        self._own[limit.kind, who] = (count + 1, start)
        return count + 1, start + limit.seconds - now

    async def _clear(self) -> None:
        await self._pool.rows(_CLEAR, _today().encode())


def _today() -> str:
    return now_utc().date().isoformat()


def _drawn_for(day: str) -> tuple[bytes, bytes, bytes]:
    """The parameters of ``_SALT``, which returns the salt of a day and creates a missing one.

    It returns no row while another process is creating it: ask again.
    """
    return day.encode(), secrets.token_bytes(32), day.encode()


def _hashed(text: bytes, salt: bytes) -> bytes:
    """The keyed hash that is counted in place of an address or name."""
    return hashlib.blake2b(text, key=salt, digest_size=12).digest()


def network_of(address: str) -> bytes:
    """The part of an address that is counted: all of IPv4, the first 64 bits of IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address.encode()[:64]
    if isinstance(ip, ipaddress.IPv6Address):
        return ip.ipv4_mapped.packed if ip.ipv4_mapped else ip.packed[:8]
    return ip.packed


def networks_of(trusted: Sequence[str]) -> tuple[Network, ...]:
    """The trusted proxies of the settings, as networks."""
    return tuple(ipaddress.ip_network(one) for one in trusted)


def address_of(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The client address of a request: the peer, or what trusted proxies forwarded.

    ``forwarded`` are the values of X-Forwarded-For; the last address that is not a trusted proxy
    counts, since everything before it may be forged.
    """
    if not trusted or not _is_trusted(peer, trusted):
        return peer
    hops = [hop.strip() for value in forwarded for hop in value.split(",")]
    for hop in reversed(hops):
        if not _is_trusted(hop, trusted):
            return hop or peer
    return hops[0] if hops else peer


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return any(ip in network for network in trusted)


def key_of(session: Session, text: str) -> bytes:
    """The hash of a text with the key of the day, to be counted in its place."""
    values, connection = _drawn_for(_today()), session.connection()
    while (row := connection.exec_driver_sql(_SALT, values).first()) is None:
        continue
    return _hashed(text.encode(), bytes(row[0]))


def take_now(session: Session, limit: Limit, who: bytes) -> bool:
    """Count one within a transaction; return whether it is within the limit."""
    values = (limit.kind, who, limit.seconds, limit.seconds)
    counted = session.connection().exec_driver_sql(_COUNT, values).one()
    return int(counted[0]) <= limit.count


def forget_counted(session: Session, limit: Limit, who: bytes) -> None:
    """Reset a count."""
    session.execute(
        delete(RequestCount).where(RequestCount.kind == limit.kind, RequestCount.who == who)
    )
