"""What Airflow learns of the package."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points, version
from importlib.resources import files

from airflow.providers_manager import ProvidersManager

import hub_airflow
from hub_airflow.provider import info


def test_airflow_finds_the_provider_and_its_connection_type() -> None:
    (found,) = [one for one in entry_points(group="apache_airflow_provider") if one.value.startswith("hub_airflow")]
    assert found.load()() == info()
    manager = ProvidersManager()
    assert manager.providers["hub-airflow"].version == hub_airflow.__version__ == version("hub-airflow")
    hook = manager.hooks["cmms_hub"]
    assert hook is not None
    assert (hook.hook_class_name, hook.connection_id_attribute_name) == ("hub_airflow.hooks.HubHook", "hub_conn_id")


def test_everything_it_names_is_there() -> None:
    told = info()
    for kind in ("hooks", "operators", "sensors", "triggers"):
        for entry in told[kind]:
            for module in entry["python-modules"]:
                import_module(module)
    for path in [*(one["hook-class-name"] for one in told["connection-types"]), *told["notifications"]]:
        module, name = path.rsplit(".", 1)
        assert hasattr(import_module(module), name)


def test_it_is_typed() -> None:
    assert files("hub_airflow").joinpath("py.typed").is_file()
