from minori.problems import Problem

__all__ = ["Problem"]
