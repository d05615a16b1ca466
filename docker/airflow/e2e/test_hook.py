"""The hook against a hub: errors in its words, limits that are waited for, a file that breaks off."""

from __future__ import annotations

import gzip
import logging
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from conftest import Scene, tell
from hub_airflow.api import Ask, HubError, Patience
from hub_airflow.hooks import HubHook


@pytest.fixture(autouse=True)
def _connections(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in scene.airflow.environment.items():
        if name.startswith("AIRFLOW_CONN_"):
            monkeypatch.setenv(name, value)


def test_a_wrong_key_is_told_and_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(HubError) as thrown:
        HubHook("hub_wrong").definitions()
    assert thrown.value.status == 401
    assert "GET /v1/batch: 401" in str(thrown.value)
    assert "hub_nobody" not in str(thrown.value) + caplog.text


def test_the_form_of_connections_can_try_one() -> None:
    assert HubHook("cmms_hub").test_connection() == (True, "4 job definitions")
    ok, told = HubHook("hub_wrong").test_connection()
    assert not ok
    assert "401" in told


def test_what_the_hub_refuses_is_told_in_its_words() -> None:
    with pytest.raises(HubError, match="entity"):
        HubHook().backfill("sap", "nothing", None, None, "x", "key-of-nothing")
    with pytest.raises(HubError, match="404"):
        HubHook().job("00000000-0000-0000-0000-000000000000")


def test_a_limit_is_waited_for_as_long_as_the_hub_says(caplog: pytest.LogCaptureFixture) -> None:
    hook = HubHook("hub_slow", Patience(total=60))
    begin = time.monotonic()
    with caplog.at_level(logging.INFO):
        for _ in range(5):
            hook.definitions()
    assert "429" in caplog.text
    assert "asking again" in caplog.text
    assert time.monotonic() - begin >= 2


def test_a_hub_that_stands_still_is_waited_for(scene: Scene) -> None:
    def stop() -> None:
        with scene.hub.paused(4):
            pass

    thread = threading.Thread(target=stop)
    thread.start()
    time.sleep(0.5)
    begin = time.monotonic()
    assert HubHook("cmms_hub").ask(Ask("GET", "/v1/jobs"))["jobs"] is not None
    assert time.monotonic() - begin > 2
    thread.join()


@pytest.mark.parametrize("zipped", [False, True])
def test_a_file_is_loaded_once_however_often_it_is_sent(scene: Scene, tmp_path: Path, zipped: bool) -> None:
    rows = "".join(_order(number) for number in range(2000)).encode()
    file = tmp_path / ("orders.ndjson.gz" if zipped else "orders.ndjson")
    file.write_bytes(gzip.compress(rows) if zipped else rows)
    hook = HubHook()
    begin = time.monotonic()
    key = f"file-{zipped}"
    job = hook.load("sap", file, "application/x-ndjson", {"name": file.name}, key)
    again = (
        hook.load("sap", file, "application/x-ndjson", {"name": file.name}, key) if job["state"] == "receiving" else job
    )
    assert again["id"] == job["id"]
    done = _ended(hook, job["id"])
    tell(f"{file.name}, 2,000 rows: {time.monotonic() - begin:.1f} s")
    assert (done["state"], done["received"]["rows"], done["rows"]["done"]) == ("done", 2000, 2000)


def _order(number: int) -> str:
    return f'{{"d": {{"MaintenanceOrder": "F{number:06d}", "MaintenanceOrderType": "YA01", "MaintenanceOrderDesc": "Pump", "SystemStatusText": "REL", "LastChangeDateTime": "/Date(1772209245123+0000)/"}}}}\n'


def _ended(hook: HubHook, job: str) -> dict[str, Any]:
    for _ in range(120):
        if (now := hook.job(job))["state"] in ("done", "failed"):
            return now
        time.sleep(0.5)
    raise AssertionError(f"job {job} does not end")
