"""Divisions (行政区划) of five levels."""
