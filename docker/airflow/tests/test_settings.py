"""Settings have defaults, and a wrong one is named."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hub_airflow.settings import Settings, Start


def test_defaults() -> None:
    settings = Settings.of({"AIRFLOW_HOME": "/opt/airflow"})
    assert settings == Settings(file=Path("/opt/airflow/hub/definitions.json"))


def test_all_of_them() -> None:
    settings = Settings.of(
        {
            "HUB_AIRFLOW_CONNECTIONS": "hub_acme, hub_globex",
            "HUB_AIRFLOW_CHUNK": "12h",
            "HUB_AIRFLOW_CATCHUP": "true",
            "HUB_AIRFLOW_TOLERATE": "5",
            "HUB_AIRFLOW_STARTS": '{"parts": {"kafka": "hub_events", "topic": "hub.canonical", "types": ["part.*"]}}',
        }
    )
    assert settings.connections == ("hub_acme", "hub_globex")
    assert settings.chunk == timedelta(hours=12)
    assert settings.catchup
    assert settings.tolerate == 5
    assert settings.starts == {"parts": Start("hub_events", "hub.canonical", ("part.*",))}


@pytest.mark.parametrize(
    ("name", "value"),
    [("CATCHUP", "yes"), ("CHUNK", "week"), ("BEGIN", "2026-01-01"), ("STARTS", "{"), ("STARTS", '{"a": {}}')],
)
def test_a_wrong_one_is_named(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"HUB_AIRFLOW_{name}: "):
        Settings.of({f"HUB_AIRFLOW_{name}": value})
