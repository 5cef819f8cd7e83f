"""The lock agrees with pyproject.toml, and the set-up reports in one line what it cannot do. Needs no network."""

import ast
import importlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

from tests.corpus import MARK, SHELL
from tests.wheelhouse import lock_entry, write_wheel

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / "tools"
sys.path.insert(0, str(TOOLS))
install, lock, programs = map(importlib.import_module, ("install", "lock", "programs"))

BASE_PYTHON = getattr(sys, "_base_executable", sys.executable)
MINORS = [11, 12, 13]
FILES = ("pyproject.toml", "requirements.lock", "environment.yml")


def read_files() -> dict[str, str]:
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in FILES}


# The files that must agree


def test_files_agree():
    assert list(lock.find_drift(*read_files().values())) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "noticed"),
    [
        ("pyproject.toml", '">=3.11,<3.14"', '">=3.12,<3.14"', "requirements.lock: not made for Python >=3.12"),
        ("pyproject.toml", '"jinja2>=3.1",', '"jinja2>=3.1", "absent>=2",', "requirements.lock: absent none"),
        ("pyproject.toml", 'requires = ["hatchling"]', 'requires = ["flit"]', "requirements.lock: flit none"),
        ("requirements.lock", "\nnbclient==", "\nnbclient==0.0.", "requirements.lock: nbclient 0.0."),
        ("requirements.lock", "\nnbclient==", "\nx @ scheme://host/x.whl\nnbclient==", "neither name==version nor"),
        ("requirements.lock", "\nnbclient==", "\n--index-url=simple\nnbclient==", "neither name==version nor a hash"),
        ("requirements.lock", "\nnbclient==", "\nhashless==1\nnbclient==", "neither name==version nor a hash"),
        ("requirements.lock", "--hash=sha256:", "--hash=md5:", "neither name==version nor a hash"),
        ("environment.yml", "python>=3.11,<3.14", "python>=3.10,<3.14", "environment.yml: not what make lock writes"),
        (
            "environment.yml",
            '      - "nbclient==',
            '      - "nbclient==9',
            "environment.yml: not what make lock writes",
        ),
    ],
)
def test_drift_is_noticed(file, old, new, noticed):
    files = read_files()
    assert old in files[file]
    files[file] = files[file].replace(old, new, 1)
    found = list(lock.find_drift(*files.values()))
    assert any(noticed in line for line in found), found


# Which Python


@pytest.mark.parametrize("name", ["install.py", "programs.py"])
def test_an_old_python_can_read_the_set_up(name):
    assert ast.parse((TOOLS / name).read_text(encoding="utf-8"), feature_version=(3, 6)).body


def test_bounds_are_those_of_pyproject_and_of_the_wheels(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(ROOT / "pyproject.toml", "pyproject.toml")
    assert install.read_bounds() == MINORS
    write_wheel(Path("wheels"), "one", tag="cp312-cp312-linux_x86_64")
    assert install.read_bounds() == [12]
    Path("pyproject.toml").write_text("[project]\n")
    with pytest.raises(programs.Stop, match="cannot read requires-python"):
        install.read_bounds()


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0), (4, 0, 0)])
def test_a_python_out_of_bounds_is_named_with_the_remedy(monkeypatch, version):
    monkeypatch.setattr(install, "probe", {"it": (version, "/bin/python3")}.get)
    with pytest.raises(programs.Stop) as error:
        install.choose_python(["it", "absent"], MINORS)
    line = str(error.value)
    assert line.startswith("Python 3.11, 3.12 or 3.13 is needed; /bin/python3 is {}.{}.{}.".format(*version))
    assert "make PYTHON=/path/to/python3.13" in line
    assert "\n" not in line


def test_the_first_python_that_fits_is_taken(monkeypatch):
    good, old = ((3, 12, 1), "/bin/python3.12"), ((3, 9, 2), "/bin/python3")
    monkeypatch.setattr(install, "probe", {"old": old, "good": good}.get)
    assert install.choose_python(["absent", "old", "good"], MINORS) == good


def test_probe_asks_the_python_itself():
    version, path = install.probe(BASE_PYTHON)
    assert version == sys.version_info[:3]
    assert Path(path).exists()
    assert install.probe("/no/such/python") is None


# What went wrong


@pytest.mark.parametrize(
    ("printed", "meaning"),
    [
        ("  cause: failed to copy file: No space left on device (os error 28)", "the disk is full"),
        ("[Errno 28] No space left on device: '.cache/x'", "the disk is full"),
        ("[Errno 13] Permission denied: '.cache'", "a file cannot be written"),
        ("  cause: failed to create directory: Read-only file system (os error 30)", "a file cannot be written"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one that the lock"),
        ("  cause: Hash mismatch for `h11==0.16.0`", "not the one that the lock"),
        ("  cause: invalid peer certificate: UnknownIssuer", "certificate is not trusted"),
        ("error: Failed to fetch: simple/six/", "cannot be reached"),
        ("  cause: Because x==1 has no usable wheels and you require x==1", "no file of a locked package"),
        ("ERROR: No matching distribution found for uv==0.13.9", "no file of a locked package"),
        ("The virtual environment was not created because ensurepip is not available.", "this Python has no venv"),
        ("/usr/bin/python3: No module named venv", "this Python has no venv"),
    ],
)
def test_failures_are_explained_in_one_line(printed, meaning):
    error = programs.explain("Installing", ["Resolved 3 packages\n", printed + "\n", "more\n"])
    assert meaning in str(error)
    assert str(error).startswith("Installing: ")
    assert "\n" not in str(error)
    assert isinstance(error, programs.Unreachable) == ("reached" in meaning)


def test_an_unknown_failure_shows_the_program_s_own_words():
    error = programs.explain("Installing", ["error: odd\n", "more\n"])
    assert str(error) == "Installing failed: error: odd. Details: .cache/install.log."


def test_uv_looks_where_pip_is_configured_to_look(monkeypatch, tmp_path):
    config = tmp_path / "pip.conf"
    config.write_text("[global]\nindex-url = mirror\nextra-index-url = one\n  two\nfind-links = a b\n")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    monkeypatch.setenv("PIP_CERT", "certs.pem")
    monkeypatch.setattr(install, "PYTHON", sys.executable)
    settings = install.read_pip_settings()
    assert settings["UV_DEFAULT_INDEX"] == "mirror"
    assert settings["UV_INDEX"] == "one two"
    assert settings["UV_FIND_LINKS"] == "a,b"
    assert settings["SSL_CERT_FILE"] == "certs.pem"


# The set-up as a whole, in a folder with a space and an umlaut, from an archive's wheels with a stand-in for uv

STAND_IN = """\
#!/bin/sh
echo "$1 $2" >> calls
eval "$STAND_IN_SYNC"
"""


class Project:
    """A copy of what the set-up needs, and a way to run it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("pyproject.toml", "Makefile", "README.md", "LICENSE", "LICENSE-DATA", "tools", "src"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
            copy(ROOT / name, root / name)
        wheels = root / "wheels"
        write_wheel(wheels, "one", tag=f"cp3{sys.version_info.minor}-cp3{sys.version_info.minor}-linux_x86_64")
        (root / "requirements.lock").write_text(lock_entry(write_wheel(wheels, "uv", script=STAND_IN)))
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_", "MAKE", "MFLAGS"))}
        # The real environment's hatchling is found by the new one, too.
        path_file = f"echo '{sysconfig.get_path('purelib')}' > \"$(ls -d .venv/lib/python3*)/site-packages/found.pth\""
        self.variables = kept | {"PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0", "STAND_IN_SYNC": path_file}

    def start(self, *command: str, **variables: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        variables = self.variables | variables
        return subprocess.Popen(command, cwd=self.root, env=variables, stdout=pipe, stderr=pipe, text=True)

    def run(self, *command: str, **variables: str) -> tuple[int, str, str]:
        process = self.start(*command, **variables)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def set_up(self, **variables: str) -> tuple[int, str, str]:
        return self.run(BASE_PYTHON, "tools/install.py", **variables)

    def make(self, *arguments: str, **variables: str) -> tuple[int, str, str]:
        return self.run("make", "--no-print-directory", *arguments, **variables)

    def change(self, name: str) -> None:
        with (self.root / name).open("a", encoding="utf-8") as file:
            file.write("# changed\n")

    def count_syncs(self) -> int:
        """Return how often the stand-in was run since the last time."""
        file = self.root / "calls"
        count = file.read_text(encoding="utf-8").count("pip sync\n") if file.exists() else 0
        file.unlink(missing_ok=True)
        return count

    @property
    def stamp(self) -> Path:
        return self.root / ".venv" / "installed"


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path / "Zürich neu")


def test_the_set_up_from_nothing_to_updates(project):
    code, out, err = project.make("install", f"PYTHON={BASE_PYTHON}")
    assert (code, err) == (0, "")
    assert "from wheels/, without a network" in out.splitlines()[0]
    assert project.count_syncs() == 1
    assert project.make("--question", "install") == (0, "", "")
    imported = project.run(".venv/bin/python", "-c", "import iucresearch; print(iucresearch.__file__)")
    assert imported[1].strip() == str(project.root / "src" / "iucresearch" / "__init__.py")

    # Another pyproject.toml with the same lock needs no packages.
    project.change("pyproject.toml")
    assert project.set_up()[0] == 0
    assert project.count_syncs() == 0

    # A new lock that cannot be downloaded leaves what was there.
    project.change("requirements.lock")
    before = project.stamp.read_text()
    code, _, err = project.set_up(STAND_IN_SYNC="echo 'error: Failed to fetch: six'; exit 2")
    assert code == 2
    assert err.startswith("Installing the packages: the package index cannot be reached (Failed to fetch: six).")
    assert project.stamp.read_text() == before

    # A folder that was moved needs another set-up.
    root, project.root = project.root, project.root.with_name("moved & gone")
    root.rename(project.root)
    assert project.make("--question", "install")[0] == 1
    project.root.rename(root)
    project.root = root

    # A set-up that was interrupted has no stamp: it starts again.
    waiting = project.start(BASE_PYTHON, "tools/install.py", STAND_IN_SYNC="touch syncing; exec sleep 30")
    while not (project.root / "syncing").exists():
        assert waiting.poll() is None
        time.sleep(0.02)
    waiting.send_signal(signal.SIGTERM)
    assert waiting.communicate(timeout=5)[1] == "Setting up .venv was interrupted. Run make again.\n"
    assert waiting.returncode == 130
    assert not project.stamp.exists()


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """An empty project whose packages this environment's pip would install."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(install, "ROOT", str(tmp_path))
    monkeypatch.setattr(install, "PYTHON", sys.executable)
    monkeypatch.setattr(install.signal, "signal", lambda *_: None)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    (tmp_path / "requirements.lock").write_text(lock_entry(write_wheel(tmp_path / "wheels", "uv", "0.0.1")))
    return tmp_path


def read_one_line(capsys):
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    return line


def test_without_a_network_one_line_says_so(folder, monkeypatch, capsys):
    shutil.rmtree(folder / "wheels")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PIP_PROXY", f"127.0.0.1:{closed.getsockname()[1]}")
        assert install.main(install.install_packages) == 2
    line = read_one_line(capsys)
    assert line.startswith("Installing uv with pip: the package index cannot be reached (")


def test_a_wheel_that_the_lock_does_not_name_is_one_line(folder, capsys):
    write_wheel(folder / "wheels", "uv", "0.0.1", script="#!/bin/sh\n")
    assert install.main(install.install_packages) == 2
    line = read_one_line(capsys)
    assert line.startswith("Installing uv with pip: a file is not the one that the lock expects (")


def test_an_unwritable_folder_is_one_line(folder, monkeypatch, capsys):
    def refuse(path, **_):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(install.os, "makedirs", refuse)
    assert install.main() == 2
    line = read_one_line(capsys)
    assert line.startswith("Setting up .venv: a file cannot be written ([Errno 13] Permission denied: '.cache').")


# What Make adds


def test_make_names_a_missing_python_and_a_wrong_folder(project):
    code, _, err = project.make("install", "PYTHON=no-such-python")
    assert code == 2
    assert err.startswith("no-such-python does not run or is far too old. Install Python >=3.11,<3.14 (")
    (project.root / "tools" / "install.py").unlink()
    code, _, err = project.make()
    assert code == 2
    assert "run make in the project's own folder" in err


@pytest.mark.parametrize("value", SHELL.values(), ids=SHELL)
def test_a_python_is_a_name_and_no_command(project, value):
    code, _, err = project.make("install", f"PYTHON={value}")
    assert code == 2
    assert value.splitlines()[0] in err
    assert "does not run or is far too old" in err
    assert not list(project.root.parent.rglob(f"*{MARK}*"))


def test_recipes_see_only_what_is_meant_for_them(project):
    (project.root / "show.mk").write_text("include Makefile\nshow:\n\t@env\n", encoding="utf-8")
    mistaken = {"PYTHONPATH": "x", "PYTHONHOME": "x", "PYTHONDONTWRITEBYTECODE": "1", "MPLBACKEND": "x"}
    code, out, _ = project.run("make", "-f", "show.mk", "show", **mistaken)
    assert code == 0
    assert not set(mistaken) & {line.split("=", 1)[0] for line in out.splitlines()}
