"""The demo: the real report of 2022 in its historical programme, and a current programme that is invented."""

from workers.demo.people import sign_ins, sign_ins_told

__all__ = ["sign_ins", "sign_ins_told"]
