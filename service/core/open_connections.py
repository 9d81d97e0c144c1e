"""The open connections of an engine, to release threads that wait for a hung server.

A thread waiting for a frozen or disconnected server waits forever, as statement timeouts are
enforced by the server.
"""

import os
import socket
from contextlib import suppress
from weakref import WeakSet

import psycopg
from sqlalchemy import Engine, event

Connection = psycopg.Connection[tuple[object, ...]]


class OpenConnections:
    """Tracks the connections that an engine opens from now on."""

    def __init__(self, engine: Engine) -> None:
        self._open: WeakSet[Connection] = WeakSet()
        event.listen(engine, "connect", lambda connection, _: self._open.add(connection))

    def break_off(self) -> None:
        """Shut down every connection; threads waiting on one get an error."""
        for connection in list(self._open):
            with suppress(OSError, psycopg.Error):
                line = socket.socket(fileno=os.dup(connection.fileno()))
                with line:
                    line.shutdown(socket.SHUT_RDWR)
