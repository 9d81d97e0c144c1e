"""What the API is sent and answers, as typed dictionaries.

Generated from the API description by ``python -m scripts.openapi_document``.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

Accuracy = Literal["A", "B", "C", "D", ""]
Action = Literal[
    "new",
    "changed",
    "renamed",
    "merged",
    "ended",
    "bounded",
    "hidden",
    "shown",
    "opened",
    "assigned",
    "postponed",
    "done",
    "cancelled",
    "confirmed",
    "withdrawn",
    "placed",
    "extended",
    "joined",
    "moved",
    "divided",
    "undone",
    "nested",
    "corrected",
    "gated",
    "named",
    "identified",
    "linked",
    "positioned",
    "position_withdrawn",
    "planned",
    "active",
    "frozen",
    "to_replace",
    "retired",
    "invalid",
    "issued",
    "issued_blank",
    "led_on",
    "making",
    "to_install",
    "installed",
    "bound",
    "well",
    "duplicate",
    "wrong",
    "missing",
    "damaged",
    "broken",
    "lost",
    "covered",
    "repaired",
    "taken_down",
    "reviewed",
    "ordered",
    "replaced",
    "voided",
]
AddressStatus = Literal[
    "planned",
    "active",
    "frozen",
    "to_replace",
    "replaced",
    "retired",
    "invalid",
]
BatchStatus = Literal[
    "draft",
    "awaiting_approval",
    "approved",
    "running",
    "blocked",
    "proven",
    "ready",
    "cancelled",
    "issued",
    "handed_over",
    "received",
]
ColumnType = Literal["text", "integer", "number", "boolean", "date", "json"]
CoordinateSystem = Literal["4490", "4326", "gcj02", "bd09"]
DatasetState = Literal["draft", "approved", "withdrawn"]
DeliveryState = Literal["pending", "delivered", "dead"]
FieldClass = Literal["public", "contact", "register", "internal"]
Format = Literal["json", "geojson", "lpf", "csv"]
HookState = Literal["active", "paused", "stopped"]
MessageKind = Literal["changes", "ping"]
PlaceKind = Literal["street", "estate", "village", "community", "zone"]
PlateEventKind = Literal[
    "installed",
    "bound",
    "well",
    "duplicate",
    "wrong",
    "missing",
    "damaged",
    "broken",
    "lost",
    "covered",
    "repaired",
    "taken_down",
    "ordered",
    "replaced",
    "voided",
]
PlateStatus = Literal[
    "to_make",
    "making",
    "to_install",
    "in_use",
    "damaged",
    "lost",
    "replaced",
    "void",
]
PositionKind = Literal["centre", "entrance", "staircase", "garage", "fire_access"]
RegisterName = Literal[
    "addresses",
    "names",
    "identifiers",
    "plates",
    "places",
    "divisions",
    "areas",
    "units",
]
RunState = Literal["queued", "running", "paused", "failed", "cancelled", "done"]
SendFault = Literal[
    "",
    "forbidden",
    "name",
    "connection",
    "certificate",
    "overdue",
    "garbled",
    "redirect",
    "refused",
    "gone",
    "unsigned",
]
Standing = Literal["sound", "other_text", "address_ended"]
StopReason = Literal["gone", "failing", "forgotten"]
Subject = Literal[
    "division",
    "unit",
    "area",
    "duty",
    "place_name",
    "heritage_entry",
    "address",
    "plate",
    "batch",
    "work_item",
    "service_item",
    "facility",
    "dataset",
    "dataset_row",
    "address_area",
    "address_place_name",
]
UnitKind = Literal[
    "civil_affairs",
    "public_security",
    "police_station",
    "township_office",
    "committee",
    "grid",
    "planning",
    "housing",
    "data",
    "other",
]
UploadState = Literal["read", "checking", "checked", "awaiting", "storing", "stored", "abandoned"]
ValueType = Literal["year", "integer", "choice", "date", "code", "text"]
Verdict = Literal["OK", "LIST", "NOPLATE", "AMBIG"]


class AccountOut(TypedDict):
    """An account of the origin with one of its sources, as before claims."""

    kind: str
    text: str
    language: str
    source: SourceOut | None


class AddressAnswer(TypedDict):
    """One address and, if it has ended, its current successors."""

    code: NotRequired[str]
    code_text: NotRequired[str]
    standard_text: NotRequired[str]
    elements: NotRequired[ElementsOut]
    division: NotRequired[str]
    level: NotRequired[str]
    status: NotRequired[AddressStatus]
    status_reason: NotRequired[str]
    successor_code: NotRequired[str | None]
    parent_code: NotRequired[str | None]
    geometry: NotRequired[PointOut | None]
    position: NotRequired[PositionOut | None]
    point_note: NotRequired[str]
    sample: NotRequired[bool]
    version: NotRequired[int]
    successors: NotRequired[list[SuccessorOut]]


class AddressData(TypedDict):
    """What datasets say about an address."""

    code: str
    asked: str
    data: list[ShownFieldOut]


class AddressDetail(TypedDict):
    """One address with the parts requested; the others are null."""

    code: NotRequired[str]
    code_text: NotRequired[str]
    standard_text: NotRequired[str]
    elements: NotRequired[ElementsOut]
    division: NotRequired[str]
    level: NotRequired[str]
    status: NotRequired[AddressStatus]
    status_reason: NotRequired[str]
    successor_code: NotRequired[str | None]
    parent_code: NotRequired[str | None]
    geometry: NotRequired[PointOut | None]
    position: NotRequired[PositionOut | None]
    point_note: NotRequired[str]
    sample: NotRequired[bool]
    version: NotRequired[int]
    successors: NotRequired[list[SuccessorOut]]
    place: NotRequired[PlaceOut | None]
    positions: NotRequired[list[PlacedOut] | None]
    names: NotRequired[list[NameOut] | None]
    identifiers: NotRequired[list[IdentifierOut] | None]
    areas: NotRequired[list[AreaOut] | None]
    plates: NotRequired[list[HangingPlateOut] | None]
    parent: NotRequired[KinOut | None]
    children: NotRequired[list[KinOut] | None]
    at: NotRequired[str | None]
    unknown: NotRequired[list[str] | None]


class AddressHistory(TypedDict):
    """All that is kept with its day about an address, and a page of its changes."""

    code: NotRequired[str]
    code_text: NotRequired[str]
    registered_at: NotRequired[str]
    names: NotRequired[list[NameOut]]
    positions: NotRequired[list[HistoricPositionOut]]
    identifiers: NotRequired[list[IdentifierOut]]
    predecessors: NotRequired[list[KinOut]]
    successors: NotRequired[list[KinOut]]
    events: NotRequired[list[HistoryEventOut]]
    kept_since: NotRequired[str | None]
    next: NotRequired[int | None]


class AddressList(TypedDict):
    """A page of addresses; ``next`` is the cursor of the next page."""

    addresses: list[AddressOut]
    next: str | None


class AddressOut(TypedDict):
    """One standard address; ``geometry`` is its entrance if known, else its own point."""

    code: NotRequired[str]
    code_text: NotRequired[str]
    standard_text: NotRequired[str]
    elements: NotRequired[ElementsOut]
    division: NotRequired[str]
    level: NotRequired[str]
    status: NotRequired[AddressStatus]
    status_reason: NotRequired[str]
    successor_code: NotRequired[str | None]
    parent_code: NotRequired[str | None]
    geometry: NotRequired[PointOut | None]
    position: NotRequired[PositionOut | None]
    point_note: NotRequired[str]
    sample: NotRequired[bool]
    version: NotRequired[int]


class AddressRequestIn(TypedDict):
    """What a form asks of a resident."""

    purpose: str
    return_url: str
    state: NotRequired[str]
    minutes: NotRequired[int]


class AddressRequestOut(TypedDict):
    """An open request: let the resident follow the link, or scan it with a phone."""

    id: str
    url: str
    qr: str
    expires_at: str


class AddressTokenIn(TypedDict):
    """A token that a resident brought back."""

    token: str


class AreaDetail(TypedDict):
    """An area with its border."""

    key: str
    kind: str
    code: str
    name: str
    parent: str | None
    division: str | None
    valid_from: str
    valid_to: str | None
    sample: bool
    version: int
    geometry: dict[str, Any]


class AreaList(TypedDict):
    """A page of areas; ``next`` is the cursor of the next page."""

    areas: list[AreaRecord]
    next: int | None


class AreaOut(TypedDict):
    """An area that the address lies in."""

    kind: str
    code: str
    name: str


class AreaRecord(TypedDict):
    """An area (责任区) with its days; the key is that of the change feed."""

    key: str
    kind: str
    code: str
    name: str
    parent: str | None
    division: str | None
    valid_from: str
    valid_to: str | None
    sample: bool
    version: int


class AttestationOut(TypedDict):
    """A claim about a year with one of its sources, as before claims."""

    subject: str
    year: int | None
    precision: str
    calendar_text: str
    source: SourceOut | None
    kind: str
    grade: str
    note: str


class Badge(TypedDict):
    """The status of an entry on one list."""

    scheme_code: str
    list_name: str
    status: str
    batch: str
    year: int | None


class BatchFileOut(TypedDict):
    """One file of plates; `sha256` is of the bytes that its QR codes were read back from."""

    name: str
    plates: int
    pages: int
    bytes: int
    sha256: str


class BatchIn(TypedDict):
    """The request for a new batch."""

    name: str
    division: NotRequired[str]
    street: NotRequired[str]
    codes: NotRequired[list[str]]
    statuses: NotRequired[list[str]]
    design: NotRequired[str]
    sheet_width_mm: NotRequired[float]
    sheet_height_mm: NotRequired[float]
    margin_mm: NotRequired[float]
    gap_mm: NotRequired[float]
    marks: NotRequired[bool]
    plates_per_file: NotRequired[int]
    reprint_reason: NotRequired[str]
    trial: NotRequired[bool]


class BatchOut(TypedDict):
    """One batch and its progress."""

    id: int
    name: str
    status: BatchStatus
    reason: str
    design: str
    trial: bool
    opens: str
    division: str
    plates: int
    left_out: int
    author: str
    approver: str
    approved_at: str | None
    run: int | None
    maker: str
    handed_over_at: str | None
    received_at: str | None
    reprint_reason: str
    sent_back: str
    submitted_at: str | None
    created_at: str
    version: int


class BatchProgressOut(TypedDict):
    """One batch with the state and progress of its run, and what is outdated in its files."""

    batch: BatchOut
    run_state: RunState | None
    share: float
    outdated: list[OutdatedPlateOut]


class BucketOut(TypedDict):
    """The digest of one bucket of rows."""

    bucket: str
    rows: int
    digest: str


class ChangeList(TypedDict):
    """Changes in commit order; ``next`` is the position from which to continue."""

    changes: list[ChangeOut]
    count: int
    next: int


class ChangeOut(TypedDict):
    """One change of a record; read its current state by its key."""

    position: int
    subject: Subject
    key: str
    action: Action
    version: int | None
    division: str
    at: str
    left_division: str


class ChangedOut(TypedDict):
    """An address after a change, and how many changed with it."""

    address: AddressOut
    changed: int


class ChosenOut(TypedDict):
    """A new batch, and the codes in the request that are not in it."""

    batch: BatchOut
    refused: list[RefusedCode]


class CitationOut(TypedDict):
    """A source of a claim, how it was seen, and the grade that it gives."""

    title: str
    author: str
    published: str
    locator: str
    url: str
    kind: str
    seen_as: str
    says: str
    read_on: str | None
    note: str
    grade: Literal["A", "B", "C", "D"]


class ClaimOut(TypedDict):
    """A fact with its own sources."""

    subject: str
    value: str
    kind: str
    language: str
    year: int | None
    precision: str
    not_after: bool
    calendar_text: str
    note: str
    grade: Literal["A", "B", "C", "D", ""]
    citations: list[CitationOut]


class ColumnOut(TypedDict):
    """A column of a register that you may see."""

    name: str
    type: ColumnType


class CorrectIn(TypedDict):
    """The right text of an address; the present one becomes a former name."""

    reason: NotRequired[str]
    document: NotRequired[str]
    dated: NotRequired[str | None]
    text: str


class DatasetDetail(TypedDict):
    """One dataset, with the JSON Schema of the rows that its owner sends."""

    number: int
    name: str
    owner: str
    standard: str
    division: str
    state: DatasetState
    fields: list[DatasetFieldOut]
    rows: NotRequired[int | None]
    fresh_at: NotRequired[str | None]
    retention_days: int | None
    destroy_by: str | None
    version: int
    json_schema: dict[str, Any]


class DatasetFieldOut(TypedDict):
    """One field of a dataset."""

    name: str
    label: str
    label_en: str
    value_type: ValueType
    field_class: FieldClass
    unit: str


class DatasetList(TypedDict):
    """A page of the catalogue."""

    datasets: list[DatasetOut]
    next: int | None


class DatasetOut(TypedDict):
    """A dataset of the catalogue."""

    number: int
    name: str
    owner: str
    standard: str
    division: str
    state: DatasetState
    fields: list[DatasetFieldOut]
    rows: NotRequired[int | None]
    fresh_at: NotRequired[str | None]
    retention_days: int | None
    destroy_by: str | None
    version: int


class DatasetRowList(TypedDict):
    """A page of rows."""

    rows: list[DatasetRowOut]
    next: str | None


class DatasetRowOut(TypedDict):
    """A row, with the fields that the caller sees."""

    source_id: str
    code: str
    division: str
    data: dict[str, int | str]
    updated_at: str
    version: int


class DeliveryOut(TypedDict):
    """One message to a webhook; what it told is in the feed after ``after``, up to ``position``."""

    delivery: int
    kind: MessageKind
    after: int
    position: int
    changes: int
    state: DeliveryState
    attempts: int
    due_at: str | None
    status: int | None
    fault: SendFault
    created_at: str
    finished_at: str | None


class DeliveryQueued(TypedDict):
    """A message that is to be sent; its end is seen in the list of deliveries."""

    delivery: int


class DifferenceOut(TypedDict):
    """One element that differs; the score is multiplied by ``factor``."""

    level: str
    text: str
    register_text: str
    factor: float


class DigestList(TypedDict):
    """The digests of a register, by buckets that hold rows."""

    position: int
    buckets: list[BucketOut]


class DivisionChangeOut(TypedDict):
    """A change of a division: renamed, merged, divided, given another code."""

    year: int
    kind: str
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    source: str


class DivisionDetail(TypedDict):
    """A division with its ancestors, children and changes."""

    code: str
    code_system: Literal["nbs", "mca"]
    edition: str
    level: str
    name: str
    pinyin: str
    urban_rural: str
    valid_from: str | None
    valid_to: str | None
    successors: list[str]
    ancestors: list[DivisionOut]
    children: list[DivisionOut]
    changes: list[DivisionChangeOut]


class DivisionList(TypedDict):
    """A page of divisions; ``next`` is the cursor of the next page."""

    divisions: list[DivisionOut]
    next: str | None


class DivisionOut(TypedDict):
    """A division with its code system and edition; codes of different systems are never mixed."""

    code: str
    code_system: Literal["nbs", "mca"]
    edition: str
    level: str
    name: str
    pinyin: str
    urban_rural: str
    valid_from: str | None
    valid_to: str | None
    successors: list[str]


class DoorOut(TypedDict):
    """An address that completes the typed text."""

    code: str
    standard_text: str


class ElementsIn(TypedDict):
    """The elements of an address, each as people write it; what is not known is left out."""

    province: NotRequired[str]
    city: NotRequired[str]
    county: NotRequired[str]
    township: NotRequired[str]
    community: NotRequired[str]
    devzone: NotRequired[str]
    thoroughfare: NotRequired[str]
    lane: NotRequired[str]
    natural_village: NotRequired[str]
    group: NotRequired[str]
    estate: NotRequired[str]
    number: NotRequired[str]
    building: NotRequired[str]
    unit: NotRequired[str]
    floor: NotRequired[str]
    room: NotRequired[str]


class ElementsOut(TypedDict):
    """The elements of an address; an absent element is null or an empty text."""

    province: str
    city: str
    county: str
    township: str
    community: str
    devzone: str
    parent_place: str
    thoroughfare: str
    lanes: list[NumberedOut]
    natural_village: str
    group: NumberedOut | None
    estate: str
    number: NumberedOut | None
    building: NumberedOut | None
    unit: NumberedOut | None
    floor: NumberedOut | None
    room: NumberedOut | None
    thing: NumberedOut | None


class EnterIn(TypedDict):
    """An address to enter, as one writes it."""

    text: str
    lon: NotRequired[float | None]
    lat: NotRequired[float | None]
    crs: NotRequired[CoordinateSystem]
    source: NotRequired[str]
    source_id: NotRequired[str]


class EnteredOut(TypedDict):
    """The address that was entered, or that was in the register already."""

    outcome: Literal["new", "same"]
    address: AddressOut


class EntryDetail(TypedDict):
    """An entry with its evidence and sources."""

    id: str
    url: str
    name: str
    pinyin: str
    pinyin_source: str
    needs_review: bool
    heritage_class: str
    class_name: str
    division: str
    kind: str
    story_zh: str
    story_en: str
    summary: str
    dispute: str
    settlement_since: int | None
    settlement_precision: str
    name_since: int | None
    name_precision: str
    dynasty: str
    confidence: str
    review_state: Literal["imported", "doubtful", "reviewed"]
    note: str
    position: PlacedAtOut
    forms: list[NameForm]
    claims: list[ClaimOut]
    attestations: list[AttestationOut]
    accounts: list[AccountOut]
    recognitions: list[Listing]
    relations: list[Relation]
    media: list[MediaItem]
    sources: list[SourceOut]
    links: list[str]


class EntryList(TypedDict):
    """A page of entries; ``next`` is the cursor of the next page."""

    entries: list[EntryOut]
    total: int
    next: str | None


class EntryOut(TypedDict):
    """One entry in a list."""

    id: str
    name: str
    pinyin: str
    needs_review: bool
    heritage_class: str
    class_name: str
    story_zh: str
    story_en: str
    division: str
    county: str
    city: str
    settlement_since: int | None
    name_since: int | None
    dynasty: str
    confidence: str
    review_state: Literal["imported", "doubtful", "reviewed"]
    position: PlacedAtOut
    recognitions: list[Badge]


class EventIn(TypedDict):
    """An event of a plate to record."""

    id: NotRequired[str]
    kind: PlateEventKind
    at: NotRequired[str | None]
    lon: NotRequired[float | None]
    lat: NotRequired[float | None]
    crs: NotRequired[CoordinateSystem]
    accuracy_m: NotRequired[float | None]
    note: NotRequired[str]
    photo: NotRequired[str | None]
    reason: NotRequired[str]
    code: NotRequired[str]
    accepts_text: NotRequired[bool]


class EventList(TypedDict):
    """The events of a plate, newest first."""

    events: list[EventOut]


class EventOut(TypedDict):
    """A recorded event."""

    id: str
    token: str
    code: str
    kind: PlateEventKind
    before: str
    after: str
    at: str
    recorded_at: str
    actor: str
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    distance_m: float | None
    far: bool
    has_photo: bool
    note: str
    successor: str | None


class FollowedOut(TypedDict):
    """A kind of change that concerns a register."""

    subject: Subject
    column: str


class HandedAddressOut(TypedDict):
    """The address that the resident agreed to show: this and nothing else."""

    request: str
    state: str
    code: str
    code_text: str
    standard_text: str


class HangingPlateOut(TypedDict):
    """A live plate of the address."""

    token: str
    status: PlateStatus
    generation: int


class HistoricPositionOut(TypedDict):
    """A typed position with its first and last day."""

    kind: NotRequired[PositionKind]
    kind_name: NotRequired[str]
    label: NotRequired[str]
    accuracy: NotRequired[Accuracy]
    within_m: NotRequired[float | None]
    geometry: NotRequired[PointOut]
    source: NotRequired[str]
    note: NotRequired[str]
    valid_from: NotRequired[str | None]
    version: NotRequired[int | None]
    valid_to: NotRequired[str | None]


class HistoryEventOut(TypedDict):
    """One change of the address in the change feed."""

    position: int
    action: Action
    version: int | None
    at: str


class HookChange(TypedDict):
    """What to change of a webhook; what is left out stays."""

    url: NotRequired[str | None]
    subjects: NotRequired[list[Subject] | None]
    division: NotRequired[str | None]
    area: NotRequired[str | None]
    state: NotRequired[Literal["active", "paused"] | None]


class HookIn(TypedDict):
    """A webhook to register."""

    url: str
    subjects: NotRequired[list[Subject]]
    division: NotRequired[str]
    area: NotRequired[str]


class HookMade(TypedDict):
    """A new webhook, with its secret."""

    webhook: HookOut
    secret: str


class HookOut(TypedDict):
    """A webhook and how far it is."""

    number: int
    url: str
    subjects: list[Subject]
    division: str
    area: str
    state: HookState
    stopped_because: StopReason | None
    position: int
    behind: int
    dead: int
    failing_since: str | None
    delivered_at: str | None
    created_at: str
    version: int


class IdentifierOut(TypedDict):
    """The address's identifier in another scheme."""

    scheme: str
    value: str
    valid_from: str
    valid_to: str | None


class ImportOut(TypedDict):
    """A list of addresses and how far it has come."""

    id: int
    state: UploadState
    state_name: str
    division: str
    source: str
    columns: dict[str, str]
    counts: dict[str, int]
    notes: list[str]
    stopped: str
    decision: str
    decision_reason: str
    run: int | None
    created_at: str


class KinOut(TypedDict):
    """A parent or child address."""

    code: str
    code_text: str
    standard_text: str
    level: str
    status: AddressStatus


class Listing(TypedDict):
    """A recognition: list, batch, year, status and its document."""

    scheme_code: str
    list_name: str
    status: str
    level: NotRequired[str]
    batch: NotRequired[str]
    year: NotRequired[int | None]
    published: NotRequired[str | None]
    document: NotRequired[str]
    note: NotRequired[str]


class MediaItem(TypedDict):
    """A picture or recording with licence, credit and alternative text."""

    kind: str
    file: str
    alt: str
    licence: str
    title: NotRequired[str]
    credit: NotRequired[str]


class MoveIn(TypedDict):
    """The right point of an address."""

    reason: NotRequired[str]
    document: NotRequired[str]
    dated: NotRequired[str | None]
    lon: float
    lat: float
    crs: NotRequired[CoordinateSystem]
    accuracy: NotRequired[Accuracy]


class NameForm(TypedDict):
    """Another name of a place with its years (either may be unknown) and its source."""

    text: str
    kind: NotRequired[str]
    year_from: NotRequired[int | None]
    year_to: NotRequired[int | None]
    calendar_text: NotRequired[str]
    citation: NotRequired[str]
    reference: NotRequired[str]


class NameOut(TypedDict):
    """A current or former text of the address."""

    text: str
    kind: str
    source: str
    source_id: str
    valid_from: str
    valid_to: str | None


class NamedPlateOut(TypedDict):
    """One plate that the text names."""

    standard_text: str
    elements: ElementsOut


class NearIn(TypedDict):
    """A point; the nearest candidates come first."""

    lon: float
    lat: float
    crs: NotRequired[CoordinateSystem]


class NearOut(TypedDict):
    """An address near a point, with its distance."""

    address: AddressOut
    metres: float


class NearestOut(TypedDict):
    """The address nearest to a point, with its distance, and the others near it."""

    address: AddressOut
    metres: float
    others: list[NearOut]


class NumberedOut(TypedDict):
    """A number and its prefix, suffix and quantifier."""

    text: str
    number: str
    prefix: str
    suffix: str
    quantifier: str


class OutdatedPlateOut(TypedDict):
    """A plate in the files of a batch that differs from the register, and why."""

    token: str
    reason: str


class ParseIn(TypedDict):
    """A text to parse."""

    text: str


class ParseOut(TypedDict):
    """What the text says."""

    text: str
    verdict: Verdict
    division: str
    elements: list[SpanOut]
    plates: list[NamedPlateOut]
    reasons: list[str]


class PlaceNameList(TypedDict):
    """A page of place names; ``next`` is the cursor of the page behind it."""

    place_names: list[PlaceNameOut]
    next: str | None


class PlaceNameOut(TypedDict):
    """One place name with every other name it has or had."""

    number: str
    standard_name: str
    specific: str
    generic: str
    kind: str
    kind_code: str
    kind_source: str
    place_code: str
    pinyin: str
    pinyin_source: str
    needs_review: bool
    meaning: str
    origin: str
    history: str
    division: str
    is_division: bool
    status: Literal["current", "historical"]
    source: str
    geometry: dict[str, Any] | None
    precision: str
    accuracy_m: int | None
    is_estimate: bool
    forms: list[NameForm]
    version: int


class PlaceOut(TypedDict):
    """The named place that the address is numbered along."""

    number: str
    name: str
    kind: PlaceKind
    townships: list[str]
    other_names: list[str]
    continues: str


class PlacedAtOut(TypedDict):
    """The location of a place, rounded to its precision (GeoJSON, degrees, EPSG:4490)."""

    geometry: dict[str, Any] | None
    precision: str
    accuracy_m: int | None
    is_estimate: bool


class PlacedOut(TypedDict):
    """One position of the address, with its point; what a grant does not name is absent."""

    kind: NotRequired[PositionKind]
    kind_name: NotRequired[str]
    label: NotRequired[str]
    accuracy: NotRequired[Accuracy]
    within_m: NotRequired[float | None]
    geometry: NotRequired[PointOut]
    source: NotRequired[str]
    note: NotRequired[str]
    valid_from: NotRequired[str | None]
    version: NotRequired[int | None]


class PlateOut(TypedDict):
    """One physical plate."""

    token: str
    code: str
    standard_text: str
    generation: int
    status: PlateStatus
    status_reason: str
    standing: Standing
    printed_text: str | None
    replaced_by: str | None
    design: str
    payload: str
    created_at: str
    sample: bool
    trial: bool
    version: int


class PointOut(TypedDict):
    """A GeoJSON point (RFC 7946); degrees, EPSG:4490, longitude first."""

    type: NotRequired[Literal["Point"]]
    coordinates: list[Any]


class PositionOut(TypedDict):
    """The kind of an address's point, and how accurately it is known."""

    kind: PositionKind
    kind_name: str
    label: str
    accuracy: Accuracy
    within_m: float | None


class PushFaultOut(TypedDict):
    """Why a row was refused; the refused value itself is never repeated."""

    row: int
    field: str
    rule: str
    reason: str
    remedy: str


class PushOut(TypedDict):
    """What became of a push."""

    push: int
    new: int
    changed: int
    same: int
    refused: int
    faults: list[PushFaultOut]


class RefusedCode(TypedDict):
    """A code in the request that is not in the batch, and why."""

    code: str
    reason: str


class RegisterList(TypedDict):
    """The registers that can be copied."""

    registers: list[RegisterOut]
    position: int


class RegisterOut(TypedDict):
    """A register that can be copied."""

    name: str
    title: str
    key: str
    follows: list[FollowedOut]
    columns: list[ColumnOut]


class Relation(TypedDict):
    """A relation to another place; ``to_entry`` is empty if that has no entry."""

    kind: str
    to_name: str
    to_entry: NotRequired[str]
    note: NotRequired[str]


class ResolveIn(TypedDict):
    """A text to resolve, with options."""

    text: NotRequired[str]
    elements: NotRequired[ElementsIn | None]
    division: NotRequired[str]
    near: NotRequired[NearIn | None]
    limit: NotRequired[int]
    scheme: NotRequired[str]
    level: NotRequired[Literal["", "number"]]


class ResolveOut(TypedDict):
    """The result of resolving a text."""

    text: str
    category: Literal["A", "B", "C", "none"]
    match_level: str | None
    score: float
    matched_kind: str | None
    matched_text: str | None
    address: AddressOut | None
    historic: AddressOut | None
    differences: list[DifferenceOut]
    unknown: list[str]
    candidates: list[ResolvedCandidate]
    question: str | None
    reasons: list[str]
    remainder: str


class ResolvedBatchOut(TypedDict):
    """The results of a batch, in the order of its texts."""

    results: list[ResolvedRow]


class ResolvedCandidate(TypedDict):
    """An address that the text may mean."""

    code: str
    standard_text: str
    score: float
    repairs: list[str]
    differences: list[DifferenceOut]
    metres: float | None


class ResolvedRow(TypedDict):
    """The result of one text; texts and rows have the same order."""

    text: str
    category: Literal["A", "B", "C", "none"]
    code: str
    standard_text: str
    match_level: str
    score: float
    differences: str
    remainder: str


class RetireIn(TypedDict):
    """Why an address ends, and what takes its place."""

    reason: str
    document: NotRequired[str]
    dated: NotRequired[str | None]
    successor: NotRequired[str]
    invalid: NotRequired[bool]


class RunOut(TypedDict):
    """A run and its progress."""

    id: int
    kind: str
    state: RunState
    reason: str
    done: int
    total: int
    share: float
    result: dict[str, Any]
    created_at: str
    started_at: str | None
    finished_at: str | None


class SecretMade(TypedDict):
    """A new secret of a webhook."""

    secret: str
    former_until: str


class ShownFieldOut(TypedDict):
    """One value at an address."""

    dataset: int
    dataset_name: str
    owner: str
    name: str
    label: str
    label_en: str
    value: str
    link: str
    fresh_as_of: str
    source_id: str


class SourceOut(TypedDict):
    """A source without its place, as before claims."""

    title: str
    url: str
    kind: str
    tier: int


class SpanOut(TypedDict):
    """A stretch of the text and what it is; offsets count code points of the text as sent."""

    level: str
    text: str
    start: int
    end: int


class SuccessorOut(TypedDict):
    """An address that took the place of another."""

    code: str
    code_text: str
    standard_text: str
    status: AddressStatus


class SuggestionsOut(TypedDict):
    """Names that complete the typed text; after a whole name and digits, its doors."""

    suggestions: list[str]
    addresses: list[DoorOut]


class TokenFault(TypedDict):
    """Why there is no token (RFC 6749 §5.2)."""

    error: str
    error_description: str


class TokenIn(TypedDict):
    """A request for an access token: a form (RFC 6749 §4.4.2)."""

    grant_type: NotRequired[str]
    scope: NotRequired[str]
    client_id: NotRequired[str]
    client_secret: NotRequired[str]


class TokenOut(TypedDict):
    """An access token (RFC 6749 §5.1)."""

    access_token: str
    token_type: NotRequired[Literal["Bearer"]]
    expires_in: int
    scope: str


class UnitDetail(TypedDict):
    """A unit with its posts and the units directly below it."""

    number: str
    name: str
    kind: UnitKind
    kind_name: str
    division: str
    parent: str | None
    phone: str
    valid_from: str
    valid_to: str | None
    version: int
    posts: list[UnitPost]
    below: list[UnitOut]


class UnitList(TypedDict):
    """A page of units; ``next`` is the cursor of the next page."""

    units: list[UnitOut]
    next: str | None


class UnitOut(TypedDict):
    """A unit (单位) of a division: an office, a station, a committee, a grid."""

    number: str
    name: str
    kind: UnitKind
    kind_name: str
    division: str
    parent: str | None
    phone: str
    valid_from: str
    valid_to: str | None
    version: int


class UnitPost(TypedDict):
    """A post of a unit, without the name of whoever holds it."""

    name: str
    is_held: bool
