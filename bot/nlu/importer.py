"""Reading the training files in a second or two instead of half a minute.

Rasa parses each file three times in pure Python, and then copies and fingerprints every
message at each of a dozen merges. Here a file is read once with the C parser, and the
messages know a quick way to do both. `cbot validate` checks the files before that, with
file and line, so Rasa's own schema check is left out.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Dict, Optional

import yaml
from rasa.shared.exceptions import YamlSyntaxException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


class TaughtMessage(Message):
    """A training message of plain data: quick to copy and to fingerprint."""

    _cached_fingerprint: Optional[str]

    def __deepcopy__(self, memo: Dict[int, Any]) -> TaughtMessage:
        """Copy; the values are never changed in place, so they are shared."""
        copied = TaughtMessage(self.data, set(self.output_properties), self.time, [*self.features])
        copied._cached_fingerprint = self._cached_fingerprint
        return copied

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """Set a property; setting what it is already keeps the fingerprint."""
        if add_to_output or self.data.get(prop) != info:
            super().set(prop, info, add_to_output)

    def fingerprint(self) -> str:
        """Give a hash of data and features."""
        if self.features:
            return str(super().fingerprint())
        if self._cached_fingerprint is None:
            content = json.dumps(self.data, sort_keys=True, default=str)
            self._cached_fingerprint = hashlib.sha256(content.encode()).hexdigest()
        return self._cached_fingerprint


class _QuickReader(RasaYAMLReader):
    """Rasa's reader with another parser."""

    def reads(self, string: str, **kwargs: Any) -> TrainingData:
        """Read the messages and tables of one file's text."""
        try:
            document = yaml.load(string, yaml.CSafeLoader) or {}
        except yaml.YAMLError as error:
            raise YamlSyntaxException(self.filename, error) from error
        self._parse_nlu(document.get("nlu"))
        return TrainingData(
            [TaughtMessage(message.data) for message in self.training_examples],
            self.entity_synonyms,
            self.regex_features,
            self.lookup_tables,
            document.get("responses"),
        )


class ProjectImporter(RasaFileImporter):
    """Rasa's importer of files, quicker; named under ``importers`` in config.yml."""

    _taught: Optional[TrainingData] = None

    def get_nlu_data(self, language: Optional[str] = "en") -> TrainingData:
        """Give the training messages; all languages are taught together."""
        if self._taught is None:
            files = [_QuickReader().read(file) for file in self._nlu_files]
            self._taught = TrainingData().merge(*files)
        return self._taught
