"""The files of the crew pages: style sheet, script, photos."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.admin.answer import HEADERS, staff_pages
from service.admin.crew.reach import may_at, require_at
from service.admin.crew.waiting_photos import WaitingPhotos
from service.auth.guards import signed_in, staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core import html
from service.core.errors import PlateNotFound, StoredFileNotFound
from service.core.files import open_files
from service.core.web import ReadSession, settings_of
from service.plates.photos import name_of
from service.plates.queries.events import list_tokens_of_photo
from service.plates.queries.locked_plates import see_plate
from service.reports.queries import get_report

router = staff_pages()
files_router = APIRouter(include_in_schema=False)
READ = Permission.INSPECTIONS_READ
_STYLE = html.compact_css(html.read_static("crew.css"))
_SCRIPT = html.read_static("crew.js")
FRAME = {
    "crew_style": f"/static/crew.css?{html.fingerprint('crew.css')}",
    "crew_script": f"/static/crew.js?{html.fingerprint('crew.js')}",
    "store_script": f"/static/crew-store.js?{html.fingerprint('crew-store.js')}",
    "phone_script": f"/static/crew-phone.js?{html.fingerprint('crew-phone.js')}",
    "worker": "/static/crew-worker.js",
}


@router.get("/crew/photos/{digest}.jpg")
def photo_file(
    request: Request, session: ReadSession, digest: str, member: Annotated[StaffMember, signed_in()]
) -> Response:
    """A photo: the uploader sees a pending one; others need to read visits there."""
    files = open_files(settings_of(request))
    data = WaitingPhotos(files, member).find(digest)
    if data is None:
        name = name_of(digest)
        seen = (see_plate(session, one) for one in list_tokens_of_photo(session, name))
        if not any(may_at(session, member, READ, one.place, one.code) for one in seen):
            raise PlateNotFound("there is no such photo")
        data = files.read(name)
    return Response(data, headers=HEADERS, media_type="image/jpeg")


@router.get("/crew/reports/{number}/photo")
def report_photo(
    request: Request,
    session: ReadSession,
    number: str,
    member: Annotated[StaffMember, staff(Permission.FIELD_WORK)],
) -> Response:
    """A resident's photo, for those who do the work about the report.

    Raises:
        ReportNotFound, StoredFileNotFound: there is no such report, or it has no photo.
        NotAllowed: neither the roles nor an own area reach its address.
    """
    report = get_report(session, number)
    require_at(session, member, Permission.WORK_ITEMS_READ, report.division, report.code)
    if not report.photo:
        raise StoredFileNotFound("this report has no photo", zh="这件报告没有照片。")
    data = open_files(settings_of(request)).read(report.photo)
    return Response(data, headers=HEADERS, media_type="image/jpeg")


@files_router.get("/static/crew.css")
def style() -> Response:
    """The style sheet of the crew pages; its URL carries a fingerprint."""
    return Response(_STYLE, headers=html.LASTING, media_type="text/css")


@files_router.get("/static/crew.js")
def script() -> Response:
    """The script that locates the phone; its URL carries a fingerprint."""
    return Response(_SCRIPT, headers=html.LASTING, media_type="text/javascript")
