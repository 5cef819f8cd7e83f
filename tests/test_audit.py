"""`make audit`: none known, some known, or nothing known, which is never taken for none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from iucresearch import audit, cli, paths
from iucresearch.errors import InputError

#: As pip-audit 2.10 writes it, descriptions shortened.
REPORT = {
    "dependencies": [
        {
            "name": "jinja2",
            "version": "2.4.1",
            "vulns": [
                {"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"], "aliases": ["CVE-2019-10906"], "description": "x"},
                {"id": "PYSEC-0000-1", "fix_versions": [], "aliases": [], "description": "two\nlines"},
            ],
        },
        {"name": "pandas", "version": "3.1.1", "vulns": []},
    ],
    "fixes": [],
}
SKIPPED = {"name": "own", "skip_reason": "Dependency not found on PyPI and could not be audited: own (1.0)"}


def outcome(
    report: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], said: str = ""
) -> tuple[int, str, str]:
    text = report if isinstance(report, str) else json.dumps(report)
    done = subprocess.CompletedProcess([], 1, text, said)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    status = cli.call(["audit"])
    out, err = capsys.readouterr()
    return status, out, err


def test_each_vulnerability_is_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = outcome(REPORT, monkeypatch, capsys)
    assert (status, err) == (1, "")
    assert out.splitlines() == [
        "jinja2 2.4.1: PYSEC-2019-217, fixed in 2.10.1",
        "jinja2 2.4.1: PYSEC-0000-1, fixed in no version yet",
        "2 known vulnerabilities in 2 packages of requirements.lock",
    ]


def test_none_known(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = outcome({"dependencies": REPORT["dependencies"][1:]}, monkeypatch, capsys)
    assert (status, out, err) == (0, "0 known vulnerabilities in 1 packages of requirements.lock\n", "")


def test_what_could_not_be_asked_is_not_taken_for_safe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = outcome({"dependencies": [*REPORT["dependencies"][1:], SKIPPED]}, monkeypatch, capsys)
    assert status == 2
    assert (
        err
        == "iucresearch: nothing is known of own: Dependency not found on PyPI and could not be audited: own (1.0)\n"
    )
    assert out.endswith("; 1 could not be checked\n")
    assert outcome({"dependencies": [*REPORT["dependencies"], SKIPPED]}, monkeypatch, capsys)[0] == 1


@pytest.mark.parametrize(
    "report",
    [
        "",
        "no JSON",
        json.dumps({"dependencies": []})[:-1],
        "{}",
        "[]",
        "null",
        '{"dependencies": [1]}',
        '{"dependencies": [{"name": "a"}]}',
    ],
)
def test_no_report_is_one_line(
    report: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "Traceback\n  File x\nERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed\n\n"
    status, out, err = outcome(report, monkeypatch, capsys, said)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "could not reach its data (Could not connect to PyPI's vulnerability feed)" in err
    assert "Nothing is known about the lock" in err


def test_a_lock_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        audit.audited(tmp_path / "requirements.lock")


def test_without_pip_audit_it_is_one_line_and_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "find_spec", lambda _: None)
    status, out, err = outcome(REPORT, monkeypatch, capsys)
    assert (status, out, err) == (2, "", "iucresearch: pip-audit is not installed. run make install.\n")


def test_without_a_network_it_is_one_line_and_2() -> None:
    """The real program, sent where nobody answers: whatever pip-audit says of it, nothing is known."""
    nobody = dict.fromkeys(
        ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"), "http://127.0.0.1:9"
    )
    done = subprocess.run(
        [sys.executable, "-m", "iucresearch", "audit"],
        cwd=paths.ROOT,
        env={"PATH": "/usr/bin:/bin", **nobody},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("iucresearch: make audit could not reach its data (")
    assert done.stderr.count("\n") == 1


def test_who_knows_no_package_at_all_is_not_the_database(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = outcome({"dependencies": [SKIPPED, SKIPPED]}, monkeypatch, capsys)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "could not reach its data (no package is known to whoever answered" in err
