"""The navigation of the signed-in area: each person sees the entries they may read."""

from dataclasses import dataclass

from service.auth.members import StaffMember, may
from service.auth.permissions import Permission


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One menu entry: title, path, and the permission needed to see it (None: everyone).

    ``others`` are pages of it that lie elsewhere.
    """

    title: str
    path: str
    permission: Permission | None
    others: tuple[str, ...] = ()


HOME = "/admin"
ENTRIES = (
    MenuEntry("工作台", HOME, None),
    MenuEntry(
        "地址",
        "/admin/addresses",
        Permission.ADDRESSES_READ,
        ("/admin/bulk-changes", "/admin/buildings", "/admin/streets"),
    ),
    MenuEntry("责任区", "/admin/areas", Permission.AREAS_READ),
    MenuEntry("草稿", "/admin/drafts", Permission.ADDRESSES_READ),
    MenuEntry("导入", "/admin/imports", Permission.ADDRESSES_WRITE),
    MenuEntry("批次", "/admin/batches", Permission.BATCHES_READ),
    MenuEntry("门牌", "/admin/plates", Permission.PLATES_READ),
    MenuEntry("工单", "/admin/work-items", Permission.WORK_ITEMS_READ),
    MenuEntry("疑点", "/admin/alarms", Permission.WORK_ITEMS_READ),
    MenuEntry("居民报告", "/admin/reports", Permission.REPORTS_READ),
    MenuEntry("组织", "/admin/units", Permission.UNITS_READ),
    MenuEntry("责任人", "/admin/duties", Permission.DUTIES_READ),
    MenuEntry("服务", "/admin/service-items", Permission.SERVICES_READ),
    MenuEntry("设施", "/admin/facilities", Permission.SERVICES_READ),
    MenuEntry("数据集", "/admin/datasets", Permission.DATASETS_READ),
    MenuEntry("部门接入", "/admin/clients", Permission.CLIENTS_MANAGE, ("/admin/grants",)),
    MenuEntry("推送", "/admin/webhooks", Permission.CLIENTS_MANAGE),
    MenuEntry("账号", "/admin/accounts", Permission.ACCOUNTS_MANAGE),
    MenuEntry("审计", "/admin/audit", Permission.AUDIT_READ),
    MenuEntry("现场", "/crew", Permission.FIELD_WORK),
)


def entries_for(member: StaffMember) -> list[MenuEntry]:
    """The entries a person may see, in order."""
    return [e for e in ENTRIES if e.permission is None or may(member, e.permission)]


def current_entry(path: str) -> MenuEntry | None:
    """The entry whose pages a path is one of, or None; the dashboard has no pages below it."""
    fits = [
        (len(place), entry)
        for entry in ENTRIES
        for place in (entry.path, *entry.others)
        if path == place or (place != HOME and path.startswith(f"{place}/"))
    ]
    return max(fits, key=lambda fit: fit[0], default=(0, None))[1]
