import pytest

from service.core.errors import BadRequest
from service.departments.address_requests.return_urls import (
    check_return_url,
    host_of,
    lead_back,
    origin_of,
)


@pytest.mark.parametrize(
    "url",
    [
        "https://bs.example.gov.cn/form/back",
        "https://bs.example.gov.cn:8443/form?step=2",
        "https://xn--fiqs8s.example/",
        "http://127.0.0.1:8000/back",
        "http://localhost/back",
    ],
)
def test_an_https_address_with_a_host_is_registered_as_it_is(url: str) -> None:
    assert check_return_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "bs.example.gov.cn/back",
        "//bs.example.gov.cn/back",
        "http://bs.example.gov.cn/back",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https://user@bs.example.gov.cn/",
        "https://bs.example.gov.cn#part",
        "https://bs.example.gov.cn/\r\nSet-Cookie: a=b",
        "https://bs.example.gov.cn/a b",
        "https://bs.example.gov.cn;script-src *",
        "https://办事.example/",
        "https://bs.example.gov.cn\\@evil.example/",
        "https://bs.example.gov.cn:99999999/",
        "https://[::1]/",
        "https://bs.example.gov.cn/" + "x" * 500,
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(BadRequest):
        check_return_url(url)


def test_what_is_added_keeps_what_was_there() -> None:
    assert (
        lead_back("https://a.cn/b", error="declined", state="") == "https://a.cn/b?error=declined"
    )
    assert lead_back("https://a.cn/b?x=1", state="a&b=c") == "https://a.cn/b?x=1&state=a%26b%3Dc"


def test_people_and_policies_see_the_host() -> None:
    url = "https://bs.example.gov.cn:8443/form?x=1"
    assert (host_of(url), origin_of(url)) == (
        "bs.example.gov.cn:8443",
        "https://bs.example.gov.cn:8443",
    )
