import os
from pathlib import Path

import pytest

from service.cluster.server_user import ServerUser
from service.core.homes import test_home as home_of_tests
from tests.small_disk import small_disk


def test_a_file_that_found_no_room_is_written_when_there_is_some() -> None:
    me = ServerUser(os.geteuid(), os.getegid(), "me")
    with small_disk(home_of_tests() / f"{os.getpid()}-user", 1) as disk:
        file = disk.path / "menpai.conf"
        file.write_text("as it was")
        disk.fill()
        for _ in range(2):
            with pytest.raises(OSError, match="No space left"):
                me.write(file, "port = 5432\n" * 1000)
            assert file.read_text() == "as it was"
        disk.free()
        me.write(file, "port = 5432\n")
        assert file.read_text() == "port = 5432\n"
        assert [one.name for one in Path(disk.path).iterdir()] == ["menpai.conf"]
