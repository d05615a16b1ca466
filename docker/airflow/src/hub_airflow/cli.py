"""``hub-airflow``: what has to be done beside the DAGs."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from hub_airflow import __version__, cache
from hub_airflow.api import HubError, Patience
from hub_airflow.definitions import Definition, DefinitionError, groups
from hub_airflow.pools import pools
from hub_airflow.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when all went well, 1 when not, 2 when it was misspelt."""
    parser = argparse.ArgumentParser(prog="hub-airflow", description="CMMS Hub's bulk loads in Airflow.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    sync = commands.add_parser(
        "sync",
        help="ask the hubs for their job definitions, keep them in a file, make Airflow's pools of them",
        description="Asks each hub of HUB_AIRFLOW_CONNECTIONS for its job definitions, writes them to "
        "HUB_AIRFLOW_DEFINITIONS, and makes a pool for each ERP's budget. Needs Airflow's database: run it where the "
        "scheduler runs, at its start and when an ERP was added.",
    )
    sync.add_argument("--wait", type=float, default=30, metavar="SECONDS", help="for a hub that is away (default 30)")
    sync.set_defaults(command=_sync)
    show = commands.add_parser(
        "show",
        help="show each DAG as text",
        description="Shows each DAG as text, from the file of definitions.",
    )
    show.set_defaults(command=_show)
    options = parser.parse_args(arguments)
    try:
        options.command(options)
    except (
        HubError,
        DefinitionError,
        cache.NoDefinitionsError,
        ValueError,
        OSError,
        subprocess.CalledProcessError,
    ) as e:
        print(f"hub-airflow: {e}", file=sys.stderr)
        return 1
    return 0


def _sync(options: argparse.Namespace) -> None:
    from hub_airflow.factory import fetch  # noqa: PLC0415  Airflow takes seconds to load; --help does not need it

    settings = Settings.of()
    ask = fetch(Patience(total=options.wait))
    told = {connection: ask(connection) for connection in settings.connections}
    definitions: list[Definition] = []
    for connection, some in told.items():
        mine = [Definition.of(one) for one in some]
        definitions += mine
        for group in groups(mine):
            print(f"{connection}: {group.id}: {', '.join(one.id for one in group.definitions)}")
    wanted = pools(definitions)
    if wanted:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "pools.json"
            file.write_text(json.dumps(wanted), "utf-8")
            # Tasks and parsers have no way to Airflow's database; its own command has.
            subprocess.run([_airflow(), "pools", "import", str(file)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    cache.write(settings.file, cache.Known(told, tuple(wanted), time.time()))
    print(f"{len(definitions)} definitions in {settings.file}; pools: {', '.join(wanted) or 'none'}")


def _show(options: argparse.Namespace) -> None:
    from hub_airflow.factory import dags  # noqa: PLC0415
    from hub_airflow.graph import drawn  # noqa: PLC0415

    for dag in dags().values():
        print(drawn(dag))


def _airflow() -> str:
    beside = Path(sys.executable).with_name("airflow")
    return str(beside) if beside.exists() else "airflow"


if __name__ == "__main__":
    sys.exit(main())
