"""On a machine without libcurl the embedded server runs on the one that a wheel brings."""

import subprocess
from pathlib import Path

import pytest

from services.stores import libraries
from services.stores.libraries import lent_libraries
from services.stores.mongod import find_mongod


def test_nothing_is_lent_where_the_system_has_it(tmp_path: Path) -> None:
    assert lent_libraries(tmp_path, missing=False) == {}


def test_nothing_is_lent_where_nobody_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "_LENDER", "no-such-package")
    assert lent_libraries(tmp_path, missing=True) == {}


def test_the_server_runs_on_the_lent_library(tmp_path: Path) -> None:
    environment = lent_libraries(tmp_path, missing=True)
    folder = tmp_path / "libraries" / "libcurl.so.4"
    assert folder.resolve().name.startswith("libcurl-")
    # The loader's own listing tells which file it took, and the program starts with it.
    shown = subprocess.run(
        ["ldd", str(find_mongod(tmp_path))], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert str(tmp_path / "libraries") in shown
    assert "not found" not in shown
    version = subprocess.run(
        [str(find_mongod(tmp_path)), "--version"], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert version.startswith("db version")
