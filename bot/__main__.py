"""The command line: read settings, build, run. Every command exits 0 done, 1 failed, 2 bad usage."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated

import typer

from bot.config import Settings, read_settings
from bot.logs import set_up
from services.domain.briefing.brief import Slot
from services.domain.conversation import Lang
from services.domain.errors import MarketByteError

app = typer.Typer(
    add_completion=False, no_args_is_help=False, pretty_exceptions_enable=False,
    help="MarketByte: a financial co-pilot in a chat. Without a command it serves everything in one process.",
)  # fmt: skip

Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of text.")]
LangOption = Annotated[Lang, typer.Option(help="The language.")]
SlotOption = Annotated[Slot, typer.Option(help="Which brief of the day.")]
LATER = {
    "backup": "archives", "restore": "archives",
    "train": "the forecast model", "forecast": "the forecast", "ledger": "the forecast's public record",
}  # fmt: skip


def _run(work: Callable[[Settings], Coroutine[None, None, int]], *, loud: bool = False) -> None:
    """Read the settings, run one command on its own loop, answer every expected failure with one line on stderr."""
    set_up(json_lines=not sys.stderr.isatty(), quiet=not loud)
    try:
        settings = read_settings()
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            code = runner.run(work(settings))
    except MarketByteError as error:
        typer.echo(f"marketbyte: {error.detail}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        code = 0
    raise typer.Exit(code)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


@app.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """Serve everything when no command is named."""
    if context.invoked_subcommand is None:
        serve()


@app.command()
def serve() -> None:
    """Web, worker and scheduler in one process; prints the address of the chat page when ready."""
    from bot.commands.serving import serve as run

    _run(lambda settings: run(settings, {"web", "worker", "scheduler"}), loud=True)


@app.command()
def web() -> None:
    """Only the web part: webhooks, chat page, turns of talk."""
    from bot.commands.serving import serve as run

    _run(lambda settings: run(settings, {"web"}), loud=True)


@app.command()
def worker() -> None:
    """Only the worker: delivers what waits in the outbox."""
    from bot.commands.serving import serve as run

    _run(lambda settings: run(settings, {"worker"}), loud=True)


@app.command()
def scheduler() -> None:
    """Only the scheduler: fires the timetable."""
    from bot.commands.serving import serve as run

    _run(lambda settings: run(settings, {"scheduler"}), loud=True)


@app.command()
def chat(
    admin: Annotated[bool, typer.Option("--admin", help="Speak as an administrator.")] = False,
    name: Annotated[str, typer.Option(help="Who speaks; each name is a person of its own.")] = "local",
) -> None:
    """Talk in the terminal, as a user."""
    from bot.commands.chatting import chat as run

    _run(lambda settings: run(settings, admin=admin, name=name))


@app.command()
def route() -> None:
    """Read one utterance a line on stdin; write JSON lines with intent and details."""
    from bot.commands.asking import route as run

    _run(run)


@app.command()
def xray(
    holdings: Annotated[str, typer.Argument(help='For example "MEBL=40, MZNPETF=60"; weights in percent.')],
    as_json: Json = False,
    lang: LangOption = "en",
    out: Annotated[Path | None, typer.Option(help="Write the picture into this folder too.")] = None,
) -> None:
    """The X-Ray of a list of holdings."""
    from bot.commands.asking import xray as run

    _run(lambda settings: run(settings, holdings, as_json=as_json, lang=lang, out=out))


@app.command()
def screen(as_json: Json = False, lang: LangOption = "en") -> None:
    """Today's opportunities, with each screen's facts."""
    from bot.commands.asking import screen as run

    _run(lambda settings: run(settings, as_json=as_json, lang=lang))


@app.command()
def brief(  # one argument an option of the interface
    scope: Annotated[str, typer.Option(help="market, sector:CODE or personal.")] = "market",
    slot: SlotOption = "morning",
    holdings: Annotated[str, typer.Option(help="For a personal brief; weights in percent.")] = "",
    lang: LangOption = "en",
    out: Annotated[
        Path, typer.Option(help="The folder for brief.txt, chart.png, chapter-N.ogg, facts.json.")
    ] = Path("brief"),
    as_json: Json = False,
) -> None:
    """Compose a brief and write its files."""
    from bot.commands.composing import Wanted
    from bot.commands.composing import brief as run

    _run(lambda settings: run(settings, Wanted(scope, slot, holdings, lang, out, as_json)))


@app.command()
def check(as_json: Json = False) -> None:
    """Every setting, key and dependency: ok, missing, what to do."""
    from bot.commands.checking import check as run

    _run(lambda settings: run(settings, as_json=as_json))


@app.command(name="import")
def import_(  # one argument an option of the interface
    kind: Annotated[
        str, typer.Argument(help="prices, flows, fund-holdings, rates, calendar, announcements or navs.")
    ] = "",
    files: Annotated[
        list[Path] | None, typer.Argument(help="CSV, XLSX, Parquet, HTML or PDF; all are taken or none.")
    ] = None,
    as_json: Json = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look through the files.")] = False,
    undo: Annotated[str, typer.Option(help='Take an import back: its id, or "last".')] = "",
) -> None:
    """Operator data from files: checked, then stored whole or not at all."""
    from bot.commands.importing import run
    from bot.data_bootstrap import open_imports

    _run(
        lambda settings: run(
            settings, kind, files or [], as_json=as_json, dry_run=dry_run, undo=undo, opening=open_imports
        )
    )


@app.command()
def refresh(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Names of sources; none = all that are on.")
    ] = None,
    as_json: Json = False,
    when: Annotated[
        str, typer.Option(help="Only what is due at: session, close, evening, daily, on demand.")
    ] = "",
    since: Annotated[
        str, typer.Option(help="Also the days since then (2026-08-01), where a source tells days.")
    ] = "",
    anyway: Annotated[
        bool,
        typer.Option(
            "--anyway", help="Store pages held back as unlikely; with --rebuild, a lake with fewer rows."
        ),
    ] = False,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild", help="Fetch nothing: make the lake anew from the pages, files and settlements kept."
        ),
    ] = False,
) -> None:
    """Fetch market data now from the sources that are switched on."""
    from bot.commands.refreshing import make_anew, run
    from bot.data_bootstrap import open_ingestion, open_rebuilding

    if rebuild:
        _run(lambda settings: make_anew(open_rebuilding(settings), as_json=as_json, anyway=anyway))
        return
    _run(
        lambda settings: run(
            open_ingestion(settings), sources or [], as_json=as_json, when=when, since=since, anyway=anyway
        )
    )


def _not_yet(name: str, what: str) -> None:
    @app.command(
        name, help=f"Not in this release: {what}.", context_settings={"ignore_unknown_options": True}
    )
    def later(arguments: Annotated[list[str] | None, typer.Argument()] = None) -> None:  # noqa: ARG001  # taken, so that the answer is ours
        typer.echo(f"marketbyte {name}: {what} is not in this release.", err=True)
        raise typer.Exit(1)


for _name, _what in LATER.items():
    _not_yet(_name, _what)


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
