from pathlib import Path

import pytest

from service.cluster.server_user import find_server_user
from service.cluster.socket_folder import make_socket_folder
from service.core.faults import EnvironmentFault
from service.core.homes import make_home


def test_a_path_too_long_with_no_short_place_is_refused(home: Path) -> None:
    deep = home / ("long-" * 20)
    make_home(deep)
    user = find_server_user(deep / "cluster")
    nowhere = home / ("other-" * 20)
    with pytest.raises(EnvironmentFault, match=r"bytes; .* may have 89") as caught:
        make_socket_folder(deep / "cluster", user, places=(nowhere,))
    assert "shorter path" in caught.value.hint


def test_a_short_folder_that_a_stranger_made_first_is_not_used(home: Path) -> None:
    deep = home / ("long-" * 20)
    make_home(deep)
    user = find_server_user(deep / "cluster")
    made = make_socket_folder(deep / "cluster", user, places=(home,))
    made.chmod(0o777)
    with pytest.raises(EnvironmentFault, match="not a closed folder"):
        make_socket_folder(deep / "cluster", user, places=(home,))
