"""Custom actions inside the engine's process.

Rasa sends each custom action over HTTP to a second server. An endpoint whose ``request`` calls
`rasa_sdk`'s executor does the same without either; ``rasa run actions`` still works beside it.
"""

from __future__ import annotations

import json
import logging
from typing import Any, Dict, Optional

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

log = logging.getLogger(__name__)

_ACTIONS = "bot.actions"


class InProcessActions(EndpointConfig):
    """Runs the actions of ``bot.actions``, which only compute: none waits for anything.

    The request passes through JSON as it would over HTTP: an action never holds an object of
    the engine's.
    """

    def __init__(self) -> None:
        """Register all actions of the package."""
        super().__init__(url="in-process", enable_selective_domain=True)
        logging.getLogger("rasa_sdk.executor").setLevel(logging.WARNING)
        self._executor = ActionExecutor()
        self._executor.register_package(_ACTIONS)

    async def request(
        self,
        method: str = "post",
        subpath: Optional[str] = None,
        content_type: Optional[str] = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Optional[Dict[str, Any]]:
        """Run the action that ``json`` describes and give its events and responses.

        Raises:
            ClientResponseError: status 400 when the action rejects its execution, as Rasa
                expects it from an action server.
        """
        body = json.loads(json.dumps(kwargs["json"]))
        try:
            return await self._executor.run(body)
        except ActionExecutionRejection as rejection:
            text = json.dumps({"error": str(rejection), "action_name": rejection.action_name})
            raise ClientResponseError(400, "the action was rejected", text) from rejection
        except Exception:
            # Rasa swallows what an action raises, and the resident would get silence.
            log.exception("the action %s failed", body["next_action"])
            return {"events": [], "responses": [{"response": "utter_apology"}]}


def cache_result_validator() -> None:
    """Make Rasa check the results of actions with a validator built once.

    Stock Rasa builds it anew, schema check and all, for each action: 30 ms of CPU a turn.
    The check itself stays the same. This is the one method of Rasa that is replaced.
    """
    schema = RemoteAction.action_response_format_spec()
    validator_class = validator_for(schema)
    validator_class.check_schema(schema)
    validator = validator_class(schema)

    def validate(self: RemoteAction, result: Dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate
