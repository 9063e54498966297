"""What ships with the product as data: process templates in YAML, and drawings of what their photos are to show.

Both are described in docs/reference/template-language.md.
"""

from __future__ import annotations

from importlib import resources


def drawing_texts() -> dict[str, str]:
    """The SVG of every drawing that a template may name as an illustration, by that name."""
    folder = resources.files(__package__).joinpath("drawings")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".svg")), key=lambda file: file.name)
    return {file.name.removesuffix(".svg"): file.read_text(encoding="utf-8") for file in files}


def template_texts() -> dict[str, str]:
    """The YAML of every template and fragment, by the name of its file, which is its slug."""
    folder = resources.files(__package__).joinpath("templates")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return {file.name.removesuffix(".yaml"): file.read_text(encoding="utf-8") for file in files}
