import pytest

from service.core.faults import EnvironmentFault
from service.core.settings import Settings, load_settings
from service.scans.site import site_of


def test_production_offers_no_text_alarms_and_gives_nobody_codes_by_default() -> None:
    site = site_of(Settings())
    assert (site.code_hosts, site.sms_alarms, site.is_demo) == ((), (), False)


def test_hosts_that_may_be_given_codes_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENPAI_CODE_LINK_HOSTS", "Service.example.org, b.example.org")
    assert site_of(load_settings()).code_hosts == ("service.example.org", "b.example.org")


def test_numbers_for_text_alarms_are_read_by_division(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENPAI_SMS_ALARM", "3301=12110, 33=12110")
    assert site_of(load_settings()).sms_alarms == (("3301", "12110"), ("33", "12110"))


@pytest.mark.parametrize("value", ["12110", "33=", "zj=12110", "33=12110=1", "33=+86"])
def test_a_wrong_list_of_numbers_stops_the_start(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MENPAI_SMS_ALARM", value)
    with pytest.raises(EnvironmentFault, match="MENPAI_SMS_ALARM"):
        load_settings()
