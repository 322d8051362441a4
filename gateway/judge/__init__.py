"""The judge of text, for pixels and free text alike: own values, identifying forms, names by context, technical vocabulary."""

from gateway.judge.judge import Judgement, TextJudge

__all__ = ["Judgement", "TextJudge"]
