"""What is given is used; what is written down can be found again."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.local.accounts import claim
from server.local.children import Watch
from server.local.errors import LocalError
from server.local.places import Places, places
from server.local.programs import newest
from server.local.services import open_services, write_addresses
from server.local.throw_away import ThrowAway
from server.settings import from_environment

GIVEN = {
    "DATABASE_URL": "postgresql://app@db/w",
    "DATABASE_OWNER_URL": "postgresql://owner@db/w",
    "REDIS_URL": "redis://q/0",
}


@pytest.fixture
def here(tmp_path: Path) -> Places:
    return Places(tmp_path, tmp_path / "var", tmp_path / "clusters")


class Refusing(Watch):
    """A watch that nothing may be handed to."""

    def add(self, child: object) -> None:
        raise AssertionError("nothing may be started")


def test_services_that_are_named_are_used_and_never_started(here: Places) -> None:
    addresses = open_services(here, GIVEN, Refusing(lambda _words: None))

    assert addresses.items() >= GIVEN.items()
    assert not here.clusters.exists()


def test_the_secret_is_drawn_once_and_only_its_owner_may_read_it(here: Places) -> None:
    first, second = (open_services(here, GIVEN, Refusing(print)) for _ in range(2))

    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) == 64
    assert (here.var / "secret_key").stat().st_mode & 0o777 == 0o600


def test_the_product_is_found_again_by_what_it_wrote_down(here: Places) -> None:
    file = write_addresses(here, open_services(here, GIVEN, Refusing(print)))

    found = from_environment({}, run_folder=here.run)

    assert found.database_url == GIVEN["DATABASE_URL"]
    assert found.database_owner_url == GIVEN["DATABASE_OWNER_URL"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    (tmp_path / "elsewhere").symlink_to(tmp_path)

    for folder in ("open", "elsewhere"):
        with pytest.raises(LocalError, match="remove it first"):
            claim(tmp_path / folder)


def test_as_root_the_cluster_lies_where_postgres_can_reach_it() -> None:
    checkout = Path("/srv/wangge")

    assert places(checkout, uid=0).clusters.parent == Path("/var/tmp")
    assert places(checkout, uid=0).clusters != places(Path("/srv/other"), uid=0).clusters
    assert places(checkout, uid=1000).clusters == checkout / "var" / "clusters"


@pytest.mark.parametrize(
    ("versions", "chosen"),
    [(["13", "15", "17"], 17), (["15"], 15), (["9", "14"], None), (["common"], None), ([], None)],
)
def test_the_newest_postgresql_that_is_new_enough_is_chosen(versions: list[str], chosen: int | None) -> None:
    assert newest(versions) == chosen


def test_a_clone_of_the_template_is_migrated_and_its_own(services: ThrowAway) -> None:
    services.clone("test_first")
    services.clone("test_second")
    try:
        services.cluster.ask("CREATE TABLE server.only_here (n integer)", "test_first")

        tables = "SELECT to_regclass('server.\"user\"') IS NOT NULL, to_regclass('server.only_here') IS NULL"
        assert services.cluster.ask(tables, "test_second") == "t|t"
    finally:
        services.drop("test_first")
        services.drop("test_second")
