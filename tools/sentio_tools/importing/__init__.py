"""What people have on disk becomes bar files: tools/import_bars.py.

layouts.py    the table of layouts that are known
reading.py    files, packed or not, as tables of text
instants.py   the texts of times as moments
clocks.py     what the rows themselves say of zone and stamp
plan.py       one instrument's bars of all files, and what there is to know before they are written
command.py    the command line
"""
