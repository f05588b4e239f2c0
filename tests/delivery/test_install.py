"""`make` on a fresh machine: the environment is made once, also when asked twice at a time."""

import importlib.util
import subprocess
import sys
import threading
import venv
from pathlib import Path
from types import ModuleType

import pytest

from interview.settings import ROOT


def make_environment(folder: Path, with_pip: bool) -> None:
    """Make an environment with an empty pip, which takes a fraction of the time."""
    assert with_pip
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    (next(folder.glob("lib/python*/site-packages")) / "pip.py").touch()


@pytest.fixture
def install(tmp_path, monkeypatch) -> ModuleType:
    """`tools/install.py`, working in an empty project whose pip notes what it was asked."""
    spec = importlib.util.spec_from_file_location("install", ROOT / "tools" / "install.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements.txt").write_text("flask\n")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\npytest\n")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module.venv, "create", make_environment)
    module.calls = []
    run = subprocess.run

    def note(command, **options):
        if "install" not in command:
            return run(command, **options)
        module.calls.append([part for part in command if part.endswith(".txt")])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(module.subprocess, "run", note)
    return module


def test_the_first_run_makes_the_environment_and_installs(install):
    install.main(["requirements.txt"])
    assert install.PYTHON.exists()
    assert install.calls == [["requirements.txt"]]


def test_a_second_run_does_nothing(install):
    install.main(["requirements.txt"])
    install.main(["requirements.txt"])
    assert len(install.calls) == 1


def test_a_changed_file_or_one_that_it_includes_is_installed_again(install):
    install.main(["requirements-dev.txt"])
    (install.ROOT / "requirements.txt").write_text("flask\nredis\n")
    install.main(["requirements-dev.txt"])
    assert len(install.calls) == 2


def test_a_run_that_failed_is_repeated(install, monkeypatch):
    good = install.subprocess.run

    def fail(command, **options):
        if "install" in command:
            raise subprocess.CalledProcessError(1, command)
        return good(command, **options)

    with monkeypatch.context() as patch:
        patch.setattr(install.subprocess, "run", fail)
        with pytest.raises(subprocess.CalledProcessError):
            install.main(["requirements.txt"])
    install.main(["requirements.txt"])
    assert len(install.calls) == 1


def test_an_environment_whose_python_is_gone_is_made_anew(install):
    install.main(["requirements.txt"])
    install.PYTHON.unlink()
    install.PYTHON.symlink_to("/nowhere/python3")
    install.main(["requirements.txt"])
    assert len(install.calls) == 2
    assert install.works()


def test_two_runs_at_the_same_time_install_once(install):
    runs = [threading.Thread(target=install.main, args=(["requirements.txt"],)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert len(install.calls) == 1


@pytest.mark.parametrize("command", ["run", "test", "train", "bench", "admin"])
def test_make_knows_the_command_and_lists_it_in_its_help(command):
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert f"make {command} " in done.stdout
    subprocess.run(
        ["make", "--dry-run", command, "EMAIL=x@example.org", f"PYTHON={sys.executable}"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )


def test_make_admin_asks_for_an_address():
    done = subprocess.run(
        ["make", "--dry-run", "admin"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "make admin EMAIL=you@example.org" in done.stdout
