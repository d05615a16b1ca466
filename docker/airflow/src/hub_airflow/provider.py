"""What Airflow learns of this package through the entry point ``apache_airflow_provider``."""

from __future__ import annotations

from typing import Any

from hub_airflow import __version__


def info() -> dict[str, Any]:
    """Return the provider's metadata in the form of Airflow's ``provider_info`` schema."""
    return {
        "package-name": "hub-airflow",
        "name": "CMMS Hub",
        "description": "Bulk loads of `CMMS Hub`: backfills and files, watched without a worker.",
        "versions": [__version__],
        "integrations": [
            {
                "integration-name": "CMMS Hub",
                "external-doc-url": "https://example.invalid/",
                "tags": ["service"],
            }
        ],
        "hooks": [{"integration-name": "CMMS Hub", "python-modules": ["hub_airflow.hooks"]}],
        "operators": [{"integration-name": "CMMS Hub", "python-modules": ["hub_airflow.operators"]}],
        "sensors": [{"integration-name": "CMMS Hub", "python-modules": ["hub_airflow.sensors"]}],
        "triggers": [{"integration-name": "CMMS Hub", "python-modules": ["hub_airflow.triggers"]}],
        "connection-types": [
            {
                "connection-type": "cmms_hub",
                "hook-class-name": "hub_airflow.hooks.HubHook",
                "hook-name": "CMMS Hub",
            }
        ],
        "notifications": ["hub_airflow.notify.HubNotifier"],
    }
