"""The kernel cache: separate for each flag and version, silent about read-only places; numba only when asked for."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numba
import pytest
from numba.core.compiler_lock import global_compiler_lock

from vm import jit
from vm.kernels import run_plain


def test_warm_up_reports_each_kernel_and_then_the_end() -> None:
    seen: list[tuple[str, int, int]] = []
    jit.warm_up(lambda *step: seen.append(step))
    names = [name for name, _, _ in seen]
    assert {"run plain", "run self-modifying", "run with breakpoints plain", "batch plain", "score"} < set(names)
    assert [done for _, done, _ in seen] == list(range(len(seen)))
    assert {total for _, _, total in seen} == {len(seen) - 1}


def test_a_warm_kernel_refuses_other_types() -> None:
    jit.warm_up()
    with pytest.raises(TypeError, match="No matching definition"):
        run_plain(*[1.5] * 10)


def _folder(flags: dict[str, str], cache: Path) -> str:
    script = "import numba, vm.kernels; print(numba.config.CACHE_DIR)"
    environment = {**os.environ, "GPDEBUG_CACHE_DIR": str(cache), **flags}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_each_set_of_numba_flags_has_a_cache_of_its_own(tmp_path: Path) -> None:
    plain, checked = _folder({}, tmp_path), _folder({"NUMBA_BOUNDSCHECK": "1"}, tmp_path)
    assert plain == _folder({}, tmp_path) != checked
    assert Path(plain).is_relative_to(tmp_path / "kernels")


def test_a_cache_that_cannot_be_made_falls_back_to_another(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert Path(_folder({}, blocked)).is_dir()
    (tmp_path / "kernels").write_text("in the way, too")
    assert Path(_folder({}, tmp_path)).is_dir()


TOY = """
from vm.jit import kernel

@kernel("int64(int64[::1])")
def total(numbers):
    return numbers.sum()
"""


def _toy(script: str, cache: Path) -> str:
    environment = {
        **os.environ,
        "GPDEBUG_CACHE_DIR": str(cache),
        "PYTHONPATH": os.pathsep.join((str(cache), *sys.path)),
    }
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_call_finds_in_the_cache_what_a_warm_up_compiled(tmp_path: Path) -> None:
    (tmp_path / "toy.py").write_text(TOY)
    _toy("from vm.jit import warm_up; warm_up(modules=['toy'])", tmp_path)
    called = "import numpy, toy; toy.total(numpy.arange(4)); print(len(toy.total.stats.cache_misses))"
    assert _toy(called, tmp_path) == "0"


def test_what_is_compiled_is_told_and_what_is_loaded_or_numbas_own_is_not(tmp_path: Path) -> None:
    median = TOY.replace("numbers.sum()", "numpy.int64(numpy.median(numbers))")
    (tmp_path / "toy.py").write_text("import numpy\n" + median)
    script = """
import numpy, toy
from vm.jit import telling
with telling(lambda name, before: print(name, before)):
    toy.total(numpy.arange(4))
"""
    assert _toy(script, tmp_path) == "total 0"
    assert _toy(script, tmp_path) == ""


def test_a_call_that_waits_while_another_thread_compiles_takes_what_that_made() -> None:
    add_one = jit.kernel()(lambda value: value + 1)
    types = (numba.int64,)
    results: list[int] = []
    with global_compiler_lock:
        waiting = threading.Thread(target=lambda: results.append(add_one.compile(types) is not None))
        waiting.start()
        add_one.compile(types)
        add_one.disable_compile()
    waiting.join()
    assert results == [True]
    assert add_one(41) == 42


def test_old_caches_are_pruned_and_the_present_one_stays(tmp_path: Path) -> None:
    for age in range(jit.KEPT_CACHES + 3):
        folder = tmp_path / f"vm-{age:016d}"
        folder.mkdir()
        os.utime(folder, (age, age))
    keep = tmp_path / f"vm-{0:016d}"
    jit._prune(tmp_path, keep)
    assert keep in set(tmp_path.iterdir())
    assert len(list(tmp_path.iterdir())) == jit.KEPT_CACHES


def test_the_machine_as_data_loads_without_numba() -> None:
    modules = "vm.dialect, vm.program, vm.stops, vm.conditions, vm.reference, vm.scoring, vm.evaluate"
    script = f"import sys, {modules}; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_only_one_process_at_a_time_writes_into_the_cache(tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; from vm import jit\nwith jit.alone(Path(sys.argv[1])): print('in')"
    with jit.alone(tmp_path):
        other = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(2.5)
    out, _ = other.communicate(timeout=300)
    assert out == "in\n"


def test_compiled_kernels_are_written_while_no_other_process_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[Path] = []

    @contextmanager
    def noted(folder: Path) -> Iterator[None]:
        held.append(folder)
        yield
        assert any(folder.rglob("*.nbc")), "it is written by now"

    monkeypatch.setattr(jit, "alone", noted)
    monkeypatch.setitem(jit._folders, Path(__file__).parent, tmp_path)
    twice = jit.kernel()(lambda number: 2 * number)
    assert twice(21) == 42
    assert held == [tmp_path]
