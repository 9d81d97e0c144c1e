"""The datasets of the API: catalogue, rows, what an address shows, and pushes."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AwareDatetime

from address_model.below_door import lies_below_door
from address_model.datasets.definition import DatasetState
from address_model.datasets.fields import DatasetField, FieldReader
from address_model.elements import elements_to_plain
from service.addresses.queries import find_successors, get_address
from service.auth.grants import Program
from service.auth.guards import granted
from service.auth.permissions import Permission
from service.auth.usage import note_rows
from service.core.database import LARGEST_NUMBER
from service.core.errors import (
    AddressNotFound,
    Conflict,
    MalformedCode,
    NotAllowed,
    ServerBusy,
    TooMuch,
)
from service.core.fields import DivisionPrefix, page_size
from service.core.paging import link_next, page_of
from service.core.pool import DEPARTMENTS
from service.core.problems import raises
from service.core.web import (
    StandbySession,
    TaggedRoute,
    database_of,
    note_version,
    settings_of,
)
from service.datasets import commands, queries
from service.datasets.guards import PUSH_OPENAPI, SentRows
from service.datasets.pushed_rows import read_pushed_bytes
from service.datasets.queries import DatasetFilter, DatasetNotFound, RegisteredDataset
from service.datasets.schemas import (
    AddressData,
    DatasetDetail,
    DatasetList,
    DatasetOut,
    DatasetRowList,
    DatasetRowOut,
    PushOut,
    ShownFieldOut,
)

READ, WRITE = Permission.DATASETS_READ, Permission.DATASETS_WRITE
READ_HERE_BYTES = 64 << 10
"""A larger push is judged in another process, so as not to block a thread."""

router = APIRouter(tags=["datasets"], route_class=TaggedRoute)
Reader = Annotated[Program, granted(READ)]
DatasetNumber = Annotated[
    int, Path(ge=1, le=LARGEST_NUMBER, description="The number of the dataset.", examples=[17])
]


@router.get("/datasets", operation_id="listDatasets")
def list_datasets(
    *,
    request: Request,
    response: Response,
    session: StandbySession,
    program: Reader,
    division: DivisionPrefix = "",
    cursor: Annotated[
        int,
        Query(
            ge=0,
            le=LARGEST_NUMBER,
            description="Only datasets after this number: `next` of the previous page.",
            examples=[17],
        ),
    ] = 0,
    limit: Annotated[int, page_size(200)] = 100,
) -> DatasetList:
    """The catalogue: approved datasets with owner, standard and freshness, and the own drafts."""
    wanted = DatasetFilter(division, reach=program.divisions(READ), own=program.id)
    found = queries.list_datasets(session, wanted, after=cursor, limit=limit + 1)
    rows, following = page_of(found, limit, lambda one: one.dataset.id)
    listed = [DatasetOut.of(one, _seen_fields(program, one.dataset)) for one in rows]
    link_next(request, response, cursor=following)
    return DatasetList(datasets=listed, next=following)


@router.get("/datasets/{number}", operation_id="getDataset", responses=raises(DatasetNotFound))
def get_dataset(
    request: Request, session: StandbySession, program: Reader, number: DatasetNumber
) -> DatasetDetail:
    """One dataset: the fields that the program sees, and the JSON Schema of its rows."""
    dataset = _visible(session, program, number)
    note_version(request, dataset.version)
    return DatasetDetail.of_dataset(dataset, _seen_fields(program, dataset))


@router.get(
    "/datasets/{number}/rows", operation_id="listDatasetRows", responses=raises(DatasetNotFound)
)
def list_rows(
    *,
    request: Request,
    response: Response,
    session: StandbySession,
    program: Reader,
    number: DatasetNumber,
    changed: Annotated[
        AwareDatetime | None,
        Query(
            description="Only rows that changed at this time or later (RFC 3339).",
            examples=["2026-12-01T00:00:00+08:00"],
        ),
    ] = None,
    cursor: Annotated[
        str,
        Query(
            max_length=120,
            description="Only rows after this one: `next` of the previous page.",
            examples=["2026-12-01T08:00:00+00:00~JZ-0001"],
        ),
    ] = "",
    limit: Annotated[int, page_size(1000)] = 100,
) -> DatasetRowList:
    """The rows of a dataset in the program's divisions, the oldest change first."""
    dataset = _visible(session, program, number)
    viewer = program.viewer(READ)
    found = queries.list_rows(
        session, number, changed=changed, viewer=viewer, after=cursor, limit=limit + 1
    )
    rows, following = page_of(found, limit, lambda row: row.cursor)
    listed = []
    for row in rows:
        reader = FieldReader(viewer.classes_in(row.division, is_deep=row.is_deep))
        fields = [
            one for one in dataset.fields if dataset.client_id == program.id or reader.sees(one)
        ]
        listed.append(DatasetRowOut.of(row, fields))
    note_rows(request.scope, len(listed))
    link_next(request, response, cursor=following)
    return DatasetRowList(rows=listed, next=following)


@router.post(
    "/datasets/{number}/rows",
    operation_id="pushDatasetRows",
    openapi_extra=PUSH_OPENAPI,
    responses=raises(DatasetNotFound, NotAllowed, Conflict, TooMuch, ServerBusy),
)
def push_rows(
    request: Request,
    program: Annotated[Program, granted(WRITE)],
    number: DatasetNumber,
    body: SentRows,
) -> PushOut:
    """Store up to 20,000 rows of the program's own dataset; the same rows again change nothing.

    CSV or NDJSON: `code`, the owner's own `source_id` (by default the code), and the fields by name
    or label. Refused rows are named with their remedy; the others are stored.
    """
    database = database_of(request)
    with database.reading() as session:
        dataset = _visible(session, program, number, WRITE)
    if dataset.client_id != program.id:
        raise NotAllowed(
            f"dataset {number} is pushed by another program",
            hint="name this program in the dataset",
            http_hint="ask the owner of the dataset to name this program in it",
            zh="这个数据集不由您的程序推送。",
        )
    judge = (body.content, body.ending, dataset.fields)
    if len(body.content) <= READ_HERE_BYTES:
        read = read_pushed_bytes(*judge)
    else:
        read = DEPARTMENTS.compute_for(program.name, read_pushed_bytes, *judge)
    with database.session() as session:
        scopes = program.divisions(WRITE)
        report = commands.push_rows(session, number, read, program.actor, scopes=scopes)
    return PushOut.of(report)


@router.get(
    "/addresses/{code}/data",
    operation_id="getAddressData",
    responses=raises(AddressNotFound, MalformedCode),
)
def get_address_data(
    request: Request,
    session: StandbySession,
    program: Reader,
    code: Annotated[
        str,
        Path(
            description="The address code, with or without spaces.", examples=["3301029032882641"]
        ),
    ],
) -> AddressData:
    """What datasets say about an address, as far as the program sees it.

    A code whose place one other has taken leads on to it.
    """
    address = get_address(session, code)
    asked = ""
    following = find_successors(session, [address.code]).get(address.code, [])
    if len(following) == 1:
        asked, address = address.code, following[0]
    deep = lies_below_door(address.level, elements_to_plain(address.elements))
    classes = program.viewer(READ).classes_in(address.division_code, is_deep=deep)
    if not classes:
        raise AddressNotFound(f"no address has the code {code}")
    shown = queries.find_shown_fields(
        session,
        [address.code],
        FieldReader(classes),
        code_hosts=settings_of(request).code_link_hosts,
    )[address.code]
    note_rows(request.scope, len(shown))
    data = [ShownFieldOut.of(one) for one in shown]
    return AddressData(code=address.code, asked=asked, data=data)


def _visible(
    session: StandbySession, program: Program, number: int, permission: Permission = READ
) -> RegisteredDataset:
    """The dataset, if it holds where the program has the permission; of drafts only its own.

    Raises:
        DatasetNotFound: as if it did not exist.
    """
    found = queries.get_dataset(session, number)
    own = found.client_id == program.id
    if found.state is DatasetState.WITHDRAWN or (found.state is DatasetState.DRAFT and not own):
        raise DatasetNotFound(f"there is no dataset {number}")
    reach = program.divisions(permission)
    if not any(found.prefix.startswith(one) or one.startswith(found.prefix) for one in reach):
        raise DatasetNotFound(f"there is no dataset {number}")
    return found


def _seen_fields(program: Program, dataset: RegisteredDataset) -> list[DatasetField]:
    """The fields that a program sees somewhere; all of its own dataset."""
    reaches = program.viewer(READ).reaches or ()
    reader = FieldReader(frozenset().union(*(one.classes for one in reaches)))
    is_own = dataset.client_id == program.id
    return [field for field in dataset.fields if is_own or reader.sees(field)]
