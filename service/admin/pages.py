"""The router with all pages of the signed-in area."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.admin.address.pages import router as address
from service.admin.alarms.pages import router as alarms
from service.admin.alarms.waiting_work import list_waiting_alarms
from service.admin.areas.pages import router as areas
from service.admin.areas.pages_files import router as area_files
from service.admin.batches.pages import router as batches
from service.admin.batches.pages_steps import router as batch_steps
from service.admin.batches.waiting_work import list_waiting_batches
from service.admin.bulk_changes.pages import router as bulk_changes
from service.admin.bulk_changes.waiting_work import list_waiting_changes
from service.admin.clients.pages import router as clients
from service.admin.clients.pages_grants import router as grants
from service.admin.clients.pages_usage import router as usage
from service.admin.clients.waiting_work import list_ending_grants, list_waiting_grants
from service.admin.crew.own_area.pages import router as own_areas
from service.admin.crew.pages import router as crew
from service.admin.crew.pages_files import files_router as crew_files
from service.admin.crew.pages_files import router as crew_photos
from service.admin.crew.pages_offline import router as crew_offline
from service.admin.crew.pages_scan import files_router as scan_files
from service.admin.crew.pages_scan import router as staff_scans
from service.admin.datasets.pages import router as datasets
from service.admin.datasets.pages_rows import router as dataset_rows
from service.admin.datasets.pages_steps import router as dataset_steps
from service.admin.datasets.waiting_work import list_waiting_datasets
from service.admin.drafts.pages import router as drafts
from service.admin.drafts.waiting_work import list_waiting_drafts
from service.admin.duties.pages import router as duties
from service.admin.duties.pages_handover import router as handovers
from service.admin.home.pages import router as home
from service.admin.imports.pages import router as imports
from service.admin.imports.pages_questions import router as import_questions
from service.admin.imports.pages_review import router as import_review
from service.admin.imports.pages_rows import router as import_rows
from service.admin.imports.pages_rules import router as import_rules
from service.admin.imports.waiting_work import list_imports_to_approve, list_waiting_imports
from service.admin.map.pages import router as maps
from service.admin.map.pages_files import router as map_files
from service.admin.pages_accounts import router as accounts
from service.admin.pages_addresses import router as addresses
from service.admin.pages_audit import list_waiting_entries
from service.admin.pages_audit import router as audit
from service.admin.pages_buildings import router as buildings
from service.admin.pages_divisions import router as divisions
from service.admin.pages_missing import router as missing
from service.admin.pages_provider import router as identity_provider
from service.admin.pages_second_factor import router as second_factor
from service.admin.pages_sign_in import open_router as sign_in
from service.admin.pages_sign_in import router as signed_in
from service.admin.plates.pages import router as plates
from service.admin.reports.pages import router as reports
from service.admin.reports.pages_report import router as report
from service.admin.reports.waiting_work import list_waiting_reports
from service.admin.services.pages_facilities import router as facilities
from service.admin.services.pages_items import router as service_items
from service.admin.services.waiting_work import list_waiting_facilities
from service.admin.streets.pages import router as streets
from service.admin.units.pages import router as units
from service.admin.waiting_work import register_waiting_work
from service.admin.webhooks.pages import router as webhooks
from service.admin.webhooks.waiting_work import list_waiting_webhooks
from service.admin.work_items.pages import router as work_items
from service.admin.work_items.pages_distant import list_waiting_check_ins
from service.admin.work_items.pages_distant import router as distant_checkins
from service.admin.work_items.pages_item import router as work_item
from service.admin.work_items.pages_many import router as many_work_items
from service.admin.work_items.pages_print import router as printed_work
from service.admin.work_items.waiting_work import list_waiting_items
from service.core import html
from service.core.query_parameters import WithoutControl

router = APIRouter(include_in_schema=False, dependencies=[WithoutControl])
SUBJECTS = (
    sign_in,
    signed_in,
    identity_provider,
    second_factor,
    home,
    divisions,
    addresses,
    buildings,
    bulk_changes,
    streets,
    drafts,
    maps,
    area_files,  # before the numbers of areas
    areas,
    batches,
    batch_steps,
    import_questions,  # these two before the numbers of imports
    import_rules,
    imports,
    import_rows,
    import_review,
    handovers,  # before the numbers of duties
    duties,
    crew_photos,
    own_areas,
    staff_scans,
    crew,
    crew_files,
    scan_files,
    crew_offline,
    plates,
    reports,
    report,
    work_items,
    distant_checkins,  # this and the two below before the numbers of items
    many_work_items,
    printed_work,
    work_item,
    alarms,
    units,
    service_items,
    facilities,
    clients,
    grants,
    datasets,
    dataset_steps,
    dataset_rows,
    webhooks,
    usage,
    accounts,
    audit,
    address,  # its path takes any word: behind the others
    missing,
)
for subject in SUBJECTS:
    router.include_router(subject)
router.include_router(map_files)

WAITING_WORK = {
    "batches": list_waiting_batches,
    "imports": list_waiting_imports,
    "imports to approve": list_imports_to_approve,
    "drafts": list_waiting_drafts,
    "bulk changes": list_waiting_changes,
    "work-items": list_waiting_items,
    "check-ins": list_waiting_check_ins,
    "alarms": list_waiting_alarms,
    "reports": list_waiting_reports,
    "facilities": list_waiting_facilities,
    "grants": list_waiting_grants,
    "ending grants": list_ending_grants,
    "datasets": list_waiting_datasets,
    "webhooks": list_waiting_webhooks,
    "audit": list_waiting_entries,
}
"""What the dashboard asks; a subject that has something to wait for adds its provider here."""
for name, provider in WAITING_WORK.items():
    register_waiting_work(name, provider)

_SCRIPT = html.read_static("admin.js")
_STYLE = html.compact_css(html.read_static("admin.css"))


@router.get("/static/admin.css")
def style() -> Response:
    """The style sheet of the signed-in area; its URL carries a fingerprint."""
    return Response(_STYLE, headers=html.LASTING, media_type="text/css")


@router.get("/static/admin.js")
def script() -> Response:
    """The script of the signed-in area: it refreshes the progress of a batch."""
    return Response(_SCRIPT, headers=html.LASTING, media_type="text/javascript")
