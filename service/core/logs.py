"""Logging: one JSON object per line, on stderr.

Lines of a server carry the request id. No line contains a token, a query, a statement parameter or
user input: a route is logged by its template, an error by its class.
"""

import io
import logging
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog

REQUEST_ID = "request"


class _Stderr(io.StringIO):
    """The current ``sys.stderr``, looked up at each write as loggers are cached.

    Lines that cannot be written (full disk) are lost; no request fails for it.
    """

    def write(self, text: str) -> int:
        with suppress(OSError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


_STDERR = _Stderr()


def configure_logs() -> None:
    """Configure logging of this process; libraries log warnings and above, in the same format."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        logger_factory=structlog.WriteLoggerFactory(_STDERR),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _without_trace],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(_STDERR)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def _without_trace(
    _: logging.Logger, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Keep only the class of an exception: its message and traceback may show user input.

    Keep only the first line of a library's message: asyncio appends the error to it.
    """
    event["event"] = str(event["event"]).partition("\n")[0]
    found = event.pop("exc_info", None)
    if found:
        kind = found[0] if isinstance(found, tuple) else type(found)
        event["error"] = getattr(kind, "__name__", "error")
    return event


@contextmanager
def request_logged(known: str = "") -> Iterator[str]:
    """Bind a request id to all log lines of the block: ``known``, or a new one."""
    number = known or secrets.token_hex(8)
    with structlog.contextvars.bound_contextvars(**{REQUEST_ID: number}):
        yield number
