"""Checks whether a request is authenticated, before its body is read."""

from datetime import timedelta

from anyio import CapacityLimiter, to_thread

from service.auth.guards import cookie_name
from service.auth.keys import find_shown, shown_key
from service.auth.queries import find_program, find_session
from service.auth.session_tokens import find_session_token
from service.core.asgi import Scope, cookies_of
from service.core.reads import Reads
from service.core.settings import Settings

AT_ONCE = 4


class KnownCallers:
    """Looks up keys and sessions, in a few threads of its own."""

    def __init__(self, reads: Reads, settings: Settings) -> None:
        self._reads, self._settings = reads, settings
        self._threads = CapacityLimiter(AT_ONCE)

    async def knows(self, scope: Scope) -> bool:
        """Whether a request has a valid API key or session.

        Raises:
            DatabaseUnreachable: neither database answers.
        """
        shown = shown_key(scope["headers"])
        if not shown and not any(name == b"cookie" for name, _ in scope["headers"]):
            return False
        return await to_thread.run_sync(self._look_up, scope, shown, limiter=self._threads)

    def _look_up(self, scope: Scope, shown: str) -> bool:
        with self._reads.identifying() as session:
            if shown:
                key = find_shown(shown)
                return key is not None and find_program(session, key) is not None
            cookies = cookies_of(scope["headers"])
            token = find_session_token(cookies.get(cookie_name(self._settings), ""))
            idle = timedelta(minutes=self._settings.session_idle_minutes)
            return token is not None and find_session(session, token, idle) is not None
