import pytest

from service.core.errors import BadRequest
from service.service_items.links import find_link, require_link

HOSTS = ("service.example.org",)


@pytest.mark.parametrize(
    "link",
    ["", "https://www.zjzwfw.gov.cn/", "https://service.example.org/do?address={code}&x=1"],
)
def test_https_links_are_taken(link: str) -> None:
    require_link(link, HOSTS)


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("http://a.cn/", "https"),
        ("javascript:alert(1)", "https"),
        ("https://", "https"),
        ("https://somebody@a.cn/", "https"),
        ("https://[a.cn/", "https"),
        ("https://a.cn/" + "x" * 500, "https"),
        ("https://a.cn/{name}", "character"),
        ('https://a.cn/"onclick', "character"),
        ("https://a.cn/a b", "character"),
        ("https://例.cn/", "character"),
        ("https://other.example.org/{code}", "may not be given"),
        ("https://{code}.example.org/", "host"),
    ],
)
def test_other_links_are_refused_at_their_field(link: str, fault: str) -> None:
    with pytest.raises(BadRequest, match=fault) as refused:
        require_link(link, HOSTS)
    assert refused.value.field == "link"


def test_a_code_goes_only_to_hosts_that_may_have_it_now() -> None:
    link = "https://service.example.org/do?address={code}"
    assert find_link(link, "3301", HOSTS) == "https://service.example.org/do?address=3301"
    assert find_link(link, "3301", ()) == ""
    assert find_link("https://a.cn/", "3301", ()) == "https://a.cn/"
