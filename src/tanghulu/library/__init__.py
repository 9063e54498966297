"""What ships with the product as data: process templates, written as YAML (docs/reference/template-language.md)."""

from __future__ import annotations

from importlib import resources


def template_texts() -> dict[str, str]:
    """The YAML of every template and fragment, by the name of its file, which is its slug."""
    folder = resources.files(__package__).joinpath("templates")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return {file.name.removesuffix(".yaml"): file.read_text(encoding="utf-8") for file in files}
