"""The operator of the service as pages name it, from the settings."""

from dataclasses import dataclass

from service.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Site:
    """The operator of the service, shown in the footer of every page.

    ``sms_alarms`` are pairs of division prefix and the number for emergency text messages;
    ``code_hosts`` may be given address codes by links of services. Words and
    photos of reports are deleted ``report_kept_days`` after the answer.
    """

    operator: str = ""
    icp_number: str = ""
    police_filing: str = ""
    is_demo: bool = False
    has_api_page: bool = False
    sms_alarms: tuple[tuple[str, str], ...] = ()
    code_hosts: tuple[str, ...] = ()
    report_kept_days: int = 90

    def sms_alarm_in(self, division: str) -> str:
        """The number for emergency text messages in a division, or ""."""
        fits = [pair for pair in self.sms_alarms if division and division.startswith(pair[0])]
        return max(fits, key=lambda pair: len(pair[0]))[1] if fits else ""


def site_of(settings: Settings) -> Site:
    """The site as the settings describe it."""
    return Site(
        operator=settings.operator,
        icp_number=settings.icp_number,
        police_filing=settings.police_filing_number,
        is_demo=settings.env == "demo",
        has_api_page=settings.shows_api_page,
        sms_alarms=settings.sms_alarm,
        code_hosts=settings.code_link_hosts,
        report_kept_days=settings.report_kept_days,
    )
