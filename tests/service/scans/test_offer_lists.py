import pytest

from address_model.coordinates import Point
from address_model.facility_kinds import FACILITY_KIND_NAMES, FacilityKind
from service.core.words import WORDS, Language
from service.scans.nearby_list import KINDS, distance_words, nearby_list
from service.scans.reader import PLAIN, Reader
from service.scans.service_list import service_list
from service.scans.site import Site
from service.service_items.nearby import KnownFacility, NearFacility
from service.service_items.register import OfferedService
from tests.factories.services import NEARBY, OFFERED

ENGLISH = Reader(language=Language.EN)
SITE = Site()


@pytest.mark.parametrize(
    ("metres", "zh", "en"),
    [
        (0.4, "约 10 米", "about 10 m"),
        (118, "约 120 米", "about 120 m"),
        (994, "约 990 米", "about 990 m"),
        (997, "约 1.0 公里", "about 1.0 km"),
        (1530, "约 1.5 公里", "about 1.5 km"),
        (None, "", ""),
    ],
)
def test_distances_are_said_in_round_figures(metres: float | None, zh: str, en: str) -> None:
    found = NearFacility(NEARBY[0].facility, metres)
    assert distance_words(found, WORDS[Language.ZH]) == zh
    assert distance_words(found, WORDS[Language.EN]) == en


def test_every_kind_has_its_words_in_both_languages() -> None:
    assert dict(KINDS) == {str(kind): name for kind, name in FACILITY_KIND_NAMES.items()}
    english = [WORDS[Language.EN](KINDS[kind]) for kind in FacilityKind]
    assert all(name.isascii() for name in english)
    assert len(set(english)) == len(FacilityKind)


def test_facilities_say_what_how_far_and_where() -> None:
    text = nearby_list(NEARBY, SITE, PLAIN)
    assert "自动体外除颤器（AED） · 约 120 米" in text
    assert "河坊街1号 门口墙上" in text
    assert 'href="tel:057100000012"' in text
    assert text.count("<li>") == len(NEARBY)
    assert nearby_list((), SITE, PLAIN) == ""


def test_a_kind_that_the_name_says_is_not_repeated() -> None:
    centre = KnownFacility(
        1, FacilityKind.SERVICE_CENTRE, "清波便民服务中心", "1", "河坊街1号", Point(120, 30)
    )
    found = (NearFacility(centre, 50),)
    assert nearby_list(found, SITE, PLAIN).count("便民服务中心") == 1
    assert "Community service centre · about 50 m" in nearby_list(found, SITE, ENGLISH)


def test_what_an_officer_typed_is_text() -> None:
    evil = "<b>x</b>"
    one = KnownFacility(1, FacilityKind.AED, evil, "1", evil, None, evil, "", evil)
    offered = OfferedService(1, "", evil, evil, evil, evil, "12345", "https://a.cn/?a=1&b=2")
    text = str(nearby_list((NearFacility(one),), SITE, PLAIN))
    text += service_list((offered,), "", SITE, PLAIN) + service_list((offered,), "", SITE, ENGLISH)
    assert evil not in text
    assert "a=1&amp;b=2" in text


def test_services_lead_to_their_link_and_their_telephone() -> None:
    text = service_list(OFFERED, "", SITE, PLAIN)
    assert 'href="https://service.example.org/residence"' in text
    assert 'href="tel:057100000011"' in text
    assert 'href="tel:057100000014"' in text
    assert "Demo: residence registration" in service_list(OFFERED, "", SITE, ENGLISH)
    assert service_list((), "", SITE, PLAIN) == ""


def test_a_link_that_may_not_have_the_code_is_left_out() -> None:
    offered = (OfferedService(1, "", "演示", link="https://a.example.org/{code}"),)
    assert service_list(offered, "3301", SITE, PLAIN) == ""
    allowed = Site(code_hosts=("a.example.org",))
    assert "https://a.example.org/3301" in service_list(offered, "3301", allowed, PLAIN)
