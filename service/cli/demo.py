"""menpai demo: the main job end to end on real divisions and example addresses, then serve."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from service.auth.commands import SAMPLES
from service.cli.demo_data import DemoRegister, prepare
from service.cli.worker import COMMAND
from service.cluster.watch import watched_cluster
from service.core.child_process import supervised_process
from service.core.faults import EnvironmentFault
from service.core.folder_lock import hold_lock
from service.core.homes import demo_home, make_home
from service.core.output import result, say
from service.core.settings import get_settings
from service.web_server import run_web_server


def demo(
    *,
    port: Annotated[int, typer.Option(help="Port to serve on.")] = 8000,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 admits phones on your Wi-Fi.")
    ] = "127.0.0.1",
    public_url: Annotated[
        str, typer.Option(help="Base URL in the QR codes, e.g. http://192.168.1.5:8000.")
    ] = "",
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="Prepare the register, do not serve.")
    ] = False,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Start no worker; see `menpai worker`.")
    ] = False,
) -> None:
    """Make a register of example addresses in Zhejiang, with codes, plates and a scan page.

    Everything is kept in the demo's own home (or MENPAI_HOME) for the next time. The last two
    lines are the URLs of the home page and of a plate.
    """
    start = time.monotonic()
    _set_environment(public_url or f"http://127.0.0.1:{port}")
    if not no_serve:
        _refuse_taken_port(host, port)
    settings = get_settings()
    say(f"menpai demo: everything is kept in {settings.home}")
    with _only_demo(settings.home):
        register = prepare(settings, say)
        took = time.monotonic() - start
        say(f"ready after {took:.0f} s; API key of the demo: {register.api_key}")
        accounts = ", ".join(SAMPLES)
        say(f"staff: {settings.public_url}/admin as {accounts}; password {register.password}")
        if no_serve:
            _announce(register)
            return
        announcing = partial(_AnnouncingServer, register)
        with watched_cluster(settings), nullcontext() if no_worker else supervised_process(COMMAND):
            run_web_server(register.database, settings, (host, port), announcing)


class _AnnouncingServer(uvicorn.Server):
    """Prints the URLs as soon as it listens."""

    def __init__(self, register: DemoRegister, configuration: uvicorn.Config) -> None:
        super().__init__(configuration)
        self._register = register

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            say("serving; stop with Ctrl+C")
            _announce(self._register)


@contextmanager
def _only_demo(home: Path) -> Iterator[None]:
    """Allow one demo per home at a time: each issues its own key and passwords."""
    make_home(home)
    with ExitStack() as held:
        try:
            held.enter_context(hold_lock(home / "demo-runs.lock", seconds=0))
        except EnvironmentFault:
            raise EnvironmentFault(
                f"a demo runs in {home} already; a second one would take its key and passwords",
                hint="use that one, or stop it; or give this one a home of its own: "
                "MENPAI_HOME=~/menpai-demo-2 menpai demo",
            ) from None
        yield


def _announce(register: DemoRegister) -> None:
    lines = [f"page {register.public_url}/", f"plate {register.public_url}/{register.token}"]
    result({}, lines, as_json=False)


def _set_environment(public_url: str) -> None:
    os.environ["MENPAI_ENV"] = "demo"
    os.environ["MENPAI_PUBLIC_URL"] = public_url.rstrip("/")
    os.environ.setdefault("MENPAI_HOME", str(demo_home()))
    if not os.environ["MENPAI_HOME"]:
        os.environ["MENPAI_HOME"] = str(demo_home())
    if not os.environ.get("MENPAI_DATABASE_URL"):
        os.environ.pop("MENPAI_READ_DATABASE_URL", None)  # no standby of the demo's own cluster
    Path(os.environ["MENPAI_HOME"]).parent.mkdir(parents=True, exist_ok=True)
    get_settings.cache_clear()


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise EnvironmentFault(
                f"cannot listen on {host}:{port}: {error.strerror}",
                hint=f"is another demo running? stop it, or take `menpai demo --port {port + 1}`",
            ) from error
