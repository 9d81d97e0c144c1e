"""Pages of a list by keyset: the cursor is the key of the last row that was shown."""

from fastapi import Request
from fastapi.responses import Response


def link_next(request: Request, response: Response, **cursor: object) -> None:
    """Say in the header ``Link`` where the next page is (RFC 8288): the same query, from there on.

    ``cursor`` is one parameter with its value; None means that this was the last page.
    """
    if all(value is not None for value in cursor.values()):
        url = request.url.include_query_params(**cursor)
        response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
