"""What the QR codes of plates begin with, who can open it, and what is made for trial (试印)."""

from dataclasses import dataclass

from address_model.tokens import SAMPLE
from qr.payload import make_payload
from qr.public_host import EXAMPLE, HostFault, find_host_fault
from service.core.errors import DeadHost
from service.core.settings import Settings

HOST_FAULTS: dict[HostFault, tuple[str, str]] = {
    HostFault.UNSET: ("it is not set", "还没有设置"),
    HostFault.MALFORMED: ("that is no web address", "不是网址"),
    HostFault.LOOPBACK: ("that is this machine itself", "是本机地址，手机打不开"),
    HostFault.LINK_LOCAL: ("that is a link-local address", "是链路本地地址，手机打不开"),
    HostFault.PRIVATE: ("that is an address of a private network", "是内网地址，出了内网打不开"),
    HostFault.NUMBER: ("that is a number, no host name", "是 IP 地址，不是域名"),
    HostFault.SINGLE_LABEL: ("that name is known in one network only", "是内网主机名，手机打不开"),
    HostFault.RESERVED: ("that name is reserved and leads nowhere", "是保留域名，互联网上打不开"),
    HostFault.HTTP: ("it is http, not https", "是 http，不是 https"),
}
"""Why a public URL, or what a QR code begins with, is no public one: in English and in Chinese."""


@dataclass(frozen=True, slots=True)
class PayloadHost:
    """``prefix`` is scheme and host as they are printed, with the slash before the token."""

    prefix: str
    is_trial: bool = False


def payload_host_of(settings: Settings, *, for_trial: bool = False) -> PayloadHost:
    """What the QR codes of plates that are ordered now begin with; in a demo all are for trial.

    Raises:
        DeadHost: MENPAI_PUBLIC_URL is not set, or is no public address and this is no trial.
    """
    is_trial = for_trial or settings.env == "demo"
    require_public_host(settings.public_url, is_trial=is_trial)
    payload = make_payload(settings.public_url, SAMPLE, settings.qr_case)
    return PayloadHost(payload.removesuffix(SAMPLE), is_trial)


def require_public_host(url: str, *, is_trial: bool) -> None:
    """Refuse to make plates whose QR codes nobody could open; a trial needs some address only.

    ``url`` is the setting, or what the QR codes of a batch that is there begin with.

    Raises:
        DeadHost: it is no public address, and the plates are not for trial.
    """
    fault = find_host_fault(url)
    if fault is None or (is_trial and fault not in (HostFault.UNSET, HostFault.MALFORMED)):
        return
    english, chinese = HOST_FAULTS[fault]
    written = url.lower()
    raise DeadHost(
        f"They begin with {written or 'MENPAI_PUBLIC_URL'}: {english}.",
        hint=f"set MENPAI_PUBLIC_URL to what everybody's phone opens, such as {EXAMPLE}. "
        "A batch keeps what it began with: cancel it and choose again, or make its plates again "
        "with --reprint. Only to try it out: --for-trial (试印)",
        http_hint=f"the operator sets MENPAI_PUBLIC_URL to what everybody's phone opens, such as "
        f"{EXAMPLE}; a batch keeps what it began with, so choose it again. Only to try it out: "
        "send trial: true (试印)",
        zh=f"扫码会打不开：二维码的网址{f' {written} ' if written else ''}{chinese}。请系统管理员"
        f"把 MENPAI_PUBLIC_URL 设为所有人的手机都能打开的网址，例如 {EXAMPLE}。已经选定的批次"
        "不随设置改变：还没有制作的，取消后重新选；已经制作的，重新制作。只想试一试，新建批次时勾选“试印”。",
    )
