"""Make the virtual environment and install requirements into it, once.

Run with any Python from 3.11 on: `python3 tools/install.py requirements.txt`. Nothing happens
when the same requirements are installed already; a second run at the same time waits for the
first. Needs the standard library only.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"


def main(names: list[str]) -> None:
    """Install the named requirements files."""
    with Path(__file__).open() as lock:  # any file that is always there serves as the lock
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = fingerprint(names)
        stamp = ENVIRONMENT / f"installed-{'-'.join(Path(name).stem for name in names)}"
        if works() and stamp.is_file() and stamp.read_text() == wanted:
            return
        if not works():
            shutil.rmtree(ENVIRONMENT, ignore_errors=True)
            say("Making the virtual environment in .venv ...")
            venv.create(ENVIRONMENT, with_pip=True)
        say("Installing what the platform needs; the first time takes some minutes ...")
        files = [part for name in names for part in ("-r", name)]
        pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, "--no-input", *files], cwd=ROOT, check=True)  # noqa: S603
        stamp.write_text(wanted)


def works() -> bool:
    """Whether the environment is there and its Python, which may have moved, still starts."""
    if not PYTHON.exists():
        return False
    command = [str(PYTHON), "-c", "import pip"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603


def fingerprint(names: list[str]) -> str:
    """Return a hash of the named files and of those that they include."""
    digest = hashlib.sha256()
    for name in names:
        text = (ROOT / name).read_text()
        digest.update(text.encode())
        for line in text.splitlines():
            if line.startswith("-r "):
                digest.update(fingerprint([line.removeprefix("-r ").strip()]).encode())
    return digest.hexdigest()


def say(message: str) -> None:
    """Tell the person who waits."""
    print(message, flush=True)  # noqa: T201


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except subprocess.CalledProcessError:
        sys.exit("Installing failed; the lines above say why. Run the same command again.")
