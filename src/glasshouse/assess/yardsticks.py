"""The texts that the impact sheet measures against, each with its date and what explains it."""

from __future__ import annotations

from glasshouse.assess.figures import Yardstick

__all__ = [
    "CLAIMED",
    "DECISIONS",
    "HUDERIA",
    "MITIGATION",
    "MOVEMENT",
    "PRIVACY",
    "SEVERITY",
    "SPEECH",
    "UNJUSTIFIED",
    "UNRELATED",
]

AI_ACT = "Regulation (EU) 2024/1689, Article 5(1)(c), applied since 2 February 2025; guidelines C(2025) 5052"
UNRELATED = Yardstick(
    "EU AI Act, Art. 5(1)(c)(i)", f"{AI_ACT}: detriment in social contexts unrelated to the data"
)
UNJUSTIFIED = Yardstick("EU AI Act, Art. 5(1)(c)(ii)", f"{AI_ACT}: unjustified or disproportionate detriment")
DECISIONS = Yardstick(
    "GDPR, Art. 22",
    "Regulation (EU) 2016/679, Article 22; Court of Justice, C-634/21 (SCHUFA), 7 December 2023",
)
MOVEMENT = Yardstick(
    "ICCPR, Art. 12", "International Covenant on Civil and Political Rights; General Comment 27"
)
PRIVACY = Yardstick(
    "ICCPR, Art. 17", "International Covenant on Civil and Political Rights; General Comment 16"
)
SPEECH = Yardstick(
    "ICCPR, Art. 19", "International Covenant on Civil and Political Rights; General Comment 34"
)
SEVERITY = Yardstick(
    "UN Guiding Principles, 14",
    "UN Guiding Principles on Business and Human Rights (2011), Principles 14 and 19",
)
HUDERIA = Yardstick("HUDERIA", "Council of Europe, HUDERIA methodology, 26 February 2025")
CLAIMED = Yardstick(
    "claimed benefits", "what such schemes say they are for: debts performed, offences deterred, good deeds"
)
MITIGATION = Yardstick(
    "levers", "mitigation and reassessment: UN Guiding Principle 19; HUDERIA; compared over the same seeds"
)
