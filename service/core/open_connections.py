"""The connections of an engine, so that whoever waits on a server that hangs can be freed.

A thread that waits for a server which is frozen, or behind a cable that was pulled, waits for ever:
time-outs of statements are kept by the server.
"""

import os
import socket
from contextlib import suppress
from weakref import WeakSet

import psycopg
from sqlalchemy import Engine, event

Connection = psycopg.Connection[tuple[object, ...]]


class OpenConnections:
    """Knows the connections that an engine opens from now on."""

    def __init__(self, engine: Engine) -> None:
        self._open: WeakSet[Connection] = WeakSet()
        event.listen(engine, "connect", lambda connection, _: self._open.add(connection))

    def break_off(self) -> None:
        """End every connection; who waits for an answer on one of them is told that it is lost."""
        for connection in list(self._open):
            with suppress(OSError, psycopg.Error):
                line = socket.socket(fileno=os.dup(connection.fileno()))
                with line:
                    line.shutdown(socket.SHUT_RDWR)
