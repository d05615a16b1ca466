"""One hub, one source system, one Airflow for all tests of this folder; figures at the end."""

from __future__ import annotations

import json
import shutil
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from processes import OUT, Airflow, Hub, key_of
from source import USER, Source

# What is loaded changed in the last two weeks, so that runs of now and of past days find it.
BEGIN = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0) - timedelta(days=14)
ASSETS, PARTS, ORDERS, BROKEN = 120, 600, 60, 3
FIGURES: list[str] = []


def tell(line: str) -> None:
    """Keep a figure for the end."""
    FIGURES.append(line)


class Told:
    """Takes what people are told."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.authorizations: list[str | None] = []
        told = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told.messages.append(json.loads(body))
                told.authorizations.append(self.headers.get("Authorization"))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/told"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Scene:
    """Everything there is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = Source()
        self.told = Told()
        self.key, sha256 = key_of("acme")
        self.slow_key, slow_sha256 = key_of("slow")
        self.source.put("Equipment", "asset.from-erp.pump.json", ASSETS, BEGIN, 60)
        self.source.put("A_Product", "part.from-erp.seal.json", PARTS, BEGIN, 1500, BROKEN)
        self.source.put("A_PurchaseOrder", "purchasedocument.from-erp.order.json", ORDERS, BEGIN, 3600)
        self.hub = Hub(folder, _tenants(self.source.url, sha256, slow_sha256))
        kafka = {"bootstrap.servers": self.hub.kafka, "group.id": "airflow", "auto.offset.reset": "latest"}
        self.airflow = Airflow(
            folder,
            {
                "cmms_hub": {"conn_type": "cmms_hub", "host": self.hub.url, "password": self.key},
                "hub_slow": {"conn_type": "cmms_hub", "host": self.hub.url, "password": self.slow_key},
                "hub_wrong": {"conn_type": "cmms_hub", "host": self.hub.url, "password": "hub_nobody_knows"},
                "hub_kafka": {"conn_type": "kafka", "extra": kafka},
                "hub_starts": {"conn_type": "kafka", "extra": kafka | {"group.id": "airflow-starts"}},
                "told": {"conn_type": "http", "host": self.told.url, "password": "for-who-is-told"},
            },
            {
                "KAFKA": "hub_kafka",
                "NOTIFY": "conn:told",
                "POLL": "1",
                "REFRESH": "30",
                "CHUNK": "5d",
                "BEGIN": (BEGIN - timedelta(days=30)).isoformat(),
                "STARTS": json.dumps(
                    {"assets-hourly": {"kafka": "hub_starts", "topic": "hub.canonical", "types": ["workorder.*"]}}
                ),
            },
        )

    def close(self) -> None:
        self.airflow.close()
        self.hub.close()
        self.source.close()
        self.told.close()


def _tenants(source: str, sha256: str, slow_sha256: str) -> str:
    system = f"""{{connector: sap-s4hana, parameters: {{baseUrl: "{source}", username: {USER}, password: "{{{{env:SOURCE_PASSWORD}}}}"}}}}"""
    return f"""
tenants:
  acme:
    limits: {{requestsPerSecond: 1000, burst: 2000, bytesPerSecond: 50MB, inFlight: 5000, backlog: 50000, maxBody: 2MB}}
    keys: [{{id: airflow, sha256: "{sha256}", can: [publish, read, bulk]}}]
    systems:
      sap: {system}
      plant: {system}
    batch:
      - {{id: assets-nightly, system: sap, entities: [asset], schedule: "0 1 * * *", since: all, by: airflow}}
      - {{id: parts-nightly, system: sap, entities: [part], schedule: "0 1 * * *", since: 15d, after: [assets-nightly], by: airflow}}
      - {{id: orders-nightly, system: sap, entities: [purchasedocument], schedule: "0 1 * * *", since: all, after: [parts-nightly], by: airflow}}
      - {{id: assets-hourly, system: plant, entities: [asset], schedule: "0 * * * *", since: 4d, by: airflow}}
  slow:
    limits: {{requestsPerSecond: 1, burst: 2, bytesPerSecond: 1MB, inFlight: 50, backlog: 50, maxBody: 2MB}}
    keys: [{{id: airflow, sha256: "{slow_sha256}", can: [publish, read, bulk]}}]
    systems:
      sap: {{connector: sap-s4hana}}
"""


@pytest.fixture(scope="session")
def scene() -> Iterator[Scene]:
    folder = OUT / "e2e"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = Scene.__new__(Scene)
    try:
        Scene.__init__(made, folder)
        yield made
    finally:
        for name in ("airflow", "hub", "source", "told"):
            if hasattr(made, name):
                getattr(made, name).close()
        FIGURES.extend(_memory(made))
        (OUT / "figures.txt").write_text("\n".join(FIGURES) + "\n")


def _memory(scene: Scene) -> list[str]:
    if not hasattr(scene, "airflow"):
        return []
    lines = []
    for role, best in scene.airflow.memory.items():
        lines.append(
            f"memory of {role}: {best['rss'] // 2**20} MB RSS, with its {best['processes'] - 1} processes "
            f"{best['pss'] // 2**20} MB (PSS)"
        )
    return lines


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the figures."""
    for line in FIGURES:
        terminalreporter.write_line(f"airflow: {line}")
