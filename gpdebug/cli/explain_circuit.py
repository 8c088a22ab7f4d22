"""`gpdebug explain … --circuit`: the answer as a graph, drawn, or written as SVG, DOT or JSON."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from gpdebug.explain.answer import Explanation
    from gpdebug.explain.circuit.view import View

OPTIONS = ("circuit", "prune", "sites", "skips", "svg", "dot")
_ALL = 1 << 30
_Decorated = Callable[..., Any]


def circuit_options(function: _Decorated) -> _Decorated:
    """Adds the options of circuits to a command."""
    option = click.option("--circuit", is_flag=True, help="Draw what depends on what, the latest at the bottom.")
    return option(view_options(function))


def view_options(function: _Decorated) -> _Decorated:
    """Adds the options that say how a circuit is looked at, and where it is written."""
    file = click.Path(dir_okay=False, writable=True)
    for option in reversed((
        click.option("--prune", metavar="N,E", help="Of a circuit, show so much of the influence of its nodes and"
                     " edges; 1,1 for all of it. [default: 0.8,0.98 if it has more than 40 nodes]"),
        click.option("--sites/--no-sites", default=None, help="All instances of an instruction are one node of the"
                     " circuit, or each is one. [default: one if there would be more than 40 nodes]"),
        click.option("--skips", is_flag=True, help="Look for tests that bypassed a loop which would have written."),
        click.option("--svg", type=file, metavar="FILE", help="Write the circuit as a picture."),
        click.option("--dot", type=file, metavar="FILE", help="Write the circuit for Graphviz."),
    )):  # fmt: skip
        function = option(function)
    return function


def wants_circuit(options: dict[str, Any]) -> bool:
    """Whether any option of circuits is given."""
    return any(options[name] for name in OPTIONS) or options["sites"] is not None


def told_circuit(found: Explanation, options: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """The circuit of an explanation, as text and as plain data; writes the files that are asked for."""
    from gpdebug.explain.circuit.build import circuit_of
    from gpdebug.explain.circuit.dot import to_dot
    from gpdebug.explain.circuit.layout import WIDTH, lay_out
    from gpdebug.explain.circuit.present import to_dict, to_lines
    from gpdebug.explain.circuit.svg import to_svg
    from gpdebug.store.atomic import write_atomically

    columns = shutil.get_terminal_size((WIDTH, 24)).columns if sys.stdout.isatty() else WIDTH
    layout = lay_out(circuit_of(found, chosen_view(options)), columns - 2)
    if options["svg"]:
        write_atomically(options["svg"], to_svg(layout).encode())
    if options["dot"]:
        write_atomically(options["dot"], to_dot(layout.circuit).encode())
    return to_lines(layout), to_dict(layout)


def chosen_view(options: dict[str, Any]) -> View:
    """How a circuit is looked at, as the options say."""
    from gpdebug.explain.circuit.view import View

    shows_all = options.get("shows_all", False)
    sites = False if shows_all and options["sites"] is None else options["sites"]
    view = View(by_site=sites, skips=options["skips"], most=_ALL if shows_all else View().most)
    if options["prune"] is None:
        return view.pruned(1, 1) if shows_all else view
    try:
        nodes, edges = (float(share) for share in options["prune"].split(","))
    except ValueError:
        raise click.UsageError(
            f"--prune: {options['prune']!r} is no pair of shares; expected one as 0.8,0.98, or 1,1 for all"
        ) from None
    return view.pruned(nodes, edges)
