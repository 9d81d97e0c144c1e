"""Real standbys by streaming replication, made of private clusters as an operator makes them."""

from pathlib import Path
from urllib.parse import quote

from service.cluster.binaries import get_server
from service.cluster.local_postgres import Cluster, ensure_cluster
from service.cluster.server_user import find_server_user
from service.core.homes import make_home


def stream_to(primary: Cluster, home: Path) -> Cluster:
    """Make a standby of a running cluster in a home of its own, and start it."""
    make_home(home)
    user = find_server_user(home / "cluster")
    user.make_folder(home / "cluster")
    program = get_server().program("pg_basebackup")
    source = ["--host", str(primary.socket_folder), "--username", "postgres"]
    options = ["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast"]
    slot = ["--create-slot", "--slot", home.name.replace("-", "_")]
    data = home / "cluster" / "data"
    done = user.run([program, *source, *options, *slot, "--pgdata", str(data)])
    assert done.returncode == 0, done.stderr
    user.write(home / "cluster" / "ready", "a copy of a cluster that is complete\n")
    return ensure_cluster(home)


def url_of(*clusters: Cluster) -> str:
    """The URL of that one among several clusters that takes writes."""
    hosts = quote(",".join(str(one.socket_folder) for one in clusters), safe="")
    ports = quote(",".join("5432" for _ in clusters), safe="")
    return (
        f"postgresql://menpai_app@/menpai?host={hosts}&port={ports}"
        "&target_session_attrs=read-write&connect_timeout=2"
    )
