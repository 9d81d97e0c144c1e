"""What servers and commands write down: one JSON object a line, on stderr.

Those of a server say which request they belong to. No line has a token, a query, a parameter of a
statement or what somebody typed: a route stands by its template, an error by its class.
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
    """What stderr is when a line is written: loggers are kept, and it may have been replaced.

    What cannot be written, on a full disk for instance, is lost: nobody's request fails for it.
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
    """Have this process log so; libraries are heard from warnings on, by the same way."""
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
    """Of an error the class alone: its words and its trace may show what somebody typed.

    Of what a library says the first line: asyncio writes the error it means below it.
    """
    event["event"] = str(event["event"]).partition("\n")[0]
    found = event.pop("exc_info", None)
    if found:
        kind = found[0] if isinstance(found, tuple) else type(found)
        event["error"] = getattr(kind, "__name__", "error")
    return event


@contextmanager
def request_logged(known: str = "") -> Iterator[str]:
    """Give what is logged in the block the number of a request: a new one, unless it has one."""
    number = known or secrets.token_hex(8)
    with structlog.contextvars.bound_contextvars(**{REQUEST_ID: number}):
        yield number
