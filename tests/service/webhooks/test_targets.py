"""Which URLs and addresses webhooks may be sent to: none that leads inside (SSRF)."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.webhooks.targets import Reach, TargetRefused
from tests.event_loop import run_apart
from tests.factories.receivers import make_transport, opened_receiver

PUBLIC = Reach()
INSIDE = Reach.of(["127.0.0.0/8", "10.20.0.0/16", "fd12:3456::/32"])

REFUSED_URLS = [
    "",
    "hooks.example.gov.cn",
    "//hooks.example.gov.cn/",
    "ftp://hooks.example.gov.cn/",
    "file:///etc/passwd",
    "gopher://hooks.example.gov.cn:70/_",
    "javascript:alert(1)",
    "http://hooks.example.gov.cn/",
    "HTTPS:/hooks.example.gov.cn/",
    "https://",
    "https:///path",
    "https://localhost/",
    "https://localhost./",
    "https://hooks/",
    "https://hooks.example.gov.cn./",
    "https://.example.gov.cn/",
    "https://a..example.gov.cn/",
    "https://-a.example.gov.cn/",
    "https://hooks.example.gov.cn:8443/",
    "https://hooks.example.gov.cn:22/",
    "https://hooks.example.gov.cn:0/",
    "https://hooks.example.gov.cn:65536/",
    "https://hooks.example.gov.cn:443443/",
    "https://name@hooks.example.gov.cn/",
    "https://name:@hooks.example.gov.cn/",
    "https://hooks.example.gov.cn@127.0.0.1/",
    "https://hooks.example.gov.cn#@127.0.0.1/",
    "https://hooks.example.gov.cn\\@127.0.0.1/",
    "https://127.0.0.1\\.example.gov.cn/",
    "https://hooks.example.gov.cn/#fragment",
    "https://hooks.example.gov.cn/ HTTP/1.1\r\nX: y",
    "https://hooks.example.gov.cn/\r\nX: y",
    "https://hooks.example.gov.cn/\x00",
    "https://hooks.example.gov.cn\t/",
    " https://hooks.example.gov.cn/",
    "https://hooks.example.gov.cn/中",
    "https://ⓗooks.example.gov.cn/",
    "https://1２7.0.0.1/",
    "https://127。0。0。1/",
    "https://%31%32%37.0.0.1/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://0/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://100.100.100.200/latest/meta-data/",
    "https://169.254.169.254/latest/meta-data/",
    "https://192.0.0.192/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://256.256.256.256/",
    "https://[::]/",
    "https://[::1]/",
    "https://[::127.0.0.1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::169.254.169.254]/",
    "https://[2002:7f00:1::]/",
    "https://[2001:0:7f00:1::]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[ff02::1]/",
    "https://[::1/",
    "https://" + "a" * 64 + ".example.gov.cn/",
    "https://" + "a." * 130 + "cn/",
    "https://hooks.example.gov.cn/" + "a" * 500,
]
HIDDEN_ADDRESSES = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - refused
    "10.1.2.3",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "100.100.100.200",
    "100.127.0.1",
    "::1",
    "::",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "not an address",
]


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_a_url_that_leads_inside_or_is_written_oddly_is_refused(url: str) -> None:
    assert len(REFUSED_URLS) > 50
    with pytest.raises(TargetRefused):
        PUBLIC.read(url)


@pytest.mark.parametrize("address", HIDDEN_ADDRESSES)
def test_a_public_name_that_resolves_to_an_inner_address_is_refused(address: str) -> None:
    target = PUBLIC.read("https://hooks.example.gov.cn/menpai")
    with pytest.raises(TargetRefused):
        PUBLIC.choose(target, [address])
    with pytest.raises(TargetRefused):  # also as one among others
        PUBLIC.choose(target, ["93.184.216.34", address])


def test_a_public_url_is_read_in_its_parts() -> None:
    target = PUBLIC.read("https://Hooks.Example.gov.cn:443/menpai?key=a,b")
    assert (target.host, target.port, target.path) == (
        "hooks.example.gov.cn",
        443,
        "/menpai?key=a,b",
    )
    assert target.host_header == "hooks.example.gov.cn"
    assert PUBLIC.choose(target, ["93.184.216.34", "2606:2800:21f::1"]) == "93.184.216.34"
    with pytest.raises(TargetRefused):
        PUBLIC.choose(target, [])


@pytest.mark.parametrize(
    ("url", "host_header"),
    [
        ("http://127.0.0.1:8080/x", "127.0.0.1:8080"),
        ("http://127.0.0.1/x", "127.0.0.1"),
        ("https://10.20.3.4:8443/x", "10.20.3.4:8443"),
        ("https://[fd12:3456::7]:8443/x", "[fd12:3456::7]:8443"),
    ],
)
def test_networks_of_the_setting_are_open_on_any_port(url: str, host_header: str) -> None:
    target = INSIDE.read(url)
    assert target.host_header == host_header
    assert INSIDE.choose(target, [target.host]) == target.host


@pytest.mark.parametrize(
    "url", ["http://10.20.3.4/", "https://10.21.0.1/", "http://hooks.example.gov.cn/"]
)
def test_the_setting_opens_no_more_than_it_names(url: str) -> None:
    with pytest.raises(TargetRefused):
        INSIDE.read(url)


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.0", "100.100.100.200", "fe80::1"])  # noqa: S104
def test_no_setting_opens_link_local_addresses_and_metadata(address: str) -> None:
    everything = Reach.of(["0.0.0.0/0", "::/0"])
    target = everything.read("https://hooks.example.gov.cn/")
    with pytest.raises(TargetRefused):
        everything.choose(target, [address])


def test_another_port_of_a_name_is_judged_by_its_address() -> None:
    target = INSIDE.read("https://hooks.example.gov.cn:8443/")
    assert INSIDE.choose(target, ["10.20.0.9"]) == "10.20.0.9"
    with pytest.raises(TargetRefused):
        INSIDE.choose(target, ["93.184.216.34"])


@given(st.text(max_size=60))
def test_reading_raises_nothing_else(text: str) -> None:
    for url in (text, f"https://{text}", f"https://{text}/", f"https://[{text}]/"):
        with suppress(TargetRefused):
            assert PUBLIC.read(url).scheme == "https"


def test_no_refused_url_reaches_a_listener_on_this_machine() -> None:
    """Not even with a resolver that leads every name to it (DNS rebinding)."""
    with opened_receiver() as receiver:
        transport = make_transport(reach=PUBLIC, resolve_to=["127.0.0.1"])
        urls = [*REFUSED_URLS, receiver.url, receiver.url.replace("http:", "https:")]
        urls += ["https://hooks.example.gov.cn/"]
        faults = {run_apart(transport.post(url, {}, b"{}")).fault for url in urls}
        assert faults == {"forbidden"}
        assert receiver.got == []
