"""The client: one service, one program's credentials, all calls."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable

from menpai.client.address_requests import AddressRequestCalls
from menpai.client.changes import ChangeCalls
from menpai.client.connection import Connection
from menpai.client.credentials import ApiKey, Credentials
from menpai.client.matching import MatchingCalls
from menpai.client.registers import RegisterCalls


class Client(MatchingCalls, RegisterCalls, ChangeCalls, AddressRequestCalls):
    """A program of a department, calling one service."""

    def __init__(
        self,
        url: str,
        *,
        key: str = "",
        credentials: Credentials | None = None,
        timeout: float = 30.0,
        attempts: int = 4,
        context: ssl.SSLContext | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Name the service and the program.

        Args:
            url: scheme and host, such as https://mp.example.gov.cn.
            key: an API key; or ``credentials``; without either only open registers are read.
            credentials: another way to name the program.
            timeout: seconds to wait for an answer.
            attempts: how often a call is sent before its exception is raised.
            context: trusts a certificate authority of your own.
            sleep: waits for seconds.
        """
        named = credentials or (ApiKey(key) if key else None)
        super().__init__(
            Connection(url, named, timeout=timeout, attempts=attempts, context=context, sleep=sleep)
        )
