"""A DAG as text: each task behind those it waits for, groups indented."""

from __future__ import annotations

from typing import Any


def drawn(dag: Any) -> str:
    """Return the lines; ``[]`` is behind tasks of which a run has as many as windows."""
    lines = [dag.dag_id]
    shown: tuple[str, ...] = ()
    for task in dag.topological_sort():
        path = tuple(task.task_id.split("."))
        for depth, name in enumerate(path[:-1]):
            if shown[: depth + 1] != path[: depth + 1]:
                lines.append(f"{'  ' * (depth + 1)}{name}/")
        shown = path[:-1]
        many = "[]" if task.is_mapped else ""
        kind = getattr(task, "_task_type", None) or task.task_type
        behind = ", ".join(sorted(_short(one, path) for one in task.upstream_task_ids))
        lines.append(f"{'  ' * len(path)}{path[-1]}{many}  ({kind})" + (f"  <- {behind}" if behind else ""))
    return "\n".join(lines)


def _short(task_id: str, path: tuple[str, ...]) -> str:
    prefix = ".".join(path[:-1]) + "."
    return task_id.removeprefix(prefix)
