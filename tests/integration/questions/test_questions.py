"""A filter that nobody reads is refused by its name, on every list alike."""

from __future__ import annotations

from server.questions import PREFIX
from tests.build import County, a_person


def test_no_route_takes_a_name_that_it_does_not_read(county: County) -> None:
    with county.transaction() as session:
        bearer = county.bearer(a_person(session, "headquarters", "construction_hq"))
    with county.client() as client:
        described = client.get(f"{PREFIX}openapi.json").get_json()["paths"]
        asking = [
            path
            for path, deeds in described.items()
            if path.startswith(PREFIX) and "{" not in path and "get" in deeds
        ]
        for path in asking:
            answer = client.get(path, query_string={"comunity_id": "x"}, headers=bearer)
            assert answer.status_code == 422, path
            assert [one["pointer"] for one in answer.get_json()["errors"]] == ["/query/comunity_id"], path
        assert len(asking) > 70
        bare = client.get(f"{PREFIX}rules", query_string={"name": "x"}, headers=bearer).get_json()
        assert "没有可用的参数" in bare["errors"][0]["detail_zh"]
        told = client.get(f"{PREFIX}figures", query_string={"fron": "2026-01-01"}, headers=bearer).get_json()
        assert "from" in told["errors"][0]["detail_zh"]
        assert client.get(f"{PREFIX}cases?limit=1&token=", headers=bearer).status_code == 200
