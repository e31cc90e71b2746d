"""The command `replicate`: what it lists, prints, refuses, and how it ends."""

from __future__ import annotations

import json

import pytest

from glasshouse.replicate import PAPERS, lending


def test_the_list_names_every_paper(glasshouse):
    done = glasshouse("replicate", "--list")
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()[::2]] == [one.id for one in PAPERS]
    rows = json.loads(glasshouse("replicate", "--list", "--json").out)
    assert [row["paper"] for row in rows] == [one.id for one in PAPERS]


def test_a_paper_prints_claims_what_is_left_out_and_its_verdict(glasshouse):
    done = glasshouse("replicate", "damour-2020")
    assert done.code == 0, done.err
    for words in (
        "In this synthetic society",
        "by",
        "engine",
        "formula",
        "Not replicated",
        "PASS: all 8 judged",
    ):
        assert words in done.out


def test_json_is_one_object_and_the_same_seed_gives_the_same(glasshouse):
    done = glasshouse("replicate", "wei-2016", "--json")
    tree = json.loads(done.out)
    assert (tree["paper"], tree["verdict"], tree["scope"]) == (
        "wei-2016",
        "pass",
        "in this synthetic society",
    )
    assert tree["judged"] == sum(row["agrees"] is not None for row in tree["rows"])
    assert glasshouse("replicate", "wei-2016", "--json").out == done.out
    assert glasshouse("replicate", "wei-2016", "--json", "--seed", 2).out != done.out


def test_what_differs_ends_with_6(glasshouse, monkeypatch):
    monkeypatch.setattr(lending, "ONE_CHANCE", (lending.REPAID[3],) * 7)
    done = glasshouse("replicate", "damour-2020")
    assert done.code == 6
    assert "DIFFERS: " in done.out
    quiet = glasshouse("replicate", "damour-2020", "--quiet")
    assert (quiet.code, quiet.out) == (6, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "error: no paper is named\nhelp: `glasshouse replicate --list` names them\n"),
        (["watts-2003"], "error: no paper of this name: watts-2003\nhelp: did you mean watts-2002?\n"),
        (["zzz"], "error: no paper of this name: zzz\nhelp: `glasshouse replicate --list` names them\n"),
        (["watts-2002", "--list"], "error: --list and a paper are both given\nhelp: give one of the two\n"),
    ],
)
def test_what_is_no_paper_is_usage(glasshouse, arguments, message):
    done = glasshouse("replicate", *arguments)
    assert (done.code, done.out, done.err) == (2, "", message)
