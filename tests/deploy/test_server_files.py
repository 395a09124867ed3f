"""What an administrator copies to a server fits the product: paths, ports, names of settings."""

from __future__ import annotations

import configparser
import re

from bot.settings import ROOT, load

DEPLOY = ROOT / "deploy"
EXAMPLE = (DEPLOY / "cbot.env.example").read_text(encoding="utf-8")


def _given(text: str) -> dict[str, str]:
    lines = (line.removeprefix("#") for line in text.splitlines() if not line.startswith("# "))
    return dict(line.split("=", 1) for line in lines if "=" in line)


def test_every_setting_of_the_example_is_one_the_product_reads() -> None:
    source = (ROOT / "bot/settings.py").read_text(encoding="utf-8")
    unknown = [name for name in _given(EXAMPLE) if f'"{name}"' not in source]
    assert not unknown
    assert _given(EXAMPLE), "the example names no setting"


def test_the_example_as_it_stands_is_accepted() -> None:
    uncommented = {
        name: value
        for name, value in _given(EXAMPLE).items()
        if re.search(rf"(?m)^{name}=", EXAMPLE)
    }
    settings = load({**uncommented, "CBOT_SECRET_KEY": "x" * 40})
    assert settings.municipality == "rustavi"
    assert settings.console_url == "https://staff.example.ge"
    assert settings.telegram is None
    assert settings.messenger is None


def test_the_service_starts_what_the_setup_makes_and_may_write_there() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "systemd/cbot.service", encoding="utf-8")
    service = unit["Service"]
    home = service["WorkingDirectory"]
    assert service["ExecStart"] == f"{home}/.venv/bin/cbot run"
    assert service["ReadWritePaths"] == home
    assert service["EnvironmentFile"] == "/etc/cbot.env"


def test_the_proxy_leads_to_the_default_ports() -> None:
    settings = load({"CBOT_SECRET_KEY": "x" * 40})
    caddy = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    ports = [int(port) for port in re.findall(r"reverse_proxy 127\.0\.0\.1:(\d+)", caddy)]
    assert ports == [settings.connectors_port, settings.console_port]
    for address in re.findall(r"(?m)^(\S+\.example\.ge) \{", caddy):
        assert f"https://{address}" in EXAMPLE
