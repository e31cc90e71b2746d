"""Files that cannot be stored as examples: pipes, devices, links, sizes, encodings. None may hang."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from glasshouse.errors import InputOutputError, ScenarioError
from glasshouse.scenario.load import load
from glasshouse.scenario.reading import decode, parse, parse_value

GOOD = 'glasshouse = 1\ntitle = "Town"\n\n[society]\ncitizens = 1000\n'


def refused(path: Path, kind: type[ScenarioError | InputOutputError] = ScenarioError) -> str:
    """Return the message that loading `path` ends in, asserting that it comes in good time."""
    started, worked = time.perf_counter(), time.process_time()
    with pytest.raises(kind) as caught:
        load(path)
    assert time.process_time() - worked < 1
    assert time.perf_counter() - started < 20  # a busy machine may make a second of work longer
    return str(caught.value).replace(f"{path.parent}{os.sep}", "")


def test_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    """A named pipe is not opened."""
    path = tmp_path / "pipe.toml"
    os.mkfifo(path)
    assert refused(path, InputOutputError) == "pipe.toml: is a pipe, not a regular file"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no /dev/zero")
def test_device_is_refused() -> None:
    """An endless device is not read."""
    with pytest.raises(InputOutputError, match=r"^/dev/zero: is a device, not a regular file$"):
        load("/dev/zero")


def test_folder_is_refused(tmp_path: Path) -> None:
    """A folder is named as one."""
    (tmp_path / "town.toml").mkdir()
    assert refused(tmp_path / "town.toml", InputOutputError) == "town.toml: is a folder, not a regular file"


def test_missing_file_suggests_neighbours(tmp_path: Path) -> None:
    """A missing file is an input error that names files with a like name."""
    (tmp_path / "town.toml").write_text(GOOD)
    with pytest.raises(InputOutputError, match="no such file") as caught:
        load(tmp_path / "twon.toml")
    assert caught.value.help == "did you mean town.toml?"
    assert caught.value.exit_code == 5


def test_unknown_preset() -> None:
    """A word that is no preset and no file says so."""
    with pytest.raises(InputOutputError, match="no-such-thing: no preset and no file has this name"):
        load("no-such-thing")


def test_link_loop_is_refused(tmp_path: Path) -> None:
    """Links that lead to each other end in an input error."""
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.symlink_to(two)
    two.symlink_to(one)
    assert refused(one, InputOutputError) == "one.toml: cannot be read (too many levels of symbolic links)"


def test_unreadable_file(tmp_path: Path) -> None:
    """A file without read permission ends in an input error."""
    path = tmp_path / "town.toml"
    path.write_text(GOOD)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert refused(path, InputOutputError) == "town.toml: cannot be read (permission denied)"


def test_nul_in_a_file_name() -> None:
    """A path that no system can open is an input error."""
    with pytest.raises(InputOutputError, match=r"a\\x00b: not a file name"):
        load("a\0b")


def write(tmp_path: Path, data: bytes | str) -> Path:
    """Return the path of a scenario file with this content."""
    path = tmp_path / "town.toml"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_large_file(tmp_path: Path) -> None:
    """More than 256 KiB is refused before it is parsed."""
    path = write(tmp_path, GOOD + "# filler\n" * 34_000)
    assert (
        refused(path) == "town.toml: error[GH005] the file is larger than 256 KiB, the limit for a scenario"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (".".join(["a"] * 50_000) + " = 1", "a key has more than 16 dotted parts"),
        ("a = " + "[" * 500, "brackets are nested too deeply: more than 32 levels"),
        ("a = " + "{b=" * 500, "brackets are nested too deeply: more than 32 levels"),
        ("a = " + "9" * 5000, "number too large for a: 5,000 digits, at most 40 are read"),
        ("a = 0x" + "f" * 100_000, "number too large for a: 100,002 digits, at most 40 are read"),
        ('a = "' + "x" * 100_000 + '"', "line 1 is 100,006 characters long; at most 10,000 are allowed"),
        ('a = """' * 30_000, "line 1 is 210,000 characters long; at most 10,000 are allowed"),
    ],
    ids=["dotted", "brackets", "braces", "digits", "hex", "line", "quotes"],
)
def test_costly_text_is_refused_at_once(text: str, message: str) -> None:
    """What would cost tomllib minutes or its stack is refused by the pre-scan, in milliseconds."""
    started = time.process_time()
    with pytest.raises(ScenarioError, match="GH") as caught:
        parse(text, "town.toml")
    assert time.process_time() - started < 0.5  # some 10 ms; room for a busy machine
    assert message in str(caught.value)
    assert len(str(caught.value)) < 600


def test_utf_16(tmp_path: Path) -> None:
    """UTF-16 is named, with how to save as UTF-8, with and without its mark."""
    for encoding, name in (
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16LE"),
        ("utf-16-be", "UTF-16BE"),
        ("utf-32", "UTF-32"),
    ):
        message = refused(write(tmp_path, GOOD.encode(encoding)))
        assert message == (
            f"town.toml: error[GH003] the file is {name} text, not UTF-8\n"
            f"help: save it as UTF-8, for instance: iconv -f {name} -t UTF-8 old.toml > new.toml"
        )


def test_bad_utf_8(tmp_path: Path) -> None:
    """A byte that is not UTF-8 is given with line and column in characters."""
    message = refused(write(tmp_path, "# é\n# é".encode() + b"\xe9\n"))
    assert message == "town.toml:2:4: error[GH003] byte 0xe9 is not UTF-8 text\nhelp: save the file as UTF-8"


def test_nul(tmp_path: Path) -> None:
    """A NUL is given with line and column."""
    message = refused(write(tmp_path, GOOD.replace("Town", "To\0wn")))
    assert message == "town.toml:2:12: error[GH004] a NUL character stands here\nhelp: remove it"


def test_old_mac_line_ends(tmp_path: Path) -> None:
    """Carriage returns alone are named."""
    message = refused(write(tmp_path, GOOD.replace("\n", "\r")))
    assert message == (
        "town.toml:1:15: error[GH004] a carriage return alone ends the line (old Mac line ends)\n"
        "help: save the file with LF or CRLF line ends"
    )


def test_mark_and_crlf_are_accepted(tmp_path: Path) -> None:
    """A UTF-8 byte order mark and CRLF line ends change nothing but the digest."""
    plain = load(write(tmp_path, GOOD))
    marked = load(write(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()))
    assert marked.scenario == plain.scenario
    assert marked.digest != plain.digest


def test_texts_keep_escapes_out_of_messages() -> None:
    """A terminal code in a value is shown escaped."""
    with pytest.raises(ScenarioError) as caught:
        parse(decode('a = 1\na = "\\u001b[2J\u202e"'.encode(), "x.toml"), "x.toml")
    assert "\x1b" not in str(caught.value)
    assert "\u202e" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-10", -10),
        ("true", True),
        ("[1, 2]", [1, 2]),
        ("complete", "complete"),
        ("1\nb = 2", "1\nb = 2"),
        ('"7"', "7"),
    ],
)
def test_values_from_the_command_line(text: str, value: object) -> None:
    """Text is read as a TOML value; text that spells none stands for itself."""
    assert parse_value(text) == value
