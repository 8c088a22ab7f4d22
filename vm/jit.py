"""The one `kernel` decorator, the folder that compiled kernels are cached in, and warm-up with progress."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numba
import numba.core.event
import numba.extending
import numpy as np
from numba.core import sigutils
from numba.core.compiler_lock import global_compiler_lock
from platformdirs import user_cache_path

Progress = Callable[[str, int, int], None]

KERNELS = "kernels"
KEPT_CACHES = 6
MACHINE = (
    "vm.kernels",
    "vm.batch_kernel",
    "vm.fast_batch",
    "vm.lane_batch",
    "vm.score_kernel",
    "vm.mutant_kernel",
    "vm.mutant_batch",
)

_entries: list[tuple[str, str, Any, str]] = []


def kernel(
    signature: str | None = None, *, name: str | None = None, inline: bool = False
) -> Callable[[Callable[..., Any]], Any]:
    """Compiles a function with numba: without the GIL, cached on disk, division as in C.

    Args:
        signature: the argument and return types of an entry point, which `warm_up` compiles ahead of its
            first call; afterwards other types are refused instead of silently compiled. None for a
            function that only kernels call.
        name: what `warm_up` calls it; None: the function's own name.
        inline: put its code where it is called: a call hands over seven words for each array.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        folder = _cache_folder(Path(function.__code__.co_filename).parent)
        numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
        compiled = numba.njit(nogil=True, cache=True, error_model="numpy", forceinline=inline)(function)
        _save_alone(compiled, folder)
        _compile_once(compiled)
        if signature is not None:
            _entries.append((function.__module__, name or function.__name__, compiled, signature))
        return compiled

    return decorate


def _save_alone(compiled: Any, folder: Path) -> None:
    """Lets only one process at a time write what was compiled.

    Numba chooses a file's name, writes the index, then the file. Two processes between these steps leave one kernel
    under the name of another, and whoever loads it next runs code that writes beyond its arrays.
    """
    save = compiled._cache.save_overload

    def save_alone(signature: Any, data: Any) -> None:
        with alone(folder):
            save(signature, data)

    compiled._cache.save_overload = save_alone


def _compile_once(compiled: Any) -> None:
    """Lets a call that waits while another thread compiles take what that made.

    Numba would compile it again, and fails if `warm_up` has disabled that in the meantime.
    """
    compile_anew = compiled.compile

    def compile_once(signature: Any) -> Any:
        with global_compiler_lock:
            known = compiled.overloads.get(tuple(sigutils.normalize_signature(signature)[0]))  # type: ignore[no-untyped-call]
            return compile_anew(signature) if known is None else known.entry_point

    compiled.compile = compile_once


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Waits until no other process holds a folder, and holds it; where that cannot be done it goes on without."""
    try:
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield
        return
    try:
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
            else:
                import fcntl

                fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def warm_up(progress: Progress | None = None, modules: Iterable[str] = MACHINE) -> None:
    """Compiles, or loads from the cache, every kernel entry point of some modules.

    Args:
        progress: called with a kernel's name, how many are done and how many there are.
        modules: names of the modules, imported if need be.
    """
    wanted = tuple(modules)
    for module in wanted:
        importlib.import_module(module)
    entries = [entry for entry in _entries if entry[0] in wanted]
    for done, (_, name, compiled, signature) in enumerate(entries):
        if progress is not None:
            progress(name, done, len(entries))
        if not compiled.signatures:
            compiled.compile(_argument_types(signature))
        compiled.disable_compile()
    if progress is not None:
        progress("", len(entries), len(entries))


@contextlib.contextmanager
def telling(told: Callable[[str, int], object]) -> Iterator[None]:
    """Tells what has to be compiled while this lasts, in whatever thread; not what is loaded from the cache, and not
    numba's own functions.

    Args:
        told: called with a kernel's name and how many were begun before it.
    """
    with numba.core.event.install_listener("numba:compile", _Telling(told)):
        yield


class _Telling(numba.core.event.Listener):
    """Counts the kernels whose compiling begins."""

    def __init__(self, told: Callable[[str, int], object]) -> None:
        self._told = told
        self._count = 0

    def on_start(self, event: Any) -> None:
        """A kernel is compiled, perhaps within another one that calls it."""
        function = event.data["dispatcher"].py_func
        if not function.__module__.startswith("numba."):
            self._told(function.__name__, self._count)
            self._count += 1

    def on_end(self, event: Any) -> None:
        """It is done: the next one tells so."""


def _argument_types(signature: str) -> Any:
    """The types as a call passes them: numba's cache is keyed by whatever `compile` was given."""
    return sigutils.normalize_signature(signature)[0]  # type: ignore[no-untyped-call]


def cache_root() -> Path:
    """Where caches lie: `GPDEBUG_CACHE_DIR`, the user's cache folder, or a temporary one if that is read-only."""
    chosen = os.environ.get("GPDEBUG_CACHE_DIR")
    candidates = [Path(chosen)] if chosen else [user_cache_path("gpdebug", appauthor=False)]
    candidates.append(Path(tempfile.gettempdir()) / f"gpdebug-{os.getuid() if hasattr(os, 'getuid') else 'cache'}")
    for candidate in candidates:
        kernels = candidate / KERNELS
        try:
            candidate.mkdir(parents=True, exist_ok=True, mode=0o700)
            kernels.mkdir(exist_ok=True)
        except OSError:
            continue
        if os.access(kernels, os.W_OK):
            return candidate
    return Path(tempfile.mkdtemp(prefix="gpdebug-"))


_folders: dict[Path, Path] = {}


def _cache_folder(package: Path) -> Path:
    """The cache of one package's kernels, named by everything that decides what they compile to: the sources of
    the machine, of the package, and of those around it up to the topmost one.

    Numba itself looks only at the file that defines a kernel: a changed callee elsewhere, or another
    NUMBA_BOUNDSCHECK, would go on running the old code.
    """
    if package not in _folders:
        digest = hashlib.sha256()
        enclosing = [folder for folder in package.parents if (folder.parent / "__init__.py").exists()]
        for folder in sorted({Path(__file__).parent, package, *enclosing}):
            for source in sorted(folder.glob("*.py")):
                digest.update(source.name.encode() + b"\0" + source.read_bytes())
        flags = sorted(f"{key}={value}" for key, value in os.environ.items() if key.startswith("NUMBA_"))
        digest.update(repr((sys.version, numba.__version__, np.__version__, flags)).encode())
        root = cache_root() / KERNELS
        _folders[package] = root / f"{package.name}-{digest.hexdigest()[:16]}"
        _prune(root, keep=_folders[package])
        _folders[package].mkdir(parents=True, exist_ok=True)
    return _folders[package]


def _prune(root: Path, keep: Path) -> None:
    """Removes all but the newest caches of other versions."""
    others = [folder for folder in root.glob(f"{keep.name.rpartition('-')[0]}-*") if folder != keep]
    others.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in others[KEPT_CACHES - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


def _borrowed(typing_context: Any, array: Any) -> Any:
    """Compiles `borrowed`: the array's structure with nothing in it that is counted."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, value=arguments[0])
        view.meminfo = view.meminfo.type(None)
        view.parent = view.parent.type(None)
        return view._getvalue()

    return array(array), codegen


borrowed: Any = numba.extending.intrinsic(_borrowed)
"""The same array without its reference count, for kernels that hand arrays to other kernels in a loop: counting
costs two atomic operations an array and call. Only for arrays that the caller of the outermost kernel holds."""
