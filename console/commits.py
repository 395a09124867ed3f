"""Keeping each change of a file in git, where the deployment wants that."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bot.store.staff import Member

log = logging.getLogger(__name__)
_SECONDS = 20


def commit(root: Path, files: Sequence[str], message: str, member: Member) -> bool:
    """Commit these files and no others, in the name of whoever changed them.

    A commit that fails is logged and stops nothing: the file itself is written.
    """
    author = f"{member.full_name} <{member.name}@console>"
    commands = (
        ["git", "add", "--", *files],
        ["git", "commit", "--quiet", "--author", author, "--message", message, "--", *files],
    )
    for command in commands:
        try:
            subprocess.run(command, cwd=root, check=True, capture_output=True, timeout=_SECONDS)
        except (OSError, subprocess.SubprocessError) as error:
            told = getattr(error, "stderr", None) or str(error).encode()
            log.error("git could not keep the change: %s", told.decode(errors="replace").strip())
            return False
    return True
