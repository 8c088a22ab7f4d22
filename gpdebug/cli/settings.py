"""`gpdebug settings`: where the settings of the screens are, what can be set, and what is wrong with them."""

from __future__ import annotations

import click

from gpdebug.store.errors import StoreError


@click.command()
@click.option("--path", "only_path", is_flag=True, help="Only say where the file is.")
@click.option("--write", is_flag=True, help="Write the example to that place, if nothing is there yet.")
def command(only_path: bool, write: bool) -> int:
    """Show where the settings are, and an example of all of them.

    The example is a settings file itself, every line a comment. What is wrong with your own file is told on
    standard error; the exit code is then 1.
    """
    from gpdebug.tui.settings import read_preferences, settings_file

    file = settings_file()
    if only_path:
        click.echo(file)
        return 0
    from gpdebug.tui.all_keys import problems_of
    from gpdebug.tui.settings_example import example

    text = example(file)
    if write:
        if file.exists():
            raise StoreError("is there already", where=file, hint="nothing was written")
        from gpdebug.store.atomic import write_atomically

        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, text.encode())
        click.echo(file)
        return 0
    click.echo(text, nl=False)
    preferences = read_preferences(file)
    problems = [*preferences.problems, *(f"{file}: {problem}" for problem in problems_of(preferences))]
    for problem in problems:
        click.echo(f"gpdebug: {problem}", err=True)
    return 1 if problems else 0
