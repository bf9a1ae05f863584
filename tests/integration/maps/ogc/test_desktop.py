"""GDAL reads the layers with nothing but an address, a user name and a password."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import request
from sqlalchemy import text

from server.app import create_app
from tests.build import PASSWORD, County, a_community_in, a_person
from tests.serving import served

MANY = 10_000
FACILITIES = """
INSERT INTO geo.facility (facility_id, community_id, kind, name, geom, attributes, origin, version)
SELECT gen_random_uuid(), :community, 'lamp', '路灯 ' || n, ST_PointOnSurface(c.geom), '{}', 'surveyed', 1
  FROM generate_series(1, :many - (SELECT count(*) FROM geo.facility)) AS n, geo.community c
 WHERE c.community_id = :community
"""
# The GDAL within pyogrio is newer than Debian's; it reads in a process of its own: this one has to answer.
READ = """
import json, sys, pyogrio
print(json.dumps(pyogrio.read_info(sys.argv[1], layer=sys.argv[2], force_feature_count=True)["features"]))
table = pyogrio.raw.read(sys.argv[1], layer=sys.argv[2])
print(len(table[2]))
"""
# Debian's QGIS brings a Python of its own; the layer is opened as its dialogs do.
IN_QGIS = """
import json, sys
from qgis.PyQt.QtCore import QSize
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsDataSourceUri, QgsRectangle
from qgis.core import QgsMapRendererParallelJob, QgsMapSettings, QgsVectorLayer, QgsVectorTileLayer
root, user, password, token, *window = sys.argv[1:]
app = QgsApplication([], False)
app.initQgis()
source = QgsDataSourceUri()
source.setParam("url", f"{root}/ogc")
source.setParam("typename", "facilities")
source.setUsername(user)
source.setPassword(password)
layer = QgsVectorLayer(source.uri(False), "facilities", "OAPIF")
features = list(layer.getFeatures())
tiles = QgsVectorTileLayer(
    f"type=xyz&zmin=0&zmax=22&url={root}/tiles/facilities/{{z}}/{{x}}/{{y}}.mvt?token%3D{token}", "tiles"
)
map = QgsMapSettings()
map.setLayers([tiles])
map.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
map.setExtent(QgsRectangle(*(float(metres) for metres in window)))
map.setOutputSize(QSize(256, 256))
drawing = QgsMapRendererParallelJob(map)
drawing.start()
drawing.waitForFinished()
image = drawing.renderedImage()
colours = {image.pixel(x, y) for x in range(256) for y in range(256)}
print(json.dumps({
    "valid": layer.isValid(),
    "read": len({feature["facility_id"] for feature in features if feature.hasGeometry()}),
    "fields": [field.name() for field in layer.fields()],
    "colours": len(colours),
}))
"""


@dataclass(frozen=True, slots=True)
class Desktop:
    """A desktop GIS beside a server with many facilities; `paths` is what it has asked for."""

    address: str
    sign_in: str
    token: str
    paths: list[str]

    def run(self, *command: str) -> str:
        """Return what a program of GDAL prints; it knows its user name and password."""
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env={"GDAL_HTTP_USERPWD": self.sign_in, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def pages(self, collection: str) -> Sequence[str]:
        """Return the requests for pages of features."""
        return [path for path in self.paths if path.endswith(f"/{collection}/items")]


@pytest.fixture
def desktop(county: County) -> Iterator[Desktop]:
    with county.transaction() as session:
        planner = a_person(session, "planner", "construction_hq")
    with county.owner() as session:
        session.execute(text(FACILITIES), {"community": a_community_in(session), "many": MANY})
    app, paths = create_app(county.settings), list[str]()
    app.before_request(lambda: paths.append(request.path))
    with served(app) as address:
        token = county.bearer(planner)["Authorization"].removeprefix("Bearer ")
        yield Desktop(f"OAPIF:{address}/ogc", f"{planner.username}:{PASSWORD}", token, paths)


def _gdal(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: apt-get install gdal-bin")
    return found


def test_ogrinfo_lists_the_layers(desktop: Desktop) -> None:
    told = desktop.run(_gdal("ogrinfo"), "-ro", desktop.address)

    assert {"communities", "facilities", "charging-sites"} <= {
        line.split(":", 1)[1].split("(")[0].strip() for line in told.splitlines() if ":" in line
    }


def test_ogr2ogr_takes_ten_thousand_features_with_few_requests_and_no_options(
    desktop: Desktop, tmp_path: Path
) -> None:
    taken = tmp_path / "facilities.geojson"

    desktop.run(_gdal("ogr2ogr"), "-f", "GeoJSON", str(taken), desktop.address, "facilities")

    features = json.loads(taken.read_text(encoding="utf-8"))["features"]
    assert len({feature["properties"]["facility_id"] for feature in features}) == MANY
    assert len(desktop.pages("facilities")) <= 20


def test_a_newer_gdal_reads_all_of_a_layer_too(desktop: Desktop) -> None:
    told = desktop.run(sys.executable, "-c", READ, desktop.address, "facilities")

    assert told.split() == [str(MANY), str(MANY)]
    assert len(desktop.pages("facilities")) <= 2 * 20


def test_gdal_asks_for_a_window(desktop: Desktop) -> None:
    told = desktop.run(
        _gdal("ogrinfo"), "-ro", "-so", "-spat", "0", "0", "1", "1", desktop.address, "facilities"
    )

    assert "Feature Count: 0" in told


def test_qgis_reads_ten_thousand_features_and_a_tile_with_its_default_settings(
    desktop: Desktop, county: County
) -> None:
    python = "/usr/bin/python3"
    known = subprocess.run([python, "-c", "import qgis.core"], capture_output=True, check=False)
    if known.returncode != 0:
        pytest.skip("QGIS is not installed: apt-get install python3-qgis qgis-providers")
    with county.transaction() as session:
        around = text(
            "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM ("
            " SELECT ST_Expand(geom_3857, 300) AS b FROM geo.facility WHERE kind = 'lamp' LIMIT 1) AS one"
        )
        window = session.execute(around).one()
    root = desktop.address.removeprefix("OAPIF:").removesuffix("/ogc")
    user, password = desktop.sign_in.split(":")

    done = subprocess.run(
        [python, "-c", IN_QGIS, root, user, password, desktop.token, *map(str, window)],
        capture_output=True,
        text=True,
        env={"QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/tmp"},
        check=False,
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["valid"]
    assert told["read"] == MANY
    assert {"facility_id", "kind", "community_name", "version"} <= set(told["fields"])
    assert len(desktop.pages("facilities")) <= 20
    assert any(path.startswith("/tiles/facilities/") for path in desktop.paths)
    assert told["colours"] > 1
