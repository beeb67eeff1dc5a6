"""Writes docs/reference from the code: what can be looked up is never typed twice.

tools/reference.py           write the pages
tools/reference.py --check   exit 1 when a page is not what the code says
"""

import argparse
import inspect
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "reference"
MADE = "<!-- Made by `make reference` from the code. Change the code. -->\n"


def _table(*rows: tuple[str, ...]) -> str:
    head, *rest = [[" ".join(cell.split()).replace("|", "\\|") for cell in row] for row in rows]
    lines = [head, ["---"] * len(head), *rest]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def permissions() -> str:
    """Every permission, what it allows, and which roles of the template pack have it."""
    from kaimen.packs import read_folder
    from kaimen.register.access import PERMISSIONS
    from kaimen.register.definitions import Role

    roles = read_folder(ROOT / "packs" / "template").all(Role)
    rows = [
        (f"`{name}`", str(PERMISSIONS[name]), ", ".join(role.slug for role in roles if name in role.may))
        for name in sorted(PERMISSIONS)
    ]
    return (
        "# Permissions\n\nA role in `roles.yaml` lists permissions. Somebody may do what one of their posts grants, "
        "over the scope of that post.\n\n" + _table(("permission", "allows", "roles of `packs/template`"), *rows)
    )


def effects() -> str:
    """Every named effect."""
    from kaimen.kit import effects as registry

    rows = [(f"`{name}`", registry.about(name)) for name in registry.names()]
    return (
        "# Effects\n\nOne part sets off another by name and knows nothing else about it (`kaimen.kit.effects`).\n\n"
        + _table(("effect", "what it does"), *rows)
    )


def reasons() -> str:
    """Every reason code of a gate, with the words of the template pack."""
    from kaimen.gate.definitions import GateProfile
    from kaimen.packs import read_folder
    from kaimen_gate.reasons import BUILT_IN

    profile = read_folder(ROOT / "packs" / "template").all(GateProfile)[0]
    said = profile.reasons
    rows = [
        (f"`{code}`", answer, said[code].guard.en, said[code].person.en, said[code].person.zh)
        for code, answer in {**BUILT_IN, **profile.answers()}.items()
    ]
    return (
        "# Reason codes\n\nWhy an entry was decided so. The first five hold at every gate; the others are given by the "
        "rules of `packs/template`, in their order: the first that holds and answers decides, and every other that "
        "held is kept in the entry. A pack writes its own rules and words. Leaving is never refused. "
        "[How a gate decides](decision.md).\n\n"
        + _table(("code", "answer", "to the guard", "to the person", "给本人"), *rows)
    )


_PACK_FILES = """# Files of a pack

What is read, and where. `?` marks a key that may be left out. A text in both languages is `{zh-Hans: …, en: …}`.
"""


def pack_files() -> str:
    """Every kind of file in a pack, with its keys."""
    from kaimen.packs.kinds import kinds

    parts = [_PACK_FILES]
    for kind in sorted(kinds(), key=lambda one: one.pattern):
        needed = "needed" if kind.required else "may be left out"
        rows = [(f"`{path}`", what) for path, what in keys(kind.schema)]
        parts.append(f"\n## {kind.name}\n\n`{kind.pattern}`, {needed}.\n\n" + _table(("key", "value"), *rows))
    return "".join(parts)


Schema = dict[str, Any]


def keys(schema: Schema, path: str = "", whole: Schema | None = None) -> Iterator[tuple[str, str]]:
    """Path and description of every key a JSON Schema allows."""
    whole = whole or schema
    properties = schema.get("properties", {})
    if set(properties) == {"zh-Hans", "en"}:
        return
    for name, below in properties.items():
        here = f"{path}.{name}" if path else name
        yield here + ("" if name in schema.get("required", ()) else "?"), _value(below)
        yield from _below(below, here, whole)
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        here = f"{path}.<name>" if path else "<name>"
        yield here, _value(others)
        yield from _below(others, here, whole)
    if isinstance(schema.get("items"), dict):
        yield from _below(schema["items"], f"{path}[]", whole)


def _below(schema: Schema, path: str, whole: Schema) -> Iterator[tuple[str, str]]:
    """The keys of a schema inside another; one that is defined by name is shown once on each path."""
    if "$ref" not in schema:
        yield from keys(schema, path, whole)
        return
    name = schema["$ref"].removeprefix("#/$defs/")
    others = {key: one for key, one in whole.get("$defs", {}).items() if key != name}
    if name in whole.get("$defs", {}):
        yield from keys(whole["$defs"][name], path, {"$defs": others})


def _value(schema: Schema) -> str:
    if set(schema.get("properties", {})) == {"zh-Hans", "en"}:
        return "text in both languages"
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if "enum" in schema:
        return "one of " + ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    kind = schema.get("type", "any value")
    words = kind if isinstance(kind, str) else " or ".join(kind)
    if words == "array":
        inner = schema.get("items", {})
        words = f"list of {_value(inner)}" if isinstance(inner, dict) and inner else "list"
    if "format" in schema:
        words += f" ({schema['format']})"
    if "pattern" in schema:
        words += f" like `{schema['pattern']}`"
    return f"{words}: {schema['description']}" if "description" in schema else words


def commands() -> str:
    """Every command of `kaimen`, `kaimen-gate`, `kaimen-witness`, `kaimen-source` and `make`."""
    from django.core.management import get_commands, load_command_class

    from kaimen_gate import command
    from kaimen_source import command as source
    from kaimen_witness import command as witness

    parts = ["# Commands\n\nEach says more with `--help`.\n"]
    for name, app in sorted(get_commands().items()):
        if app.startswith("kaimen."):
            parts.append(_command(f"kaimen {name}", load_command_class(app, name).create_parser("kaimen", name)))
    parts.append(_command("kaimen-gate", command.parser()))
    parts.append(_command("kaimen-witness", witness.parser()))
    parts.append(_command("kaimen-source", source.parser()))
    targets = re.findall(r"^([a-z-]+):.*## (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    return "".join(parts) + "\n## `make`\n\n" + _table(("target", "what it does"), *[(f"`{n}`", w) for n, w in targets])


_EVERYWHERE = {
    "help",
    "version",
    "verbosity",
    "settings",
    "pythonpath",
    "traceback",
    "no_color",
    "force_color",
    "skip_checks",
}


def _command(name: str, parser: argparse.ArgumentParser) -> str:
    rows = list(_rows(parser, ""))
    table = _table(("argument", "meaning"), *rows) if rows else "It takes no arguments.\n"
    return f"\n## `{name}`\n\n{parser.description}\n\n{table}"


def _rows(parser: argparse.ArgumentParser, before: str) -> Iterator[tuple[str, str]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {one.dest: one.help or "" for one in action._choices_actions}
            for name, below in action.choices.items():
                yield f"`{before}{name}`", helps.get(name, "")
                yield from _rows(below, f"{before}{name} ")
        elif action.dest not in _EVERYWHERE:
            name = " ".join(action.option_strings) or str(action.metavar or action.dest)
            choices = " or ".join(f"`{one}`" for one in action.choices or ())
            yield f"`{before}{name}`", (action.help or choices) % {"default": action.default, "prog": parser.prog}


def addresses() -> str:
    """Every address and who may open it."""
    from django.urls import get_resolver

    rows = [(f"`{path}`", who) for path, who in sorted(_addresses(get_resolver().url_patterns, "/"))]
    return (
        "# Addresses\n\n`public` is for everybody, `signed in` for anybody with an account; all others need a post "
        "whose role grants the [permission](permissions.md).\n\n" + _table(("address", "who may open it"), *rows)
    )


def _addresses(patterns: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _addresses(pattern.url_patterns, path)
        else:
            access = getattr(pattern.callback, "access", "nobody")
            yield path, access if " " in access or access == "public" else f"`{access}`"


_RULES = """# The rule language

A rule is a condition over named, typed fields: `body_temperature >= 37.3 or symptoms`. Its answer is yes, no or
unknown. How to write one: [the guide](../guides/write-a-rule.md).

A field declares what it means when a row lacks it. `absent: unknown`: whatever reads it is unknown. `absent: false`
(nothing recorded, nothing happened): a field of yes or no is no; a comparison, `in` or `between` that reads any other
such field does not hold, whatever its other side. An amount that is asked for by itself is unknown.

A parameter is a dated value with a source; it is unknown before its first day. `as_of` is the day the rule is asked
about. There is no other clock, no division, no order of texts, and no value changes its type, but that an integer may
stand where a decimal may. All numbers are exact.

Names are written as declared, the words of the language in small or capital letters. A text stands in single quotes, a
quote inside it twice; a date is `DATE '2020-03-16'`, never a text.
"""


def rules() -> str:
    """Every type, operator, function, limit and refusal of the rule language."""
    from kaimen.rules import functions, limits, sizes
    from kaimen.rules.values import REMEDIES
    from kaimen.rules.wording import TYPES, WORDINGS

    types = [(f"`{kind}`", TYPES[kind].zh, REMEDIES[kind].en.removeprefix("Give ")) for kind in TYPES]
    operators = [(f"`{one.form}`", f"`{one.example}`", one.meaning.en, one.meaning.zh) for one in functions.OPERATORS]
    calls = [(f"`{one.example}`", one.gives, one.meaning.en, one.meaning.zh) for one in functions.FUNCTIONS]
    bounds = [
        ("characters of a rule", limits.LONGEST_TEXT),
        ("words, numbers and signs of a rule", limits.MOST_TOKENS),
        ("parentheses, functions or parts inside each other; sums of one chain", limits.DEEPEST),
        ("values after `in`", limits.MOST_OPTIONS),
        ("characters of a text in a rule", limits.LONGEST_STRING),
        ("characters of a text in a row", limits.LONGEST_VALUE),
        ("characters of a name", limits.LONGEST_NAME),
        ("digits a result may need, worked out before anything is asked", sizes.MOST_DIGITS),
        ("places of them behind the point", sizes.MOST_PLACES),
        ("digits of the days in `add_days`", limits.DAY_COUNT_DIGITS),
    ]
    refusals = [
        (f"`{code}`", f"{one.en}. {one.en_remedy}", f"{one.zh}。{one.zh_remedy}") for code, one in WORDINGS.items()
    ]
    return (
        _RULES
        + "\n## Types\n\n"
        + _table(("type", "类型", "what a row may hold"), *types)
        + "\n## Operators\n\nWhat stands higher binds more.\n\n"
        + _table(("form", "example", "meaning", "意思"), *operators)
        + "\n## Functions\n\n"
        + _table(("example", "gives", "meaning", "意思"), *calls)
        + "\n## Limits\n\n"
        + _table(("of", "at most"), *[(what, f"{most:,}") for what, most in bounds])
        + "\n## Refusals\n\nEach is told with its line and column; `{…}` is filled in.\n\n"
        + _table(("code", "what is wrong, and what would be right", "哪里不对，应该怎么写"), *refusals)
    )


def tour() -> str:
    """The tour's stops."""
    from kaimen.web import tour as stops

    return stops.markdown()


PAGES_MADE: dict[str, Callable[[], str]] = {
    one.__name__.replace("_", "-"): one
    for one in (permissions, effects, reasons, pack_files, commands, addresses, rules)
} | {"../tour": tour}


def stale(folder: Path = PAGES) -> list[str]:
    """The pages that are not what the code says."""
    found = []
    for name, make in PAGES_MADE.items():
        path = folder / f"{name}.md"
        if not path.exists() or path.read_text("utf-8") != MADE + make():
            found.append(f"{name.removeprefix('../')}.md is not what the code says: run `make reference`")
    return found


def schemas() -> dict[Path, str]:
    """The JSON Schema of every kind of file in a pack, for editors."""
    from kaimen.packs.kinds import kinds, published

    return {PAGES / "schemas" / f"{kind.name}.json": published(kind) for kind in kinds()}


def stale_schemas() -> list[str]:
    """The schemas that are not what the code says, and those of kinds that are gone."""
    made = schemas()
    kept = {path: path.read_text("utf-8") for path in (PAGES / "schemas").glob("*.json")}
    return [
        f"docs/reference/schemas/{path.name} is not what the code says: run `make reference`"
        for path in sorted(made.keys() | kept.keys())
        if made.get(path) != kept.get(path)
    ]


def write(folder: Path) -> None:
    """Write every page below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES_MADE.items():
        (folder / f"{name}.md").write_text(MADE + make(), "utf-8")


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=inspect.getdoc(sys.modules[__name__]))
    parser.add_argument("--check", action="store_true")
    if parser.parse_args(arguments).check:
        found = stale() + stale_schemas()
        print("\n".join(found) or f"{len(PAGES_MADE)} pages say what the code says")
        return 1 if found else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES_MADE.items():
        (PAGES / f"{name}.md").write_text(MADE + make(), "utf-8")
    shutil.rmtree(PAGES / "schemas", ignore_errors=True)
    for path, text in schemas().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return 0


def _set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "kaimen.project.settings.test"
    django.setup()
    django.utils.translation.activate("en")


if __name__ == "__main__":
    _set_up()
    sys.exit(main(sys.argv[1:]))
