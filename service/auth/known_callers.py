"""Says whether a request comes from somebody known, before its body is read."""

from collections.abc import Iterable
from datetime import timedelta

from anyio import CapacityLimiter, to_thread

from service.auth.guards import cookie_name
from service.auth.keys import find_key
from service.auth.queries import find_client, find_session
from service.auth.session_tokens import find_session_token
from service.core.asgi import Scope, cookies_of
from service.core.database import DATABASE_ERRORS, Database
from service.core.errors import DatabaseUnreachable
from service.core.settings import Settings

AT_ONCE = 4


class KnownCallers:
    """Knows valid keys and open sessions; its threads are its own, a few."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings
        self._threads = CapacityLimiter(AT_ONCE)

    async def knows(self, scope: Scope) -> bool:
        """Whether a request shows an API key or a session that is valid now.

        Raises:
            DatabaseUnreachable: that cannot be told.
        """
        shown = list(_keys_of(scope["headers"]))
        if not shown and not any(name == b"cookie" for name, _ in scope["headers"]):
            return False
        return await to_thread.run_sync(self._look_up, scope, shown, limiter=self._threads)

    def _look_up(self, scope: Scope, shown: list[str]) -> bool:
        try:
            with self._database.reading() as session:
                if shown:
                    key = find_key(shown[0])
                    return key is not None and find_client(session, key) is not None
                token = find_session_token(self._cookie(scope["headers"]))
                idle = timedelta(minutes=self._settings.session_idle_minutes)
                return token is not None and find_session(session, token, idle) is not None
        except DATABASE_ERRORS as error:
            raise DatabaseUnreachable("the database broke off", mend="ask again") from error

    def _cookie(self, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """The session's cookie, of the last header that brings it."""
        return cookies_of(headers).get(cookie_name(self._settings), "")


def _keys_of(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[str]:
    """The keys that a request shows: as a bearer token first, as the guards take them."""
    bearer, own = [], []
    for name, value in headers:
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            bearer.append(value[7:].strip().decode("latin-1"))
        elif name == b"x-api-key":
            own.append(value.decode("latin-1"))
    return bearer + own
