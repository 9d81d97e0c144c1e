"""What belongs to a demo and must not be served by a production service."""

from service.auth.queries import list_active_samples
from service.core.database import Database
from service.core.faults import EnvironmentFault
from service.core.settings import Settings


def find_sample_fault(settings: Settings, database: Database) -> str:
    """Which accounts of a demo somebody could sign in with here; nothing in a demo."""
    if settings.env == "demo":
        return ""
    with database.reading() as session:
        names = list_active_samples(session)
    return f"accounts of a demo are active: {', '.join(names)}" if names else ""


def require_no_samples(settings: Settings, database: Database) -> None:
    """Refuse to serve a register in which a demo's accounts can sign in.

    Raises:
        EnvironmentFault: there are some, and this is no demo.
    """
    fault = find_sample_fault(settings, database)
    if fault:
        raise EnvironmentFault(
            fault, mend="end each with `menpai accounts disable NAME`, or set MENPAI_ENV=demo"
        )
