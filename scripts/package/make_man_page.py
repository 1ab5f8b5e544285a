#!/usr/bin/env python3
"""Prints the manual page of a sentio_cli, made from its own --help:  make_man_page.py PROGRAM

SOURCE_DATE_EPOCH (seconds) dates the page; without it the page has no date.
"""

import os
import sys
import time
from typing import List

import cli_help

FILES = """\
.SH FILES
.TP
.I config/
In the working directory: the strategy, the symbols and the fees where no flag names others. A file that is not there
is taken from the installation, an installed program's being
.IR /usr/share/sentio/config .
.TP
.I data/equities/
Bars, in the working directory unless \\-\\-data\\-dir says otherwise.
.TP
.I logs/
Results, in the working directory unless \\-\\-log\\-dir says otherwise.
.TP
.I config.env
Keys of the broker, in the working directory unless \\-\\-env\\-file says otherwise. Keep it to yourself:
.BR "chmod 600" .
.SH SEE ALSO
.I /usr/share/doc/sentio/docs/user\\-guide.md
"""


def escaped(text: str) -> str:
    out = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return "\\&" + out if out.startswith(".") else out


def verbatim(lines: List[str]) -> str:
    return ".nf\n%s\n.fi\n" % "\n".join(escaped(line) for line in lines)


def options(groups) -> str:
    out = ""
    for heading, members in groups.items():
        if heading != "Options":
            out += ".PP\n%s:\n" % escaped(heading)
        for option in members:
            out += ".TP\n.B %s\n%s\n" % (escaped(option.spec).replace('"', "\\(dq"), escaped(option.text))
    return out


def section(command: cli_help.Command) -> str:
    out = ".SS %s\n%s\n" % (escaped(" ".join(command.path)), escaped(command.description))
    out += options(command.groups)
    if command.footer:
        out += ".PP\n" + verbatim(command.footer)
    return out


def page(top: cli_help.Command, version: str, date: str) -> str:
    name, _, purpose = top.description.partition(": ")
    out = '.TH SENTIO_CLI 1 "%s" "sentio %s" "User Commands"\n' % (date, version)
    out += ".SH NAME\n%s \\- %s\n" % (escaped(name), escaped(purpose))
    out += ".SH SYNOPSIS\n.B %s\n.I COMMAND\n[OPTIONS]\n" % escaped(name)
    out += ".SH OPTIONS\n" + options(top.groups)
    out += ".SH COMMANDS\n" + "".join(section(command) for command in top.all()[1:])
    out += ".SH EXIT STATUS\n" + verbatim(top.footer)
    return out + FILES


if __name__ == "__main__":
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    day = time.strftime("%Y-%m-%d", time.gmtime(int(epoch))) if epoch else ""
    print(page(cli_help.read(sys.argv[1]), cli_help.version(sys.argv[1]), day), end="")
