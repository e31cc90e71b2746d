"""Every planted fault is noticed by each check that should, and none of these fails without a fault. Some minutes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from verification.mutants import MUTANTS, noticed, sound


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=[one.name for one in MUTANTS])
def test_planted_faults_are_noticed(mutant) -> None:
    assert set(noticed(mutant)) == {name for name, _ in mutant.noticed_by}


@pytest.mark.slow
def test_the_checks_that_notice_them_hold_without_a_fault() -> None:
    assert not sound(MUTANTS)


def test_there_are_fifteen_and_more() -> None:
    assert len(MUTANTS) >= 15
