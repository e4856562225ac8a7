"""The workbook of a report, for organizations that only speak e-mail: laid out, drawn, and read when it comes back.

Made of data alone: any form, any plan. `layout` says what stands in which line, `writing` draws it, `reading` finds it
again by keys that people do not see, so that a sheet may be renamed and its lines sorted.
"""
