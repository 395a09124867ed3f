"""The people at city hall: their roles, and what each role may do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Role(str, Enum):
    """What somebody is at city hall."""

    #: Looks at what happens, without residents' names and telephones.
    VIEWER = "viewer"
    #: Answers residents and works on what they sent.
    CLERK = "clerk"
    #: Teaches the bot sentences, trains and publishes it.
    TRAINER = "trainer"
    #: Writes what the bot answers.
    EDITOR = "editor"
    #: Does all of it, and looks after people and rights.
    ADMINISTRATOR = "administrator"


class May(str, Enum):
    """Something a page needs leave for."""

    #: See submissions and numbers.
    LOOK = "look"
    #: See residents' names, telephones, photos and conversations.
    PERSONAL = "personal"
    #: Work on submissions.
    ACT = "act"
    #: Take over conversations.
    TALK = "talk"
    #: See what was not answered and teach it.
    TEACH = "teach"
    #: Train models and publish them.
    PUBLISH = "publish"
    #: Read the knowledge as it is written.
    READ = "read"
    #: Change the knowledge.
    EDIT = "edit"
    #: Look after people, rights and the journal.
    ADMINISTER = "administer"


#: What each role may do.
RIGHTS: Mapping[Role, frozenset[May]] = {
    Role.VIEWER: frozenset({May.LOOK, May.READ}),
    Role.CLERK: frozenset({May.LOOK, May.READ, May.PERSONAL, May.ACT, May.TALK}),
    Role.TRAINER: frozenset({May.LOOK, May.READ, May.TEACH, May.PUBLISH}),
    Role.EDITOR: frozenset({May.LOOK, May.READ, May.TEACH, May.EDIT}),
    Role.ADMINISTRATOR: frozenset(May),
}


def may(role: Role, what: May) -> bool:
    """Tell whether ``role`` has leave for ``what``."""
    return what in RIGHTS[role]
