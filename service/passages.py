"""Maps each request to its ``Passage``: bulkhead, body size, credentials and deadline.

``CONNECTIONS`` is the sum of all places, counting writers twice as they take a second connection. A
process has that many, so that no admitted request waits for one.
"""

import re

from service.changes.routes import LONGEST_WAIT_S
from service.changes.signal import READERS
from service.core import health
from service.core.admission import Kind
from service.core.asgi import Scope
from service.core.border import READ_PATIENCE_S, Passage

RESIDENTS = Kind("residents", 4)
STAFF = Kind("staff", 4)
REPORTS = Kind("reports", 2)
"""Reports that residents send: a photo takes its time, and the pages do not wait for it."""

SIGN_IN = Kind("sign_in", 3)
DEPARTMENTS = Kind("departments", 6)
BULK = Kind("bulk", 2)
CARDS = Kind("cards", 3, queue_s=0.3)
PREVIEWS = Kind("previews", 3, queue_s=10.0)
"""A page of a batch requests several at once."""

LISTS = Kind("lists", 2, queue_s=10.0)
"""Files of whole lists for staff, and suspects: found in a process of their own."""

FOLLOWERS = Kind("followers", 64)
"""Departments that wait for changes; they hold neither a thread nor a connection meanwhile."""

COPIES = Kind("copies", 2, queue_s=10.0)
"""Snapshots of whole registers, each with a connection of its own."""

FILES = Kind("files", 16)
HEALTH = Kind("health", 8)
CONNECTIONS = (
    RESIDENTS.inside
    + CARDS.inside
    + PREVIEWS.inside
    + 2 * REPORTS.inside
    + 2 * (STAFF.inside + LISTS.inside + SIGN_IN.inside + DEPARTMENTS.inside + COPIES.inside)
    + 2 * READERS
    + BULK.inside
)

FORM_BYTES = 64 << 10
BORDER_BYTES = 4 << 20
"""Of a border that is drawn, or of the file with one."""

PHOTO_BYTES = 32 << 20
REPORT_BYTES = 13 << 20
"""Of a report with its photo, which anybody may send."""

LIST_BYTES = 16 << 20
UPLOAD_BYTES = 32 << 20
"""Of a list that is uploaded at the desk: 100,000 rows of 300 bytes."""

WRITE_PATIENCE_S = 30.0
BULK_PATIENCE_S = 120.0
DRAWN_PATIENCE_S = 30.0
"""The first card or preview waits for its process to start."""

SIGN_INS = ("/admin/sign-in", "/admin/sign-in/code")
TOKENS = "/oauth/token"
OPEN_TO_SEND = (*SIGN_INS, TOKENS, "/api/v1/reconcile")
"""Paths that accept a body without credentials."""

_ANSWERED_AT_ONCE = (*OPEN_TO_SEND, "/api/v1/parse", "/api/v1/resolve")
"""Reads sent by POST, and signing in: no harm if the response is lost, so the deadline is short."""

_PHOTOS = re.compile(r"/crew(/items/\d+|/[^/]+)?|/api/v1/plates/[^/]+/events")
_PUSHES = re.compile(r"(/admin|/api/v1)/datasets/\d+/rows")
_LISTS = (
    "/admin/batches/new",
    "/admin/bulk-changes/new",
    "/api/v1/batches",
    "/admin/duties/handover",
    "/admin/duties/handover/store",
)
_UPLOADS = "/admin/imports"
_BORDERS = re.compile(r"/admin/areas/(new|\d+/\w+)")
_LAYERS = "/admin/areas/files"
_LIST_FILES = re.compile(
    r"/admin/address-files|/admin/area-files|/admin/work-items/list\.xlsx|"
    r"/admin/imports/\d+/errors\.xlsx"
)
_BULK_CALLS = ("/api/v1/resolve/batch", "/api/v1/addresses/import")
_SNAPSHOTS = re.compile(r"/api/v1/snapshots/.+")
_READS = (
    (re.compile(r"/static/.*"), b"", Passage(FILES)),
    (_LIST_FILES, b"", Passage(LISTS, patience_s=BULK_PATIENCE_S)),
    (re.compile(r"/admin/addresses"), b"suspect=1", Passage(LISTS, patience_s=BULK_PATIENCE_S)),
    (
        re.compile(r"/api/v1/changes"),
        b"wait=",
        Passage(FOLLOWERS, patience_s=LONGEST_WAIT_S + READ_PATIENCE_S),
    ),
    (_SNAPSHOTS, b"key=", Passage(DEPARTMENTS)),
    (_SNAPSHOTS, b"", Passage(COPIES, patience_s=BULK_PATIENCE_S)),
    (
        re.compile(r"(?!/admin|/crew|/api/).*\.pdf"),
        b"",
        Passage(CARDS, patience_s=DRAWN_PATIENCE_S),
    ),
    (
        re.compile(r"(?!/admin/sign-in)/(admin|crew).*\.png"),
        b"",
        Passage(PREVIEWS, patience_s=DRAWN_PATIENCE_S),
    ),
)
"""Reads with places or a deadline of their own: path, part of the query, passage."""

_READING = ("GET", "HEAD", "OPTIONS")


def _most_bytes(path: str) -> int:
    """How much may be sent to a path of pages, or of single records."""
    if path in _LISTS:
        return LIST_BYTES
    if path in (_UPLOADS, _LAYERS) or _PUSHES.fullmatch(path):
        return UPLOAD_BYTES
    if _PHOTOS.fullmatch(path):
        return PHOTO_BYTES
    return BORDER_BYTES if _BORDERS.fullmatch(path) else FORM_BYTES


def passage_of(scope: Scope) -> Passage:
    """The passage of a request."""
    path: str = scope["path"]
    if path in health.PATHS:
        return Passage(HEALTH)
    if path in _BULK_CALLS:
        return Passage(BULK, UPLOAD_BYTES, needs_credentials=True, patience_s=BULK_PATIENCE_S)
    if path.startswith(SIGN_INS[0]):
        kind = SIGN_IN  # guessing strangers take no places from staff
    elif path.startswith(("/admin", "/crew")):
        kind = STAFF
    elif path.startswith("/report/") and scope["method"] == "POST":
        return Passage(REPORTS, REPORT_BYTES, patience_s=WRITE_PATIENCE_S)
    else:
        kind = DEPARTMENTS if path.startswith("/api/") or path == TOKENS else RESIDENTS
    if scope["method"] in _READING:
        query = scope.get("query_string", b"")
        for pattern, part, passage in _READS:
            if pattern.fullmatch(path) and part in query:
                return passage
        return Passage(kind)
    at_once = path in _ANSWERED_AT_ONCE
    return Passage(
        kind,
        _most_bytes(path),
        needs_credentials=kind is not RESIDENTS and path not in OPEN_TO_SEND,
        patience_s=READ_PATIENCE_S if at_once else WRITE_PATIENCE_S,
    )
