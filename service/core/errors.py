"""Errors of the domain; ``problem_types.csv`` is the one table of their HTTP statuses.

``service.core.problems`` turns them into RFC 9457 problem documents or pages, the command line into
exit codes. The docstring of a class is its title for the user.
"""

import re
from datetime import datetime
from http import HTTPStatus
from typing import ClassVar

from service.core.messages import IN_CHINESE
from service.core.problem_types import PROBLEM_TYPES, ProblemType
from service.core.quotas import Quota
from service.core.records import Record

_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SHELL = re.compile(r"\bmenpai [a-z]|(?<![-\w])--[a-z]")
"""Advice for the command line: a command, or an option of one."""
_SHELL_OR_API = re.compile(rf"{_SHELL.pattern}|/api/|MENPAI_")


class MenpaiError(Exception):
    """Something went wrong."""

    usual_field: ClassVar[str] = ""
    """The field of forms that such a fault stands at."""

    def __init__(
        self,
        detail: str,
        *,
        hint: str = "",
        zh: str = "",
        http_hint: str | None = None,
        field: str = "",
    ) -> None:
        """``hint``: what to do; ``http_hint``: what to do over HTTP, if that differs.

        ``zh``: detail and hint in Chinese, for the staff pages; ``field``: of the form, if the
        fault is of one.
        """
        super().__init__(detail)
        self.detail = detail
        self.hint = hint
        self.zh = zh
        self.field = field or self.usual_field
        self._http_hint = http_hint

    @classmethod
    def kind(cls) -> ProblemType:
        """Its problem type, by the name of the class."""
        return PROBLEM_TYPES[_WORD.sub("-", cls.__name__).lower()]

    @property
    def title(self) -> str:
        """The first line of the class docstring."""
        return (type(self).__doc__ or "").strip().splitlines()[0]

    @property
    def page_text(self) -> str:
        """Detail and hint in Chinese, for pages; advice for the command line is left out."""
        if self.zh:
            return self.zh
        hint = self.hint if self._http_hint is None else self._http_hint
        said = [self.detail] + ([hint] if hint and not _SHELL_OR_API.search(hint) else [])
        return "；".join(map(IN_CHINESE, said)) + "。"

    @property
    def http_hint(self) -> str:
        """What a caller over HTTP can do; never mentions commands."""
        hint = self.hint if self._http_hint is None else self._http_hint
        return hint if hint and not _SHELL.search(hint) else self.kind().remedy


class NotFound(MenpaiError):
    """There is no such record."""


class DivisionNotFound(NotFound):
    """There is no such division."""

    usual_field = "division"


class AddressNotFound(NotFound):
    """There is no such address code."""


class PlateNotFound(NotFound):
    """There is no such plate."""


class AccountNotFound(NotFound):
    """There is no such account."""


class WorkItemNotFound(NotFound):
    """There is no such work item."""


class AlarmNotFound(NotFound):
    """There is no such alarm."""


class StoredFileNotFound(NotFound):
    """There is no such file."""


class BadRequest(MenpaiError):
    """The request cannot be understood."""


class UnstorableValue(BadRequest):
    """This holds a value that no record can hold."""


class UnknownParameter(BadRequest):
    """There is no such query parameter."""


class MalformedCode(BadRequest):
    """This is not an address code."""


class LineUnreadable(BadRequest):
    """A line of a file cannot be read."""


class NotAllowed(MenpaiError):
    """You may not do this."""


class KeyMissing(MenpaiError):
    """An API key is needed here."""


class SignInNeeded(MenpaiError):
    """You have to sign in first."""


class PasswordChangeNeeded(NotAllowed):
    """You have to choose a password of your own first."""


class ForgedForm(NotAllowed):
    """This form was not sent from our page, or the page is too old."""


class Gone(MenpaiError):
    """This is not kept any more."""


class Busy(MenpaiError):
    """The service has too much to do just now."""


class Conflict(MenpaiError):
    """This contradicts what is in the register."""


class Outdated(Conflict):
    """This was changed after you had read it."""

    def __init__(
        self, detail: str, *, zh: str, seen: int, record: Record, changed_at: datetime | None = None
    ) -> None:
        """``seen`` is the version that was read, ``record`` the current state.

        ``changed_at`` is the time of its last audit entry, if any.
        """
        super().__init__(detail, hint="read it again, then decide", zh=zh)
        self.seen = seen
        self.record = record
        self.changed_at = changed_at


class ConditionMissing(MenpaiError):
    """Say which version you have read: the header If-Match is missing."""


class DeadHost(Conflict):
    """The QR codes would open nothing."""


class CodeSpaceExhausted(Conflict):
    """The county has given out all of its 100 million codes."""


class TooMuch(MenpaiError):
    """This is more than one request may ask for."""


class NotAcceptable(MenpaiError):
    """The answer cannot be written in this media type."""


class TargetTooLong(MenpaiError):
    """The address that was asked for is too long."""


class HeadTooLong(MenpaiError):
    """The headers of the request are too long."""


class BodyTooSlow(MenpaiError):
    """The body of the request does not come."""


class FilesUnavailable(MenpaiError):
    """Files cannot be stored or read at the moment."""

    def __init__(self, detail: str, *, hint: str = "") -> None:
        """``detail`` and ``hint`` are for operators; other callers see ``zh``."""
        super().__init__(detail, hint=hint, zh="暂时无法存取文件，请过几分钟再试。")


class FilesFull(FilesUnavailable):
    """There is no room left to store files."""

    def __init__(self, detail: str, *, hint: str = "") -> None:
        """As the base class."""
        super().__init__(detail, hint=hint)
        self.zh = "存放文件的磁盘已满，这次没有保存。请告知运行单位，腾出空间后再试。"


class TooOften(MenpaiError):
    """You have asked this too often."""

    def __init__(self, retry_after: int, quota: Quota | None = None) -> None:
        """``retry_after``: seconds until the next request is answered; ``quota``: the limit."""
        super().__init__(
            f"ask again in {retry_after} s",
            hint="wait and ask more slowly",
            zh=f"请 {retry_after} 秒后再试。",
        )
        self.retry_after = retry_after
        self.quota = quota


class ServerBusy(MenpaiError):
    """There is more to do here than can be done at once."""

    def __init__(self, retry_after: int) -> None:
        """``retry_after``: seconds to wait before a retry."""
        super().__init__(
            "nothing was done",
            hint=f"ask again in {retry_after} s",
            zh=f"系统正忙，没有办理。请 {retry_after} 秒后再试一次。",
        )
        self.retry_after = retry_after


class AnswerOverdue(ServerBusy):
    """This takes longer than an answer may wait."""

    def __init__(self, retry_after: int) -> None:
        """The request keeps running and may still take effect."""
        super().__init__(retry_after)
        self.detail = "it is still running, and may still take effect"
        self.hint = "check the outcome before you send it again"
        self.zh = "这一步用时较长，仍在办理。请先查看办理结果，再决定是否重新提交。"


class DatabaseUnreachable(MenpaiError):
    """The database does not answer."""

    def __init__(self, detail: str, *, hint: str = "") -> None:
        """``detail`` and ``hint`` are for operators; other callers see ``zh``."""
        super().__init__(detail, hint=hint, zh="数据库暂时没有应答，请过几秒钟再试。")


class DatabaseFull(DatabaseUnreachable):
    """The disk of the database is full."""

    def __init__(self, detail: str, *, hint: str = "") -> None:
        """As the base class."""
        super().__init__(detail, hint=hint)
        self.zh = "数据库所在的磁盘已满，这次没有登记。请告知运行单位，腾出空间后再试。"


def status_of(error: MenpaiError) -> HTTPStatus:
    """The status of an error, by its problem type."""
    return error.kind().status
