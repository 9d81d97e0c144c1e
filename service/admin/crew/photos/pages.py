"""/crew/photos: a photo, for who sent it and for whoever reads the visits of its plate."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import Response

from service.admin.answer import HEADERS, staff_pages
from service.admin.crew.photos.pending import WaitingPhotos
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.errors import PlateNotFound
from service.core.files import open_files
from service.core.web import ReadSession, settings_of
from service.plates.photos import name_of
from service.plates.queries.events import list_tokens_of_photo
from service.plates.queries.locked_plates import see_plate

router = staff_pages()
READ = Permission.INSPECTIONS_READ


@router.get("/crew/photos/{digest}.jpg")
def photo_file(
    request: Request, session: ReadSession, digest: str, member: Annotated[StaffMember, staff(READ)]
) -> Response:
    """A photo: one that waits, for who sent it, else one of a plate in the person's divisions."""
    files = open_files(settings_of(request))
    data = WaitingPhotos(files, member).find(digest)
    if data is None:
        name = name_of(digest)
        places = (see_plate(session, one).place for one in list_tokens_of_photo(session, name))
        if not any(may(member, READ, place) for place in places):
            raise PlateNotFound("there is no such photo")
        data = files.read(name)
    return Response(data, headers=HEADERS, media_type="image/jpeg")
