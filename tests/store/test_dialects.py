from __future__ import annotations

from pathlib import Path

import pytest

from gpdebug.store.dialects import dialect_from_file, find_dialect
from gpdebug.store.errors import StoreError
from vm.dialect import BUILT_IN, Primitive

MINE = 'name = "mine"\nbased_on = "tape"\n[symbols]\n"a" = "add 5"\n"h" = "halt"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("gpdebug.store.dialects.user_folder", lambda: tmp_path / "dialects")
    (tmp_path / "dialects").mkdir()
    return tmp_path / "dialects"


@pytest.mark.parametrize("name", list(BUILT_IN))
def test_built_in_dialects_are_found_by_name(name: str) -> None:
    assert find_dialect(name) is BUILT_IN[name]


def test_a_dialect_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text(MINE)
    dialect = find_dialect(str(tmp_path / "my.toml"))
    assert dialect.name == "mine"
    assert dialect.symbols["a"].primitive is Primitive.ADD
    assert dialect.symbols["a"].argument == 5


def test_a_users_dialect_is_found_by_its_name_or_its_files(folder: Path) -> None:
    (folder / "other.toml").write_text(MINE)
    (folder / "broken.toml").write_text("name = ")
    assert find_dialect("other").name == "mine"
    assert find_dialect("mine").name == "mine"
    with pytest.raises(StoreError, match=r"broken\.toml: not valid TOML"):
        find_dialect("broken")
    with pytest.raises(StoreError, match=r"no dialect is called 'mime'; did you mean mine\?"):
        find_dialect("mime")
    with pytest.raises(StoreError, match=r"known are tape, bf, bf-evolved, bfx, bff, bff-heads, mine, or give"):
        find_dialect("zzz")


def test_no_folder_of_the_user_is_no_error(folder: Path) -> None:
    folder.rmdir()
    with pytest.raises(StoreError, match="no dialect is called"):
        find_dialect("zzz")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('name = "x"\nbased_on = "tape"\nsybmols = 1', "sybmols: unknown key; expected one of name"),
        ('name = "x"\n[symbols]\n"a" = "jump 3"', r"symbols.'a': expected a primitive \(nop"),
        ('name = "x"\nbased_on = "tape"\n[settings]\nmemory = "big"', "settings: memory must be a whole number"),
        ('name = "x"\nbased_on = "tape"\nedge = "wrap"', "edge: unknown key"),
        ("name", "not valid TOML"),
    ],
)
def test_a_wrong_key_is_named_with_its_file(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "x.toml"
    file.write_text(text)
    with pytest.raises(StoreError, match=message) as caught:
        dialect_from_file(file)
    assert str(caught.value).startswith(f"{file}: ")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"none\.toml: no such file"):
        find_dialect(str(tmp_path / "none.toml"))
