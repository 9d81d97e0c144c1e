from pathlib import Path

import pytest

from address_model.shipped import data_folder
from service.core.errors import BadRequest
from service.service_items.item_file import read_services
from service.service_items.links import require_link


def test_services_are_read_in_order(tmp_path: Path) -> None:
    file = tmp_path / "services.toml"
    file.write_text(
        '[[service]]\nname="码上办"\nurl="https://a.cn/x"\ndivision="33"\n'
        '[[service]]\nname="二"\nname_en="Two"\noffice="局"\nhours="全天"\nphone="12345"\n',
        encoding="utf-8",
    )
    one, two = read_services(file)
    assert (one.division, one.draft.link, one.draft.rank) == ("330000000000", "https://a.cn/x", 10)
    assert (two.division, two.draft.name_en, two.draft.office) == ("", "Two", "局")
    assert (two.draft.hours, two.draft.phone, two.draft.rank) == ("全天", "12345", 20)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[[service]]\nname="a"\ndivision="浙江"\n', "浙江"),
        ('[[service]]\nname="a"\ndivision="331"\n', "331"),
        ('[[service]]\nname="a"\ncolour="red"\n', "colour"),
        ("[[service]]\nname=5\n", "service 1"),
        ("[[service]\n", "cannot be read"),
    ],
)
def test_a_wrong_entry_is_named(text: str, fault: str, tmp_path: Path) -> None:
    file = tmp_path / "services.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadRequest, match=fault):
        read_services(file)


def test_the_demo_links_to_public_sites_only() -> None:
    listed = read_services(data_folder() / "demo" / "services.toml", is_sample=True)
    assert len(listed) >= 3
    for one in listed:
        assert one.draft.name.startswith("演示：")
        assert one.draft.is_sample
        assert one.draft.phone in ("", "12345")
        require_link(one.draft.link, ())
        assert one.draft.link == "" or one.draft.link.endswith(".gov.cn/")
