"""Shipped files are found in a checkout, and travel in the wheel together with all that a plain install needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from connector.errors import SetupError
from connector.shipped import shipped

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- our own build, no outside input
    (found,) = folder.iterdir()
    return found


def test_shipped_files_are_found_in_a_checkout() -> None:
    assert shipped("config.example.yaml") == ROOT / "config.example.yaml"
    assert shipped("mappings") == ROOT / "mappings"


def test_a_broken_installation_says_what_to_do() -> None:
    with pytest.raises(SetupError, match=r"mappings/none\.yaml.*Install"):
        shipped("mappings/none.yaml")


def test_the_wheel_holds_the_program_and_what_it_ships_and_nothing_else(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    assert {"connector/py.typed", "connector/_shipped/config.example.yaml"} <= names
    at_home = {f"connector/_shipped/mappings/{path.name}" for path in (ROOT / "mappings").iterdir()}
    assert at_home
    assert at_home <= names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"connector"}
    assert not [name for name in names if name.endswith((".pyc", ".db"))]


def test_shipped_files_are_found_in_an_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    ZipFile(wheel).extractall(tmp_path)
    code = "from connector.shipped import shipped; print(shipped('config.example.yaml'))"
    command = [sys.executable, "-P", "-c", code]
    told = subprocess.run(  # noqa: S603 -- our own package, no outside input
        command, check=True, capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}
    )
    assert Path(told.stdout.strip()) == tmp_path / "connector/_shipped/config.example.yaml"
