"""compose.yaml and the systemd units name what is there: modules, settings, files, users."""

from __future__ import annotations

import configparser
import importlib.util
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.settings import Settings, variable
from bot.paths import PROJECT
from bot.supervisor.layout import ENGINE_MAY_SEE, ENGINE_SETTINGS, ENGINE_SUITS
from tests.support.components import SYSTEMD, require

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
UNITS = sorted((PROJECT / "deploy" / "systemd").glob("*.service"))
KNOWN = {variable(field) for field in Settings.model_fields}
SECRETS = ("RIGHTLINE_KEY", "RIGHTLINE_DATABASE_URL", "RIGHTLINE_SMTP_PASSWORD", "RIGHTLINE_FINGERPRINT_KEYS")


class Unit(configparser.RawConfigParser):
    """A unit: its keys keep their case and may come more than once."""

    def __init__(self) -> None:
        super().__init__(strict=False)

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def unit(path: Path) -> Unit:
    parsed = Unit()
    parsed.read_string(path.read_text(encoding="utf-8"))
    return parsed


def commands(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("ExecStart="):
            yield shlex.split(line.removeprefix("ExecStart="))


def modules(words: list[str]) -> list[str]:
    """The modules that a command runs with `python -m`."""
    return re.findall(r"python(?:\S*)? -m ([\w.]+)", " ".join(words))


def module_exists(name: str) -> bool:
    path = PROJECT / name.replace(".", "/")
    return (path / "__main__.py").is_file() or path.with_suffix(".py").is_file()


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if "command" in service])
def test_every_command_of_compose_runs_a_module_that_exists(name: str) -> None:
    if not SERVICES[name].get("image", "").startswith("rightline"):
        return
    named = modules(SERVICES[name]["command"])
    assert named
    assert all(module_exists(module) for module in named)


@pytest.mark.parametrize("name", list(SERVICES))
def test_every_setting_of_compose_is_one_of_ours(name: str) -> None:
    given = {key for key in SERVICES[name].get("environment", {}) if key.startswith("RIGHTLINE_")}
    assert given <= KNOWN
    if name == "engine":
        assert not given & set(SECRETS)
        assert all(key.startswith((*ENGINE_MAY_SEE, *ENGINE_SETTINGS)) for key in given)


def test_what_compose_mounts_and_builds_from_is_there() -> None:
    mounted = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])]
    assert all((PROJECT / source).exists() for source in mounted if source.startswith("."))
    assert {source for source in mounted if not source.startswith(".")} <= COMPOSE["volumes"].keys()
    dockerfile = (PROJECT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    targets = {service["build"]["target"] for service in SERVICES.values() if "build" in service}
    assert targets == set(re.findall(r"^FROM \S+ AS (\w+)$", dockerfile, re.MULTILINE)) == {"app", "engine"}
    for line in re.findall(r"^COPY (.+) \S+$", dockerfile, re.MULTILINE):
        assert all((PROJECT / source).exists() for source in line.split())


def test_images_are_plain_names() -> None:
    dockerfile = (PROJECT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    images = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    images += [service["image"] for service in SERVICES.values()]
    assert all(re.fullmatch(r"[a-z-]+(:[\w.-]+)?", image) for image in images)


def test_an_engine_of_its_own_machine_gets_what_suits_it() -> None:
    start = (PROJECT / "deploy" / "engine-start").read_text(encoding="utf-8")
    (exported,) = re.findall(r"^export (.+)$", start, re.MULTILINE)
    assert dict(each.split("=", 1) for each in exported.split()) == ENGINE_SUITS


def test_there_are_several_of_each_part() -> None:
    for name in ("gateway", "actions", "worker", "engine"):
        assert SERVICES[name]["deploy"]["replicas"] >= 2


def test_secrets_come_from_the_environment_and_the_example_names_them() -> None:
    text = (PROJECT / "compose.yaml").read_text(encoding="utf-8")
    needed = set(re.findall(r"\$\{(\w+):\?", text))
    example = (PROJECT / "deploy" / "compose.env.example").read_text(encoding="utf-8")
    assert {"RIGHTLINE_KEY", "POSTGRES_PASSWORD", "ENGINE_PASSWORD"} <= needed
    assert all(re.search(rf"^{name}=$", example, re.MULTILINE) for name in needed)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_runs_what_exists_as_nobody_special(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["User"].startswith("rightline")
    assert service["NoNewPrivileges"] == "yes"
    for command in commands(path):
        program = PROJECT / Path(command[0]).relative_to("/opt/rightline")
        if ".venv" not in command[0]:
            assert program.is_file()
            assert program.stat().st_mode & 0o100
        assert all(module_exists(module) for module in modules(command))
    set_here = re.findall(r"RIGHTLINE_\w+(?==)", path.read_text(encoding="utf-8"))
    assert set(set_here) <= KNOWN


def test_the_engine_has_a_user_and_settings_of_its_own() -> None:
    engine = unit(PROJECT / "deploy" / "systemd" / "rightline-engine@.service")["Service"]
    gateway = unit(PROJECT / "deploy" / "systemd" / "rightline-gateway@.service")["Service"]
    assert engine["User"] != gateway["User"]
    assert engine["EnvironmentFile"] != gateway["EnvironmentFile"]


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """In a folder where they find the programs that they name."""
    for path in (PROJECT / "deploy" / "systemd").iterdir():
        (tmp_path / path.name).write_text(path.read_text().replace("/opt/rightline", str(PROJECT)))
    done = subprocess.run(
        [str(require(SYSTEMD)), "verify", "--man=no", *(str(path) for path in sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    ours = [
        line
        for line in done.stderr.splitlines()
        if "rightline" in line and "is not executable" not in line and "Failed to" not in line
    ]
    assert ours == []


def test_the_engine_start_script_is_a_shell_script() -> None:
    for name in ("engine-start", "postgres-init.sh"):
        subprocess.run(["sh", "-n", str(PROJECT / "deploy" / name)], check=True, timeout=10)
    assert importlib.util.find_spec("nlu") is not None
