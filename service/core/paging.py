"""Keyset pagination: the cursor is the key of the last row shown.

A list is read with a limit of one row more than a page shows, which tells whether another follows.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import Request
from fastapi.responses import Response

from service.core.errors import BadRequest

Row = TypeVar("Row")
Cursor = TypeVar("Cursor")
_JOINT = "~"


def page_of(
    rows: Sequence[Row], size: int, cursor_of: Callable[[Row], Cursor]
) -> tuple[list[Row], Cursor | None]:
    """The rows of one page, and the cursor of the next one; None if this is the last.

    ``rows`` are up to ``size + 1`` rows; ``cursor_of`` gives the key a row is ordered by.
    """
    shown = list(rows[:size])
    return shown, cursor_of(shown[-1]) if shown and len(rows) > size else None


def join_cursor(*parts: object) -> str:
    """A cursor of a list that is ordered by several columns; ``parts`` as text hold no ``~``."""
    return _JOINT.join(str(part) for part in parts)


def split_cursor(text: str, *readers: Callable[[str], object]) -> tuple[Any, ...]:
    """The parts of ``join_cursor``, each by its reader, such as ``date.fromisoformat``.

    Raises:
        BadRequest: it is no cursor of this list.
    """
    parts = text.split(_JOINT)
    try:
        return tuple(reader(part) for reader, part in zip(readers, parts, strict=True))
    except ValueError as error:
        raise BadRequest(
            f"{text[:40]!r} is no cursor", hint="start the list from the beginning"
        ) from error


def link_next(request: Request, response: Response, **cursor: object) -> None:
    """Add the header ``Link`` with the URL of the next page (RFC 8288).

    ``cursor`` are query parameters with their values; any None means that this is the last page.
    """
    if all(value is not None for value in cursor.values()):
        url = request.url.include_query_params(**cursor)
        response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
