"""The names of permissions, known without Django, so that a pack can be checked against them.

Each part names its own in its access.py. A role in a pack may list only these.
"""

PERMISSIONS: dict[str, str] = {}  # name → what it allows, in English


def permissions(names: dict[str, str]) -> None:
    """Name the permissions of a part: name → what it allows."""
    PERMISSIONS.update(names)
