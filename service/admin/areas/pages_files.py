"""Files of areas at the desk: a layer is uploaded, checked, then stored; others are taken along."""

import tempfile
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Form, Request, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel, Field

from service.admin.address.history import AREA_KINDS
from service.admin.answer import show, staff_pages
from service.admin.areas.answer import AREA_WORDS, READ, WRITE
from service.admin.areas.form import LOOK, STORE, copied_layer
from service.admin.areas.layer_file import (
    MOST_FEATURES,
    LayerTerms,
    ReadLayer,
    limit_to_own,
    read_layer_file,
)
from service.admin.areas.waiting_layers import WaitingLayers
from service.admin.guards import PickedDivision
from service.admin.scope import scope_of
from service.areas.export import LayerFormat, format_of, write_areas
from service.areas.headings import read_kind
from service.areas.queries import list_held_areas
from service.areas.queries.borders import AreaFilter, list_areas, list_kinds
from service.audit.commands import record_export
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.core import html
from service.core.clock import today
from service.core.errors import BadRequest
from service.core.files import open_files
from service.core.pool import STAFF_FILES
from service.core.web import ReadSession, WriteSession, database_of, settings_of
from service.linking.commands import load_and_link

router = staff_pages()
Reader = Annotated[StaffMember, staff(READ)]
Writer = Annotated[StaffMember, staff(WRITE)]
SYSTEMS = {
    "": "按文件里写的",
    "4490": "CGCS2000（EPSG:4490）",
    "gcj02": "GCJ-02（高德、腾讯）",
    "bd09": "BD-09（百度）",
}
MEDIA_TYPES = {
    LayerFormat.GEOJSON: "application/geo+json",
    LayerFormat.GPKG: "application/geopackage+sqlite3",
    LayerFormat.ZIP: "application/zip",
}
MOST_EXPORTED = 100_000


class LayerForm(BaseModel):
    """The fields of the upload; ``kept`` names a layer that was checked and waits."""

    step: str = Field(LOOK, max_length=10)
    kind: str = Field("", max_length=32)
    crs: str = Field("", max_length=20)
    repair: str = Field("", max_length=5)
    complete: str = Field("", max_length=5)
    kept: str = Field("", max_length=80)
    file: UploadFile | None = None


@router.get("/admin/areas/files")
def layers(
    request: Request, session: ReadSession, member: Reader, division: PickedDivision
) -> Response:
    """The form to upload a layer, and the files to take along."""
    return _show(request, session, member, division, asked=LayerForm())


@router.post("/admin/areas/files")
def upload(
    request: Request,
    session: ReadSession,
    member: Writer,
    division: PickedDivision,
    asked: Annotated[LayerForm, Form()],
) -> Response:
    """Check a layer against the register, or store one that was checked."""
    reach = scope_of(session, member, WRITE, division)
    if asked.crs not in SYSTEMS:
        raise BadRequest("no such coordinate system", zh="没有这个坐标系。", field="crs")
    terms = LayerTerms(read_kind(asked.kind) or "", asked.crs, bool(asked.repair))
    waiting = WaitingLayers(open_files(settings_of(request)), member)
    if asked.step == STORE:
        with waiting.opened(asked.kept) as path:
            if path is None:
                raise BadRequest(
                    "no such layer waits", zh="文件没有保留下来，请重新上传。", field="file"
                )
            layer = STAFF_FILES.compute_for(member.name, read_layer_file, path, terms)
    else:
        if asked.file is None or not asked.file.filename:
            raise BadRequest("no file was chosen", zh="请选择要上传的文件。", field="file")
        with copied_layer(asked.file.filename, asked.file.file) as path:
            layer = STAFF_FILES.compute_for(member.name, read_layer_file, path, terms)
            asked.kept = waiting.add(path)
    held = list_held_areas(session)
    own, refused = limit_to_own(layer, held, member, reach.division)
    done = load_and_link(
        database_of(request),
        own,
        member.actor,
        today=today(),
        end_missing=bool(asked.complete),
        dry_run=asked.step != STORE,
    )
    faults = sorted([*layer.faults, *refused, *done.areas.faults], key=lambda one: one.row)
    return _show(
        request, session, member, division, asked=asked, done=done, faults=faults, layer=layer
    )


@router.get("/admin/area-files")
def area_file(
    request: Request,
    session: WriteSession,
    member: Reader,
    division: PickedDivision,
    *,
    kind: str = "",
    format: str = LayerFormat.GEOJSON,  # noqa: A002 - the word of the URL, as for addresses
) -> Response:
    """The areas of a division as a file; who takes one is noted in the audit chain."""
    reach = scope_of(session, member, READ, division)
    ending = format_of(Path(f"areas.{format[:10]}"))
    wanted = AreaFilter((reach.prefix,), kind.strip())
    rows = list_areas(session, wanted, today(), limit=MOST_EXPORTED)
    areas = list_held_areas(session, ids=[one.id for one in rows])
    with tempfile.TemporaryDirectory(prefix="menpai-") as folder:
        path = Path(folder, f"areas.{ending}")
        STAFF_FILES.compute_for(member.name, write_areas, areas, path)
        content = path.read_bytes()
    name = f"责任区-{reach.name}.{ending}"
    asked = {"division": reach.division, "kind": wanted.kind}
    record_export(session, member.actor, "areas", Path(name), len(areas), **asked)
    held = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, headers=html.PRIVATE | held, media_type=MEDIA_TYPES[ending])


def _show(
    request: Request,
    session: ReadSession,
    member: StaffMember,
    division: str,
    *,
    layer: ReadLayer | None = None,
    **values: Any,
) -> Response:
    reach = scope_of(session, member, READ, division)
    kinds = dict.fromkeys([*AREA_KINDS, *list_kinds(session)])
    return show(
        request,
        member,
        "areas/files.html",
        reach=reach,
        kinds=kinds,
        systems=SYSTEMS,
        formats=list(LayerFormat),
        most=MOST_FEATURES,
        layer=layer,
        may_write=may(member, WRITE, reach.division),
        **{"done": None, "faults": []} | values | AREA_WORDS,
    )
