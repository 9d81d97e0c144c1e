"""The registers of one day that scans need besides the plate, held in memory."""

from datetime import datetime

from address_model.sensitivity import RESIDENT, mask_record
from service.areas.queries import AreaRegister, DutyRegister
from service.datasets.register import DatasetRegister
from service.heritage.stories import StoryRegister
from service.scans.hot.data_lists import DataLists
from service.scans.hot.fragments import Filling
from service.scans.queries.cards import Surroundings, find_surroundings
from service.service_items.nearby import FacilityRegister
from service.service_items.register import ServiceRegister


class DayRegisters:
    """The registers of one day, with the surroundings already looked up."""

    def __init__(
        self,
        areas: AreaRegister,
        duties: DutyRegister,
        *,
        stories: StoryRegister,
        services: ServiceRegister,
        facilities: FacilityRegister,
        datasets: DatasetRegister,
        ends: datetime,
        read_at: float,
        hides_contacts: bool = False,
    ) -> None:
        """Valid until ``ends``; ``read_at`` is when reading began, on the monotonic clock.

        ``hides_contacts``: read from a standby while withdrawals were not followed.
        """
        self._areas, self._duties, self.ends = areas, duties, ends.timestamp()
        self.stories, self.services, self.facilities = stories, services, facilities
        self.datasets = datasets
        self.read_at, self.hides_contacts = read_at, hides_contacts
        self._known: dict[str, Surroundings] = {}
        self.fillings: dict[str, Filling] = {}
        self.service_lists: dict[tuple[str, str], bytes] = {}
        self.facility_rows: dict[int, list[bytes]] = {}
        self.data_lists = DataLists(datasets)

    def about(self, area_ids: str) -> Surroundings:
        """What residents may see of the areas with these comma-separated ids."""
        found = self._known.get(area_ids)
        if found is None:
            if len(self._known) > 50_000:
                self._known.clear()
                self.fillings.clear()
            found = find_surroundings(self._areas, self._duties, area_ids)
            found = self._known[area_ids] = mask_record(found, "card", RESIDENT)
        return found
