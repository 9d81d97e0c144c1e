"""The router with all JSON endpoints under /api/v1."""

from fastapi import APIRouter

from service.areas.routes import router as areas
from service.batches.routes import router as batches
from service.changes.routes import router as changes
from service.core.query_parameters import KnownParameters, WithoutControl
from service.datasets.routes import router as datasets
from service.departments.address_requests.routes import router as address_requests
from service.departments.routes import router as departments
from service.departments.snapshots.routes import router as snapshots
from service.divisions.routes import router as divisions
from service.heritage.reconciliation.routes import router as reconciling
from service.heritage.routes import router as heritage
from service.imports.routes import router as writing
from service.imports.uploads.routes import router as lists
from service.matching.routes import router as matching
from service.organisations.routes import router as units
from service.placenames.routes import router as placenames
from service.plates.routes import router as plates
from service.runs.routes import router as runs
from service.webhooks.routes import router as webhooks

router = APIRouter(prefix="/api/v1", dependencies=[WithoutControl, KnownParameters])
for slice_router in (
    *(divisions, units, areas, writing, lists, departments, plates, batches, matching),
    *(runs, changes, snapshots, placenames, heritage, reconciling, webhooks, datasets),
    address_requests,
):
    router.include_router(slice_router)
