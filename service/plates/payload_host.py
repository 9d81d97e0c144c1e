"""The payload prefix of QR codes (scheme and host): public, or only for trial plates (试印)."""

from dataclasses import dataclass

from address_model.tokens import SAMPLE
from qr.payload import make_payload
from qr.public_host import EXAMPLE, HostFault, find_host_fault
from service.core.errors import DeadHost
from service.core.settings import Settings

HOST_FAULTS: dict[HostFault, tuple[str, str]] = {
    HostFault.UNSET: ("it is not set", "还没有设置"),
    HostFault.MALFORMED: ("it is not a web address", "不是网址"),
    HostFault.LOOPBACK: ("it is a loopback address", "是本机地址，手机打不开"),
    HostFault.LINK_LOCAL: ("it is a link-local address", "是链路本地地址，手机打不开"),
    HostFault.PRIVATE: ("it is an address in a private network", "是内网地址，出了内网打不开"),
    HostFault.NUMBER: ("it is an IP address, not a host name", "是 IP 地址，不是域名"),
    HostFault.SINGLE_LABEL: (
        "the host name is valid in one network only",
        "是内网主机名，手机打不开",
    ),
    HostFault.RESERVED: (
        "the host name is reserved and cannot resolve",
        "是保留域名，互联网上打不开",
    ),
    HostFault.HTTP: ("it is http, not https", "是 http，不是 https"),
}
"""Why a URL cannot be opened by the public, in English and in Chinese."""


@dataclass(frozen=True, slots=True)
class PayloadHost:
    """``prefix`` is scheme and host as printed, with the slash before the token."""

    prefix: str
    is_trial: bool = False


def payload_host_of(settings: Settings, *, for_trial: bool = False) -> PayloadHost:
    """The payload prefix for plates ordered now; in a demo all are for trial.

    Raises:
        DeadHost: MENPAI_PUBLIC_URL is unset or malformed; or not public, and this is not a trial.
    """
    is_trial = for_trial or settings.env == "demo"
    require_public_host(settings.public_url, is_trial=is_trial)
    payload = make_payload(settings.public_url, SAMPLE, settings.qr_case)
    return PayloadHost(payload.removesuffix(SAMPLE), is_trial)


def require_public_host(url: str, *, is_trial: bool) -> None:
    """Refuse plates whose QR codes the public could not open; a trial accepts any valid URL.

    ``url`` is the setting, or the payload prefix of a batch.

    Raises:
        DeadHost: the URL is unset or malformed; or not public, and the plates are not for trial.
    """
    fault = find_host_fault(url)
    if fault is None or (is_trial and fault not in (HostFault.UNSET, HostFault.MALFORMED)):
        return
    english, chinese = HOST_FAULTS[fault]
    written = url.lower()
    raise DeadHost(
        f"They begin with {written or 'MENPAI_PUBLIC_URL'}: {english}.",
        hint=f"set MENPAI_PUBLIC_URL to a public address, such as {EXAMPLE}. "
        "A batch keeps its address: cancel it and create it again, or reprint its plates with "
        "--reprint. To try it out: --for-trial (试印)",
        http_hint=f"the operator sets MENPAI_PUBLIC_URL to a public address, such as {EXAMPLE}; "
        "a batch keeps its address, so create it again. To try it out: send trial: true (试印)",
        zh=f"扫码会打不开：二维码的网址{f' {written} ' if written else ''}{chinese}。请系统管理员"
        f"把 MENPAI_PUBLIC_URL 设为所有人的手机都能打开的网址，例如 {EXAMPLE}。已经选定的批次"
        "不随设置改变：还没有制作的，取消后重新选；已经制作的，重新制作。只想试一试，新建批次时勾选“试印”。",
    )
