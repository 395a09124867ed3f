"""Loading a trained model quickly.

Stock Rasa parses the training half of a model's graph, whose nodes import all of TensorFlow,
and reads the domain a second time through pure-Python YAML although the metadata holds it.
Here only the half that answers is read. The model file is Rasa's own.
"""

from __future__ import annotations

import json
import tarfile
import zlib
from pathlib import Path
from typing import Any, Dict, Tuple

from rasa.core.policies.rule_policy import RulePolicy as StockRulePolicy
from rasa.engine.exceptions import GraphComponentException
from rasa.engine.graph import ExecutionContext
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelMetadata, ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.training_data.message import Message

from bot.core.errors import BotError, MissingError
from bot.engine.rules import RulePolicy
from bot.engine.runner import PlanRunner
from bot.nlu.component import PlainComponent

#: What a file that is missing, cut off, damaged or no model at all fails with.
_UNREADABLE = (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, KeyError)


class _ServingStorage(LocalModelStorage):
    """A model archive of which the training graph is left aside."""

    @staticmethod
    def _load_metadata(directory: Path) -> ModelMetadata:
        with open(directory / "metadata.json", encoding="utf-8") as file:
            content = json.load(file)
        content["train_schema"] = {"nodes": {}}
        return ModelMetadata.from_dict(content)


class PlainText(PlainComponent):
    """Takes the place of Rasa's handler for ``/intent{...}`` texts.

    A resident who types such a line gets no other treatment than for any text; buttons reach
    the engine on their own way (`bot.engine.turns`).
    """

    def process(self, messages: list[Message], domain: Any = None) -> list[Message]:
        """Give the messages back as they are."""
        return messages


def load(
    path: Path, directory: Path, stock_parts: bool = False
) -> Tuple[ModelMetadata, GraphRunner]:
    """Load the model at ``path``, unpacking it into the empty ``directory``.

    Args:
        path: the model's file.
        directory: an empty folder.
        stock_parts: keep Rasa's own graph runner and rule policy.

    Raises:
        MissingError: when there is no readable model at ``path``.
    """
    try:
        storage, metadata = _ServingStorage.from_model_archive(directory, path)
    except (*_UNREADABLE, RasaException) as error:
        raise MissingError(
            f"{path.name} is no readable model; train one with `cbot train`."
        ) from error

    class KnownDomain(DomainProvider):
        """Provides the domain that stands in the metadata."""

        @classmethod
        def load(
            cls,
            config: Dict[str, Any],
            model_storage: ModelStorage,
            resource: Resource,
            execution_context: ExecutionContext,
            **kwargs: Any,
        ) -> DomainProvider:
            domain: Domain = metadata.domain
            return cls(model_storage, resource, domain)

    replacements = {DomainProvider: KnownDomain, RegexMessageHandler: PlainText}
    if not stock_parts:
        replacements[StockRulePolicy] = RulePolicy
    schema = metadata.predict_schema
    for node in schema.nodes.values():
        node.uses = replacements.get(node.uses, node.uses)
    runner_class = DaskGraphRunner if stock_parts else PlanRunner
    try:
        runner = runner_class.create(
            graph_schema=schema,
            model_storage=storage,
            execution_context=ExecutionContext(graph_schema=schema, model_id=metadata.model_id),
        )
    except GraphComponentException as error:
        if isinstance(error.__cause__, BotError):
            raise error.__cause__ from error
        raise MissingError(
            f"{path.name} does not fit this version of C-Bot; train a new one with `cbot train`."
        ) from error
    return metadata, runner
