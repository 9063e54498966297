"""The tables of the reference, row by row, against the templates that ship: tests/library/*_rows.toml."""

import tomllib
from pathlib import Path

import pytest

from tests.support.flow_templates import shipped

FOLDER = Path(__file__).parent
TABLES = {
    "t02_rows.toml": ("confined-space-entry", range(16)),
    "t09_rows.toml": ("belt-conveyor-maintenance", range(1, 15)),
    "t12_rows.toml": ("high-voltage-maintenance", range(10)),
}
AGAIN = {"during/work/three_in_again/count_locks"}
READ = {name: tomllib.loads((FOLDER / name).read_text(encoding="utf-8")) for name in TABLES}
ROWS = [
    pytest.param(slug, row, id=f"{slug}-{row['row']}-{row['step']}")
    for name, (slug, _) in TABLES.items()
    for row in READ[name]["row"]
]


def nodes(document):
    """Every step of a document by its path, with the repeat nearest to it."""

    def walk(children, path, around):
        for node in children:
            below = f"{path}/{node['id']}" if node["node"] in {"step", "repeat", "call"} else path
            if node["node"] == "step":
                yield below, node, around
            for branch in [node, *node.get("options", []), {"do": node.get("otherwise", [])}]:
                yield from walk(branch.get("do", []), below, node if node["node"] == "repeat" else around)

    for stage in document["stages"]:
        for path, node, around in walk(stage["do"], stage["stage"], None):
            yield path, (node, around)


@pytest.fixture(scope="module")
def documents():
    return {slug: dict(nodes(shipped(slug).document)) for slug, _ in TABLES.values()}


class TestShippedTemplates:
    @pytest.mark.parametrize(("slug", "row"), ROWS)
    def test_keep_every_row_of_the_reference(self, documents, slug, row):
        node, repeat = documents[slug][row["step"]]
        assert node["who"]["parts"] == row["parts"]
        assert node["who"]["each"] is row.get("each", False)
        assert node["who"]["policy"] == row.get("policy", "all")
        self.keeps_what_is_shown(node, row)
        self.keeps_what_is_asked(node, row)
        self.keeps_what_is_measured(node, row)
        assert repeat is None or row.get("every", repeat.get("every")) == repeat.get("every")
        for key in ("not_before", "decision"):
            assert node.get(key) == row.get(key)
        assert "source" not in row or row["source"] in node["source"]

    def keeps_what_is_shown(self, node, row):
        shown = {name: [text["en"] for text in slot["show"]] for name, slot in node["photos"].items()}
        assert shown == row.get("photos", {})
        assert {name: use["act"] for name, use in node["register"].items()} == row.get("registers", {})
        fewest = {name: use["at_least"] for name, use in node["register"].items() if use["act"] == "in"}
        assert fewest == {name: row.get("at_least", {}).get(name, 1) for name in fewest}

    def keeps_what_is_asked(self, node, row):
        assert set(node["ask"]) == set(row.get("asks", ()))
        must = {name for name, question in node["ask"].items() if question.get("must") is True}
        assert set(node["ask"]) - must == {*row.get("free", ()), *row.get("options", {})}
        for name, options in row.get("options", {}).items():
            assert [option["id"] for option in node["ask"][name]["options"]] == options
        kept = [must for must in node["must"] if must["is"] != "sampled_within"]
        musts = {" ".join(filter(None, [must["register"], must["is"], must.get("part")])) for must in kept}
        assert musts == set(row.get("musts", ()))

    def keeps_what_is_measured(self, node, row):
        limits = [*row.get("readings", ()), *filter(None, [row.get("reading")])]
        assert set(node["readings"]) == {asked["name"] for asked in limits}
        for asked in limits:
            reading = node["readings"][asked["name"]]
            wanted = {key: value for key, value in asked.items() if key != "name"}
            assert {key: reading.get(key) for key in wanted} == wanted
        sampled = [must for must in node["must"] if must["is"] == "sampled_within"]
        assert bool(sampled) is ("sampled" in row)
        for must in sampled:
            assert (must["steps"], must["seconds"]) == (row["sampled"]["steps"], row["sampled"]["seconds"])
            assert len(must["readings"]) == row["sampled"]["readings"]

    @pytest.mark.parametrize(("slug", "name"), [(slug, name) for name, (slug, _) in TABLES.items()])
    def test_have_no_step_that_is_in_no_row(self, documents, slug, name):
        assert set(documents[slug]) - {row["step"] for row in READ[name]["row"]} <= AGAIN

    @pytest.mark.parametrize("name", TABLES)
    def test_cover_every_number_of_the_table(self, name):
        assert {row["row"] for row in READ[name]["row"]} == set(TABLES[name][1])

    @pytest.mark.parametrize(("slug", "name"), [(slug, name) for name, (slug, _) in TABLES.items()])
    def test_keep_who_may_be_what_and_for_how_long(self, slug, name):
        document = shipped(slug).document
        assert document["expires_after"] == READ[name]["expires_after"]
        plain = {"count": [1, 1], "not_same_as": []}
        wanted = {part: {**plain, **person} for part, person in READ[name]["people"].items()}
        people = document["people"].items()
        assert {
            part: {key: said for key, said in person.items() if key != "title"} for part, person in people
        } == wanted
