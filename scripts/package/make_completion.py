#!/usr/bin/env python3
"""Prints the bash completion of a sentio_cli, made from its own --help:  make_completion.py PROGRAM

Commands, flags, and the values of flags that have a fixed list; a flag that takes text completes file names.
"""

import sys

import cli_help

HEAD = """\
# bash completion of sentio_cli, made from its --help by make_completion.py; changes here are lost.

# _sentio_cli_words PATH : the commands and flags of a command, "" being the program itself.
_sentio_cli_words() {
  case $1 in
"""
VALUES = """\
  esac
}

# _sentio_cli_values PATH FLAG : the values of a flag, "<file>" for any text, "<number>"; nothing where it takes none.
_sentio_cli_values() {
  case "$1 $2" in
"""
TAIL = """\
  esac
}

_sentio_cli() {
  local path='' word=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD - 1]} values i
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} != -* && -n $(_sentio_cli_words "${path:+$path }${COMP_WORDS[i]}") ]]; then
      path=${path:+$path }${COMP_WORDS[i]}
    fi
  done
  # bash takes --flag=value for three words.
  if [[ $word = '=' ]]; then
    word=
  elif [[ $flag = '=' ]] && ((COMP_CWORD > 1)); then
    flag=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  values=$(_sentio_cli_values "$path" "$flag")
  COMPREPLY=()
  case $values in
    '') mapfile -t COMPREPLY < <(compgen -W "$(_sentio_cli_words "$path")" -- "$word") ;;
    '<file>') compopt -o default 2>/dev/null ;;
    '<number>') ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word") ;;
  esac
}
complete -F _sentio_cli sentio_cli
"""


def words(command: cli_help.Command) -> str:
    names = [child.path[-1] for child in command.children]
    return " ".join(names + [name for option in command.options for name in option.names])


def values(option: cli_help.Option) -> str:
    if option.choices:
        return " ".join(option.choices)
    return "<file>" if option.takes_text else "<number>"


def completion(top: cli_help.Command) -> str:
    out = HEAD
    for command in top.all():
        out += "    '%s') echo '%s' ;;\n" % (" ".join(command.path), words(command))
    out += VALUES
    for command in top.all():
        for option in command.options:
            if option.takes_value:
                patterns = " | ".join("'%s %s'" % (" ".join(command.path), name) for name in option.names)
                out += "    %s) echo '%s' ;;\n" % (patterns, values(option))
    return out + TAIL


if __name__ == "__main__":
    print(completion(cli_help.read(sys.argv[1])), end="")
