from pathlib import Path

import pytest

from service.core.faults import EnvironmentFault
from service.core.settings import Settings, load_settings
from service.scans.site import Service, read_services, site_of


def test_production_offers_neither_services_nor_text_alarms_by_default() -> None:
    site = site_of(Settings())
    assert (site.services, site.sms_alarms, site.is_demo) == ((), (), False)


def test_the_demo_shows_examples_marked_as_such() -> None:
    site = site_of(Settings(env="demo"))
    assert len(site.services) >= 2
    for service in site.services:
        assert service.name.startswith("示例")
        assert service.url.startswith("https://example.org/")
    assert site.sms_alarms == ()


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


def test_a_services_file_is_read_in_order(tmp_path: Path) -> None:
    file = tmp_path / "services.toml"
    file.write_text(
        '[[service]]\nname="码上办"\nurl="https://a.cn/x"\ndivision="33"\n'
        '[[service]]\nname="二"\nname_en="Two"\nurl="https://b.cn"\n',
        encoding="utf-8",
    )
    assert read_services(file) == (
        Service("码上办", "https://a.cn/x", "33"),
        Service("二", "https://b.cn", "", "Two"),
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[[service]]\nname="a"\n', "service 1: needs the texts name and url"),
        ('[[service]]\nname="a"\nurl="http://a.cn"\n', "https://"),
        ('[[service]]\nname="a"\nurl="javascript:alert(1)"\n', "https://"),
        ('[[service]]\nname="a"\nurl="https://u:p@a.cn"\n', "https://"),
        ('[[service]]\nname="a"\nurl="https://a.cn"\ndivision="浙江"\n', "division '浙江'"),
        ('[[service]]\nname="a"\nurl="https://a.cn"\ncolour="red"\n', "service 1"),
        ("[[service]\n", "cannot be read"),
    ],
)
def test_a_wrong_entry_is_named(text: str, fault: str, tmp_path: Path) -> None:
    file = tmp_path / "services.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(EnvironmentFault, match=fault):
        read_services(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="none"):
        read_services(tmp_path / "none.toml")
