"""The command line: one table of commands, each a module of this package that is loaded only when it is asked for.

A command module has `main(arguments: list[str]) -> int`, which returns the exit code. `tanghulu verify` must run where
Django is not installed, so nothing here imports it before a command that says it needs it.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from tanghulu import __version__
from tanghulu.core.errors import Refusal

USAGE_ERROR = 2
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its module in this package, whether it needs Django, and its line in the help."""

    module: str
    needs_django: bool
    summary: str


COMMANDS = {
    "demo": Command("demo", needs_django=False, summary="play a whole job, verify its pack, then serve it"),
    "seed-demo": Command("seed_demo", needs_django=True, summary="fill an empty data directory for the demo"),
    "up": Command("up", needs_django=False, summary="migrate, then serve web and worker on http://localhost:8000"),
    "first-link": Command("first_link", needs_django=True, summary="print the link that sets up a new installation"),
    "verify": Command("verify", needs_django=False, summary="verify an evidence pack, offline"),
    "export": Command("export", needs_django=True, summary="write the evidence pack of a run"),
    "fsck": Command("fsck", needs_django=True, summary="recompute every log, chain and photo and compare"),
    "backup": Command("backup", needs_django=True, summary="save everything into one file while the server runs"),
    "restore": Command("restore", needs_django=False, summary="restore a backup into an empty data directory"),
    "reindex": Command("reindex", needs_django=True, summary="make the search index anew"),
    "template": Command("template", needs_django=False, summary="check a process template"),
    "add-tenant": Command("add_tenant", needs_django=True, summary="add a company"),
    "add-member": Command("add_member", needs_django=True, summary="add a member to a company"),
    "open-log": Command("open_log", needs_django=True, summary="begin the evidence log of a company"),
    "token": Command("token", needs_django=True, summary="issue or revoke an API token"),
    "sign-in-link": Command("sign_in_link", needs_django=True, summary="let somebody choose a password anew"),
    "link-account": Command(
        "link_account", needs_django=True, summary="say which account elsewhere somebody signs in with"
    ),
    "migrate": Command("migrate", needs_django=True, summary="bring the database up to date"),
    "web": Command("web", needs_django=True, summary="serve the pages and the API only"),
    "welcome": Command(
        "welcome", needs_django=True, summary="serve the page that leads phones in (up --lan starts it)"
    ),
    "worker": Command("worker", needs_django=True, summary="run the background work only"),
}


def usage() -> str:
    """The help text: every command with its line."""
    width = max(map(len, COMMANDS)) + 2
    lines = [f"  {name:<{width}}{command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            f"Tanghulu {__version__}. Usage: tanghulu COMMAND [OPTION ...]",
            "",
            *lines,
            "",
            "`tanghulu COMMAND --help` says more. In a checkout, `./tanghulu test` runs every check.",
        ]
    )


def run(name: str, arguments: list[str]) -> int:
    """Load one command's module and run it; its exit code."""
    command = COMMANDS[name]
    if command.needs_django:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanghulu.config.settings")
        import_module("django").setup()
    return int(import_module(f"tanghulu.cli.{command.module}").main(arguments))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name; 2 when there is none of that name.

    A refusal ends with exit 1 and its code on standard error; Ctrl-C with 130.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in {"-h", "--help", "help"}:
        print(usage())
        return 0 if given else USAGE_ERROR
    if given[0] in {"-V", "--version"}:
        print(__version__)
        return 0
    if given[0] not in COMMANDS:
        print(f"tanghulu: no command {given[0]!r} / 没有这个命令\n\n{usage()}", file=sys.stderr)
        return USAGE_ERROR
    try:
        return run(given[0], given[1:])
    except Refusal as refusal:
        print(f"tanghulu: refused / 拒绝: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); closing quietly is what it expects.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
