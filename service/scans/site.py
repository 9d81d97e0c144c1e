"""The operator of the service and the services it links to, from the settings."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from address_model.shipped import data_folder
from service.core.faults import EnvironmentFault
from service.core.settings import Settings

DEMO_SERVICES = Path("demo", "services.toml")
_NEEDED = {"name", "url"}
_FIELDS = _NEEDED | {"name_en", "division"}


@dataclass(frozen=True, slots=True)
class Service:
    """An external service that pages link to, for the divisions with a prefix."""

    name: str
    url: str
    division: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """The operator of the service, shown in the footer of every page.

    ``sms_alarms`` are pairs of division prefix and the number for emergency text messages.
    """

    operator: str = ""
    icp_number: str = ""
    police_filing: str = ""
    is_demo: bool = False
    has_api_page: bool = False
    sms_alarms: tuple[tuple[str, str], ...] = ()
    services: tuple[Service, ...] = ()

    def sms_alarm_in(self, division: str) -> str:
        """The number for emergency text messages in a division, or ""."""
        fits = [pair for pair in self.sms_alarms if division and division.startswith(pair[0])]
        return max(fits, key=lambda pair: len(pair[0]))[1] if fits else ""

    def services_in(self, division: str) -> tuple[Service, ...]:
        """The services for a division, in file order."""
        return tuple(one for one in self.services if division.startswith(one.division))


def site_of(settings: Settings) -> Site:
    """The site as the settings describe it.

    Raises:
        EnvironmentFault: the services file cannot be read, or contains an invalid entry.
    """
    is_demo = settings.env == "demo"
    file = settings.services_file
    if file is None and is_demo:
        file = data_folder() / DEMO_SERVICES
    return Site(
        operator=settings.operator,
        icp_number=settings.icp_number,
        police_filing=settings.police_filing_number,
        is_demo=is_demo,
        has_api_page=settings.shows_api_page,
        sms_alarms=settings.sms_alarm,
        services=read_services(file) if file else (),
    )


def read_services(file: Path) -> tuple[Service, ...]:
    """Read a TOML file of ``[[service]]`` tables: name, name_en, url (https), division (prefix).

    Raises:
        EnvironmentFault: it cannot be read; or an entry is invalid, which the error names.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8")).get("service", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EnvironmentFault(
            f"the services file {file} cannot be read: {error}",
            hint="correct MENPAI_SERVICES_FILE; docs/operator.en.md shows such a file",
        ) from error
    services = []
    for number, table in enumerate(tables, 1):
        where = f"{file}, service {number}"
        fields = {key: value for key, value in table.items() if isinstance(value, str) and value}
        if set(fields) != set(table) or not _NEEDED <= set(fields) <= _FIELDS:
            raise _wrong(where, "needs the texts name and url, and may have name_en and division")
        url = urlsplit(fields["url"])
        if url.scheme != "https" or not url.hostname or url.username:
            raise _wrong(where, f"url {fields['url']!r} must begin with https:// and a host")
        division = fields.get("division", "")
        if division and not (division.isdigit() and len(division) <= 12):
            raise _wrong(
                where, f"division {division!r} must be the first digits of a division code"
            )
        services.append(Service(**fields))
    return tuple(services)


def _wrong(where: str, fault: str) -> EnvironmentFault:
    return EnvironmentFault(f"{where}: {fault}", hint="correct this entry of the services file")
