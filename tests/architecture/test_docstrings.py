"""Everything public has a docstring."""

from pathlib import Path

from tests.architecture.docstrings import undocumented
from tests.architecture.sources import nothing, product


def test_everything_public_says_what_it_is_for() -> None:
    nothing(line for path in product(".py") for line in undocumented(path))


def test_a_silent_function_class_method_or_module_is_found(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("class A:\n    def b(self): ...\n    class Meta: ...\ndef c(): ...\ndef _d(): ...\n")
    assert [line.split(": ")[1] for line in undocumented(module)] == [
        "the module says nothing about itself",
        "A has no docstring",
        "A.b has no docstring",
        "c has no docstring",
    ]
