"""A system that the hub reads: pages of OData V2 as SAP gives them, sorted by time of change and key."""

from __future__ import annotations

import base64
import copy
import json
import re
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

SAMPLES = Path(__file__).parents[3] / "connectors" / "sap-s4hana" / "samples"
USER, PASSWORD = "HUB", "of-the-source-4711"
KEYS = {"A_Product": "Product", "Equipment": "Equipment", "A_PurchaseOrder": "PurchaseOrder"}
_TERM = re.compile(r"(\w+) (ge|gt|eq|le|lt) (?:datetimeoffset)?'((?:[^']|'')*)'")


class Source:
    """Serves what was put into it; can be told to answer 503."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in KEYS}
        self.asked: list[str] = []
        self.away = threading.Event()
        self.refused = 0
        source = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                source.serve(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def put(self, entity_set: str, sample: str, count: int, begin: datetime, seconds: int, broken: int = 0) -> None:
        """Put copies of a sample that changed so many seconds apart; the first ones have a unit that there is not."""
        told = json.loads((SAMPLES / sample).read_text("utf-8"))
        row = told.get("d", told)
        for number in range(count):
            one = copy.deepcopy(row)
            one[KEYS[entity_set]] = f"{entity_set[:3].upper()}{number:07d}"
            changed = int(begin.timestamp() + number * seconds) * 1000
            one["LastChangeDateTime"] = f"/Date({changed}+0000)/"
            if number < broken:
                one["BaseUnit"] = "???"
            self.rows[entity_set].append(one)

    def mend(self, entity_set: str) -> None:
        """Give every row a unit that there is."""
        for row in self.rows[entity_set]:
            row["BaseUnit"] = "ST"

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        url = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.asked.append(unquote_plus(handler.path))
        told = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.away.is_set():
            self.refused += 1
            self._answer(handler, 503, {"error": "away"})
        elif handler.headers.get("Authorization") != told:
            self._answer(handler, 401, {"error": "who are you"})
        else:
            self._answer(handler, 200, self._page(url.path.rsplit("/", 1)[-1], query))

    def _page(self, entity_set: str, query: dict[str, str]) -> dict[str, Any]:
        key = KEYS[entity_set]
        rows = [row for row in self.rows[entity_set] if _holds(query.get("$filter", ""), row, key)]
        rows.sort(key=lambda row: (_changed(row), row[key]))
        return {"d": {"results": rows[: int(query["$top"])]}}

    @staticmethod
    def _answer(handler: BaseHTTPRequestHandler, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _changed(row: dict[str, Any]) -> datetime:
    found = re.search(r"\d+", row["LastChangeDateTime"])
    assert found
    return datetime.fromtimestamp(int(found[0]) / 1000, UTC)


def _holds(condition: str, row: dict[str, Any], key: str) -> bool:
    """Evaluate a filter of comparisons, ``and``, ``or`` and parentheses."""

    def term(found: re.Match[str]) -> str:
        name, operator, text = found.groups()
        mine: Any = row[key] if name == key else _changed(row)
        told: Any = text.replace("''", "'") if name == key else datetime.fromisoformat(text)
        holds = {"ge": mine >= told, "gt": mine > told, "eq": mine == told, "le": mine <= told, "lt": mine < told}
        return str(holds[operator])

    words = _TERM.sub(term, condition)
    assert re.fullmatch(r"(True|False|and|or|[() ])+", words), f"what the source does not understand: {condition}"
    return bool(eval(words))  # noqa: S307  nothing but what the line above lets through
