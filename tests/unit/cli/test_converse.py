"""`converse` says how each script went, and ends with the exit code that goes with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from actions.settings import get_settings
from bot.cli.converse import app
from bot.converse import playing
from tests.unit.converse.fake_demo import fake_demo

GOOD = "conversation: it goes well\ncontact: tom\nsteps: [contact: hi, assistant: All right]\n"
OTHERWISE = "conversation: it goes otherwise\ncontact: tom\nsteps: [contact: hi, assistant: {asks: email}]\n"
MALFORMED = "conversation: it is wrong\ncontact: tom\nsteps: [contact: hi, asistant: x]\n"


@pytest.fixture(autouse=True)
def nothing_runs_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIGHTLINE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(playing, "LATE_SECONDS", 0.1)
    get_settings.cache_clear()


def run(tmp_path: Path, *texts: str, options: tuple[str, ...] = ()) -> Result:
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.yml").write_text(text)
    with fake_demo() as fake:
        return CliRunner().invoke(app, [str(tmp_path), "--url", fake.address, *options])


def test_all_as_written_is_success(tmp_path: Path) -> None:
    done = run(tmp_path, GOOD)
    assert done.exit_code == 0
    assert "ok     it goes well" in done.output
    assert "1 of 1 scripts went as written" in done.output


def test_a_failure_is_shown_and_the_rest_is_played(tmp_path: Path) -> None:
    done = run(tmp_path, OTHERWISE, GOOD)
    assert done.exit_code == 1
    for part in (
        "FAILED it goes otherwise",
        "0.yml:3:",
        "asks for nothing, not for email",
        "ok     it goes well",
    ):
        assert part in done.output
    assert "1 of 2 scripts went as written" in done.output


def test_a_malformed_script_stops_before_anything_is_played(tmp_path: Path) -> None:
    done = run(tmp_path, GOOD, MALFORMED)
    assert done.exit_code == 2
    assert "1.yml:3: a step has no 'asistant'. Did you mean 'assistant'?" in done.output
    assert "it goes well" not in done.output


def test_checking_plays_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, GOOD, OTHERWISE, options=("--check",))
    assert done.exit_code == 0
    assert "2 scripts are well-formed" in done.output
    assert run(tmp_path, MALFORMED, options=("--check",)).exit_code == 2


def test_no_script_at_all_is_said(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.exit_code == 2
    assert "there is no script here" in done.output


def test_a_demo_that_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "0.yml").write_text(GOOD)
    done = CliRunner().invoke(app, [str(tmp_path), "--url", "http://127.0.0.1:1"])
    assert done.exit_code == 1
    assert "cannot be reached" in done.output


def test_what_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "0.yml").write_text(GOOD)
    with fake_demo() as fake:
        fake.only_production = True
        done = CliRunner().invoke(app, [str(tmp_path), "--url", fake.address])
    assert done.exit_code == 1
    assert "scripts play against a demo only" in done.output
