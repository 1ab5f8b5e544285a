"""Synthetic minute bars: calendar, instruments, price world, bars and files."""
