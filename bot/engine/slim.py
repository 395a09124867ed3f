"""Starting Rasa with only what answers messages need.

On the serving path some of Rasa's modules are imported for training, plotting or channels that
this bot does not have, and bring TensorFlow, scikit-learn, matplotlib and a dozen clients of
messaging services with them. Stand-ins for those modules of Rasa, put in place before it is
imported, save seconds of start and 400 MB. A model that does need TensorFlow (DIET, TED) then
fails when it is loaded, with a clear message, never while answering. Training runs in a
process of its own without the stand-ins.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import types
import warnings
from pathlib import Path
from typing import Any

from bot.core.errors import InputError

#: Module of Rasa -> the classes that others import from it.
_STAND_INS = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator", "RasaDataGenerator"),
    "rasa.utils.tensorflow.model_data": (
        "RasaModelData",
        "FeatureSignature",
        "FeatureArray",
        "Data",
        "ragged_array_to_ndarray",
    ),
    "rasa.utils.plotting": (),
}
#: What others import from the package of Rasa's channels; its body imports all of them.
_CHANNEL_NAMES = ("CollectingOutputChannel", "InputChannel", "OutputChannel", "UserMessage")


def _refuse(self: object, *args: Any, **kwargs: Any) -> None:
    raise InputError(
        f"{type(self).__name__} needs TensorFlow, which `cbot engine` does not load. "
        "Take the DIET, TED or UnexpecTED components out of config.yml, or serve with `rasa run`."
    )


def without_training_code() -> None:
    """Put the stand-ins in place; call it before the first import of Rasa.

    Raises:
        RuntimeError: when Rasa is loaded already, which makes the call pointless.
    """
    if "rasa" in sys.modules:
        raise RuntimeError("Rasa is loaded already; call without_training_code() first")
    for name, classes in _STAND_INS.items():
        module = types.ModuleType(name)
        for class_name in classes:
            setattr(module, class_name, type(class_name, (), {"__init__": _refuse}))
        sys.modules[name] = module
    _without_other_channels()


def _without_other_channels() -> None:
    specification = importlib.util.find_spec("rasa")
    if specification is None or specification.origin is None:
        return
    package = types.ModuleType("rasa.core.channels")
    package.__path__ = [str(Path(specification.origin).parent / "core" / "channels")]
    sys.modules["rasa.core.channels"] = package
    channel = importlib.import_module("rasa.core.channels.channel")
    for name in _CHANNEL_NAMES:
        setattr(package, name, getattr(channel, name))


def quiet_rasa() -> None:
    """Set what Rasa and numpy read from the environment; call it before either is imported.

    No usage data leaves the city hall. Small products stay on one thread: a second, spinning
    one doubles the CPU of a turn and makes it no faster.
    """
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # Rasa and what it pins warn of things nobody here can change; what matters is an error.
    # Sanic turns warnings on again when it is imported, so it comes first.
    importlib.import_module("sanic.app")
    warnings.simplefilter("ignore")


def keep_trained_parts(folder: Path, megabytes: int) -> None:
    """Tell Rasa where to keep what components learnt, and how much of it, before it trains.

    Whoever set it in the environment is right.
    """
    os.environ.setdefault("RASA_CACHE_DIRECTORY", str(folder))
    os.environ.setdefault("RASA_MAX_CACHE_SIZE", str(megabytes))
