"""Keyset pagination: the cursor is the key of the last row shown."""

from fastapi import Request
from fastapi.responses import Response


def link_next(request: Request, response: Response, **cursor: object) -> None:
    """Add the header ``Link`` with the URL of the next page (RFC 8288).

    ``cursor`` are query parameters with their values; any None means that this is the last page.
    """
    if all(value is not None for value in cursor.values()):
        url = request.url.include_query_params(**cursor)
        response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
