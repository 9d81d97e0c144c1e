"""All pages of the signed-in area, in one place."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.admin.accounts.pages import router as accounts
from service.admin.audit.pages import router as audit
from service.admin.batches.pages import router as batches
from service.admin.batches.steps.pages import router as batch_steps
from service.admin.crew.frame.pages import files_router as crew_files
from service.admin.crew.pages import router as crew
from service.admin.crew.photos.pages import router as crew_photos
from service.admin.distant_checkins.pages import router as far
from service.admin.home.pages import router as home
from service.admin.plates.pages import router as plates
from service.admin.sign_in.pages import open_router as sign_in
from service.admin.sign_in.pages import router as signed_in
from service.admin.work_items.pages import router as work_items
from service.core import html
from service.core.query_parameters import WithoutControl

router = APIRouter(include_in_schema=False, dependencies=[WithoutControl])
SUBJECTS = (
    sign_in,
    signed_in,
    home,
    batches,
    batch_steps,
    crew_photos,
    crew,
    crew_files,
    plates,
    work_items,
    far,
    accounts,
    audit,
)
for subject in SUBJECTS:
    router.include_router(subject)

_SCRIPT = html.read_static("admin.js")
_STYLE = html.compact_css(html.read_static("admin.css"))


@router.get("/static/admin.css")
def style() -> Response:
    """The style sheet of the signed-in area; its address changes with its text."""
    return Response(_STYLE, headers=html.LASTING, media_type="text/css")


@router.get("/static/admin.js")
def script() -> Response:
    """The one script of the signed-in area: it renews the progress of a batch."""
    return Response(_SCRIPT, headers=html.LASTING, media_type="text/javascript")
