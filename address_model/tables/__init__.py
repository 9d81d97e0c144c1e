"""Every table of Menpai, one file per subject, no queries."""

from address_model.tables.action_drafts import ActionDraft
from address_model.tables.address_requests import AddressRequest, ClientReturnUrl
from address_model.tables.addresses import (
    Address,
    AddressIdentifier,
    AddressName,
    AddressSuccession,
    CodeReservation,
    CodeSpace,
)
from address_model.tables.alarms import Alarm, AlarmDay, UnknownTokenCount
from address_model.tables.approvals import Approval
from address_model.tables.areas import Area, Duty
from address_model.tables.clients import (
    Client,
    ClientGrant,
    ClientKey,
    ClientToken,
    ClientUsage,
)
from address_model.tables.datasets import Dataset, DatasetPush, DatasetRow
from address_model.tables.divisions import Division, DivisionChange, DivisionImprint
from address_model.tables.facilities import Facility
from address_model.tables.feed import AuditEntry, Change, FeedCounter
from address_model.tables.figures import PublishedFigure, PublishedMonth
from address_model.tables.heritage import (
    ClaimCitation,
    HeritageClaim,
    HeritageEntry,
    HeritageRelation,
    HeritageScheme,
    Media,
    Recognition,
    Source,
)
from address_model.tables.limits import RequestCount
from address_model.tables.links import AddressArea, AddressPlaceName
from address_model.tables.numberings import PlaceNumbering
from address_model.tables.organisations import Holding, Post, Unit
from address_model.tables.placenames import (
    ImportWaiting,
    PlaceDecision,
    PlaceName,
    PlaceNameForm,
    PlaceSpace,
    PlaceTownship,
)
from address_model.tables.plates import (
    CheckInReview,
    Plate,
    PlateBatch,
    PlateBatchItem,
    PlateEvent,
)
from address_model.tables.positions import AddressPosition
from address_model.tables.registry import Table
from address_model.tables.reports import Report
from address_model.tables.request_keys import IdempotencyKey
from address_model.tables.runs import ImportSeen, RowError, Run, RunAttempt, RunChunk
from address_model.tables.scans import KeptBody, ScanCount, ScanDay
from address_model.tables.service_items import ServiceItem
from address_model.tables.staff import (
    RecoveryCode,
    RoleAssignment,
    SecondFactor,
    StaffAccount,
    StaffBrowser,
    StaffIdentity,
    StaffSession,
)
from address_model.tables.statistics import StatusCount
from address_model.tables.tiles import AddressCell
from address_model.tables.uploads import ListUpload, ListUploadRow
from address_model.tables.webhooks import Webhook, WebhookDelivery, WebhookProgress
from address_model.tables.worklists import WorkItem

__all__ = [
    "ActionDraft",
    "Address",
    "AddressArea",
    "AddressCell",
    "AddressIdentifier",
    "AddressName",
    "AddressPlaceName",
    "AddressPosition",
    "AddressRequest",
    "AddressSuccession",
    "Alarm",
    "AlarmDay",
    "Approval",
    "Area",
    "AuditEntry",
    "Change",
    "CheckInReview",
    "ClaimCitation",
    "Client",
    "ClientGrant",
    "ClientKey",
    "ClientReturnUrl",
    "ClientToken",
    "ClientUsage",
    "CodeReservation",
    "CodeSpace",
    "Dataset",
    "DatasetPush",
    "DatasetRow",
    "Division",
    "DivisionChange",
    "DivisionImprint",
    "Duty",
    "Facility",
    "FeedCounter",
    "HeritageClaim",
    "HeritageEntry",
    "HeritageRelation",
    "HeritageScheme",
    "Holding",
    "IdempotencyKey",
    "ImportSeen",
    "ImportWaiting",
    "KeptBody",
    "ListUpload",
    "ListUploadRow",
    "Media",
    "PlaceDecision",
    "PlaceName",
    "PlaceNameForm",
    "PlaceNumbering",
    "PlaceSpace",
    "PlaceTownship",
    "Plate",
    "PlateBatch",
    "PlateBatchItem",
    "PlateEvent",
    "Post",
    "PublishedFigure",
    "PublishedMonth",
    "Recognition",
    "RecoveryCode",
    "Report",
    "RequestCount",
    "RoleAssignment",
    "RowError",
    "Run",
    "RunAttempt",
    "RunChunk",
    "ScanCount",
    "ScanDay",
    "SecondFactor",
    "ServiceItem",
    "Source",
    "StaffAccount",
    "StaffBrowser",
    "StaffIdentity",
    "StaffSession",
    "StatusCount",
    "Table",
    "Unit",
    "UnknownTokenCount",
    "Webhook",
    "WebhookDelivery",
    "WebhookProgress",
    "WorkItem",
]
