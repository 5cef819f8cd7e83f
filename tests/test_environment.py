"""The locks agree with pyproject.toml, and the set-up says in one line what it cannot do. Needs no network."""

from __future__ import annotations

import ast
import importlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.corpus import MARK, SHELL

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / "tools"
sys.path.insert(0, str(TOOLS))
install, lock, pins, programs, indexes, wheels = map(
    importlib.import_module, ("install", "lock", "pins", "programs", "indexes", "wheels")
)

BASE_PYTHON = getattr(sys, "_base_executable", sys.executable)
BOUNDS = (3, 11), (3, 14)


@pytest.fixture(scope="module")
def files():
    return lock.Files.read()


# The files that must agree


def test_files_agree(files):
    assert lock.drifts(files) == []


def test_environment_is_what_make_lock_writes(files):
    assert files.environment == lock.environment(files.project, files.lock)


@pytest.mark.parametrize(
    ("field", "old", "new", "noticed"),
    [
        ("project", '">=3.11,<3.14"', '">=3.12,<3.14"', "requirements.lock: not made for Python >=3.12"),
        ("project", '">=3.11,<3.14"', '">=3.11,<3.15"', "pyproject.toml asks for python>=3.11,<3.15"),
        ("environment", "python>=3.11,<3.14", "python>=3.10,<3.14", "environment.yml: conda installs python>=3.10"),
        ("lock", "\nnbclient==", "\nnbclient==1", "environment.yml: nbclient==1"),
        ("lock", "\nnbclient==", "\nnbclient==0.0.", "requirements.lock: nbclient 0.0."),
        ("lock", "\nnbclient==", "\nnbclien==", "requirements.lock: nbclient is missing"),
        ("project", '"jinja2>=3.1",', '"jinja2>=3.1", "absent>=2",', "requirements.lock: absent is missing"),
        ("project", 'requires = ["hatchling"]', 'requires = ["flit"]', "requirements.lock: flit is missing"),
        ("environment", '      - "nbclient==', '      - "nbclient==9', "nbclient==9"),
        ("environment", '      - "nbclient==', '      # "', "of requirements.lock is missing"),
        ("environment", "      - -e .", '      - "extra==1"\n      - -e .', "extra==1 is not in requirements.lock"),
        ("environment", "      - -e .\n", "", "-e . of requirements.lock is missing"),
        ("environment", "  - pip\n", "  - pip\n  - numpy\n", "conda installs python>=3.11,<3.14, pip, numpy"),
        ("lock", "\nnbclient==", "\nhashless==1\nnbclient==", "requirements.lock: hashless==1 has no hash"),
        ("lock", "\nnbclient==", "\nx @ scheme://host/x.whl\nnbclient==", "names an address"),
        ("lock", "\nnbclient==", "\n--index-url=simple\nnbclient==", "names an address or an option"),
        ("lock", "\nnbclient==", "\n-e ../nbclient\nnbclient==", "no name==version"),
        ("uv_lock", "\nuv==", "\nother==1\nuv==", "requirements-uv.lock: should hold uv and nothing else"),
        ("uv_lock", "\nuv==", "\nuv>=", "no name==version"),
        ("uv_lock", "--hash=sha256:", "--hash=md5:", "no name==version"),
        ("project", '">=3.11,<3.14"', '">=3.12,<3.14"', "requirements-bench.lock: not made for Python >=3.12"),
        ("project", '"snakemake>=', '"snakemake>=99', "requirements-bench.lock: snakemake 9"),
        ("bench_lock", "\nsnakemake==", "\nsnakemak==", "requirements-bench.lock: snakemake is missing"),
        (
            "bench_lock",
            "\nsnakemake==",
            "\nhashless==1\nsnakemake==",
            "-bench.lock: hashless==1 has no hash",
        ),
        ("bench_lock", "\nsnakemake==", "\nx @ scheme://host/x.whl\nsnakemake==", "names an address"),
        ("bench_lock", "\nsnakemake==", "\nnbclient==0.0.1\nsnakemake==", "nbclient==0.0.1, but requirements.lock has"),
        ("lock", "\nnbclient==", "\nwrapt==0.0.1\nnbclient==", "but requirements.lock has 0.0.1"),
    ],
)
def test_drift_is_noticed(files, field, old, new, noticed):
    text = getattr(files, field)
    assert old in text
    found = lock.drifts(replace(files, **{field: text.replace(old, new, 1)}))
    assert any(noticed in line for line in found), found


def test_pins_keep_versions_markers_and_hashes():
    text = "# a comment\nnumpy==1.0 ; python_full_version < '3.12' \\\n    --hash=sha256:" + "a" * 64 + "\nsix==1\n"
    numpy, six = lock.pins(text)
    assert (numpy.name, numpy.version, numpy.marker) == ("numpy", "1.0", "python_full_version < '3.12'")
    assert numpy.hashes == ("sha256:" + "a" * 64,)
    assert (str(six), six.hashes) == ("six==1", ())


def test_the_bench_s_lock_has_nothing_that_the_other_has(files):
    one = next(pin for pin in lock.pins(files.lock) if pin.name == "nbclient")
    spoilt = replace(files, bench_lock=files.bench_lock + one.written)
    assert f"requirements-bench.lock: {one} is in requirements.lock already" in lock.drifts(spoilt)


def entry(text):
    return f"{text} \\\n    --hash=sha256:{'a' * 64}\n"


@pytest.mark.parametrize(
    ("there", "wider", "new"),
    [
        (["six==1"], ["six==1", "wrapt==2"], ["wrapt==2"]),
        (["jsonschema[format]==4"], ["JSONschema==4"], []),
        (["colorama==0.4 ; sys_platform == 'win32'"], ["colorama==0.4"], ["colorama==0.4"]),
        (["numpy==1 ; python_full_version < '3.12'", "numpy==2 ; python_full_version >= '3.12'"], ["numpy==2"], []),
        (["six==1 ; os_name != 'nt'"], ["six==1 ; sys_platform == 'linux'"], []),
        ([], ["cffi==2 ; implementation_name == 'pypy'"], []),
        ([], ["old==1 ; python_full_version < '3.11'"], []),
    ],
)
def test_what_is_beyond_a_lock_is_what_some_system_lacks(there, wider, new):
    found = pins.beyond("".join(map(entry, there)), "".join(map(entry, wider)), ">=3.11,<3.14")
    assert [str(pin) for pin in found] == new
    assert all(entry(text) == pin.written for text, pin in zip(new, found, strict=True))


# What the set-up says


@pytest.mark.parametrize("name", ["install.py", "programs.py", "indexes.py", "wheels.py"])
def test_an_old_python_can_read_the_set_up(name):
    assert ast.parse((TOOLS / name).read_text(encoding="utf-8"), feature_version=(3, 6)).body


def test_bounds_are_those_of_pyproject(files):
    assert install.bounds(files.project) == BOUNDS
    with pytest.raises(programs.Stop, match="requires-python cannot be read"):
        install.bounds("[project]\n")


def fake_pythons(monkeypatch, answers):
    monkeypatch.setattr(install, "probe", answers.get)


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0), (4, 0, 0)])
def test_a_python_out_of_bounds_is_named_with_the_remedy(monkeypatch, version):
    fake_pythons(monkeypatch, {"it": (version, "/bin/python3", ["pip"])})
    with pytest.raises(programs.Stop) as error:
        install.choose(["it", "absent"], *BOUNDS)
    said = str(error.value)
    assert said.startswith("Python 3.11, 3.12 or 3.13 is needed; /bin/python3 is {}.{}.{}.".format(*version))
    assert "make PYTHON=/path/to/python3.13" in said
    assert "\n" not in said


def test_the_first_python_that_fits_is_taken(monkeypatch):
    good = ((3, 12, 1), "/bin/python3.12", ["ensurepip"])
    old = ((3, 9, 2), "/bin/python3", ["pip"])
    bare = ((3, 13, 0), "/bin/python3.13", [])
    fake_pythons(monkeypatch, {"old": old, "bare": bare, "good": good})
    assert install.choose(["absent", "old", "bare", "good"], *BOUNDS) == good


def test_without_pip_and_venv_the_package_to_install_is_named(monkeypatch):
    fake_pythons(monkeypatch, {"it": ((3, 11, 2), "/bin/python3", [])})
    with pytest.raises(programs.Stop, match=r"/bin/python3 has neither pip nor venv.*apt install python3-venv"):
        install.choose(["it"], *BOUNDS)


def test_probe_asks_the_python_itself():
    version, path, _ = install.probe(BASE_PYTHON)
    assert version == sys.version_info[:3]
    assert Path(path).exists()
    assert install.probe("/no/such/python") is None


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("  cause: failed to copy file: No space left on device (os error 28)", "the disk is full"),
        ("[Errno 28] No space left on device: '.cache/x'", "the disk is full"),
        ("[Errno 13] Permission denied: '.cache'", "a file may not be written"),
        ("  cause: failed to create directory: Read-only file system (os error 30)", "a file may not be written"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one that the lock"),
        ("  cause: Hash mismatch for `h11==0.16.0`", "not the one that the lock"),
        ("  cause: invalid peer certificate: UnknownIssuer", "certificate is not trusted"),
        ("error: Failed to fetch: simple/six/", "cannot be reached"),
        ("  cause: Because x==1 has no usable wheels and you require x==1", "no file of a locked package"),
    ],
)
def test_failures_are_explained_in_one_line(said, meaning):
    error = programs.explain("Doing it", ["Resolved 3 packages\n", said + "\n", "more\n"])
    assert meaning in str(error)
    assert str(error).startswith("Doing it: ")
    assert "\n" not in str(error)
    assert isinstance(error, programs.Unreachable) == ("reached" in meaning)


def test_an_unknown_failure_shows_the_program_s_own_words():
    error = programs.explain("Doing it", ["error: odd\n", "  cause: odder\n"], " Details: log.")
    assert str(error) == "Doing it failed: error: odd; cause: odder. Details: log."


def test_an_unwritable_folder_is_one_line(monkeypatch, capsys, tmp_path):
    def refuse(path, **_):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(install, "ROOT", str(tmp_path))
    monkeypatch.setattr(install.os, "makedirs", refuse)
    monkeypatch.setattr(install.signal, "signal", lambda *_: None)
    assert install.main() == 2
    said = capsys.readouterr().err
    assert said.startswith("Setting up .venv: a file may not be written ([Errno 13] Permission denied: '.cache').")
    assert said.count("\n") == 1


# What the user told pip


def test_uv_is_told_what_pip_was_told(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith(("UV_", "SSL_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", "elsewhere")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    settings = {"index-url": "mirror", "extra-index-url": "one\ntwo", "find-links": "a b", "cert": "my certs.pem"}
    variables = indexes.uv_environment(settings)
    assert variables["UV_DEFAULT_INDEX"] == "mirror"
    assert variables["UV_INDEX"] == "one two"
    assert variables["UV_FIND_LINKS"] == "a,b"
    assert variables["SSL_CERT_FILE"] == "my certs.pem"
    assert not {"UV_PROJECT_ENVIRONMENT", "SOURCE_DATE_EPOCH"} & set(variables)
    monkeypatch.setenv("UV_INDEX_URL", "own")
    variables = indexes.uv_environment(settings)
    assert variables["UV_INDEX_URL"] == "own"
    assert "UV_DEFAULT_INDEX" not in variables
    assert variables["SSL_CERT_FILE"] == "my certs.pem"


# The set-up as a whole, in a folder with a space and an umlaut, with a stand-in for uv

STAND_IN = """\
#!/bin/sh
echo "$1 $2" >> calls
case "$1 $2" in
    "venv "*) rm -rf .venv; mkdir -p .venv/bin; ln -s "$STAND_IN_PYTHON" .venv/bin/python ;;
    "pip sync") eval "$STAND_IN_SYNC" ;;
    "pip install") eval "$STAND_IN_INSTALL" ;;
esac
"""


class Project:
    """A copy of what the set-up needs, and a way to run it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        kernel = Path("src/reissue/build/kernels/kernelspec/kernel.json")
        locks = ("requirements.lock", "requirements-uv.lock", "requirements-bench.lock")
        for name in ("pyproject.toml", "Makefile", *locks, "tools", kernel):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
            copy(ROOT / name, root / name)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_", "MAKE", "MFLAGS"))}
        self.variables = kept | {"PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0", "STAND_IN_PYTHON": BASE_PYTHON}
        self.variables |= {"XDG_CACHE_HOME": str(root / "cache"), "STAND_IN_SYNC": ":", "STAND_IN_INSTALL": ":"}

    def give_uv(self) -> None:
        folder = self.root / ".cache/uv/bin"
        folder.mkdir(parents=True)
        (folder / "uv").write_text(STAND_IN, encoding="utf-8")
        (folder / "uv").chmod(0o755)
        shutil.copyfile(self.root / "requirements-uv.lock", folder.parent / "requirements-uv.lock")

    def start(self, *command: str, **variables: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        variables = self.variables | variables
        return subprocess.Popen(command, cwd=self.root, env=variables, stdout=pipe, stderr=pipe, text=True)

    def run(self, *command: str, **variables: str) -> tuple[int, str, str]:
        process = self.start(*command, **variables)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def set_up(self, **variables: str) -> tuple[int, str, str]:
        return self.run(BASE_PYTHON, "tools/install.py", **variables)

    @property
    def calls(self) -> list[str]:
        """What the stand-in was asked for since the last time."""
        file = self.root / "calls"
        calls = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return [call.split(" --")[0] for call in calls]

    @property
    def stamp(self) -> Path:
        return self.root / ".venv" / "installed"


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path / "Zürich neu")


def test_without_a_network_one_line_says_so(project):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        code, out, err = project.set_up(PIP_PROXY=f"127.0.0.1:{closed.getsockname()[1]}")
    assert code == 2
    assert out.startswith("Setting up .venv, once: up to ")
    assert err.startswith("Fetching uv with pip: the package index cannot be reached (")
    assert err.count("\n") == 1
    assert not project.stamp.exists()


def test_the_set_up_from_nothing_to_updates(project):
    project.give_uv()
    code, out, err = project.set_up()
    assert (code, err) == (0, "")
    assert "packages" in out.splitlines()[0]
    assert project.calls == ["venv", "pip sync", "pip install"]
    assert project.stamp.exists()
    assert project.set_up() == (0, "", "")
    assert project.calls == []

    # Another pyproject.toml with the same lock needs no network.
    with (project.root / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert project.set_up()[0] == 0
    assert project.calls == ["pip install"]

    # A new lock that cannot be downloaded leaves what was there.
    with (project.root / "requirements.lock").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    before = project.stamp.stat().st_mtime_ns
    code, _, err = project.set_up(STAND_IN_SYNC="echo 'error: Failed to fetch: six'; exit 2")
    assert code == 2
    assert err.startswith("Installing the packages: the package index cannot be reached (Failed to fetch: six).")
    assert project.stamp.stat().st_mtime_ns == before
    assert project.calls == ["pip sync"]

    # One that fails half-way is made anew.
    code, _, err = project.set_up(STAND_IN_SYNC="echo 'error: No space left on device (os error 28)'; exit 2")
    assert code == 2
    assert "the disk is full" in err
    assert not project.stamp.exists()
    assert project.calls == ["pip sync"]
    assert project.set_up()[0] == 0
    assert project.calls == ["venv", "pip sync", "pip install"]


def test_an_interrupted_set_up_leaves_no_stamp(project):
    project.give_uv()
    process = project.start(BASE_PYTHON, "tools/install.py", STAND_IN_SYNC="touch syncing; exec sleep 30")
    while not (project.root / "syncing").exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=5)
    assert process.returncode == 130
    assert err == "Interrupted: .venv is not finished. Run make again.\n"
    assert not project.stamp.exists()


def test_what_the_bench_compares_with_is_installed_once_and_apart(project):
    def fetch(**variables):
        return project.run(BASE_PYTHON, "tools/bench_packages.py", **variables)

    project.give_uv()
    code, out, err = fetch(STAND_IN_INSTALL="echo 'error: Failed to fetch: simple/six/'; exit 2")
    assert (code, out) == (2, "")
    assert err.startswith("Installing what the bench compares with: the package index cannot be reached (")
    assert err.count("\n") == 1
    assert project.calls == ["pip install"]

    folder = project.root / ".cache" / "bench-packages"
    installing = {"STAND_IN_INSTALL": 'mkdir -p "$6"; touch "$6/module.py"'}
    assert fetch(**installing)[0] == 0
    assert (folder / "module.py").exists()
    assert project.calls == ["pip install"]
    assert fetch(**installing) == (0, "", "")
    assert project.calls == []

    # Another lock asks for another folder, and one that cannot be had leaves what was there.
    with (project.root / "requirements-bench.lock").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert fetch(STAND_IN_INSTALL="exit 2")[0] == 2
    assert (folder / "module.py").exists()
    assert fetch(**installing)[0] == 0


# What Make adds

needs_make = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


def make(project: Project, *arguments: str, **variables: str) -> tuple[int, str, str]:
    return project.run("make", "--no-print-directory", *arguments, **variables)


@needs_make
def test_make_starts_nothing_where_nothing_is_to_do(project):
    project.give_uv()
    assert make(project, "install", f"PYTHON={BASE_PYTHON}")[0] == 0
    assert project.stamp.exists()
    assert make(project, "--question", "install") == (0, "", "")
    moved = project.root.with_name("moved & gone")
    project.root.rename(moved)
    project.root = moved
    assert make(project, "--question", "install")[0] == 1


@needs_make
def test_make_names_a_missing_python_and_a_wrong_folder(project):
    code, _, err = make(project, "install", "PYTHON=no-such-python")
    assert code == 2
    assert err.startswith("no-such-python does not run or is far too old. Install Python >=3.11,<3.14 (")
    (project.root / "tools" / "install.py").unlink()
    code, _, err = make(project)
    assert code == 2
    assert "run make in the project's own folder" in err


@needs_make
@pytest.mark.parametrize("value", SHELL.values(), ids=SHELL)
def test_a_python_is_a_name_and_no_command(project, value):
    code, _, err = make(project, "install", f"PYTHON={value}")
    assert code == 2
    assert value.splitlines()[0] in err
    assert "does not run or is far too old" in err
    assert not list(project.root.parent.rglob(f"*{MARK}*"))


@needs_make
def test_recipes_see_only_what_is_meant_for_them(project):
    (project.root / "show.mk").write_text("include Makefile\nshow:\n\t@env\n", encoding="utf-8")
    mistaken = {"PYTHONPATH": "x", "PYTHONHOME": "x", "PYTHONDONTWRITEBYTECODE": "1", "MPLBACKEND": "x"}
    code, out, _ = project.run("make", "-f", "show.mk", "show", **mistaken)
    assert code == 0
    assert not set(mistaken) & {line.split("=", 1)[0] for line in out.splitlines()}
