"""docker-compose.yml is read by the real Compose, and keeps to what it promises."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import compose
import pytest

from server.local.places import places
from server.local.web import Address, processes

ROOT = Path(__file__).resolve().parents[2]
# The package's console script answers 0 whatever happens: the binary itself is called.
COMPOSE = Path(compose.__file__).with_name("docker-compose")
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "WANGGE_OWNER_PASSWORD", "WANGGE_APP_PASSWORD")


def _config(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    words = [str(COMPOSE), "-f", str(ROOT / "docker-compose.yml"), "--env-file", "/dev/null"]
    return subprocess.run(
        [*words, "config", "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin", **environ},
    )


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    done = _config(dict.fromkeys(SECRETS, "secret"))
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["services"]
    return found


@pytest.mark.parametrize("name", SECRETS)
def test_nothing_starts_with_a_secret_left_out(name: str) -> None:
    done = _config({other: "secret" for other in SECRETS if other != name})

    assert done.returncode != 0
    assert f"required variable {name} is missing" in done.stderr


def test_compose_finds_the_five_services(services: dict[str, Any]) -> None:
    assert {"database", "redis", "web", "worker", "scheduler"} <= set(services)


@pytest.mark.parametrize("name", ["web", "worker", "scheduler"])
def test_the_product_waits_until_what_it_needs_is_healthy(services: dict[str, Any], name: str) -> None:
    waits = services[name]["depends_on"]

    assert waits["database"]["condition"] == "service_healthy"
    assert waits["redis"]["condition"] == "service_healthy"
    assert waits["migrate"]["condition"] == "service_completed_successfully"


def test_web_worker_and_scheduler_are_one_image(services: dict[str, Any]) -> None:
    assert len({services[name]["image"] for name in ("web", "worker", "scheduler")}) == 1


@pytest.mark.parametrize("name", ["database", "redis", "web", "worker", "scheduler"])
def test_every_lasting_service_tells_its_health(services: dict[str, Any], name: str) -> None:
    assert services[name]["healthcheck"]["test"]


def test_the_image_serves_pages_as_make_run_does() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    served = set(re.findall(r'"([^"]+)"', dockerfile.split("CMD", 1)[1]))

    here = next(one for one in processes(places(), Address(8000), {}) if one.name == "web")
    own = set(here.command) - {"127.0.0.1"}

    assert own <= served


def test_only_the_migration_knows_the_owner_of_the_tables(services: dict[str, Any]) -> None:
    told = [
        name for name, service in services.items() if "DATABASE_OWNER_URL" in service.get("environment", {})
    ]

    assert told == ["migrate"]
