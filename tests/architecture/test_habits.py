"""Small habits that a syntax tree can see."""

import ast
import re

import pytest

from tests.architecture.source import Module, dotted, functions, module, modules

FORBIDDEN_NAMES = {
    "base", "common", "helper", "helpers", "lib", "manager", "managers", "misc", "service", "services", "shared",
    "tools", "util", "utils",
}  # fmt: skip
FORBIDDEN_ENDINGS = ("Helper", "Manager", "Service", "Utils", "Util")

CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "datetime.datetime.now", "datetime.datetime.utcnow",
    "date.today", "datetime.date.today", "time.time", "time.time_ns", "time.localtime", "time.gmtime",
    "timezone.now", "timezone.localdate", "timezone.localtime", "django.utils.timezone.now", "functions.Now", "Now",
}  # fmt: skip
EDGE = {"web", "worker", "cli"}

# Modules that may import inside a function, each with the reason.
IMPORTS_INSIDE: dict[str, str] = {}
# Modules that may catch everything, each with the reason.
CATCHES_ALL = {
    "src/tanghulu/worker/loop.py": "one broken handler must not stop the others",
    "src/tanghulu/cli/main.py": "the last place before a stack trace reaches a user",
    "src/tanghulu/apps/jobs/till.py": "a fault is raised again in the thread whose work it was",
    "src/tanghulu/web/door.py": "the last place before a stack trace reaches a phone",
}
# Modules besides config/env.py that may touch the environment, each with the reason.
ENVIRONMENT = {
    "src/tanghulu/config/env.py": "the reader of the environment",
    "src/tanghulu/config/wsgi.py": "names the settings module, as Django asks of an entry point",
    "src/tanghulu/cli/main.py": "names the settings module, as Django asks of an entry point",
}


def imports_inside(given: Module) -> list[str]:
    return [
        f"{given.path}:{inner.lineno} imports inside {node.name}"
        for node in functions(given.tree)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def vague_names(given: Module) -> list[str]:
    stem = given.path.rsplit("/", 1)[-1].removesuffix(".py")
    folder = given.path.rsplit("/", 2)[-2] if stem == "__init__" else ""
    files = [f"{given.path} says nothing"] if {stem, folder} & FORBIDDEN_NAMES else []
    return files + [
        f"{given.path}:{node.lineno} class {node.name} says nothing"
        for node in ast.walk(given.tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith(FORBIDDEN_ENDINGS)
    ]


def reads_environment(given: Module) -> list[str]:
    names = {"os.environ", "os.getenv", "os.putenv", "os.environb", "environ", "getenv"}
    return [
        f"{given.path}:{node.lineno} touches the environment"
        for node in ast.walk(given.tree)
        if isinstance(node, ast.Attribute | ast.Name) and dotted(node) in names
    ]


def reads_clock(given: Module) -> list[str]:
    # A mere mention counts: `default=timezone.now` reads the clock behind everybody's back.
    lines = [
        node.value.lineno if isinstance(node, ast.keyword) else node.lineno
        for node in ast.walk(given.tree)
        if (isinstance(node, ast.Attribute | ast.Name) and dotted(node) in CLOCKS)
        or (isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"})
    ]
    return [f"{given.path}:{line} reads the clock" for line in lines]


def uses_signals(given: Module) -> list[str]:
    found = []
    for node in ast.walk(given.tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        origin = getattr(node, "module", "") or "" if isinstance(node, ast.ImportFrom) else ""
        if any(
            re.search(r"(^|\.)(signals|dispatch)$", name) for name in [origin, *names]
        ) and "django" in origin + "".join(names):
            found.append(f"{given.path}:{node.lineno} uses signals")
    return found


def patches(given: Module) -> list[str]:
    found = []
    for node in ast.walk(given.tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {getattr(node, "module", "") or "", *(alias.name for alias in node.names)}
            if names & {"mock", "unittest.mock"}:
                found.append(f"{given.path}:{node.lineno} mocks")
        patch = isinstance(node, ast.Call) and dotted(node.func) in {"monkeypatch.setattr", "mocker.patch"}
        # What the interpreter gives a program, such as standard input, is not our code.
        if patch and not ast.unparse(node.args[0]).strip("'").startswith("sys"):
            found.append(f"{given.path}:{node.lineno} patches")
    return found


def catches_all(given: Module) -> list[str]:
    return [
        f"{given.path}:{node.lineno} catches everything"
        for node in ast.walk(given.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or dotted(node.type) in {"Exception", "BaseException"})
    ]


def unfinished(given: Module) -> list[str]:
    lines = enumerate(given.text.splitlines(), 1)
    return [f"{given.path}:{number} is not finished" for number, line in lines if UNFINISHED.search(line)]


UNFINISHED = re.compile(r"#.*\b(?:TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")
SWITCH = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:|djlint:|mypy:)(?P<rest>.*)$")
REASONED = re.compile(r"^(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[a-z, -]+\])\s*(?:-|—|#|:)\s*\S.{2,}")


def unreasoned(given: Module) -> list[str]:
    found = []
    for number, line in enumerate(given.text.splitlines(), 1):
        switch = SWITCH.search(line)
        if switch and "re.compile" not in line and not REASONED.match(switch["rest"]):
            found.append(f"{given.path}:{number} switches a rule off without its reason beside it")
    return found


def everywhere(rule, *folders, besides=()):
    return [found for given in modules(*folders) if given.path not in besides for found in rule(given)]


class TestImportsInside:
    def test_are_nowhere(self):
        assert everywhere(imports_inside, "src", besides=IMPORTS_INSIDE) == []

    def test_are_refused(self):
        assert imports_inside(module("a.py", "import os\ndef f():\n    import json\n")) == ["a.py:3 imports inside f"]
        assert imports_inside(module("a.py", "class A:\n  def f(self):\n    from json import loads\n")) != []


class TestNames:
    def test_all_say_something(self):
        assert everywhere(vague_names, "src", "tests", "bench") == []

    @pytest.mark.parametrize("path", ["src/tanghulu/web/utils.py", "src/tanghulu/apps/common/__init__.py"])
    def test_that_say_nothing_are_refused(self, path):
        assert vague_names(module(path, "")) == [f"{path} says nothing"]

    def test_of_classes_that_say_nothing_are_refused(self):
        assert vague_names(module("a.py", "class JobService: ...")) == ["a.py:1 class JobService says nothing"]


class TestTheEnvironment:
    def test_is_read_in_one_module(self):
        assert everywhere(reads_environment, "src", besides=ENVIRONMENT) == []

    @pytest.mark.parametrize(
        "text", ["import os\nx = os.environ['A']", "import os\nx = os.getenv('A')", "environ.get('A')"]
    )
    def test_is_refused_elsewhere(self, text):
        assert len(reads_environment(module("src/tanghulu/apps/a.py", text))) == 1


class TestTheClock:
    def test_is_read_at_the_edge_only(self):
        inner = [given for given in modules("src") if given.part not in EDGE]
        assert [found for given in inner for found in reads_clock(given)] == []

    @pytest.mark.parametrize(
        "text",
        [
            "x = datetime.now(UTC)",
            "x = time.time()",
            "x = models.DateTimeField(default=timezone.now)",
            "x = models.DateTimeField(auto_now_add=True)",
            "x = date.today()",
        ],
    )
    def test_is_refused_inside(self, text):
        assert reads_clock(module("src/tanghulu/apps/a.py", text)) == ["src/tanghulu/apps/a.py:1 reads the clock"]


class TestSignals:
    def test_are_not_used(self):
        assert everywhere(uses_signals, "src") == []

    @pytest.mark.parametrize(
        "text",
        [
            "from django.db.models.signals import post_save",
            "from django.db.models import signals",
            "from django.dispatch import receiver",
            "import django.dispatch",
        ],
    )
    def test_are_refused(self, text):
        assert uses_signals(module("a.py", text)) == ["a.py:1 uses signals"]

    def test_of_the_operating_system_are_something_else(self):
        assert uses_signals(module("a.py", "import signal")) == []


class TestMocks:
    def test_are_not_used(self):
        assert everywhere(patches, "tests", besides={"tests/architecture/test_habits.py"}) == []

    @pytest.mark.parametrize(
        "text", ["from unittest.mock import patch", "from unittest import mock", "monkeypatch.setattr(a, 'b', c)"]
    )
    def test_are_refused(self, text):
        assert len(patches(module("a.py", text))) == 1


class TestSwitchedOffRules:
    def test_have_their_reason_beside_them(self):
        assert everywhere(unreasoned, "src", "tools", "bench") == []

    @pytest.mark.parametrize("comment", ["# noqa", "# noqa: S101", "# type: ignore", "# type: ignore[arg-type]"])
    def test_are_refused_without_a_reason(self, comment):
        assert len(unreasoned(module("a.py", f"x = 1  {comment}"))) == 1

    @pytest.mark.parametrize(
        "comment", ["# noqa: S101 - the key is public", "# type: ignore[arg-type] # stubs lag behind Django"]
    )
    def test_are_accepted_with_one(self, comment):
        assert unreasoned(module("a.py", f"x = 1  {comment}")) == []


class TestCatchingAll:
    def test_is_for_the_outermost_loops(self):
        assert everywhere(catches_all, "src", besides=CATCHES_ALL) == []

    @pytest.mark.parametrize("clause", ["except:", "except Exception:", "except BaseException as error:"])
    def test_is_refused_elsewhere(self, clause):
        assert catches_all(module("a.py", f"try:\n    f()\n{clause}\n    g()")) == ["a.py:3 catches everything"]

    def test_is_something_else_than_naming_an_error(self):
        assert catches_all(module("a.py", "try:\n    f()\nexcept (KeyError, OSError):\n    g()")) == []


class TestUnfinishedWork:
    def test_is_nowhere(self):
        assert (
            everywhere(unfinished, "src", "tests", "tools", "bench", besides={"tests/architecture/test_habits.py"})
            == []
        )

    @pytest.mark.parametrize("line", ["x = 1  # TODO later", "raise NotImplementedError"])
    def test_is_refused(self, line):
        assert unfinished(module("a.py", line)) == ["a.py:1 is not finished"]
