"""The configuration of the private cluster: no network, a quarter of memory, local access."""

from pathlib import Path

from service.core.memory import MIB, available_bytes, shared_buffers_mib

FILE_NAME = "menpai.conf"
INCLUDE = f"\ninclude = '{FILE_NAME}'\n# Your own settings below this line win over Menpai's.\n"

ACCESS_RULES = """\
# Only over the socket, whose folder only the server's own user and root may enter.
local all         all trust
local replication all trust
"""

_LASTING = {
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
}
_THROWAWAY = {
    # A test cluster may be lost with the machine; without fsync a test takes a third of the time.
    "fsync": "off",
    "full_page_writes": "off",
    "max_wal_size": "1GB",
    "autovacuum_naptime": "20s",
}


def server_settings(socket_folder: Path, *, durable: bool) -> dict[str, str]:
    """Return the server settings; a cluster that is not durable is small and has no fsync."""
    total = available_bytes()
    buffers = shared_buffers_mib(total) if durable else 128
    return {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": f"{buffers}MB",
        "effective_cache_size": f"{max(128, total // 2 // MIB)}MB",
        "maintenance_work_mem": f"{max(64, min(1024, total // 16 // MIB))}MB",
        "work_mem": "16MB",
        "random_page_cost": "1.1",
        "jit": "off",  # compiling costs more than our short queries
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "on",
        "log_directory": "../log",
        "log_filename": "server-%a.log",  # a week of logs, then the oldest is overwritten
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_line_prefix": "%m [%p] %u@%d ",
        "log_parameter_max_length_on_error": "0",  # values may be a resident's data
        "log_error_verbosity": "terse",  # so may the row that an error quotes
        **(_LASTING if durable else _THROWAWAY),
    }


def render_settings(settings: dict[str, str]) -> str:
    """Render settings as a PostgreSQL configuration file."""
    head = "# Written by Menpai at every start; change postgresql.conf instead.\n"
    lines = []
    for name, value in settings.items():
        escaped = value.replace("\\", "\\\\").replace("'", "''")
        lines.append(f"{name} = '{escaped}'\n")
    return head + "".join(lines)
