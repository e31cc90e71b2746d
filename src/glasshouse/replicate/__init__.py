"""Published results as commands with a verdict: what a paper says, beside what is found here."""

from glasshouse.replicate.paper import Paper, Replication
from glasshouse.replicate.papers import PAPERS, paper, replicate

__all__ = ["PAPERS", "Paper", "Replication", "paper", "replicate"]
