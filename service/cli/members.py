"""The account a command acts for: it must exist, and for approvals its password is asked."""

import sys
from pathlib import Path

import typer

from service.audit.tally import AuditTally
from service.auth.commands.sign_in import SHELL
from service.auth.members import StaffMember
from service.auth.names import fold_name
from service.auth.queries import AccountRow, find_only_administrator, get_account, has_accounts
from service.auth.signing_in import verify_password
from service.cli.account_option import ENVIRONMENT, NAMED
from service.core.actor import COMMAND_LINE, Actor
from service.core.database import Database, Session
from service.core.errors import AccountNotFound, NotAllowed
from service.core.output import say

NOBODY_YET = (
    "还没有账号：以“命令行”的名义记录。"
    "建立第一个账号：menpai accounts create 账号 --role administrator"
)


def acting(where: Database | Session) -> Actor:
    """The actor of the running command: the named account, at a shell.

    Before the first account exists it is the command line itself. If none was named, the only
    administrator acts, which is reported.

    Raises:
        AccountNotFound: there is no account of this name.
        NotAllowed: it is disabled; or none was named, and there is more than one to name.
    """
    if isinstance(where, Database):
        with where.reading() as session:
            return acting(session)
    if not NAMED.get().name and not has_accounts(where):
        _tell(NOBODY_YET)
        return COMMAND_LINE
    return get_member(where).actor


def get_member(session: Session) -> StaffMember:
    """The member for whom the running command acts, with the roles of the account.

    Raises:
        AccountNotFound: there is no account of this name.
        NotAllowed: it is disabled; or none was named, and there is more than one to name.
    """
    account = _find_account(session)
    if not account.is_active:
        raise NotAllowed(f"账号 {account.name} 已停用", hint="换一个在用的账号：--account 账号")
    name, title = account.name, account.display_name
    return StaffMember(
        account.id,
        name,
        title,
        account.assignments,
        at_shell=True,
        decides_from=account.decides_from,
    )


def require_password(database: Database, file: Path | None) -> None:
    """Ask for the password of the deciding account: a name alone proves no second person.

    It is typed, or read from the first line of a file. Attempts count like those of signing in.

    Raises:
        NotAllowed: it is wrong, or a first password that was never changed; or there is neither
            a terminal nor a file.
    """
    with database.reading() as session:
        account = _find_account(session)
    if file is None and not sys.stdin.isatty():
        raise NotAllowed(
            f"审批要验证账号 {account.name} 的密码",
            hint="在终端里运行，或者把密码放进只有自己能读的文件：--password-file 文件"
            "（MENPAI_PASSWORD_FILE）",
        )
    if file is None:
        password = str(typer.prompt(f"{account.name} 的密码", hide_input=True, err=True))
    else:
        password = file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    tally = AuditTally(database)
    attempt = verify_password(database, tally, account.name, password, SHELL)
    tally.flush()
    if attempt is None:
        raise NotAllowed(
            f"账号 {account.name} 的密码不对，或者账号已停用",
            hint="核对密码；连续错五次要等十五分钟",
        )
    if account.must_change_password:
        raise NotAllowed(
            f"账号 {account.name} 还在用初始密码", hint="请本人先登录 /admin 改密码，再来审批"
        )


def _find_account(session: Session) -> AccountRow:
    name = NAMED.get().name
    if name:
        try:
            return get_account(session, fold_name(name))
        except AccountNotFound:
            raise AccountNotFound(
                f"没有账号 {name}",
                hint=f"用 `menpai accounts list` 查看账号，以 --account 或 {ENVIRONMENT} 指明",
            ) from None
    only = find_only_administrator(session)
    if only is None:
        raise NotAllowed(
            "没有指明以谁的名义办理",
            hint=f"加上 --account 账号，或设置 {ENVIRONMENT}；"
            "账号用 `menpai accounts list` 查看，用 `menpai accounts create` 建立",
        )
    _tell(f"没有指明账号：以唯一的管理员 {only.name} 的名义办理（{ENVIRONMENT} 可另行指明）")
    return only


def _tell(line: str) -> None:
    """Report it once per command, however often the account is needed."""
    if not NAMED.get().is_told:
        NAMED.get().is_told = True
        say(line)
