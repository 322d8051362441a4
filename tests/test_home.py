"""The home: made once, closed to others, never silently given new keys."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from gateway.errors import HomeBusy, HomeError
from gateway.home import KEYS, open_home


def test_a_new_home_and_its_keys_are_closed_to_others(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700
    for name in KEYS:
        assert stat.S_IMODE((home.path / "keys" / f"{name}.key").stat().st_mode) == 0o600
        assert len(home.key(name)) == 32
    assert len({home.key(name) for name in KEYS}) == len(KEYS)


def test_opening_again_keeps_the_keys(tmp_path: Path) -> None:
    first = open_home(tmp_path / "home").key("pseudonym")
    assert open_home(tmp_path / "home").key("pseudonym") == first


def test_a_used_home_without_its_keys_is_refused(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    home.ledger.write_bytes(b"")
    (home.path / "keys" / "pseudonym.key").unlink()
    with pytest.raises(HomeError, match="restore it from its backup"):
        open_home(tmp_path / "home")
    assert not (home.path / "keys" / "pseudonym.key").exists()


def test_an_exposed_key_is_refused(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    (home.path / "keys" / "ledger.key").chmod(0o644)
    with pytest.raises(HomeError, match="read by others"):
        open_home(tmp_path / "home")


def test_a_damaged_key_is_refused(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    (home.path / "keys" / "ledger.key").write_bytes(b"short")
    with pytest.raises(HomeError, match="damaged"):
        home.key("ledger")


def test_a_home_that_cannot_be_made_is_an_error_without_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError) as error:
        open_home(tmp_path / "file" / "home")
    assert "file" not in str(error.value)


def test_two_runs_cannot_hold_one_home(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    with home.locked(), pytest.raises(HomeBusy), open_home(tmp_path / "home").locked():
        pass
    with home.locked():
        pass


def test_names_are_keyed_and_stable(tmp_path: Path) -> None:
    home, other = open_home(tmp_path / "a"), open_home(tmp_path / "b")
    assert home.name("q", "OKONKWO") == home.name("q", "OKONKWO") != home.name("q", "NG")
    assert home.name("q", "OKONKWO") != other.name("q", "OKONKWO")
    assert "OKONKWO" not in home.name("q", "OKONKWO")


def test_another_key_than_the_one_the_home_was_made_with_is_refused(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    for name in KEYS:
        path = home.path / "keys" / f"{name}.key"
        right = path.read_bytes()
        path.write_bytes(bytes(32))
        with pytest.raises(HomeError, match=f"'{name}' is not the one"):
            open_home(tmp_path / "home")
        path.write_bytes(right)
    open_home(tmp_path / "home")
    (home.path / "keys.proof").write_text("{")
    with pytest.raises(HomeError, match="note of its keys"):
        open_home(tmp_path / "home")


def test_processes_that_make_one_home_at_once_agree_on_its_keys(tmp_path: Path) -> None:
    make = "import sys; from pathlib import Path; from gateway.home import open_home; sys.stdin.read(1); "
    make += "print(open_home(Path(sys.argv[1])).name('q', 'x'))"
    for attempt in range(5):
        command = [sys.executable, "-c", make, str(tmp_path / str(attempt))]
        makers = [Popen(command, stdin=PIPE, stdout=PIPE, text=True) for _ in range(4)]
        for maker in makers:
            assert maker.stdin
            maker.stdin.write("go")
            maker.stdin.flush()
        names = {maker.communicate()[0] for maker in makers}
        assert len(names) == 1
        assert names != {""}
