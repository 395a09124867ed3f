"""Running Rasa's graph along a plan made once, instead of building a task graph each time.

Stock Rasa prunes the schema and hands it to dask for every message, twice a turn. The order of
the nodes never changes for the same targets, so it is kept. A test holds both to the same
results.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

Plan = List[Tuple[str, GraphNode, Tuple[str, ...]]]


class PlanRunner(DaskGraphRunner):
    """A graph runner that remembers the order of the nodes for each set of targets."""

    _plans: Dict[Tuple[str, ...], Plan]

    def run(
        self,
        inputs: Optional[Dict[str, Any]] = None,
        targets: Optional[List[str]] = None,
    ) -> Dict[str, Any]:
        """Run the nodes that the targets need; see the parent class."""
        wanted = tuple(targets or self._graph_schema.target_names)
        if not hasattr(self, "_plans"):
            self._plans = {}
        plan = self._plans.get(wanted)
        if plan is None:
            plan = self._plans[wanted] = self._plan(list(wanted))
        results: Dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, node, needs in plan:
            # As dask does, an input that nobody provides is passed by its bare name.
            results[name] = node(*(results.get(need, need) for need in needs))
        return {name: results[name][1] for name in wanted}

    def _plan(self, targets: List[str]) -> Plan:
        """Order the nodes so that each comes after those it needs."""
        nodes = self._graph_schema.minimal_graph_schema(targets).nodes
        plan: Plan = []
        placed: set[str] = set()

        def place(name: str) -> None:
            if name in placed or name not in nodes:
                return
            placed.add(name)
            needs = tuple(nodes[name].needs.values())
            for need in needs:
                place(need)
            plan.append((name, self._instantiated_nodes[name], needs))

        for target in targets:
            place(target)
        return plan
