"""`gpdebug warmup`: compile everything now, for containers and CI."""

from __future__ import annotations

import sys
import time

import click


@click.command()
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless it fails.")
def command(quiet: bool) -> None:
    """Compile the machine and the search ahead of their first use."""
    from gpdebug.evolve.warmup import warm_up as warm_up_search
    from gpdebug.explain.dataflow import KERNELS
    from vm.jit import MACHINE, cache_root, warm_up

    started = time.perf_counter()

    shown = sys.stderr.isatty() and not quiet

    def progressed(kernel: str, done: int, total: int) -> None:
        if shown:
            text = f"compiling {done + 1:,} of {total:,} {kernel}" if done < total else ""
            click.echo(f"\r\033[K{text}", nl=False, err=True)

    warm_up(progressed, (*MACHINE, *KERNELS))
    if shown:
        click.echo("\r\033[Kcompiling the search", nl=False, err=True)
    warm_up_search()
    if shown:
        click.echo("\r\033[K", nl=False, err=True)
    if not quiet:
        click.echo(f"compiled in {time.perf_counter() - started:.1f} s, kept in {cache_root()}")
