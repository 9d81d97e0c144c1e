import pytest
from hypothesis import given
from hypothesis import strategies as st

from qr.public_host import LOCAL, HostFault, find_host_fault, readable_address
from tests.factories.hosts import PREFIX, PUBLIC_URL

F = HostFault

TABLE = [
    (PUBLIC_URL, None),
    (PREFIX, None),
    ("https://mp.city.example", None),
    ("https://mp.hangzhou.gov.cn", None),
    ("HTTPS://MP.HANGZHOU.GOV.CN:8443/", None),
    ("https://xn--fiq06l2rdsvs.xn--fiqs8s", None),
    ("https://localhost.hangzhou.gov.cn", None),
    ("https://10.gov.cn", None),
    ("", F.UNSET),
    ("  ", F.UNSET),
    ("mp.hangzhou.gov.cn", F.MALFORMED),
    ("ftp://mp.hangzhou.gov.cn", F.MALFORMED),
    ("https://", F.MALFORMED),
    ("https://门牌.cn", F.MALFORMED),
    ("https://mp_1.gov.cn", F.MALFORMED),
    ("https://mp..gov.cn", F.MALFORMED),
    ("https://-mp.gov.cn", F.MALFORMED),
    ("https://mp.gov.cn:port", F.MALFORMED),
    ("https://1.2.3.4.5", F.MALFORMED),
    ("https://[::1", F.MALFORMED),
    ("http://127.0.0.1:8000", F.LOOPBACK),
    ("https://127.9.9.9", F.LOOPBACK),
    ("http://LOCALHOST:8000/", F.LOOPBACK),
    ("https://localhost.", F.LOOPBACK),
    ("https://app.localhost", F.LOOPBACK),
    ("http://[::1]:8000", F.LOOPBACK),
    ("http://0.0.0.0:8000", F.LOOPBACK),
    ("https://127.1", F.LOOPBACK),
    ("https://2130706433", F.LOOPBACK),
    ("https://0x7f000001", F.LOOPBACK),
    ("https://[::ffff:127.0.0.1]", F.LOOPBACK),
    ("https://169.254.3.4", F.LINK_LOCAL),
    ("https://[fe80::1]", F.LINK_LOCAL),
    ("http://192.168.1.5:8000", F.PRIVATE),
    ("https://10.0.0.8", F.PRIVATE),
    ("https://172.16.1.1", F.PRIVATE),
    ("https://100.64.0.1", F.PRIVATE),
    ("https://[fd00::1]", F.PRIVATE),
    ("https://192.0.2.7", F.PRIVATE),
    ("https://1.2.3.4", F.NUMBER),
    ("http://8.8.8.8", F.NUMBER),
    ("https://[2001:4860:4860::8888]", F.NUMBER),
    ("http://server:8000", F.SINGLE_LABEL),
    ("https://menpai", F.SINGLE_LABEL),
    ("https://mp.city.test", F.RESERVED),
    ("https://city.invalid", F.RESERVED),
    ("https://register.lan", F.RESERVED),
    ("https://mac.local", F.RESERVED),
    ("https://mp.internal.", F.RESERVED),
    ("https://router.home.arpa", F.RESERVED),
    ("https://mp.example.com", F.RESERVED),
    ("https://abc.onion", F.RESERVED),
    ("http://mp.hangzhou.gov.cn", F.HTTP),
    ("http://city.example", F.HTTP),
]


@pytest.mark.parametrize(("url", "fault"), TABLE)
def test_every_kind_of_host_is_judged(url: str, fault: HostFault | None) -> None:
    assert find_host_fault(url) is fault


@pytest.mark.parametrize(("url", "fault"), TABLE)
def test_what_is_printed_is_judged_as_the_setting_is(url: str, fault: HostFault | None) -> None:
    assert find_host_fault(url.upper()) is fault
    if fault is not F.UNSET:
        assert find_host_fault(f"{url.rstrip('/')}/") is fault


LABEL = st.from_regex(r"[a-z]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)


@given(st.lists(LABEL, min_size=1, max_size=3), st.sampled_from(["gov.cn", "org.cn", "net.cn"]))
def test_a_name_of_the_public_dns_is_public_by_https_only(labels: list[str], ending: str) -> None:
    host = ".".join([*labels, ending])
    assert find_host_fault(f"https://{host}") is None
    assert find_host_fault(f"http://{host}") is F.HTTP


@given(st.ip_addresses(), st.sampled_from(["http", "https"]), st.sampled_from(["", ":8443"]))
def test_no_number_is_ever_public(address: object, scheme: str, port: str) -> None:
    host = f"[{address}]" if ":" in str(address) else str(address)
    assert find_host_fault(f"{scheme}://{host}{port}") in LOCAL | {F.NUMBER}


@given(st.text(max_size=40))
def test_no_text_breaks_the_judge(text: str) -> None:
    for url in (text, f"https://{text}", f"http://{text}/"):
        fault = find_host_fault(url)
        assert fault is None or fault in F


def test_people_are_shown_what_their_browser_will_show() -> None:
    assert readable_address("https://MP.HANGZHOU.GOV.CN/") == "https://mp.hangzhou.gov.cn/…"
