"""The set-up step: quick the second time, one clear sentence where it cannot go on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contest.config import ROOT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with what set-up reads, and no .venv."""
    (tmp_path / "tools").mkdir()
    for name in ("pyproject.toml", "constraints.txt", "tools/setup"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def set_up(clone: Path, *, path: str | None = None, script: str = "") -> subprocess.CompletedProcess[str]:
    """Run tools/setup; `script` is Python that runs first and may change what set-up finds."""
    code = f"""
import runpy, sys
sys.argv = ["setup"]
{script}
runpy.run_path({str(clone / "tools" / "setup")!r}, run_name="__main__")
"""
    env = {**os.environ, "PATH": path if path is not None else os.environ["PATH"]}
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def fake_python(folder: Path, *, version: str = "3 9", venv: bool = True) -> Path:
    """A python3 on a PATH of its own that claims `version`, with or without its venv module."""
    folder.mkdir()
    python = folder / "python3.12"
    python.write_text(
        f'#!/bin/sh\ncase "$2" in *version_info*) echo "{version}";; *ensurepip*) exit {0 if venv else 1};; *) exit 1;; esac\n'
    )
    python.chmod(0o755)
    return python


def test_old_python_gets_one_sentence(clone: Path, tmp_path: Path) -> None:
    old = fake_python(tmp_path / "old")

    done = set_up(clone, path=str(old.parent), script=f"sys.executable = {str(old)!r}; sys.version_info = (3, 9, 2)")

    assert refusal(done).startswith("Python 3.11 or newer is needed, and this is Python 3.9")


def test_python_without_venv_names_the_package(clone: Path, tmp_path: Path) -> None:
    bare = fake_python(tmp_path / "bare", version="3 12", venv=False)

    done = set_up(clone, path=str(bare.parent), script=f"sys.executable = {str(bare)!r}")

    assert "apt install python3.12-venv" in refusal(done)


def test_full_disk_gets_one_sentence(clone: Path) -> None:
    script = "import shutil, collections; shutil.disk_usage = lambda path: collections.namedtuple('U', 'free')(1024)"

    assert refusal(set_up(clone, script=script)).startswith("The disk is full")


def test_without_network_gets_one_sentence(clone: Path) -> None:
    pip = clone / ".venv" / "bin" / "pip"
    script = """
import os
os.environ.update(PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="0", PIP_CONFIG_FILE=os.devnull, PIP_EXTRA_INDEX_URL="")
for name in list(os.environ):
    if name.lower().endswith("_proxy"): del os.environ[name]
"""

    done = set_up(clone, script=script)

    assert refusal(done).startswith("The packages could not be fetched: check the network")
    assert pip.exists()
    assert not (clone / ".venv" / "setup.stamp").exists()


def test_second_time_finds_the_stamp_and_does_nothing(clone: Path) -> None:
    (clone / ".venv").mkdir()
    stamp = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import runpy; print(runpy.run_path({str(clone / 'tools' / 'setup')!r})['stamp_of']())",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    (clone / ".venv" / "setup.stamp").write_text(stamp)

    done = set_up(clone)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_settings_of_tools_do_not_ask_for_a_new_set_up(clone: Path) -> None:
    stamp_of = f"import runpy; print(runpy.run_path({str(clone / 'tools' / 'setup')!r})['stamp_of']())"

    def stamp() -> str:
        return subprocess.run([sys.executable, "-c", stamp_of], capture_output=True, text=True, check=True).stdout

    before = stamp()
    project = clone / "pyproject.toml"
    project.write_text(project.read_text() + '\n[tool.anything]\ncolour = "red"\n')
    assert stamp() == before

    project.write_text(project.read_text().replace('"click>=8.1"', '"click>=8.2"'))
    assert stamp() != before


@pytest.mark.skipif(shutil.which("awk") is None, reason="awk is not installed")
def test_make_help_names_every_public_target() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    for target in ("run", "test", "check", "bench", "format", "clean"):
        assert f"make {target}" in shown
