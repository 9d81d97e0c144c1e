"""The list of addresses: by anything that names them, by division, state and what is missing."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Depends, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from address_model.lifecycle import ADDRESS_STATUS_NAMES, PLATE_STATUS_NAMES, AddressStatus
from address_model.plate_text import LONGEST
from service.addresses.queries.numbered_doors import has_numbered_doors
from service.admin.address_file import (
    MEDIA_TYPES,
    MOST_ROWS,
    FileKind,
    find_suspects,
    write_list,
)
from service.admin.address_search import READ, SearchResult, search
from service.admin.answer import see_other, show, staff_pages
from service.admin.guards import PickedDivision
from service.admin.map.frame import ANYWHERE, MapFrame, map_values
from service.admin.plates.pages import TONES
from service.admin.scope import DivisionScope, scope_of
from service.areas.queries.borders import get_held_area
from service.audit.commands import record_export
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core import html
from service.core.database import LARGEST_NUMBER
from service.core.errors import BadRequest
from service.core.files import read_parts
from service.core.pool import STAFF_FILES
from service.core.web import ReadSession, WriteSession, database_of, settings_of
from service.imports.row_log import RowOutcome
from service.imports.uploads.queries import see_upload
from service.imports.uploads.queries.rows import list_stored_codes
from service.placenames.queries import PlaceRow, find_places
from service.plates.queries.address_lists import SCANNED, AddressFilter, list_in_street_order
from service.tiles.queries import read_extent

router = staff_pages()
Reader = Annotated[StaffMember, staff(READ)]
PAGE = 50
MAP = "map"
MOST_SUSPECTS = 1000
MOST_LISTED = 10_000
"""So many addresses of an imported list are listed."""
_COUNTY_DIGITS = 6
ADDRESS_TONES = {
    AddressStatus.ACTIVE: "good",
    AddressStatus.FROZEN: "warn",
    AddressStatus.TO_REPLACE: "warn",
    AddressStatus.REPLACED: "bad",
    AddressStatus.RETIRED: "bad",
    AddressStatus.INVALID: "bad",
}


class AddressQuery(BaseModel):
    """The fields of the search form, and where the list goes on."""

    q: str = ""
    division: str = ""
    state: str = ""
    no_point: str = ""
    no_plate: str = ""
    suspect: str = ""
    after: str = Field("", max_length=2000)
    format: str = ""
    view: str = ""
    upload: int = Field(0, ge=0, le=LARGEST_NUMBER)
    """The number of an imported list, whose addresses are meant."""
    area: int = Field(0, ge=0, le=LARGEST_NUMBER)
    """The id of a duty area, whose addresses are meant."""

    def link(self, path: str, **changes: str) -> str:
        """The URL of the same list with some fields changed."""
        fields = self.model_dump() | {"after": "", "format": ""} | changes
        return f"{path}?{urlencode({k: v for k, v in fields.items() if v})}"


def _asked(asked: Annotated[AddressQuery, Query()], division: PickedDivision) -> AddressQuery:
    return asked.model_copy(update={"division": division})


Asked = Annotated[AddressQuery, Depends(_asked)]


@dataclass(frozen=True, slots=True)
class AddressListing:
    """What is listed: the addresses that fit, or nothing with a note.

    ``target`` is where the person is led instead; ``reasons`` says of suspects why they are.
    """

    reach: DivisionScope
    wanted: AddressFilter | None = None
    title: str = ""
    target: str = ""
    found: SearchResult = field(default_factory=SearchResult)
    note: str = ""
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@router.get("/admin/addresses")
def addresses(request: Request, session: ReadSession, member: Reader, asked: Asked) -> Response:
    """Addresses in street order; a search that means one address leads to its page."""
    listing = find_listing(request, session, member, asked)
    if listing.target:
        return see_other(listing.target)
    wanted, page, frame = listing.wanted, None, None
    if wanted is not None:
        page = list_in_street_order(session, wanted, after=asked.after, limit=PAGE)
    if wanted is not None and asked.view == MAP:
        bounds = read_extent(session, [listing.reach.prefix]) or ANYWHERE
        # The points are marked, unless it is a whole division.
        is_whole = (wanted.places, wanted.codes, wanted.area) == (None, None, None)
        is_whole = is_whole and not wanted.is_narrowed
        frame = MapFrame(bounds, "" if is_whole else asked.link("/admin/address-points", view=""))
    path = request.url.path
    return show(
        request,
        member,
        "addresses/list.html",
        asked=asked,
        listing=listing,
        page=page,
        scanned=SCANNED,
        most_rows=MOST_ROWS,
        streets=list_streets(session, listing),
        start=asked.link(path) if asked.after else "",
        views=[("列表", "", asked.link(path, view="")), ("地图", MAP, asked.link(path, view=MAP))],
        more=asked.link(path, after=page.following) if page and page.following else "",
        files=[(kind.upper(), asked.link(FILES, format=kind)) for kind in FileKind],
        states=ADDRESS_STATUS_NAMES,
        tones=ADDRESS_TONES,
        plate_states=PLATE_STATUS_NAMES,
        plate_tones=TONES,
        may_see_plates=may(member, Permission.PLATES_READ),
        may_write=may(member, Permission.ADDRESSES_WRITE),
        **map_values(settings_of(request), frame),
    )


FILES = "/admin/address-files"


@router.get(FILES)
def address_file(request: Request, session: WriteSession, member: Reader, asked: Asked) -> Response:
    """The list as a file, at most ``MOST_ROWS`` addresses; its name says so if there are more.

    Who takes one is noted in the audit chain, as at the command line.

    Raises:
        BadRequest: the format is unknown.
    """
    if asked.format and asked.format not in set(FileKind):
        raise BadRequest(f"no format {asked.format[:20]!r}", zh="只能导出 XLSX、CSV 或 GeoJSON。")
    kind = FileKind(asked.format or FileKind.XLSX)
    listing = find_listing(request, session, member, asked)
    if listing.wanted is None:
        return see_other(asked.link("/admin/addresses"))
    url = database_of(request).url
    with tempfile.TemporaryDirectory(prefix="menpai-") as folder:
        path = Path(folder, f"list.{kind}")
        done = STAFF_FILES.compute_for(member.name, write_list, url, listing.wanted, kind, path)
        cut = f"（只有前{done.count}条）" if done.is_cut else ""
        name = f"地址-{listing.title}{cut}.{kind}".replace("/", "-")
        fields = asked.model_dump(exclude={"after", "format", "division"}, exclude_defaults=True)
        fields |= {"division": listing.reach.division}
        record_export(session, member.actor, "addresses", Path(name), done.count, **fields)
        size = path.stat().st_size
        stream = path.open("rb")  # still readable when the folder is gone
    headers = html.PRIVATE | {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Length": str(size),
    }
    return StreamingResponse(read_parts(stream), headers=headers, media_type=MEDIA_TYPES[kind])


def find_listing(
    request: Request, session: ReadSession, member: StaffMember, asked: AddressQuery
) -> AddressListing:
    """What the fields ask for, within the person's divisions.

    Raises:
        NotAllowed, DivisionNotFound: the division.
    """
    reach = scope_of(session, member, READ, asked.division)
    text = asked.q.strip()[:LONGEST]
    found = search(session, member, text) if text else SearchResult()
    if found.code:
        return AddressListing(reach, target=f"/admin/addresses/{found.code}")
    if found.division:
        link = asked.link("/admin/addresses", q="", division=found.division)
        return AddressListing(reach, target=link)
    if text and not (found.places or found.codes):
        return AddressListing(reach, found=found, note=found.note)
    wanted = AddressFilter(
        division=reach.prefix,
        status=asked.state if asked.state in set(AddressStatus) else "",
        without_point=bool(asked.no_point),
        without_plate=bool(asked.no_plate),
    )
    listing = AddressListing(reach, wanted, reach.name, found=found, note=found.note)
    if found.codes:
        listing = replace(listing, title=f"与“{text}”有关的地址")
        listing = _within(listing, division="", codes=found.codes)
    elif found.places:
        listing = _along(session, member, listing)
    elif asked.upload:
        listing = _of_list(session, member, listing, asked.upload)
    elif asked.area:
        area = get_held_area(session, asked.area)
        listing = replace(_within(listing, area=area.id), title=f"{area.name}的地址")
    if asked.suspect:
        return _suspects(database_of(request).url, member.name, listing)
    return listing


def list_streets(session: ReadSession, listing: AddressListing) -> list[PlaceRow]:
    """The places of a search whose numbers can be looked at."""
    rows = find_places(session, listing.found.places).values()
    return [row for row in rows if has_numbered_doors(session, row.id)]


def _within(listing: AddressListing, **changes: object) -> AddressListing:
    """The same listing, its filter changed."""
    assert listing.wanted is not None  # noqa: S101 - only lists are narrowed
    return replace(listing, wanted=replace(listing.wanted, **changes))  # type: ignore[arg-type]


def _of_list(
    session: ReadSession, member: StaffMember, listing: AddressListing, number: int
) -> AddressListing:
    """The addresses that an imported list has added or changed.

    Raises:
        UploadNotFound: it is not the person's.
    """
    upload = see_upload(session, number, member)
    written = (RowOutcome.NEW, RowOutcome.CHANGED)
    codes = list_stored_codes(session, upload.id, limit=MOST_LISTED + 1, outcomes=written)
    cut = f"，只列前 {MOST_LISTED:,} 个" if len(codes) > MOST_LISTED else ""
    note = f"以下是导入的“{upload.file_name}”新增和变更的地址{cut}。"
    title = f"{upload.file_name}的地址"
    return replace(_within(listing, codes=tuple(codes[:MOST_LISTED])), title=title, note=note)


def _along(session: ReadSession, member: StaffMember, listing: AddressListing) -> AddressListing:
    """The doors of the places found: in the division asked for, else in the first that has any."""
    rows = find_places(session, listing.found.places).values()
    names = "、".join(dict.fromkeys(row.name for row in rows))
    for scope in dict.fromkeys((listing.reach.prefix, *member.scopes(READ))):
        tried = _within(listing, division=scope, places=listing.found.places)
        plain = AddressFilter(division=scope, places=listing.found.places)
        if list_in_street_order(session, plain, limit=1).rows:
            if scope == listing.reach.prefix:
                return replace(tried, title=names)
            there = scope_of(session, member, READ, scope.ljust(12, "0") if scope else "")
            note = f"{listing.reach.name}没有{names}的地址，以下是{there.name}的。"
            return replace(tried, title=names, reach=there, note=note)
    return replace(listing, wanted=None, note=f"{names}还没有登记地址。")


def _suspects(url: str, person: str, listing: AddressListing) -> AddressListing:
    """Those that may be two houses under one code; they are looked for county by county."""
    county = listing.reach.prefix[:_COUNTY_DIGITS]
    if len(county) < _COUNTY_DIGITS:
        note = "疑似重名要按县（市、区）核查，请先在“区划”里填一个县（市、区）。"
        return replace(listing, wanted=None, note=note)
    found = STAFF_FILES.compute_for(person, find_suspects, url, county, MOST_SUSPECTS + 1)
    kept = found[:MOST_SUSPECTS]
    note = f"本县疑似重名的很多，只列前 {MOST_SUSPECTS} 个。" if len(found) > len(kept) else ""
    among = set(listing.found.codes) or {one.code for one in kept}
    codes = tuple(one.code for one in kept if one.code in among)
    reasons = {one.code: one.reasons for one in kept}
    return replace(_within(listing, codes=codes), note=listing.note or note, reasons=reasons)
