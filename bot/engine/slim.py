"""Starting Rasa without TensorFlow.

On the serving path exactly two Rasa modules import TensorFlow, for training loggers and batch
generators of models this bot does not have. Stand-ins for those two, put in place before Rasa
is imported, save some seconds of start and 350 MB. A model that does need TensorFlow (DIET,
TED) then fails when it is loaded, with a clear message, never while answering. Training runs
in a process of its own without the stand-ins.
"""

from __future__ import annotations

import os
import sys
import types
import warnings
from typing import Any

from bot.core.errors import InputError

_STAND_INS = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator", "RasaDataGenerator"),
}


def _refuse(self: object, *args: Any, **kwargs: Any) -> None:
    raise InputError(
        f"{type(self).__name__} needs TensorFlow, which `cbot engine` does not load. "
        "Take the DIET, TED or UnexpecTED components out of config.yml, or serve with `rasa run`."
    )


def without_tensorflow() -> None:
    """Put the stand-ins in place; call it before the first import of Rasa.

    Raises:
        RuntimeError: when TensorFlow is loaded already, which makes the call pointless.
    """
    if "tensorflow" in sys.modules:
        raise RuntimeError("TensorFlow is loaded already; call without_tensorflow() first")
    for name, classes in _STAND_INS.items():
        module = types.ModuleType(name)
        for class_name in classes:
            setattr(module, class_name, type(class_name, (), {"__init__": _refuse}))
        sys.modules[name] = module


def quiet_rasa() -> None:
    """Set what Rasa and numpy read from the environment; call it before either is imported.

    No usage data leaves the city hall. Small products stay on one thread: a second, spinning
    one doubles the CPU of a turn and makes it no faster.
    """
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Rasa and what it pins warn of things nobody here can change; what matters is an error.
    warnings.simplefilter("ignore")
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
